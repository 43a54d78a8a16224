"""From a line to its shape: what varies by nature is masked, and lines of one shape read the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from sys import intern

NUMBER = "0"
"""Stands in a shape for a number, and for an identifier made of digits and letters."""

ANY = "*"
"""Stands in a shape for a word that many values have been seen of."""

SHAPED_CHARS = 2_000
"""Characters of a line that its shape is told from; what follows belongs to the same message as a rule."""

Shape = tuple[str, ...]
"""The words of a line, with what varies masked."""

TOGETHER = 8_192
"""Lines that are masked in one go: enough to be fast, and few beside a long log."""

_FIGURES = re.compile(r"[0-9][0-9A-Za-z]*+")
"""Numbers with their units, and identifiers from their first digit on. The pattern opens with what it looks for: it is fast."""

_HEXADECIMAL = re.compile(r"[A-Fa-f](?:(?<![A-Za-z0-9].)[A-Fa-f]{0,6}+0(?![A-Za-z0-9])|(?<=0-.)[A-Fa-f]{3}+(?=-))")
"""
What is left of a hexadecimal number that opens with letters, and a part of a UUID that is all letters.

It opens with what it looks for, too, and looks at what stands before that afterwards.
"""

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CALENDAR = frozenset((*_MONTHS, *(form.format(day) for day in _DAYS for form in ("{}", "[{}", "{},", "[{},"))))


def shapes(lines: Sequence[str]) -> list[Shape]:
    """Return the shape of each line: its words, with what varies by nature masked."""
    known: dict[Shape, Shape] = {}
    found: list[Shape] = []
    for start in range(0, len(lines), TOGETHER):
        batch = _shapes([line[:SHAPED_CHARS] for line in lines[start : start + TOGETHER]])
        found.extend([known.setdefault(shape, shape) for shape in batch])
    return found


def _shapes(lines: list[str]) -> list[Shape]:
    masked = _HEXADECIMAL.sub(NUMBER, _FIGURES.sub(NUMBER, "\n".join(lines))).split("\n")
    # Words are interned, because a log has the same ones again and again.
    shape_of = {line: _without_names(list(map(intern, line.split()))) for line in set(masked)}
    return [shape_of[line] for line in masked]


def _without_names(words: list[str]) -> Shape:
    """Mask the names of days and months, and identifiers that have stood in the line before."""
    if not _CALENDAR.isdisjoint(words):
        words = [NUMBER if word in _CALENDAR else word for word in words]
    if len(words) != len(set(words)):
        seen: set[str] = set()
        for place, word in enumerate(words):
            if word in seen:
                words[place] = NUMBER
            elif NUMBER in word and word != NUMBER:
                seen.add(word)
    return tuple(words)
