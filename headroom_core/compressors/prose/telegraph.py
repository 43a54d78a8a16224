"""
Which words a telegram leaves out: those without which the sentence says the same.

A rule that is in doubt keeps the word. What looks as if it could go often cannot: "a few" is not "few", who "may have read" it
may not "read" it, "was asked" is not "asked", "that of the client" is not "that client".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from headroom_core.compressors.prose.small_words import (
    ARTICLES,
    AT_RATES,
    BEFORE_OF,
    BEHIND_OF,
    BEING,
    LEANING,
    NO_NOUNS,
    POSSESSIVE,
    SAYING,
    SINGLED_OUT,
    SUBJECTS,
    TITLES,
)
from headroom_core.compressors.prose.units import SENTENCE_ENDS, Unit
from headroom_core.payload import Mode

Rule = Callable[[Sequence[Unit], int], bool]
"""Tells whether the word at an index may go, by the words beside it."""

_PARTICIPLE = re.compile(r"\w+(?:ed|en|wn|[aeu]ng|ught|lt|nt|pt|st|ut|id|ld|ade|one|old|un|et)$")
"""What participles end in, and some other words, before which a form of "be" stays, too."""

_ADVERB = re.compile(r"\w+ly$|(?:also|never|always|often|still|then|soon|now|just|only|all|both|first|later|once|to|being)$")


def leaves_out(units: Sequence[Unit], number: int, mode: Mode) -> bool:
    """Tell whether a word may go."""
    unit = units[number]
    rule = None if unit.fixed else RULES[mode].get(unit.low)
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
    return _before_word(units, number) and units[number + 1].low not in SINGLED_OUT


def _a(units: Sequence[Unit], number: int) -> bool:
    """It stands before a word that is no closed one, and not where it says how much or how often."""
    if not _before_word(units, number) or units[number + 1].low in NO_NOUNS:
        return False
    before = units[number - 1] if number else None
    return before is None or not (before.fixed or before.low in AT_RATES or before.text in "£$€%")


def _is(units: Sequence[Unit], number: int) -> bool:
    """
    It stands between words that need no verb to be linked.

    Before a participle it stays: who is asked does not ask. So it does before "not", beside a number or a name in code, and in
    questions.
    """
    if not _inside(units, number) or units[number - 1].low in LEANING or units[number - 1].fixed or units[number + 1].fixed:
        return False
    if len(units[number - 1].text) == 1:  # a name, which would seem to be an article
        return False
    if units[number + 1].low == "not" or _asked(units, number):
        return False
    behind = number + 1
    while behind + 1 < len(units) and _ADVERB.match(units[behind].low):
        behind += 1
    return not _PARTICIPLE.match(units[behind].low)


def _of(units: Sequence[Unit], number: int) -> bool:
    """It joins two nouns: before the first one stands an article, and behind "of" no number or pronoun."""
    if number < 2 or not _inside(units, number) or units[number - 1].fixed or units[number + 1].fixed:  # noqa: PLR2004  # a noun
        return False
    if units[number - 1].low in BEFORE_OF or units[number + 1].low in BEHIND_OF:
        return False
    if units[number + 1].low in ARTICLES and units[number + 1].text != units[number + 1].low:
        return False
    return units[number - 2].low in ARTICLES and not _PARTICIPLE.match(units[number - 1].low)


def _that(units: Sequence[Unit], number: int) -> bool:
    """Behind a verb of saying, and before a new subject, it only joins."""
    return _inside(units, number) and units[number - 1].low in SAYING and units[number + 1].low in SUBJECTS


def _its(units: Sequence[Unit], number: int) -> bool:
    return (
        _inside(units, number) and units[number + 1].low not in {"own", "behalf"} and units[number - 1].low not in {"and", "or"}
    )


def _asked(units: Sequence[Unit], number: int) -> bool:
    """Tell whether the sentence ends with a question mark."""
    for unit in units[number:]:
        if unit.text in SENTENCE_ENDS:
            return unit.text == "?"
    return False


def _inside(units: Sequence[Unit], number: int) -> bool:
    return number > 0 and units[number - 1].word and _before_word(units, number)


def _before_word(units: Sequence[Unit], number: int) -> bool:
    return number + 1 < len(units) and units[number + 1].word


_HEADLINE: dict[str, Rule] = {"the": _the, "a": _a, "an": _a}
_TELEGRAM: dict[str, Rule] = {
    **_HEADLINE,
    **dict.fromkeys(BEING, _is),
    **dict.fromkeys(POSSESSIVE, _its),
    "of": _of,
    "that": _that,
}

RULES: dict[Mode, dict[str, Rule]] = {"lossless": {}, "balanced": _HEADLINE, "compact": _TELEGRAM}
"""For each mode the words that may go, with what is asked of the words beside them."""
