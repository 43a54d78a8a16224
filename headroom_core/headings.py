"""The sections of a Markdown document, by what their headings say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from headroom_core.segments import split

_ATX = re.compile(r" {0,3}(?P<signs>#{1,6})(?=[ \t\r]|$)")
_UNDERLINE = re.compile(r" {0,3}(?:(?P<first>=+)|-+)[ \t\r]*")
_NO_PARAGRAPH = re.compile(r"[ \t]*(?:[-*+>|]|\d{1,9}[.)](?:[ \t]|$)|(?:```|~~~))|(?: {4}|\t)")
"""How lines begin that a line of `=` or `-` below does not make a heading."""

_FRONT_MATTER = frozenset({"yaml", "toml"})
_SIGNS = re.compile(r"[\s*_`#]+")

MOST_TITLE_LINES = 3
"""Lines of a heading that a line of `=` or `-` underlines; more of them are a paragraph before a rule."""

SEPARATOR = " > "
"""What stands between the headings of a way from the outside in."""


@dataclass(frozen=True, slots=True)
class Section:
    """
    A heading, and what stands below it.

    Attributes:
        way: What the heading says, behind the headings of the sections that hold it, from the outside in.
        level: Its level, from 1 on.
        first: The line of the heading, counted from 0.
        last: The last line before the next heading of the same or a higher level that is not blank.

    """

    way: tuple[str, ...]
    level: int
    first: int
    last: int

    @property
    def name(self) -> str:
        """What a reader may call it."""
        return SEPARATOR.join(self.way)


def sections(text: str) -> list[Section]:
    """Return the sections of a text, in order of their headings; one that another holds comes behind it."""
    lines = text.split("\n")
    found: list[Section] = []
    still_open: list[int] = []
    for number, level, title in _headings(lines):
        while still_open and found[still_open[-1]].level >= level:
            _close(found, still_open.pop(), number, lines)
        way = (*found[still_open[-1]].way, title) if still_open else (title,)
        still_open.append(len(found))
        found.append(Section(way, level, number, number))
    for place in still_open:
        _close(found, place, len(lines), lines)
    return found


def matching(found: Sequence[Section], said: str) -> list[Section]:
    """
    Return the sections that a name means: those whose way it is in full, or else those whose way ends so.

    Case, white space and the signs of emphasis do not count. Between headings of a way others may be left out.
    """
    whole = (_key(said),)
    asked = tuple(key for key in map(_key, said.split(SEPARATOR.strip())) if key)
    keys = [tuple(map(_key, one.way)) for one in found]
    for wanted in dict.fromkeys((whole, asked)):
        same = [one for one, way in zip(found, keys, strict=True) if wanted and way == wanted]
        same = same or [one for one, way in zip(found, keys, strict=True) if wanted and _leads(way, wanted)]
        if same:
            return same
    return []


def _leads(way: Sequence[str], wanted: Sequence[str]) -> bool:
    """Tell whether a way ends where another does, and has all its headings in order."""
    rest = iter(way[:-1])
    return way[-1] == wanted[-1] and all(key in rest for key in wanted[:-1])


def _key(title: str) -> str:
    return _SIGNS.sub("", title).casefold()


def _close(found: list[Section], place: int, end: int, lines: Sequence[str]) -> None:
    while not lines[end - 1].strip():
        end -= 1
    found[place] = replace(found[place], last=end - 1)


def _headings(lines: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Yield the line, the level and the title of each heading; what stands between fences and in front matter is none."""
    paragraph: list[str] = []
    for number in _outside(lines):
        line = lines[number] if number >= 0 else ""
        heading = _ATX.match(line)
        underline = _UNDERLINE.fullmatch(line) if 0 < len(paragraph) <= MOST_TITLE_LINES else None
        if heading:
            yield number, len(heading["signs"]), _title(line[heading.end() :])
        elif underline:
            yield number - len(paragraph), 1 if underline["first"] else 2, " ".join(said.strip() for said in paragraph)
        if heading or underline or not line.strip() or _NO_PARAGRAPH.match(line):
            paragraph = []
        else:
            paragraph.append(line)


def _title(said: str) -> str:
    """Return what stands behind the signs of a heading, without those that may close it."""
    title = said.strip()
    closed = title.rstrip("#")
    return closed.rstrip() if not closed or closed[-1] in " \t" else title


def _outside(lines: Sequence[str], start: int = 0) -> Iterator[int]:
    """Yield the numbers of the lines that are not between fences, nor front matter; -1 where some were passed over."""
    for segment in split(lines, "markdown"):
        whole = range(segment.start, segment.end)
        if segment.fenced or (segment.kind in _FRONT_MATTER and start + segment.start <= 1):
            yield -1
        elif segment.part and segment.kind is None and len(whole) < len(lines):
            # What stands between two tags may be a document of its own.
            inside = _outside(lines[segment.start : segment.end], start + 1)
            yield from (number + segment.start if number >= 0 else number for number in inside)
        else:
            yield from whole
