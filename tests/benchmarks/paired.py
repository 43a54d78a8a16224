"""Scores of the same questions under several conditions, and what a condition costs against another, with its uncertainty."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass

SCORES = {"exact": "exact match", "f1": "F1", "contained": "contained"}
DRAWS = 10_000


@dataclass(frozen=True)
class Row:
    """
    What one question scored under one condition.

    Attributes:
        condition: The condition.
        cluster: What the question shares with others, which are then drawn together: its window.
        question: The name of the question.
        tokens: Tokens of the context.
        scores: The scores, from 0 to 1.

    """

    condition: str
    cluster: str
    question: str
    tokens: int
    scores: dict[str, float]


def table(rows: list[Row], *, baseline: str, only: str | None = None) -> str:
    """
    Return a table in Markdown: scores in percent, and the difference to the baseline in points, with its 95 % interval.

    Args:
        rows: The scores. Questions that some condition has no score of are left out.
        baseline: The condition that the others are compared with.
        only: The one condition to compare with it; None for all.

    """
    conditions = list(dict.fromkeys(row.condition for row in rows))
    by_question: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in rows:
        by_question[row.question][row.condition] = row
    full = [found for found in by_question.values() if len(found) == len(conditions)]
    if not full:
        return "No question has answers under all conditions."
    clusters = len({found[baseline].cluster for found in full})
    lines = [
        f"{len(full):,} questions about {clusters} windows; differences to `{baseline}`",
        "",
        f"| context | tokens | {' | '.join(SCORES.values())} |",
        "|---|--:|--:|--:|--:|",
    ]
    for condition in conditions:
        if condition != baseline and only not in (None, condition):
            continue
        tokens = sum(found[condition].tokens for found in full) / len(full)
        cells = [condition, f"{tokens:,.0f}"]
        for score in SCORES:
            mean = 100 * sum(found[condition].scores[score] for found in full) / len(full)
            cells.append(f"{mean:.1f}")
            if condition != baseline:
                cells[-1] += " ({:+.1f}: {:+.1f} to {:+.1f})".format(*difference(full, condition, baseline, score))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def difference(full: list[dict[str, Row]], condition: str, baseline: str, score: str) -> tuple[float, float, float]:
    """Return the mean difference in points and its 95 % interval, by a seeded bootstrap that draws whole clusters."""
    by_cluster: dict[str, list[float]] = defaultdict(list)
    for found in full:
        by_cluster[found[baseline].cluster].append(found[condition].scores[score] - found[baseline].scores[score])
    sums = [(100 * sum(values), len(values)) for values in by_cluster.values()]
    chance = random.Random(0)  # noqa: S311  # no secret
    means = sorted(_mean(chance.choices(sums, k=len(sums))) for _ in range(DRAWS))
    return _mean(sums), means[round(0.025 * DRAWS)], means[round(0.975 * DRAWS) - 1]


def _mean(sums: list[tuple[float, int]]) -> float:
    return sum(total for total, _ in sums) / sum(size for _, size in sums)
