"""Where sentences end, what each takes and is worth, and which ones may not go."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from headroom_core.alarms import NEGATIONS
from headroom_core.compressors.prose.small_words import ALARMS, CHAT, COMMANDS, LIGHT, NUMBERS, TITLES
from headroom_core.compressors.prose.units import SENTENCE_ENDS, TELLING, Unit

_SHORT_QUOTATION = re.compile(r"[\"\u201c'\u2018].+[\"\u201d'\u2019]\W*")
_DOTTED = re.compile(r"\W*\w(?:\.\w)+\.")
"""A word that full stops shorten: U.S., e.g."""

_INITIALS = re.compile(r"\w(?:\.\w)+")
_BEHIND_END = ")]\"'\u201d\u2019*_`"
MOST_CLOSING = 8
"""Signs behind the full stop of a sentence, at the most, that close what it opened."""

_OPENING_QUOTES = "([\"'\u201c\u2018*_`\u2014-"
LONGEST_NAME = 40
"""Characters of a quotation, at the most, that is a name. What somebody says ends with a mark of its own."""

_LONG_WORD = 7
"""Letters up to which a word of English is one token, as a rule."""

LETTERS_A_TOKEN = 5
_SIGNS_A_TOKEN = 2.6


@dataclass(slots=True)
class Sentence:
    """
    Units `start` up to `end` of a run.

    Attributes:
        start: Its first unit.
        end: The unit behind its last.
        tokens: Tokens that it takes, about.
        worth: How many of its words somebody may ask for, about.
        held: Whether it says what may not get lost, so that it stays.
        gone: Whether it is left out.

    """

    start: int
    end: int
    tokens: float
    worth: float
    held: bool
    gone: bool = False


def sentences_of(units: Sequence[Unit], quoted: Sequence[tuple[int, int]] = ()) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a run, as the first unit and the unit behind the last; none ends inside of a quotation."""
    start = at = 0
    for number, unit in enumerate(units):
        while at < len(quoted) and quoted[at][1] <= unit.start:
            at += 1
        inside = at < len(quoted) and quoted[at][0] <= unit.start and unit.end < quoted[at][1]
        if number + 1 == len(units) or (not inside and _ends(units, number)):
            yield start, number + 1
            start = number + 1


def _ends(units: Sequence[Unit], number: int) -> bool:
    """Tell whether a sentence ends with a unit, and another one follows it."""
    unit, behind = units[number], units[number + 1]
    if behind.start == unit.end or _goes_on(behind):
        return False
    if unit.fixed:
        said = unit.text.rstrip("\"'\u201d\u2019)]*_`")
        return said[-1:] in SENTENCE_ENDS and not _DOTTED.fullmatch(said)
    place = number
    while place > 0 and number - place < MOST_CLOSING and units[place].text in _BEHIND_END:
        place -= 1
    if units[place].text not in SENTENCE_ENDS:
        return False
    return units[place].text != "." or place == 0 or not _is_short(units[place - 1], behind)


def _goes_on(unit: Unit) -> bool:
    """Tell whether a word cannot begin a sentence."""
    letter = next((one for one in unit.text if one.isalnum()), "")
    return letter.islower() or (not letter and unit.text not in _OPENING_QUOTES)


def _is_short(before: Unit, behind: Unit) -> bool:
    """Tell whether the full stop behind a word shortens it: a title, an initial, "no. 5"."""
    if before.low == "no":
        return behind.text[0].isdigit()
    return before.low in TITLES or bool(_INITIALS.fullmatch(before.text)) or (len(before.text) == 1 and before.text.isupper())


def tokens_of(unit: Unit) -> float:
    """Return the tokens that a word or a mark takes, about."""
    if not unit.word:
        return 1.0
    length = len(unit.text)
    if unit.fixed and not unit.text.isalpha():
        return max(1.0, length / _SIGNS_A_TOKEN)
    return 1.0 if length <= _LONG_WORD else length / LETTERS_A_TOKEN


def asks_for(unit: Unit) -> bool:
    """Tell whether a word may be part of what somebody asks for: all but the commonest may."""
    return unit.word and unit.low not in LIGHT


def values_of(units: Sequence[Unit]) -> Iterator[str]:
    """Yield what may not get lost, and has to stand in the view once: numbers, identifiers, paths, code, short quotations."""
    for unit in units:
        if unit.word and (TELLING.search(unit.text) or _SHORT_QUOTATION.fullmatch(unit.text)):
            yield unit.text.strip("()[]{}\"'\u201c\u201d\u2018\u2019*`.,;:!?")
        elif unit.low in ALARMS or unit.low in NUMBERS:
            yield unit.low


def names_of(units: Sequence[Unit], quoted: Sequence[tuple[int, int]], text: str) -> Iterator[str]:
    """Yield the code and the short quotations that stand in a sentence, whole; `quoted` says where in the text they stand."""
    for start, end in quoted[bisect_left(quoted, (units[0].start, 0)) :]:
        if end > units[-1].end:
            break
        said = text[start:end]
        if said[0] == "`" or (len(said) <= LONGEST_NAME and said[-2] not in ".,!?\u2026\u2014-"):
            yield said


def denies(units: Sequence[Unit]) -> bool:
    """Tell whether a sentence says of something that it is not so, or must be so. "No, I don't know." says it of nothing."""
    if not any(unit.low in NEGATIONS or unit.low.endswith(("n't", "n\u2019t")) for unit in units):
        return False
    return any(unit.low in COMMANDS or (asks_for(unit) and unit.low not in NEGATIONS | CHAT) for unit in units)
