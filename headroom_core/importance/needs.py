"""Which units of a payload the reader of a view needs, by what its prompt says already."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum

from headroom_core.importance.said import Again, Said
from headroom_core.importance.units import uncounted
from headroom_core.importance.uptake import uptake
from headroom_core.importance.words import DENIAL, Told, told_by
from headroom_core.payload import Mode

PRICES: dict[Mode, float] = {"balanced": 0.1, "compact": 0.3}
"""Words that later messages take up, about, that are given for one token."""

CHARS_A_TOKEN = 4
"""Characters of a token, about."""

TOKENS_A_LINE = 4
"""Tokens that a line takes beside its own: its end, and its share of the markers around it."""

SIGNS_OF_CODE = 3
"""Brackets and the like from which on a line is code, in which `not` denies nothing."""

MOST_CHANGED = 3
"""Lines between two repeats, at the most, that are what has changed of a text that was shown."""

_SIGN = re.compile(r"[{}()\[\]=<>]")


class Need(IntEnum):
    """What a reader makes of a unit."""

    SAID = 0
    """Nothing: it stands in the prompt, word for word, with what stands beside it."""
    SPARE = 1
    """Little: the prompt has the facts it holds, and hardly a later message takes up what it says in words."""
    NEEDED = 2
    """It holds a fact that is new to the prompt, changes what was said, tells of an error, denies something, or is taken up."""


def needs(units: Sequence[str], said: Said, mode: Mode) -> list[Need]:
    """
    Return what the reader of a view makes of each unit of a payload, given what its prompt says.

    A unit with a fact that neither the prompt nor a needed unit before it has is always needed: which facts will be used cannot
    be told from the runs of other systems.
    """
    price, taken = PRICES[mode], uptake()
    found: list[Need] = []
    shown: set[str] = set()
    repeats = said.again(units)
    bare = uncounted(units)
    told_of = iter(told_by([unit for unit, again in zip(bare, repeats, strict=True) if again is not Again.SAME]))
    for unit, again, changed in zip(units, repeats, _between(units, repeats), strict=True):
        if again is Again.SAME:
            found.append(Need.SAID)
            continue
        told = next(told_of)
        needed = (
            changed
            or again is Again.MOVED
            or any(fact not in shown and not said.tells(fact) for fact in told.facts)
            or _warns(unit, told)
            or (bool(told.facts) and said.changes(told))
        )
        if not needed and told.topics:
            topics = len({topic for topic in told.topics if topic not in shown and not said.tells(topic)})
            needed = bool(topics) and taken(topics, len(unit), share_said(topics, told), said.size) >= price * (
                len(unit) / CHARS_A_TOKEN + TOKENS_A_LINE
            )
        if needed:
            shown.update(told.facts)
            shown.update(told.topics)
        found.append(Need.NEEDED if needed else Need.SPARE)
    return found


def _between(units: Sequence[str], repeats: Sequence[Again]) -> list[bool]:
    """Tell of each unit whether it stands between two repeats, with few others: there it is what has changed."""
    found = [False] * len(units)
    run: list[int] = []
    after = False
    for number, (unit, repeat) in enumerate(zip(units, repeats, strict=True)):
        if repeat is Again.SAME:
            if after and len(run) <= MOST_CHANGED:
                for one in run:
                    found[one] = True
            after, run = True, []
        elif unit.strip():
            run.append(number)
    return found


def share_said(topics: int, told: Told) -> float:
    """Return the share of a unit's facts and topics that are not among so many new topics."""
    return 1 - topics / (len(told.facts) + len(told.topics) + 1)


def _warns(unit: str, told: Told) -> bool:
    """Tell whether a unit tells of an error, draws a conclusion, or denies something."""
    if told.warns != DENIAL:
        return told.warns is not None
    return len(_SIGN.findall(unit)) < SIGNS_OF_CODE
