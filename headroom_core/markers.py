"""
The one place that writes and reads markers, headers and references.

A view names its original once, in its first line, by a handle; where something was left out stands a short marker with a
range; handle and range together are the reference that `SharedContext.read()` takes:

    [view of 482913207615; read omitted parts by handle and range]       the header
    [view of 482913207615]                                               the header behind another one in the same prompt
    [rows 12-604 omitted]                                                a marker
    [lines 80-121 omitted; 3 INFO, 39 DEBUG]                             a marker that says what went
    [lines 80-400 omitted; about 3,100 tokens]                           what is long has its price
    [words of lines 12-18 omitted]                                       behind a passage of prose that lacks some words
    482913207615 rows 12-604                                             the reference

Lines and rows are counted from 1 and ranges include both ends; characters are code-point offsets, counted from 0, without the
end, as in `original[10:20]`. Rows are those of the payload's main table; other tables are named: `rows 3-9 of /data/items`.
Lines and characters of a string inside a JSON document are those of the text it stands for: `lines 3-9 of /result/stdout`.
A JSON document that stands on some lines of the original is named by them: `rows 3-9 of /items in lines 40-812`.
What code declares is also named by its name: `482913207615 symbol Session.request`. So are a section of a document, a value of
JSON, the lines that match a regular expression, and the passages nearest to a question. What is said of them goes to the end:

    482913207615 heading Methods > Results
    482913207615 field items[3].name
    482913207615 pattern timed? ?out
    482913207615 search why did the payment fail

Text that only looks like a marker gains nothing: it can name only what its reader may read anyway.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

HANDLE_DIGITS = 12
"""Decimal digits of a handle: 4 tokens in o200k_base, and 1 chance in 2 million that two of 1,000 originals collide."""

NAME_CHARS = 300
"""Characters of the name of a symbol, at the most."""

SAID_CHARS = 1_000
"""Characters of any other name, at the most: a heading, a way to a value, an expression, a question."""

PRICED_FROM_TOKENS = 800
"""
Tokens from which on a marker says how many there are, so that a reader may ask for less. It takes six more to say so: more
than a passage of prose has, each of which has a marker of its own.
"""

Unit = Literal["lines", "rows", "chars"]
NameUnit = Literal["symbol", "heading", "field", "pattern", "search"]

_HANDLE = rf"\d{{{HANDLE_DIGITS}}}"
_WITHIN = r"(?: in lines (?P<top>\d{1,12})-(?P<bottom>\d{1,12}))?"
_RANGE = rf"(?P<unit>lines|rows|chars) (?P<first>\d{{1,12}})-(?P<last>\d{{1,12}})(?: of (?P<path>/\S*))?{_WITHIN}"
_SYMBOL = rf"symbol (?P<name>\S{{1,{NAME_CHARS}}})(?: of (?P<path>/\S*))?{_WITHIN}"
_SAID = rf"(?P<unit>heading|field|pattern|search)[ \t]+(?P<name>\S(?:[^\n]{{0,{SAID_CHARS - 2}}}\S)?)"
_WORDS_OF = re.compile(r"(?:\d+ sentences? and )?words of ", re.ASCII)
_REFERENCE = re.compile(rf"(?P<handle>{_HANDLE}) (?P<part>\S.*)", re.ASCII)
_SAID_REFERENCE = re.compile(rf"\[?\s*(?P<handle>{_HANDLE})[ \t]+(?P<part>(?:heading|field|pattern|search)[ \t].*)", re.ASCII)
_RANGE_ONLY = re.compile(_RANGE, re.ASCII)
_SYMBOL_ONLY = re.compile(_SYMBOL)
_SAID_ONLY = re.compile(_SAID)
_NAMED_HANDLE = re.compile(
    rf"\[view of (?P<viewed>{_HANDLE})(?:; |\])"
    rf"|(?<!\d)(?P<handle>{_HANDLE}) (?:lines|rows|chars|symbol|heading|field|pattern|search) ",
    re.ASCII,
)
_HEADER = re.compile(rf"\[view(?: of (?P<handle>{_HANDLE})(?:; [a-z ]+)?|; [a-z ]+)\]", re.ASCII)
ABOVE = "as above"
"""What a marker says of a part that stands in the prompt before the view, word for word."""

COMMENT_SIGNS = ("//", "#", "--")
"""What may stand before the header of a view of code."""

OPENING_LINES = re.compile(r"\ufeff?(?:#![^\n]{1,200}\n)?(?:<\?(?:php|hh)?(?: [^\n?]{0,200})?\r?\n)?")
"""What nothing may stand before in code: a mark of the byte order, what says which program runs it, and where PHP begins."""

_COMMENTED_HEADER = re.compile(rf"{OPENING_LINES.pattern}(?:{'|'.join(COMMENT_SIGNS)}) {_HEADER.pattern}", re.ASCII)
"""The header of a view of code, which stands in a comment, and behind the lines that must stay the first."""

_JSON_HEADER = re.compile(rf"""(?:\{{"view":|\[)"{_HEADER.pattern}\"""", re.ASCII)
LOOKS_LIKE_A_MARKER = re.compile(r"\[(?:view\b|[^\[\]\n]{0,200} omitted[;\]])", re.ASCII)
"""What payload text must be quoted for, so that only real markers stand bare in a view."""

_ANY_MARKER = re.compile(r"\[(?:view\b[^\[\]\n]{0,200}|[^\[\]\n]{0,200} omitted(?:; [^\[\]\n]*)?)\]", re.ASCII)

HOW_TO_READ = "read omitted parts by handle and range"
"""What the header of a view says of its omitted parts. In a prompt that says so already the header ends before it."""

_TAIL = {
    (True, True): HOW_TO_READ,
    (False, True): "omitted parts cannot be read",
    (True, False): "nothing omitted",
    (False, False): "nothing omitted",
}


@dataclass(frozen=True, slots=True)
class Range:
    """
    A part of an original.

    Attributes:
        unit: What is counted.
        first: The first of them; see the module for where counting starts.
        last: The last of them.
        path: JSON pointer of the table whose rows are meant, or of the string whose lines or characters are; None for the main
            table, or for the original itself. A pointer leads on into a string that holds JSON.
        within: First and last line of the JSON document that is meant, where the original holds more than that.

    """

    unit: Unit
    first: int
    last: int
    path: str | None = None
    within: tuple[int, int] | None = None

    def __str__(self) -> str:
        return f"{self.unit} {self.first}-{self.last}{_where(self)}"


@dataclass(frozen=True, slots=True)
class Named:
    """
    A part of an original, or several, found by what is said of it.

    Attributes:
        name: For a `symbol` the name of a function, a class, or whatever else code declares, alone or behind those of what
            holds it: `request`, `Session.request`. For a `heading` what it says, alone or behind those of the sections that
            hold it: `Results`, `Methods > Results`. For a `field` the way to a value of JSON: `a.b[3]`, or the pointer
            `/a/b/3`. For a `pattern` a regular expression, and for a `search` a question.
        path: As in a range; of a symbol alone.
        within: As in a range; of a symbol alone.
        unit: What is named.

    """

    name: str
    path: str | None = None
    within: tuple[int, int] | None = None
    unit: NameUnit = "symbol"

    def __str__(self) -> str:
        return f"{self.unit} {self.name}{_where(self)}"


Part = Range | Named
"""What a reference names of an original."""


def _where(part: Part) -> str:
    of = f" of {part.path}" if part.path is not None else ""
    within = f" in lines {part.within[0]}-{part.within[1]}" if part.within is not None else ""
    return of + within


def handle_of(digest: str) -> str:
    """Return the handle of an original: 12 decimal digits of its SHA-256."""
    return f"{int(digest[:16], 16) % 10**HANDLE_DIGITS:0{HANDLE_DIGITS}d}"


def header(handle: str | None, *, omits: bool) -> str:
    """Return the first line of a view; `handle` is None where references may not be named."""
    name = f"view of {handle}" if handle else "view"
    return f"[{name}; {_TAIL[handle is not None, omits]}]"


def without_how_to_read(text: str) -> str:
    """Return a view without what its header says of reading, for a prompt in which another header says it."""
    found = _HEADER.match(text) or _COMMENTED_HEADER.match(text)
    said = f"; {HOW_TO_READ}]"
    if found is None or not found[0].endswith(said):
        return text
    return f"{text[: found.end() - len(said)]}]{text[found.end() :]}"


def marker(what: Range | str, note: str = "", *, tokens: float = 0) -> str:
    """
    Return the text that stands where something was left out.

    `note` says in a few words what it was, and `tokens` about how many it has, which a reader who fetches it gets.
    """
    price = f"about {_rounded(tokens):,} tokens" if tokens >= PRICED_FROM_TOKENS else ""
    return "; ".join([f"[{what} omitted", *filter(None, (note, price))]) + "]"


def _rounded(tokens: float) -> int:
    """Return a number with its first two digits, so that it stays the same where a count differs a little."""
    whole = int(tokens)
    return round(whole, 2 - len(str(whole)))


def words_label(what: Range, *, sentences: int = 0) -> str:
    """Return what `marker` says behind a passage of prose of which words were left out, and so many sentences."""
    label = f"{sentences} sentence{'s' * (sentences != 1)} and words" if sentences else "words"
    return f"{label} of {what}"


def reference(handle: str | None, part: Part) -> str | None:
    """Return what `SharedContext.read()` takes for `part`, or None without a handle."""
    return f"{handle} {part}" if handle else None


def parse_reference(text: str) -> tuple[str, Part] | None:
    """Return handle and part of a reference, or None when it is none. Brackets, `omitted` and a note may stay on it."""
    found = _SAID_REFERENCE.fullmatch(text.strip())
    if found:
        # Brackets and blanks may be part of what is said, so that only a pair around the whole goes.
        part = parse_part(found["part"].removesuffix("]") if text.lstrip().startswith("[") else found["part"])
    else:
        said, _, _ = text.partition(" omitted;")
        cleaned = " ".join(said.replace("[", " ").replace("]", " ").split()).removesuffix(" omitted")
        cleaned = _WORDS_OF.sub("", cleaned, count=1)
        found = _REFERENCE.fullmatch(cleaned)
        part = _range_or_symbol(found["part"]) if found else None
    return (found["handle"], part) if found and part else None


def parse_part(text: str) -> Part | None:
    """Return the part that a reference or a marker names, e.g. `rows 12-604` or `heading Results`, or None."""
    found = _SAID_ONLY.fullmatch(text.strip())
    if found:
        unit: NameUnit = found["unit"]  # type: ignore[assignment]  # the pattern allows no other
        return Named(found["name"], unit=unit)
    return _range_or_symbol(text.strip())


def _range_or_symbol(text: str) -> Part | None:
    found = _RANGE_ONLY.fullmatch(text)
    if found:
        unit: Unit = found["unit"]  # type: ignore[assignment]  # the pattern allows no other
        return Range(unit, int(found["first"]), int(found["last"]), found["path"], _within(found))
    found = _SYMBOL_ONLY.fullmatch(text)
    return Named(found["name"], found["path"], _within(found)) if found else None


def _within(found: re.Match[str]) -> tuple[int, int] | None:
    return (int(found["top"]), int(found["bottom"])) if found["top"] else None


def without_markers(view: str) -> str:
    """Return a view without its header and its markers: what it shows of its payload."""
    return _ANY_MARKER.sub("", view)


def is_view(text: str) -> bool:
    """Tell whether the whole text is a view: its first line is a header, or it is JSON that opens with one."""
    return bool(_HEADER.match(text) or _JSON_HEADER.match(text) or _COMMENTED_HEADER.match(text))


def handles_named_in(text: str) -> set[str]:
    """Return the handles that a reader of a text could ask for: of the views in it, and of the references that it quotes."""
    return {found["viewed"] or found["handle"] for found in _NAMED_HANDLE.finditer(text)}


def handles_in(text: str) -> Iterator[str]:
    """Yield the handles of the views that stand in a text, each once, in order."""
    seen: set[str] = set()
    for found in _HEADER.finditer(text):
        handle = found["handle"]
        if handle and handle not in seen:
            seen.add(handle)
            yield handle
