"""Which words and marks stood together without a space: models were trained on texts, and split them in their own way."""

from __future__ import annotations

from collections.abc import Sequence

from headroom_core.compressors.prose.units import CLOSING

_BEHIND = CLOSING | frozenset("%°")
_BEFORE = frozenset("([{\u201c\u201e\u2018\u00ab\u00bf\u00a1$€£#@")
_BETWEEN = frozenset("-/")
_PAIRED = frozenset("\"'`*_")


def stretches(words: Sequence[str]) -> list[list[int]]:
    """
    Return the numbers of the words and marks of each stretch without a space, as far as the marks tell.

    White space that is given as a word is a stretch of its own.
    """
    found: list[list[int]] = []
    opened: set[str] = set()
    joins = False  # the next one to the one before
    for number, word in enumerate(words):
        if is_blank(word):
            found.append([number])
            opened.clear()
            joins = False
            continue
        behind = word in _BEHIND or word in _BETWEEN or word in opened
        if found and (joins or (behind and not is_blank(words[number - 1]))):
            found[-1].append(number)
        else:
            found.append([number])
        joins = word in _BEFORE or word in _BETWEEN or (word in _PAIRED and word not in opened)
        if word in _PAIRED:
            opened ^= {word}
    return found


def is_blank(word: str) -> bool:
    """Tell whether a word is white space or nothing, which no model sees."""
    return not word or word.isspace()
