"""A text as a series of words and marks, with where each stands, and which of them are no words of a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CHUNK = re.compile(r"\S+")
_EDGES = re.compile(r"(?P<before>[(\[\"'\u201c\u2018*_`]*)(?P<word>.*?)(?P<behind>[)\]\"'\u201d\u2019*_`.,;:!?…]*)", re.DOTALL)
_PARTS = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*|\d+|[^\w\s]|_", re.UNICODE)
_TELLING = re.compile(
    r"[^\s]*(?:\d|[_/\\@#$%^&=<>{}|~`+]|::|://|->|[^\W\d_]\.[^\W\d_]|^--?\w|[a-z][A-Z]|^[A-Z]{2,}s?$)[^\s]*", re.UNICODE
)
"""A word with a digit or a sign in it, a dotted or mixed name, a flag, an abbreviation in capitals."""

_QUOTED = re.compile(r"\"[^\"\n]{1,200}\"|\u201c[^\u201d\n]{1,200}\u201d|`[^`\n]{1,200}`|(?<!\w)'[^'\n]{1,60}'(?!\w)")

SENTENCE_ENDS = frozenset(".!?\u2026")

CLOSING = frozenset(".,;:!?…)]}\u201d\u2019")
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


def units_of(text: str, start: int, end: int) -> list[Unit]:
    """Return the words and marks of a part of a text."""
    found: list[Unit] = []
    quoted = [match.span() for match in _QUOTED.finditer(text, start, end)]
    number = 0
    for chunk in _CHUNK.finditer(text, start, end):
        while number < len(quoted) and quoted[number][1] <= chunk.start():
            number += 1
        in_quotes = number < len(quoted) and chunk.start() < quoted[number][1] and chunk.end() > quoted[number][0]
        _add(found, text, chunk, in_quotes=in_quotes)
    return found


def _add(found: list[Unit], text: str, chunk: re.Match[str], *, in_quotes: bool) -> None:
    if in_quotes:
        found.append(_unit(text, chunk.start(), chunk.end(), fixed=True))
        return
    edges = _EDGES.fullmatch(chunk[0])
    first, last = (chunk.start() + edges.start("word"), chunk.start() + edges.end("word")) if edges else chunk.span()
    found.extend(_unit(text, place, place + 1) for place in range(chunk.start(), first))
    if last > first:
        word = text[first:last]
        if _TELLING.fullmatch(word):
            found.append(_unit(text, first, last, fixed=True))
        else:
            found.extend(_unit(text, first + one.start(), first + one.end()) for one in _PARTS.finditer(word))
    found.extend(_unit(text, place, place + 1) for place in range(last, chunk.end()))


def _unit(text: str, start: int, end: int, *, fixed: bool = False) -> Unit:
    said = text[start:end]
    return Unit(start, end, said, said.lower(), fixed or said[0].isalnum(), fixed)
