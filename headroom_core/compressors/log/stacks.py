"""What stack traces of all languages have in common: frames, whose code they are in, and which of them are shown."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

READ_CHARS = 1_000
"""Characters of a line that are read: paths and symbols stand at its start."""

MESSAGE_LINES = 20
"""Lines of an exception's message that belong to it, at the most."""

OUTER_FRAMES, INNER_FRAMES = 6, 14
"""Frames of the user's own code that are shown of a longer stack, from where it was entered and from where it broke."""

EDGE_FRAMES = 2
"""Frames that are shown from both ends of a stack that has none of the user's own code."""

SIGNED_CHARS = 300
"""Characters of a message that tell two of them apart."""

_PREFIX = re.compile(
    # What runners put before each line: a time, the name of a container, the name of a step.
    r"(?:\[?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[\d.]{0,10}(?:Z|[+-]\d\d:?\d\d)\]? ?)?"
    r"(?:[A-Za-z][\w.-]{0,40} {0,20}\| |[ ]{0,12}\[[a-z]\w{1,15}\] )?"
)
_COLOUR = re.compile(r"\x1b\[[0-9;]{0,12}[mK]")
_NUMBER = re.compile(r"0x[0-9a-fA-F]+|\b[0-9a-f]{8,40}\b|\d+")


def bare(line: str) -> str:
    """Return the start of a line as its program printed it: without colours, and without what a runner put before it."""
    line = line[:READ_CHARS]
    if "\x1b" in line:
        line = _COLOUR.sub("", line)
    found = _PREFIX.match(line)
    return line[found.end() :].rstrip("\r") if found else line


def masked(line: str) -> str:
    """Return a line with its numbers hidden: two of the same are said to say the same."""
    return _NUMBER.sub("#", line[:SIGNED_CHARS])


@dataclass(frozen=True, slots=True)
class Frame:
    """
    A call on a stack: the lines from `start` up to `end`.

    Attributes:
        start: The first line.
        end: The line behind the last one.
        key: What makes two frames the same.
        library: The library that the code is of, or an empty text for the user's own.

    """

    start: int
    end: int
    key: str
    library: str = ""


@dataclass(slots=True)
class Stack:
    """
    A stack trace while it is read.

    Attributes:
        start: The first line.
        end: The line behind the last one.
        said: Lines that are shown whatever they say: headers, exceptions, messages.
        signed: What the exceptions say.
        sections: The frames, a list for each of the chained exceptions.
        innermost_first: Whether frames stand from where it broke to where it was entered.

    """

    start: int
    end: int
    said: list[int] = field(default_factory=list)
    signed: list[str] = field(default_factory=list)
    sections: list[list[Frame]] = field(default_factory=lambda: [[]])
    innermost_first: bool = False

    def say(self, number: int, line: str = "") -> None:
        """Take a line that is shown, and what it says where that tells two traces apart."""
        self.said.append(number)
        if line:
            self.signed.append(masked(line.strip()))

    def frames(self) -> list[Frame]:
        """Return the frames of all sections."""
        return [frame for section in self.sections for frame in section]

    def shown(self) -> list[Frame]:
        """Return the frames to show: those of the user's own code, each once, and where each exception was raised."""
        any_own = any(not frame.library for frame in self.frames())
        shown: list[Frame] = []
        for section in self.sections:
            if not section:
                continue
            own = list({frame.key: frame for frame in reversed(section) if not frame.library}.values())[::-1]
            outer, inner = OUTER_FRAMES, INNER_FRAMES
            if not any_own:
                own, outer, inner = section, EDGE_FRAMES, EDGE_FRAMES
            if self.innermost_first:
                outer, inner = inner, outer
            if len(own) > outer + inner:
                own = own[:outer] + own[-inner:]
            shown += own
            broke = section[0] if self.innermost_first else section[-1]
            if broke not in own:
                shown.append(broke)
        return shown

    def signature(self) -> str:
        """Return what is equal for traces that say the same thing."""
        own = dict.fromkeys(frame.key for frame in self.shown() if not frame.library)
        keys = own or dict.fromkeys(frame.key for frame in self.shown())
        return "\n".join((*self.signed, *keys))


_LIBRARY = re.compile(
    r"(?:site|dist)-packages[/\\](?P<python>[\w.-]{1,40})"
    r"|node_modules[/\\](?P<node>@[\w.-]{1,40}[/\\][\w.-]{1,40}|[\w.-]{1,40})"
    r"|[/\\]pkg[/\\]mod[/\\](?P<go>[\w.@/!+-]{1,60})"
    r"|\.cargo[/\\]registry[/\\]src[/\\][^/\\]{1,60}[/\\](?P<rust>[\w.-]{1,40})"
    r"|[/\\]gems[/\\](?P<ruby>[\w.-]{1,40})|[/\\]vendor[/\\](?P<vendor>[\w.-]{1,40}[/\\][\w.-]{1,40})"
)
_STANDARD = re.compile(
    r"(?P<Python>[/\\]lib(?:64)?[/\\]python\d|[/\\]Python\d{2,3}[/\\]Lib[/\\]|<frozen )"
    r"|(?P<Node>\bnode:|\(internal/|at internal/|<anonymous>\)?$|\(native\)$)"
    r"|(?P<Go>/usr/(?:local|lib)/go[\w.-]{0,10}/src/|/go/[\d.]{1,10}/x64/src/|/libexec/src/|/sdk/go[\d.]{1,10}/src/)"
    r"|(?P<Rust>/rustc/|[/\\]library[/\\](?:std|core|alloc|test)[/\\])"
    r"|(?P<Ruby>[/\\]lib[/\\]ruby[/\\]|<internal:)"
)
_PACKAGE = re.compile(
    r"(?:[\w.-]{1,40}(?:@[\w.+-]{1,40})?/){0,2}"
    r"(?P<package>java|javax|jdk|sun|com\.sun|jakarta|scala|kotlin|kotlinx|groovy|clojure|akka|reactor|junit"
    r"|org\.(?:springframework|junit|hibernate|eclipse|gradle|codehaus|jboss|mockito|testng|slf4j|scalatest|postgresql)"
    r"|org\.apache\.(?:catalina|coyote|tomcat|maven|commons|http|jasper|felix|tools|logging|log4j|cxf|struts)"
    r"|io\.(?:netty|reactivex|undertow|micronaut|quarkus)|com\.google\.(?:common|inject)|com\.fasterxml|com\.mysql"
    r"|ch\.qos|System|Microsoft|NUnit|Xunit|Newtonsoft|Castle|Autofac|Moq)\."
)


def library_of(place: str) -> str:
    """Return the library that a path is of, or an empty text where the code is the user's own."""
    found = _LIBRARY.search(place)
    if found:
        name = found[found.lastgroup or 0].rstrip("/\\")
        return (
            f"site-packages/{name}"
            if found.lastgroup == "python"
            else f"node_modules/{name}"
            if found.lastgroup == "node"
            else name
        )
    found = _STANDARD.search(place)
    return f"the {found.lastgroup} library" if found else ""


def package_of(symbol: str) -> str:
    """Return the known package that a qualified name of the Java or .NET world is of, or an empty text."""
    found = _PACKAGE.match(symbol)
    return found["package"] if found else ""
