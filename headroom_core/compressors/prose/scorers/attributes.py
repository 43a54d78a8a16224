"""What a word is known by: numbers between 0 and 2**15, which stand for the word itself, its ends and its shape."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence

BITS = 15
SIZE = 1 << BITS
"""How many numbers there are. Attributes share them; what is learned for one suits most of those that share it."""

PER_WORD = 6
"""Numbers that each word has."""

MOST_TIMES = 8
"""From so many times on, all words that stand often in a text are alike."""


def attributes_of(word: str) -> tuple[str, ...]:
    """Return what a word is known by, apart from its text: all but how often it stands there."""
    low = word.lower()
    if word[0].isalpha():
        case = "l" if word == low else "U" if len(word) > 1 and word.isupper() else "C" if word[0].isupper() else "m"
        return (f"w{low}", f"p{low[:4]}", f"3{low[-3:]}", f"2{low[-2:]}", f"s{case}{min(len(word), 10)}")
    kind = f"d{min(len(word), 5)}" if word.isdigit() else "x" if any(one.isalnum() for one in word) else "m"
    return (f"w{low}", f"s{kind}", f"3{low[-3:]}", f"2{low[-2:]}", f"p{low[:4]}")


def number_of(attribute: str) -> int:
    """Return the number that an attribute has."""
    return zlib.crc32(attribute.encode("utf-8", "surrogatepass")) & (SIZE - 1)


REMEMBERED = 50_000
"""Words of which is remembered what they are known by."""

TIMES = tuple(number_of(f"t{count}") for count in range(MOST_TIMES + 1))
"""What it adds to a word's attributes that it stands so many times in its text."""


class Attributes:
    """The numbers of words, of which those that were asked for are remembered. Safe to use from any thread."""

    def __init__(self, *, most: int = REMEMBERED) -> None:
        self._known: dict[str, tuple[int, ...]] = {}
        self._most = most

    def of(self, words: Sequence[str]) -> list[tuple[int, ...]]:
        """Return the `PER_WORD` numbers of each word of a text."""
        counts = Counter(words)
        times = {word: (TIMES[min(count, MOST_TIMES)],) for word, count in counts.items()}
        return [self._numbers(word) + times[word] for word in words]

    def _numbers(self, word: str) -> tuple[int, ...]:
        found = self._known.get(word)
        if found is None:
            found = tuple(map(number_of, attributes_of(word)))
            if len(self._known) < self._most:
                self._known[word] = found
        return found
