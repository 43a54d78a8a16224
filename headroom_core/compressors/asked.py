"""Which identifiers and numbers a reader asks for, and which rows or lines hold them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from headroom_core.importance.words import FACT, LEAST_FACT, NUMBER, WORD, meaning_of

MOST_ASKED = 64
"""Identifiers and numbers of a query that are looked for."""

FEW = 3
"""What more texts than this hold names none of them: `2024` in a column of dates."""

_WORDY = re.compile(r"\w")


def asked_of(query: str | None) -> tuple[str, ...]:
    """Return the identifiers and numbers of a query that have three characters or more, in small letters, each once."""
    told = (meaning_of(word) for word in WORD.findall(query or ""))
    keys = (one[1].lower() for one in told if one is not None and one[0] in (FACT, NUMBER) and len(one[1]) >= LEAST_FACT)
    return tuple(dict.fromkeys(keys))[:MOST_ASKED]


def places_of(asked: Sequence[str], texts: Sequence[str]) -> list[int]:
    """Return which texts, without line ends, hold as a whole word what is asked for and few of them hold."""
    if not asked:
        return []
    joined = "\n".join(texts).lower()
    return [place for word in asked for place in _places(word, joined)]


def _places(word: str, joined: str) -> list[int]:
    """Return the lines that hold a word as a whole; none where more than a few do."""
    found: list[int] = []
    line, counted = 0, 0
    at = joined.find(word)
    while at >= 0:
        end = at + len(word)
        if not _WORDY.match(joined[at - 1 : at]) and not _WORDY.match(joined, end):
            line, counted = line + joined.count("\n", counted, at), at
            if line not in found[-1:]:
                found.append(line)
            if len(found) > FEW:
                return []
        at = joined.find(word, end)
    return found
