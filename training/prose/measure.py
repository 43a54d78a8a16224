"""How well scores tell the words that are asked for from those that are not."""

from __future__ import annotations

from collections.abc import Sequence

from data import Chunk

LIGHT = frozenset(
    "a an and are as at be been but by for from had has have he her his i in is it its of on or our she so that the their them "
    "there they this to was we were which who will with would you".split()
)
"""Words that nobody asks for, and that would make every scorer look good."""


def auc_of(chunks: Sequence[Chunk], scores: Sequence[Sequence[float]]) -> float:
    """Return the area under the ROC curve, over words that are no marks and not light: how often an asked one scores higher."""
    pairs = sorted(
        (score, asked)
        for chunk, some in zip(chunks, scores, strict=True)
        for word, asked, score in zip(chunk.words, chunk.asked, some, strict=True)
        if word[0].isalnum() and word.lower() not in LIGHT
    )
    asked = sum(one for _, one in pairs)
    ranks, number = 0.0, 0
    while number < len(pairs):
        last = number
        while last < len(pairs) and pairs[last][0] == pairs[number][0]:
            last += 1
        ranks += (number + last + 1) / 2 * sum(one for _, one in pairs[number:last])
        number = last
    return round((ranks - asked * (asked + 1) / 2) / (asked * (len(pairs) - asked)), 4)
