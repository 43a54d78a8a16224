"""The linear scorer: one weight for each attribute of a word and of the words beside it, written to `words.bin`."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import torch
from student import wanted
from torch.nn.functional import binary_cross_entropy_with_logits

from headroom_core.compressors.prose.scorers.attributes import SIZE
from headroom_core.compressors.prose.scorers.linear import REACH, STEP, LinearScorer, place

EPOCHS = 8
RATE = 0.03
WORDS = 8192
"""Words of a step, about."""


def learn_linear(
    numbers: Sequence[Sequence[tuple[int, ...]]],
    taught: Sequence[Sequence[float]],
    asked: Sequence[Sequence[int] | None],
    path: Path,
    *,
    seed: int,
) -> LinearScorer:
    """Train on what the student is trained on, write the table, and return what it scores."""
    chance = random.Random(seed)  # noqa: S311  # an order, not a secret
    weights = torch.nn.Embedding(SIZE, 1)
    torch.nn.init.zeros_(weights.weight)
    bias = torch.nn.Parameter(torch.tensor(-2.0))
    optimizer = torch.optim.Adam([*weights.parameters(), bias], lr=RATE)
    texts = list(range(len(numbers)))
    for epoch in range(EPOCHS):
        chance.shuffle(texts)
        for group in optimizer.param_groups:
            group["lr"] = RATE / (1 + epoch)
        some: list[int] = []
        total = steps = 0.0
        for text in texts:
            some.append(text)
            if sum(len(numbers[one]) for one in some) < WORDS and text != texts[-1]:
                continue
            found = torch.cat([_sums(weights, numbers[one]) for one in some]) + bias
            aim = torch.cat([wanted(taught[one], asked[one]) for one in some])
            loss = binary_cross_entropy_with_logits(found, aim)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total, steps, some = total + loss.item(), steps + 1, []
        print(f"linear: epoch {epoch + 1}, loss {total / steps:.4f}", flush=True)
    table = torch.cat([weights.weight.detach()[:, 0], bias.detach()[None]])
    path.write_bytes((table * STEP).round().clamp(-127, 127).to(torch.int8).numpy().tobytes())
    return LinearScorer(path.read_bytes())


def _sums(weights: torch.nn.Embedding, numbers: Sequence[tuple[int, ...]]) -> torch.Tensor:
    known = torch.tensor(numbers)
    padded = torch.zeros(len(numbers) + 2 * REACH)
    for offset in range(-REACH, REACH + 1):
        share = weights(place(known, offset)).sum((1, 2))
        padded = padded + torch.nn.functional.pad(share, (REACH + offset, REACH - offset))
    return padded[REACH : REACH + len(numbers)]
