"""
Which words a telegram leaves out: those without which the sentence says the same.

A rule that is in doubt keeps the word. What looks as if it could go often cannot: "a few" is not "few", a vendor who "was paid"
is not one who "paid", "that of the client" is not "that client", and to be "clear of the door" is not to "clear the door".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from headroom_core.compressors.prose.small_words import (
    ARTICLES,
    AT_RATES,
    BEING,
    NO_NOUNS,
    PER,
    SAYING,
    SINGLED_OUT,
    SUBJECTS,
    TITLES,
)
from headroom_core.compressors.prose.units import SENTENCE_ENDS, Unit

Rule = Callable[[Sequence[Unit], int], bool]
"""Tells whether the word at an index may go, by the words beside it."""

_PARTICIPLE = re.compile(r"\w+(?:ed|en|wn|ught|ung|uilt)$")
_YEAR = re.compile(r"1[5-9][0-9]{2}|20[0-9]{2}")
_BEHIND_YEARS = frozenset(("and", "but", "or", "when", "while", "by", "as", "with", "after", "before", "to"))


def leaves_out(units: Sequence[Unit], number: int) -> bool:
    """Tell whether a word may go."""
    unit = units[number]
    rule = None if unit.fixed else RULES.get(unit.low)
    return rule is not None and _stands_apart(units, number) and _is_no_name(units, number) and rule(units, number)


def _stands_apart(units: Sequence[Unit], number: int) -> bool:
    """A space stands on both sides, or a sign that opens something before it: words must not grow together."""
    unit = units[number]
    if number + 1 < len(units) and units[number + 1].start == unit.end:
        return False
    return number == 0 or units[number - 1].end < unit.start or units[number - 1].opens


def _is_no_name(units: Sequence[Unit], number: int) -> bool:
    """Inside of a sentence a capital makes a name of it: The Hague, Mr. A."""
    if units[number].text == units[number].low or number == 0 or units[number - 1].opens:
        return True
    return units[number - 1].text in SENTENCE_ENDS and not (number > 1 and units[number - 2].low in TITLES)


def _the(units: Sequence[Unit], number: int) -> bool:
    """It stands before a word, and not inside of a name: William the Conqueror."""
    if not _before_word(units, number) or units[number + 1].low in SINGLED_OUT:
        return False
    return number == 0 or not (units[number - 1].text.istitle() and units[number + 1].text.istitle())


def _a(units: Sequence[Unit], number: int) -> bool:
    """It stands before a word that is no closed one, and not where it says how much or how often."""
    if not _before_word(units, number) or units[number + 1].low in NO_NOUNS | PER:
        return False
    before = units[number - 1] if number else None
    return before is None or not (before.fixed or before.low in AT_RATES or before.text in "£$€%")


def _in(units: Sequence[Unit], number: int) -> bool:
    """Before a year it says no more than the year."""
    if number + 1 >= len(units) or not _YEAR.fullmatch(units[number + 1].text):
        return False
    return number + 2 >= len(units) or not units[number + 2].word or units[number + 2].low in _BEHIND_YEARS


def _that(units: Sequence[Unit], number: int) -> bool:
    """Behind a verb of saying, and before a new subject, it only joins."""
    return _inside(units, number) and units[number - 1].low in SAYING and units[number + 1].low in SUBJECTS


def _which(units: Sequence[Unit], number: int) -> bool:
    """Behind a noun, before "is" and a participle, it goes with the verb: "the fort which was built" is "the fort built"."""
    return (
        number > 1
        and _inside(units, number)
        and units[number - 2].low in ARTICLES
        and units[number + 1].low in BEING
        and number + 2 < len(units)
        and bool(_PARTICIPLE.match(units[number + 2].low))
    )


def _behind_which(units: Sequence[Unit], number: int) -> bool:
    return number > 1 and units[number - 1].low == "which" and _which(units, number - 1)


def _inside(units: Sequence[Unit], number: int) -> bool:
    return number > 0 and units[number - 1].word and _before_word(units, number)


def _before_word(units: Sequence[Unit], number: int) -> bool:
    return number + 1 < len(units) and units[number + 1].word


RULES: dict[str, Rule] = {
    "the": _the,
    "a": _a,
    "an": _a,
    "in": _in,
    "that": _that,
    "which": _which,
    **dict.fromkeys(BEING, _behind_which),
}
"""The words that may go, with what is asked of the words beside them."""
