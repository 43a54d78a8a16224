"""Ways to shorten a text that know nothing of it."""

from __future__ import annotations

import random
from collections.abc import Callable

from headroom_core.tokens.vocabulary import load_encoding

SMALL_WORDS = frozenset(
    (
        *("a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "for", "from", "had", "has", "have", "he"),
        *("her", "his", "i", "in", "is", "it", "its", "of", "on", "or", "our", "she", "so", "that", "the", "their"),
        *("them", "there", "they", "this", "to", "was", "we", "were", "which", "who", "will", "with", "would", "you"),
    )
)
"""Common words of English."""

_encoding = load_encoding("o200k_base")


def count(text: str) -> int:
    """Return the tokens of a text."""
    return len(_encoding.encode_ordinary(text))


def without(text: str, goes: Callable[[str], bool]) -> str:
    """Return a text without some of its words; what stands between blanks is a word, and lines stay."""
    return "\n".join(" ".join(word for word in line.split(" ") if not goes(word)) for line in text.split("\n"))


def at_random(text: str, tokens: int, *, seed: str) -> str:
    """Return a text without as many words as it takes to have no more than so many tokens, drawn by chance."""
    words = len(text.replace("\n", " ").split(" "))
    order = random.Random(seed).sample(range(words), words)  # noqa: S311  # no secret

    def left(dropped: int) -> str:
        gone, places = set(order[:dropped]), iter(range(words))
        return without(text, lambda _: next(places) in gone)

    fewest, most = 0, words
    while fewest < most:
        middle = (fewest + most) // 2
        fewest, most = (fewest, middle) if count(left(middle)) <= tokens else (middle + 1, most)
    return left(fewest)


def first_half(text: str) -> str:
    """Return the first half of a text's tokens."""
    tokens = _encoding.encode_ordinary(text)
    return _encoding.decode(tokens[: len(tokens) // 2], errors="ignore")
