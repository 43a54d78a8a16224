"""Which words a telegram leaves out: those without which the sentence says the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from headroom_core.compressors.prose.small_words import (
    ARTICLES,
    BEFORE_OF,
    BEHIND_OF,
    BEING,
    HAVING,
    PARTICIPLES,
    PERSONAL,
    POSSESSIVE,
    PREPOSITIONS,
    RELATIVE,
    SUBJECTS,
)
from headroom_core.compressors.prose.units import SENTENCE_ENDS, Unit
from headroom_core.payload import Mode

Rule = Callable[[Sequence[Unit], int], bool]
"""Tells whether the word at an index may go, by the words beside it."""

_PARTICIPLE = re.compile(r"\w{2,}(?:ed|en|wn|[aeu]ng)$")
_BETWEEN = re.compile(r"\w+ly$|(?:not|also|never|always|often|still|then|soon|now|just|only|all|both|first|later|once)$")
"""Words that stand between a form of "be" or "have" and its participle."""


def leaves_out(units: Sequence[Unit], number: int, mode: Mode) -> bool:
    """Tell whether a word may go."""
    unit = units[number]
    rule = None if unit.fixed else (RULES[mode]).get(unit.low)
    return rule is not None and rule(units, number)


def _article(units: Sequence[Unit], number: int) -> bool:
    """It stands before a word. "A" inside of a sentence is a name: of a grade, a register, a person in a list."""
    return _before_word(units, number) and (units[number].text != "A" or number == 0 or not units[number - 1].word)


def _linking(units: Sequence[Unit], number: int) -> bool:
    """
    It stands between words: at the start, a form of "be" asks, and without it the question would be a statement.

    Before a participle it stays: who was asked has not asked. So it does before "not", which leans on it.
    """
    return _inside(units, number) and units[number + 1].low != "not" and not _participle_behind(units, number)


def _auxiliary(units: Sequence[Unit], number: int) -> bool:
    """Before a participle a form of "have" says when; before anything else it says what somebody has."""
    return _inside(units, number) and _participle_behind(units, number)


def _participle_behind(units: Sequence[Unit], number: int) -> bool:
    number += 1
    while number + 1 < len(units) and _BETWEEN.match(units[number].low):
        number += 1
    return units[number].low in PARTICIPLES or bool(_PARTICIPLE.match(units[number].low))


def _of(units: Sequence[Unit], number: int) -> bool:
    """It stays beside a number, and where words say something else without it: "3 of 5", "out of memory", "most of them"."""
    return _loose(units, number) and units[number - 1].low not in BEFORE_OF and units[number + 1].low not in BEHIND_OF


def _that(units: Sequence[Unit], number: int) -> bool:
    """Before a new subject it only joins: "found that the disk is full". What it says of the word before it, it says alone."""
    return _inside(units, number) and units[number + 1].low in SUBJECTS


def _and(units: Sequence[Unit], number: int) -> bool:
    """Behind a comma, the comma says it."""
    return number > 0 and units[number - 1].text in (",", ";")


def _loose(units: Sequence[Unit], number: int) -> bool:
    """It stands between words, neither of which is a number or a name in code: those say too little by themselves."""
    return _inside(units, number) and not (units[number - 1].fixed or units[number + 1].fixed)


def _joining(units: Sequence[Unit], number: int) -> bool:
    """Between words, and behind a comma."""
    return _and(units, number) or _loose(units, number)


def _going_on(units: Sequence[Unit], number: int) -> bool:
    """The sentence has begun, and goes on with a word."""
    return number > 0 and units[number - 1].text not in SENTENCE_ENDS and _before_word(units, number)


def _inside(units: Sequence[Unit], number: int) -> bool:
    return number > 0 and units[number - 1].word and _before_word(units, number)


def _before_word(units: Sequence[Unit], number: int) -> bool:
    return number + 1 < len(units) and units[number + 1].word


_TELEGRAM: dict[str, Rule] = {
    **dict.fromkeys(ARTICLES, _article),
    **dict.fromkeys(BEING, _linking),
    **dict.fromkeys(HAVING, _auxiliary),
    **dict.fromkeys(POSSESSIVE, _inside),
    "that": _that,
    "of": _of,
    "and": _and,
}
_SHORTER: dict[str, Rule] = {
    **_TELEGRAM,
    **dict.fromkeys(BEING | HAVING | RELATIVE, _going_on),
    **dict.fromkeys(PREPOSITIONS | PERSONAL | {"as", "so"}, _loose),
    "and": _joining,
}

RULES: dict[Mode, dict[str, Rule]] = {"lossless": {}, "balanced": _TELEGRAM, "compact": _SHORTER}
"""For each mode the words that may go, with what is asked of the words beside them."""
