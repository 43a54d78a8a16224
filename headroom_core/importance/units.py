"""The units of a text that a view shows or leaves out: its lines, and the sentences of long lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

LONG_LINE = 80
"""Characters; longer lines are cut into sentences."""

LONG_SENTENCE = 200
"""Characters; longer sentences are cut behind commas."""

LINE_NUMBER = re.compile(r"[ \t]{0,10}(\d{1,7})(?:\t|→|: ?|\| ?|[ ]{2}|$)")
"""The number before a line, as tools that read files write it."""

_SENTENCE_END = re.compile(r"[.!?;][\"')\]]*\s+")
_CLAUSE_END = re.compile(r",\s+")


def units_of(text: str) -> list[str]:
    """Return the units of a text, in order; together they are the text. A line end belongs to the line before it."""
    found: list[str] = []
    *lines, last = text.split("\n")
    for line in [*(f"{line}\n" for line in lines), *([last] if last else [])]:
        if len(line) <= LONG_LINE:
            found.append(line)
        else:
            found.extend(sentences_of(line))
    return found


def sentences_of(line: str) -> Iterator[str]:
    """Yield the sentences of a line, and the clauses of long ones; together they are the line."""
    for sentence in _cut(line, _SENTENCE_END):
        if len(sentence) <= LONG_SENTENCE:
            yield sentence
        else:
            yield from _cut(sentence, _CLAUSE_END)


def uncounted(units: Sequence[str]) -> list[str]:
    """
    Return units without the numbers before them, where these count lines: each is one more than the one before it.

    Such a number says where a line stands in a file, and that it is another one does not make it another line.
    """
    bare = list(units)
    before, at = -1, -1
    for place, unit in enumerate(units):
        found = LINE_NUMBER.match(unit) if unit[:1].isspace() or unit[:1].isdigit() else None
        if found is None:
            continue
        number = int(found[1])
        if number == before + 1 and before >= 0:
            bare[place] = unit[found.end() :]
            if bare[at] is units[at]:
                first = LINE_NUMBER.match(units[at])
                bare[at] = units[at][first.end() :] if first else units[at]
        before, at = number, place
    return bare


def _cut(text: str, ends: re.Pattern[str]) -> Iterator[str]:
    """Yield a text in pieces that end where the pattern does."""
    start = 0
    for end in ends.finditer(text):
        yield text[start : end.end()]
        start = end.end()
    if start < len(text):
        yield text[start:]
