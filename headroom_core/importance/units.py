"""The units of a text that a view shows or leaves out: its lines, and the sentences of long lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

LONG_LINE = 80
"""Characters; longer lines are cut into sentences."""

LONG_SENTENCE = 120
"""Characters; longer sentences are cut behind commas."""

LEAST_LISTED = 8
"""Lines of a listing, at the least."""

_LINE_NUMBER = re.compile(r"[ \t]{0,10}(\d{1,7})(?:\t|→|:|[ ]?\|)")
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
    Return units, those of listings without the numbers before them: they count the lines of a file, and are not what these say.

    In a listing each number is one more than the one before it, over some lines, of which most differ. What else has a number
    before it stays: ports, years and orders.
    """
    bare = list(units)
    run: list[tuple[int, str]] = []
    expected = -1
    for place, unit in enumerate([*units, ""]):
        found = _LINE_NUMBER.match(unit)
        if found is None and place and not units[place - 1].endswith("\n"):
            continue  # a long line goes on
        if found is None or int(found[1]) != expected:
            if len(run) >= LEAST_LISTED and 2 * len({text for _, text in run}) > len(run):
                for number, text in run:
                    bare[number] = text
            run = []
        if found is not None:
            run.append((place, unit[found.end() :]))
            expected = int(found[1]) + 1
    return bare


def _cut(text: str, ends: re.Pattern[str]) -> Iterator[str]:
    """Yield a text in pieces that end where the pattern does."""
    start = 0
    for end in ends.finditer(text):
        yield text[start : end.end()]
        start = end.end()
    if start < len(text):
        yield text[start:]
