"""What the words of a text tell: facts, which nobody could guess, what the text is about, and that something went wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from headroom_core.alarms import ERROR, NEGATIONS, WEIGHTY

WORD = re.compile(r"\w(?:[\w./:@%#-]*[\w%])?(?:['\u2019]t\b)?")
"""A word: a path, a number with its sign of percent, an address and `don't` are one each."""

_BETWEEN = "\x1f"
_WORD_OR_BETWEEN = re.compile(rf"{WORD.pattern}|{_BETWEEN}")

REMEMBERED = 1 << 16
"""Words whose meaning is remembered."""

LEAST_NUMBER = 2
"""Characters of a number, at the least, that may not get lost: those of one digit count items, as a rule."""

LEAST_FACT = 3
"""Characters of another fact, at the least."""

LEAST_JOINED = 4
"""Characters of a name with signs or capitals inside, at the least."""

LEAST_TOPIC = 4
"""Letters of a word, at the least, that tells what a text is about."""

DENYING = NEGATIONS - {"except", "nor", "only", "shall", "unless"}
"""Words that deny what a line says. The others mostly narrow it."""

_JOINTS = frozenset("_./:@#")


TOPIC = 0
"""A word tells what the text is about: one of four letters or more that does not stand in most texts."""

FACT = 1
"""It cannot be guessed or said in other words: an identifier, a path, an address, a word with a digit."""

NUMBER = 2
"""A number of two digits or more: a fact with the word before it, for `May 17` does not make `17 passengers` known."""

ALARM = 3
"""It tells that something went wrong, or what somebody concludes."""

DENIAL = 4
"""It tells that something is not so, or must be so."""

_END = 5
"""The text ends here, and another one begins."""

LONG_WORD = 100
"""Characters; the meaning of longer words is not remembered."""

Meaning = tuple[int, str]
"""What a word tells, and how it is looked up: topics in small letters, all else as it is spelled."""


class _Meanings(dict[str, Meaning | None]):
    """The meaning of each word, found when it is first asked for; None for one that tells nothing alone."""

    def __missing__(self, word: str) -> Meaning | None:
        found = _meaning(word)
        if len(self) >= REMEMBERED:
            self.clear()
        if len(word) <= LONG_WORD:
            self[word] = found
        return found


_meanings = _Meanings()


def meaning_of(word: str) -> Meaning | None:
    """Return what a word tells, and how it is looked up; None for one that tells nothing alone."""
    return _meanings[word]


@dataclass(slots=True)
class Told:
    """
    What a text tells, by how it is looked up.

    Attributes:
        facts: Its facts, in order.
        topics: Its topics, in order.
        warns: `ALARM` where it has a word for an error, `DENIAL` where it has one that denies; None where it has neither.
        words: Its words, in order.

    """

    facts: list[str]
    topics: list[str]
    warns: int | None
    words: Sequence[str]


def told_by(units: Sequence[str]) -> list[Told]:
    """Return what each of some texts tells."""
    # All are searched at once, with a mark between them, which takes half the time.
    joined = _BETWEEN.join(unit.replace(_BETWEEN, " ") for unit in units) if units else ""
    found: list[Told] = []
    facts: list[str] = []
    topics: list[str] = []
    warns = None
    before = 0
    said = _WORD_OR_BETWEEN.findall(joined)
    for place, meaning in enumerate(map(_meanings.__getitem__, said)):
        if meaning is None:
            continue
        kind, key = meaning
        if kind == TOPIC:
            topics.append(key)
        elif kind == FACT:
            facts.append(key)
        elif kind == NUMBER:
            facts.append(f"{said[place - 1]} {key}" if place > before else f" {key}")
        elif kind == _END:
            found.append(Told(facts, topics, warns, said[before:place]))
            facts, topics, warns, before = [], [], None, place + 1
        elif warns != ALARM:
            warns = kind
    if units:
        found.append(Told(facts, topics, warns, said[before:]))
    return found


def _meaning(word: str) -> Meaning | None:
    if word == _BETWEEN:
        return (_END, word)
    if word[0].isdigit() and not any(map(str.isalpha, word)) and "_" not in word:
        return (NUMBER, word) if len(word) >= LEAST_NUMBER else None
    low = word.lower()
    kind = None
    if low in DENYING or low.endswith(("n't", "n\u2019t")):
        kind = DENIAL
    elif _is_fact(word):
        return (FACT, word)
    elif low in WEIGHTY or ERROR.search(low):
        kind = ALARM
    elif len(word) >= LEAST_TOPIC and word.isalpha() and low not in common_words():
        kind = TOPIC
    return None if kind is None else (kind, low)


def _is_fact(word: str) -> bool:
    """
    Tell whether a word cannot be guessed or said in other words.

    Three characters or more with a digit among them, or four or more that signs join (`user_id`, `a/b.py`) or that have a
    capital inside (`getUser`).
    """
    if len(word) < LEAST_FACT:
        return False
    if any(map(str.isdigit, word)):
        return True
    if len(word) < LEAST_JOINED:
        return False
    return not _JOINTS.isdisjoint(word[1:-1]) or (
        not word.islower() and any(map(str.isupper, word[1:])) and any(map(str.islower, word))
    )


@cache
def common_words() -> frozenset[str]:
    """Return the words of four letters or more that stand in most texts, whatever they are about."""
    return frozenset((files(__package__) / "data" / "common_words.txt").read_text(encoding="ascii").split())
