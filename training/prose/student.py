"""The student: a small encoder over words, which learns the teacher's scores and ships as `words.onnx`."""

from __future__ import annotations

import random
from collections.abc import Sequence

import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, scaled_dot_product_attention

from headroom_core.compressors.prose.scorers.attributes import PER_WORD, SIZE, number_of
from headroom_core.compressors.prose.scorers.encoder import WORDS

WIDTH = 128
HEADS = 4
LAYERS = 3
INNER = 384
EPOCHS = 6
RATE = 2e-3
BATCH = 48
GOLD = 0.3
"""How much what people really asked for counts, against what the teacher says."""


class Layer(nn.Module):
    """One layer of the encoder, normalised before each step."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.mixed = nn.Linear(WIDTH, 3 * WIDTH)
        self.joined = nn.Linear(WIDTH, WIDTH)
        self.inner = nn.Sequential(nn.Linear(WIDTH, INNER), nn.ReLU(), nn.Linear(INNER, WIDTH))

    def forward(self, given: torch.Tensor, hidden: torch.Tensor) -> torch.Tensor:
        """Return what comes out; `hidden` is added to what is attended to, and is far below 0 where there is no word."""
        rows, words, _ = given.shape
        parts = self.mixed(self.first(given)).view(rows, words, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        seen = scaled_dot_product_attention(parts[0], parts[1], parts[2], attn_mask=hidden)
        given = given + self.joined(seen.transpose(1, 2).reshape(rows, words, WIDTH))
        return given + self.inner(self.second(given))


class Student(nn.Module):
    """Takes the numbers of words (rows, words, `PER_WORD`), 0 where there is none, and gives each word a score."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(SIZE + 1, WIDTH, padding_idx=0)
        nn.init.normal_(self.table.weight, std=0.05)
        self.place = nn.Parameter(torch.zeros(WORDS, WIDTH))
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.last = nn.LayerNorm(WIDTH)
        self.head = nn.Linear(WIDTH, 1)
        self.dropped = nn.Dropout(0.1)

    @torch.no_grad()
    def know(self, words: Sequence[str], meanings: torch.Tensor) -> None:
        """Begin with what somebody else knows of words: their vectors, as far as `WIDTH` directions tell them."""
        places = dict(reversed([(number_of(f"w{word}") + 1, row) for row, word in enumerate(words)]))
        _, _, directions = torch.pca_lowrank(meanings, q=WIDTH, niter=4)
        near = (meanings - meanings.mean(0)) @ directions
        self.table.weight[list(places)] = 0.05 * near[list(places.values())] / near.std()

    def logits(self, numbers: torch.Tensor) -> torch.Tensor:
        """Return logits of the words."""
        hidden = (numbers[..., 0] == 0).float()[:, None, None, :] * -1e4
        given = self.dropped(self.table(numbers).sum(2) + self.place[: numbers.shape[1]])
        for layer in self.layers:
            given = self.dropped(layer(given, hidden))
        return self.head(self.last(given))[..., 0]

    def forward(self, numbers: torch.Tensor) -> torch.Tensor:
        """Return scores, 0 to 1."""
        return torch.sigmoid(self.logits(numbers))


def wanted(taught: Sequence[float], asked: Sequence[int] | None) -> torch.Tensor:
    """Return what the words of a text should score, by the teacher's logits and by what was asked for, where that is known."""
    says = torch.sigmoid(torch.tensor(taught))
    return says if asked is None else (1 - GOLD) * says + GOLD * torch.tensor(asked, dtype=torch.float)


def learn(
    student: Student,
    numbers: Sequence[Sequence[tuple[int, ...]]],
    taught: Sequence[Sequence[float]],
    asked: Sequence[Sequence[int] | None],
    *,
    seed: int,
) -> None:
    """Train the student on the numbers of the words of texts, the teacher's logits, and what was asked for, where known."""
    chance = random.Random(seed)  # noqa: S311  # an order, not a secret
    optimizer = torch.optim.AdamW(student.parameters(), lr=RATE, weight_decay=0.02, fused=True)
    seen = [(text, start) for text, words in enumerate(numbers) for start in range(0, max(1, len(words) - 20), WORDS)]
    steps, step = EPOCHS * -(-len(seen) // BATCH), 0
    for epoch in range(EPOCHS):
        student.train()
        chance.shuffle(seen)
        total = 0.0
        for first in range(0, len(seen), BATCH):
            some = seen[first : first + BATCH]
            given = torch.zeros(len(some), WORDS, PER_WORD, dtype=torch.long)
            aim = torch.full((len(some), WORDS), -1.0)
            for row, (text, start) in enumerate(some):
                words = numbers[text][start : start + WORDS]
                given[row, : len(words)] = torch.tensor(words) + 1
                aim[row, : len(words)] = wanted(taught[text], asked[text])[start : start + WORDS]
            for group in optimizer.param_groups:
                group["lr"] = RATE * min(1, (step + 1) / 200) * max(0.02, 1 - step / steps)
            with torch.autocast("cpu", torch.bfloat16):
                found = student.logits(given)
            loss = binary_cross_entropy_with_logits(found.float()[aim >= 0], aim[aim >= 0])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(student.parameters(), 1.0)
            optimizer.step()
            total += loss.item()
            step += 1
        print(f"student: epoch {epoch + 1}, loss {total / -(-len(seen) // BATCH):.4f}", flush=True)
