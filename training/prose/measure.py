"""How well scores tell the words that are asked for from those that are not."""

from __future__ import annotations

from collections.abc import Sequence

from data import Chunk

from headroom_core.compressors.prose.small_words import LIGHT


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
