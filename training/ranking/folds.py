"""Views of the handoffs of each system, with a table that was learned from the others."""

from __future__ import annotations

import statistics
from pathlib import Path
from unittest import mock

from handoffs import Account, replay
from handoffs_corpus import views
from table import learn, mean_of
from traces import systems, turns

from headroom_core.importance import needs


def measure_folds(data: Path, seeds: range) -> None:
    """Print what the readers of each system pay with the mean of the tables, and the spread over single ones."""
    free = systems(data, free=True)
    every = {name: list(turns(data, name)) for name in free}
    total = Account()
    for system in systems(data):
        others = [turn for name in free if name != system for turn in every[name]]
        learned = [learn(others, seed=seed) for seed in seeds]
        path = data / "handoffs" / "traces" / f"{system}.jsonl"
        found, *single = [_with(path, some) for some in (learned, *([one] for one in learned))]
        total += found
        nets = [100 * (1 - one.net / one.before) for one in single]
        print(f"{system:26} {found}  net by seed {statistics.mean(nets):.1f} ({min(nets):.1f}-{max(nets):.1f})", flush=True)
    print(f"{'all':26} {total}", flush=True)


def _with(path: Path, learned: list[tuple[dict[str, tuple[float, ...]], list[int]]]) -> Account:
    uptake, _ = mean_of(learned)
    with mock.patch.object(needs, "uptake", return_value=uptake):
        return replay(path, views("balanced"))
