"""A text as a series of words and marks, with where each stands, and which of them are no words of a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_CHUNK = re.compile(r"\S+")
_PARTS = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*|\d+|[^\w\s]|_")
TELLING = re.compile(r"\d|[_/\\@#$%^&=<>{}|~`+]|::|->|[^\W\d_]\.[^\W\d_]|^--?\w|[a-z][A-Z]|^[A-Z]{2,}s?$")
"""What stands in a word with a digit or a sign, a dotted or mixed name, a flag, an abbreviation in capitals."""

_OPENING = "([{\"'\u201c\u2018\u00ab\u201e*`"
_CLOSING = ")]}\"'\u201d\u2019\u00bb*`.,;:!?\u2026"

_QUOTED = re.compile(
    r"(?<![\w\d])\"(?=\S)[^\"]{1,2000}?(?<=\S)\"(?!\w)|\u201c[^\u201d]{1,2000}\u201d|\u201e[^\u201c]{1,2000}\u201c"
    r"|\u00ab[^\u00bb]{1,2000}\u00bb|(?<!\w)\u2018[^\u2018]{1,2000}?\u2019(?!\w)|(?<!\w)'(?=\S)(?:[^'\n]|(?<=\w)'(?=\w)){1,200}?(?<=\S)'(?!\w)"
    r"|`{1,3}[^`]{1,2000}`{1,3}|\[[^\[\]]{1,300}\](?=[(\[:])|(?<!\S)\{\w{1,30}\}|(?<!\S)\[\w{1,30}\]|<!--.{0,2000}?-->|<[A-Za-z/][^<>]{0,300}>",
    re.DOTALL,
)
"""Quotations, code, the text of links, tags, signs such as [laughter]: what is somebody's words, or a name."""

SENTENCE_ENDS = frozenset(".!?\u2026")

CLOSING = frozenset(".,;:!?\u2026)]}\u201d\u2019")
"""Marks that stand right behind what is before them."""


@dataclass(slots=True)
class Unit:
    """
    A word or a mark.

    Attributes:
        start: Where it starts in the text.
        end: Where it ends.
        text: What it is.
        low: The same in lower case.
        word: Whether it is a word, and no mark.
        fixed: Whether it is a name, a number or a quotation, which stays as it is and keeps the words beside it.

    """

    start: int
    end: int
    text: str
    low: str
    word: bool
    fixed: bool

    @property
    def opens(self) -> bool:
        """Whether it is a mark that opens something."""
        return not self.word and self.text in _OPENING


def quotations(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return where quotations and the like stand in a part of a text, also over the ends of its lines."""
    return [found.span() for found in _QUOTED.finditer(text, start, end)]


def units_of(text: str, start: int, end: int, quoted: list[tuple[int, int]] | None = None) -> Iterator[Unit]:
    """Yield the words and marks of a part of a text; `quoted` says where quotations stand, if that is known."""
    quoted = quotations(text, start, end) if quoted is None else quoted
    number = 0
    for chunk in _CHUNK.finditer(text, start, end):
        while number < len(quoted) and quoted[number][1] <= chunk.start():
            number += 1
        if number < len(quoted) and quoted[number][0] < chunk.end():
            yield _unit(text, chunk.start(), chunk.end(), fixed=True)
        else:
            yield from _in_chunk(text, chunk)


def _in_chunk(text: str, chunk: re.Match[str]) -> Iterator[Unit]:
    said = chunk[0]
    first = chunk.start() + len(said) - len(said.lstrip(_OPENING))
    last = max(first, chunk.end() - (len(said) - len(said.rstrip(_CLOSING))))
    yield from (_unit(text, place, place + 1) for place in range(chunk.start(), first))
    word = text[first:last]
    if TELLING.search(word):
        yield _unit(text, first, last, fixed=True)
    else:
        yield from (_unit(text, first + one.start(), first + one.end()) for one in _PARTS.finditer(word))
    yield from (_unit(text, place, place + 1) for place in range(last, chunk.end()))


def _unit(text: str, start: int, end: int, *, fixed: bool = False) -> Unit:
    said = text[start:end]
    return Unit(start, end, said, said.lower(), fixed or said[0].isalnum(), fixed)
