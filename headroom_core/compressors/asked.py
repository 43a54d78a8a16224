"""Which identifiers and numbers a reader asks for, and which rows or lines hold them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from headroom_core.importance.words import FACT, LEAST_FACT, NUMBER, WORD, meanings

MOST_ASKED = 64
"""Identifiers and numbers of a query that are looked for."""

FEW = 3
"""What more texts than this hold names none of them: `2024` in a column of dates."""


def asked_of(query: str | None) -> tuple[str, ...]:
    """Return the identifiers and numbers of a query that have three characters or more, in small letters, each once."""
    told = (meanings[word] for word in WORD.findall(query or ""))
    keys = (one[1].lower() for one in told if one is not None and one[0] in (FACT, NUMBER) and len(one[1]) >= LEAST_FACT)
    return tuple(dict.fromkeys(keys))[:MOST_ASKED]


def places_of(asked: Sequence[str], texts: Sequence[str]) -> list[int]:
    """Return which texts, without line ends, hold as a whole word what is asked for and few of them hold."""
    if not asked:
        return []
    lowered = "\n".join(texts).lower()
    found: list[int] = []
    cells: list[str] = []
    for word in asked:
        if word in lowered:
            cells = cells or lowered.split("\n")
            whole = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
            places = [i for i, text in enumerate(cells) if word in text and whole.search(text)]
            found.extend(places if len(places) <= FEW else ())
    return found
