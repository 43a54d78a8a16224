"""The scorer in plain Python, for platforms without onnxruntime: a sum over the word and the words beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from headroom_core.compressors.prose.scorers.attributes import REMEMBERED, SIZE, Attributes
from headroom_core.compressors.prose.scorers.base import DIGITS

REACH = 3
"""Words and marks to either side that count."""

APART = 4099
"""How far apart the weights of a number are for a word, and for its neighbour. A prime, so that they meet those of others."""

STEP = 32.0
"""A weight of 32 in the table is a weight of 1: the table holds weights from -4 to 4."""


def place(number: int, offset: int) -> int:
    """Return where the weight of a word's number stands in the table, for the word so many places before it."""
    return (number + offset * APART) % SIZE


class LinearScorer:
    """
    Scores words by what people ask of texts.

    Args:
        weights: The table, `SIZE` signed bytes, and behind it the byte that is added to every sum; see the model card.

    """

    name = "linear"

    def __init__(self, weights: bytes) -> None:
        *self._weights, self._bias = ((one - 256 if one > 127 else one) / STEP for one in weights)  # noqa: PLR2004  # signed
        self._known = Attributes()
        self._sums: dict[tuple[int, ...], tuple[float, ...]] = {}

    def scores(self, texts: Sequence[Sequence[str]], /) -> list[list[float]]:
        """Return for each word and mark of each text a number from 0 to 1: how likely it is part of what is asked for."""
        return [self._scores(self._known.of(words)) for words in texts]

    def _scores(self, numbers: Sequence[tuple[int, ...]]) -> list[float]:
        totals = [self._bias] * (len(numbers) + 2 * REACH)
        for number, one in enumerate(numbers):
            # What a word says of itself and of the words beside it.
            for offset, share in enumerate(self._shares(one), start=number):
                totals[offset] += share
        return [round(1 / (1 + math.exp(-total)), DIGITS) for total in totals[REACH : REACH + len(numbers)]]

    def _shares(self, numbers: tuple[int, ...]) -> tuple[float, ...]:
        found = self._sums.get(numbers)
        if found is None:
            found = tuple(
                sum(self._weights[place(number, offset)] for number in numbers) for offset in range(-REACH, REACH + 1)
            )
            if len(self._sums) < REMEMBERED:
                self._sums[numbers] = found
        return found
