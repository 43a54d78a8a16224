"""How many of a line's words later messages take up: one look into a table that was learned from runs of agents."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

FEATURES = ("topics", "chars", "said", "texts")
"""
What the table goes by: words that tell what a line is about and are new to the prompt; characters of the line; the share of
its facts and of these words that are not new; texts of the prompt.
"""


class Uptake:
    """
    A table with one axis for each feature.

    Args:
        edges: For each feature, the values at which another row of the table begins, ascending.
        thousandths: Thousandths of words, those of the last feature side by side.

    """

    def __init__(self, edges: Mapping[str, Sequence[float]], thousandths: Sequence[int]) -> None:
        self._topics, self._chars, self._said, self._texts = (tuple(edges[name]) for name in FEATURES)
        self._words = tuple(number / 1000 for number in thousandths)

    def __call__(self, topics: int, chars: int, said: float, texts: int) -> float:
        """Return how many words of such a line a later message takes up, on average."""
        place = bisect_right(self._topics, topics)
        place = place * (len(self._chars) + 1) + bisect_right(self._chars, chars)
        place = place * (len(self._said) + 1) + bisect_right(self._said, said)
        return self._words[place * (len(self._texts) + 1) + bisect_right(self._texts, texts)]


@cache
def uptake() -> Uptake:
    """Return the table that comes with the package; see its model card."""
    found = json.loads((files(__package__) / "data" / "uptake.json").read_text(encoding="ascii"))
    return Uptake(found["edges"], found["thousandths"])
