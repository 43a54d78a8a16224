"""Which units of a payload the reader of a view needs, by what its prompt says already."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum

from headroom_core.importance.said import Said
from headroom_core.importance.units import uncounted
from headroom_core.importance.uptake import uptake
from headroom_core.importance.words import ALARM, Told, told_by
from headroom_core.payload import Mode

PRICES: dict[Mode, float] = {"balanced": 0.04, "compact": 0.1}
"""Words that later messages take up, about, that are given for one token."""

CHARS_A_TOKEN = 4
"""Characters of a token, about."""

TOKENS_A_LINE = 4
"""Tokens that a line takes beside its own: its end, and its share of the markers around it."""

SIGNS_OF_CODE = 3
"""Brackets and the like from which on a line is code, in which `not` denies nothing."""

LEAST_WORDS = 4
"""Words of a line that denies something, at the least."""

_SIGN = re.compile(r"[{}()\[\]=<>]")


class Need(IntEnum):
    """What a reader makes of a unit."""

    SAID = 0
    """Nothing: it stands in the prompt, word for word, with what stands beside it."""
    SPARE = 1
    """Little: the prompt has the facts it holds, and hardly a later message takes up what it says in words."""
    NEEDED = 2
    """It holds a fact that is new to the prompt, tells of an error, denies something, or is likely to be taken up."""


def needs(units: Sequence[str], said: Said, mode: Mode) -> list[Need]:
    """
    Return what the reader of a view makes of each unit of a payload, given what its prompt says.

    A unit with a fact that neither the prompt nor a needed unit before it has is always needed: which facts will be used cannot
    be told from the runs of other systems.
    """
    price, taken = PRICES[mode], uptake()
    bare = uncounted(units)
    found: list[Need] = []
    shown: set[str] = set()
    for unit, again, told in zip(bare, said.again(bare), told_by(bare), strict=True):
        if again:
            found.append(Need.SAID)
            continue
        needed = bool(said.new(fact for fact in told.facts if fact not in shown)) or _warns(unit, told)
        if not needed and told.topics:
            topics = len(set(said.new(topic for topic in told.topics if topic not in shown)))
            needed = bool(topics) and taken(topics, len(unit), share_said(topics, told), said.size) >= price * (
                len(unit) / CHARS_A_TOKEN + TOKENS_A_LINE
            )
        if needed:
            shown.update(told.facts)
            shown.update(told.topics)
        found.append(Need.NEEDED if needed else Need.SPARE)
    return found


def share_said(topics: int, told: Told) -> float:
    """Return the share of a unit's facts and topics that are not among so many new topics."""
    return 1 - topics / (len(told.facts) + len(told.topics) + 1)


def _warns(unit: str, told: Told) -> bool:
    """Tell whether a unit tells of an error, or denies something."""
    if told.warns is None or told.warns == ALARM:
        return told.warns == ALARM
    return told.words >= LEAST_WORDS and len(_SIGN.findall(unit)) < SIGNS_OF_CODE
