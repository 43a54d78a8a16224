"""The words that stand in one place of a template: how many there are, which are rare, how far numbers go."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

ENOUGH_LINES = 20
"""A value is rare only among this many."""

MANY_LINES = 100
"""Among this many a value that stands twice is rare, too."""

RARER = 3
"""A rare value stands no more than one third as often as the mean value does."""

CHOICE = 18
"""Among more different values than this, those with digits are identifiers and measurements: each of them is rare."""

FEW_VALUES = 6
"""Values that are named one by one, with how often each of them stands."""

MOST_VALUES = 1_000
"""Different values from which on they are not counted any more: they are identifiers, measurements or texts."""

NAMED_CHARS = 60
"""Values that take more than this together are counted and not named: they are texts, or identifiers."""

FAR_OUT = 8
"""How many times the distance between the quartiles an outlier lies beyond them."""

SAMPLED = 64
"""Numbers taken of each batch, to tell the quartiles from."""

_LETTER = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"\d")
_ONE_NUMBER = re.compile(r"([^\d.]{0,40}?(?:(?<=\w)-)?)-?\d{1,18}(?:\.\d{1,18})?([^\d]{0,40})$")


@dataclass(frozen=True, slots=True)
class Slot:
    """A place where the lines of a template differ: the value in its first line, and a text that says what the others are."""

    example: str
    said: str
    telling: int


class Column:
    """
    Takes the words of a place batch by batch, and keeps what tells about them, whatever their number.

    `before` is the word before the place, where it is always the same, and `named` says that the words are names.
    """

    def __init__(self, place: int, *, before: str, named: bool) -> None:
        self.place = place
        self._before = before
        self.total = 0
        self._counts: Counter[str] = Counter()
        self._counted = True
        self._numeric = not named
        self._example = self._prefix = self._suffix = ""
        self._low = self._high = ("", 0.0)
        self._sample: list[float] = []

    @property
    def live(self) -> bool:
        """Whether more words would tell more."""
        return self._counted or self._numeric

    def take(self, words: list[str]) -> None:
        """Look at the words of some more lines."""
        if not words:
            return
        if not self.total:
            self._begin(words[0])
        self.total += len(words)
        if self._counted:
            self._counts.update(words)
            self._counted = len(self._counts) <= MOST_VALUES
        if self._numeric and (len(self._counts) > 1 or not self._counted):
            self._take_numbers(words)

    def slot(self, *, all_of_them: bool = False) -> Slot | None:
        """Say how the lines differ in this place; None where they do not, or, unless `all_of_them` is wanted, by names only."""
        different = len(self._counts)
        if different <= 1:
            return None
        few = self._counted and different * 2 <= self.total
        if few and different <= FEW_VALUES and sum(map(len, self._counts)) <= NAMED_CHARS:
            return Slot(self._shown(), self._named(), 2)
        if self._numeric and (not few or different > FEW_VALUES):
            return Slot(self._shown(), f"{self._bare(self._low[0])}-{self._bare(self._high[0])}", 1)
        if (different == self.total and not all_of_them) or len(self._example) > NAMED_CHARS:
            return None
        return Slot(self._shown(), f"{different} values" if self._counted else f"over {MOST_VALUES} values", 0)

    def odd_values(self) -> list[str]:
        """Return the values that are rare among values that are not."""
        if not self._counted or self.total < ENOUGH_LINES or 2 * len(self._counts) > self.total:
            return []
        once = max(1 if self.total < MANY_LINES else 2, self.total // 500)
        odd = [
            value for value, count in self._counts.items() if count <= once and RARER * count * len(self._counts) <= self.total
        ]
        if len(self._counts) > CHOICE:
            odd = [value for value in odd if not _DIGIT.search(value)]
        return odd if sum(self._counts[value] for value in odd) <= max(2, self.total // 25) else []

    def outliers(self) -> list[str]:
        """Return the highest and the lowest number where they are far from the others."""
        if not self._numeric or self.total < ENOUGH_LINES or not self._sample:
            return []
        order = sorted(self._sample)
        lower, upper = order[len(order) // 4], order[-1 - len(order) // 4]
        fence = FAR_OUT * (upper - lower) or abs(upper) or 1.0
        high = [self._high[0]] if self._high[1] > upper + fence else []
        low = [self._low[0]] if self._low[1] < lower - fence else []
        return high + low

    def _begin(self, word: str) -> None:
        self._example = word
        found = _ONE_NUMBER.match(word)
        if found is None:
            self._numeric = False
        else:
            self._prefix, self._suffix = found[1], found[2]

    def _take_numbers(self, words: list[str]) -> None:
        start, end = len(self._prefix), len(self._suffix)
        try:
            if end:
                numbers = [float(word[start:-end]) for word in words]
            else:
                numbers = [float(word[start:]) for word in words] if start else list(map(float, words))
        except ValueError:
            self._numeric = False
            self._prefix = self._suffix = ""
            return
        low, high = min(numbers), max(numbers)
        if not self._sample or low < self._low[1]:
            self._low = (words[numbers.index(low)], low)
        if not self._sample or high > self._high[1]:
            self._high = (words[numbers.index(high)], high)
        self._sample.extend(numbers[:: max(1, len(numbers) // SAMPLED)])

    def _shown(self) -> str:
        """Return the first value, a bare number with the word before it: 0 alone may stand in many places."""
        return f"{self._before} {self._example}" if self._before and not _LETTER.search(self._example) else self._example

    def _bare(self, word: str) -> str:
        return word[len(self._prefix) : len(word) - len(self._suffix)] if self._numeric else word

    def _named(self) -> str:
        return ", ".join(f"{self._bare(value)} x{count}" for value, count in self._counts.most_common())
