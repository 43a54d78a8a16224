"""The lines of a text, those that are alike told apart once: all that looks for words looks at one line of a kind."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from headroom_core.compressors.digits import without_digits


def numbers_with(needle: str, text: str, starts: Sequence[int]) -> Iterator[int]:
    """Yield the numbers of the lines, which start at `starts`, that hold a needle; a line feed in front opens the line."""
    behind = int(needle[0] == "\n")
    place = text.find(needle)
    while place >= 0:
        number = bisect_right(starts, place + behind) - 1
        yield number
        place = text.find(needle, starts[number + 1] - behind)


class Source:
    """
    A text by its lines, and its groups: lines that differ in nothing but digits.

    Attributes:
        lines: The lines, without line ends.
        group_of: The group of each line.
        groups: How many groups there are.

    """

    __slots__ = ("_known", "_members", "_starts", "group_of", "groups", "lines")

    def __init__(self, text: str, lines: Sequence[str]) -> None:
        self.lines = lines
        known: dict[str, int] = {}
        self.group_of = [known.setdefault(bare, len(known)) for bare in without_digits(text).split("\n")]
        self.groups = len(known)
        self._starts = list(accumulate((len(bare) + 1 for bare in known), initial=1))
        # Between line ends, so that what opens or ends a line is found as what stands behind or before one.
        self._known = "\n".join(["", *known, ""])
        self._members: list[list[int]] = []

    def samples(self) -> list[str]:
        """Return the first line of each group."""
        first = [-1] * self.groups
        for line in range(len(self.group_of) - 1, -1, -1):
            first[self.group_of[line]] = line
        return [self.lines[line] for line in first]

    def may_have(self, word: str) -> bool:
        """Tell whether a word, with other digits maybe, stands in the text; it may begin or end with a line end."""
        return without_digits(word) in self._known

    def lines_with(self, needles: Iterable[str]) -> list[int]:
        """
        Return the numbers of the lines that hold a needle, in order.

        A needle that begins with a line feed opens its line, and one that ends with a line feed closes it.
        """
        found: set[int] = set()
        for needle in needles:
            word = needle.strip("\n")
            for line in self._candidates(without_digits(needle)):
                text = self.lines[line]
                if needle[0] == "\n":
                    holds = text.startswith(word)
                elif needle[-1] == "\n":
                    holds = text.endswith(word)
                else:
                    holds = word in text
                if holds:
                    found.add(line)
        return sorted(found)

    def _candidates(self, needle: str) -> Iterable[int]:
        """Yield the lines of the groups that hold a needle without digits."""
        for group in numbers_with(needle, self._known, self._starts):
            yield from self._lines_of(group)

    def _lines_of(self, group: int) -> list[int]:
        if not self._members:
            self._members = [[] for _ in range(self.groups)]
            for line, number in enumerate(self.group_of):
                self._members[number].append(line)
        return self._members[group]
