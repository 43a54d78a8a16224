"""Learn which lines later messages take up: `nox -s train_ranking -- --data DIR`. From fixed seeds, on processors alone."""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path

from common import common_words
from folds import measure_folds
from table import EDGES, learn, mean_of
from traces import Turn, systems, turns

from headroom_core.importance.uptake import Uptake

SEEDS = range(5)
SHARES = (0.1, 0.2, 0.3)
"""Shares of the tokens that a ranking may keep, where it is measured."""

Rank = Callable[[Sequence[float], float], float]


def main() -> None:
    """Train, measure on systems left out, and write the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True, help="folder with manifest.json and handoffs/traces")
    options.add_argument("--words", type=Path, help="folder with the texts that common words are counted in")
    options.add_argument("--out", type=Path, required=True, help="folder for the table and the list of common words")
    options.add_argument("--folds", action="store_true", help="measure views, too, of each system with a table of the others")
    given = options.parse_args()
    if given.words:
        (given.out / "common_words.txt").write_text(
            "".join(f"{word}\n" for word in common_words(given.words)), encoding="ascii"
        )
    free = systems(given.data, free=True)
    every = {system: list(turns(given.data, system)) for system in systems(given.data)}
    for system, some in every.items():
        print(f"{system}: {len(some)} messages, {sum(len(turn.rows) for turn in some)} units, learned from: {system in free}")
    print("words taken up that stand in the best 10, 20 and 30 % of the tokens of units without new facts, in per cent:")
    for system, some in every.items():
        if not any(map(any, (turn.taken for turn in some))):
            continue
        others = [turn for name in free if name != system for turn in every[name]]
        learned = [mean_of([learn(others, seed=seed)])[0] for seed in SEEDS]
        found = [[caught(some, _by(uptake), share) for share in SHARES] for uptake in learned]
        spread = [f"{statistics.mean(some):.1f} ({min(some):.1f}-{max(some):.1f})" for some in zip(*found, strict=True)]
        plain = {
            "new words a token": lambda row, tokens: row[0] / tokens,
            "share not said": lambda row, _: -row[2],
            "random": _any,
        }
        told = [f"{name} {', '.join(f'{caught(some, rank, share):.1f}' for share in SHARES)}" for name, rank in plain.items()]
        print(f"{system}, unseen: learned {', '.join(spread)}; {'; '.join(told)}", flush=True)
    shipped = [learn([turn for name in free for turn in every[name]], seed=seed) for seed in SEEDS]
    _, thousandths = mean_of(shipped)
    path = given.out / "uptake.json"
    path.write_text(json.dumps({"edges": EDGES, "thousandths": thousandths}, separators=(",", ":")) + "\n", encoding="ascii")
    if given.folds:
        print("views of each system with a table that was learned from the others, in per cent:")
        measure_folds(given.data, SEEDS)
    print(json.dumps({path.name: hashlib.sha256(path.read_bytes()).hexdigest()}))


def _by(uptake: Uptake) -> Rank:
    return lambda row, tokens: uptake(*row) / tokens if row[0] else 0.0  # type: ignore[arg-type]  # the features, in order


def _any(row: Sequence[float], tokens: float) -> float:
    return random.Random(f"{row} {tokens}").random()  # noqa: S311  # an order, not a secret


def caught(some: Sequence[Turn], rank: Rank, share: float) -> float:
    """Return how many of the words taken up stand in the units that are ranked first, in per cent."""
    units = [
        (rank(row, tokens + 4), taken, tokens)
        for turn in some
        for row, taken, tokens, facts in zip(turn.rows, turn.taken, turn.tokens, turn.facts, strict=True)
        if not facts
    ]
    units.sort(key=lambda unit: -unit[0])
    room = share * sum(tokens for _, _, tokens in units)
    found = 0
    for _, taken, tokens in units:
        room -= tokens
        if room < 0:
            break
        found += taken
    return 100 * found / max(1, sum(taken for _, taken, _ in units))


if __name__ == "__main__":
    main()
