"""Learning the table of what is taken up: trees over the steps of each feature, and what they say of every place of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor
from traces import Turn

from headroom_core.importance.uptake import FEATURES, Uptake

EDGES: dict[str, tuple[float, ...]] = {
    "topics": (2, 3, 4, 5, 7, 10),
    "chars": (20, 40, 60, 80, 100, 140, 200),
    "said": (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
    "texts": (2, 3, 4, 6, 8, 12, 20),
}
"""Where the steps of each feature begin."""

Learned = tuple[dict[str, tuple[float, ...]], list[int]]


def learn(turns: Sequence[Turn], *, seed: int) -> Learned:
    """
    Return the edges of the table and its thousandths.

    Units without new words are not looked up, and not learned from. A run of many messages, and a long message, has many units
    that are alike: each message weighs as the root of its units. Each seed draws the messages anew, with replacement.
    """
    chance = np.random.default_rng(seed)
    drawn = [turns[place] for place in chance.integers(0, len(turns), len(turns))]
    rows, labels, weights = [], [], []
    for turn in drawn:
        telling = [place for place, row in enumerate(turn.rows) if row[0]]
        rows.extend(steps(turn.rows[place]) for place in telling)
        labels.extend(turn.taken[place] for place in telling)
        weights.extend([len(turn.rows) ** -0.5] * len(telling))
    trees = HistGradientBoostingRegressor(
        loss="poisson",
        max_depth=2,
        max_iter=40,
        learning_rate=0.1,
        l2_regularization=5,
        min_samples_leaf=40,
        random_state=seed,
    )
    trees.fit(np.array(rows, dtype=float), np.array(labels, dtype=float), sample_weight=np.array(weights))
    sizes = [len(EDGES[name]) + 1 for name in FEATURES]
    places = np.stack(np.meshgrid(*map(np.arange, sizes), indexing="ij"), axis=-1).reshape(-1, len(sizes))
    most = [edge - 1 for edge in EDGES["topics"]] + [float("inf")]  # no line has more words taken up than it has
    found = zip(places[:, 0], trees.predict(places.astype(float)), strict=True)
    return EDGES, [round(1000 * min(words, most[step])) for step, words in found]


def steps(row: Sequence[float]) -> list[int]:
    """Return the steps on which the features of a unit stand."""
    return [int(np.searchsorted(EDGES[name], value, side="right")) for name, value in zip(FEATURES, row, strict=True)]


def mean_of(learned: Sequence[Learned]) -> tuple[Uptake, list[int]]:
    """Return the mean of some tables, and its thousandths."""
    thousandths = [round(sum(values) / len(values)) for values in zip(*(one for _, one in learned), strict=True)]
    return Uptake(EDGES, thousandths), thousandths
