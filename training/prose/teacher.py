"""The teacher: MiniLM, fine-tuned to tell which words are asked for. It is used here alone and does not ship."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from data import DOMAINS, Chunk
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits
from transformers import BertModel, BertTokenizerFast

EPOCHS = 3
RATE = 2e-4
BATCH = 16
PIECES = 256
"""Pieces that it sees at once. Chunks are shorter, but for some that are full of formulas."""

SHAPES = 6


def shape_of(word: str) -> int:
    """Return how a word is spelled: MiniLM reads all words in lower case, and capitals tell names."""
    if any(one.isdigit() for one in word):
        return 1
    if not word[0].isalnum():
        return 2
    if len(word) > 1 and word.isupper():
        return 3
    return 4 if word[0].isupper() else 5 if word != word.lower() else 0


class Teacher(nn.Module):
    """MiniLM with a score for each piece."""

    def __init__(self, weights: Path) -> None:
        super().__init__()
        self.tokenizer = BertTokenizerFast.from_pretrained(weights)
        self.encoder = BertModel.from_pretrained(weights, add_pooling_layer=False)
        # What it knows of words stays: half of its weights, and too few texts to learn them better.
        self.encoder.embeddings.word_embeddings.requires_grad_(requires_grad=False)
        size = self.encoder.config.hidden_size
        self.shape = nn.Embedding(SHAPES, size)
        nn.init.zeros_(self.shape.weight)
        self.head = nn.Linear(size, 1)
        self.domain = nn.Parameter(torch.zeros(len(DOMAINS)))

    def forward(self, ids: torch.Tensor, shapes: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return logits, one for each piece."""
        given = self.encoder.embeddings.word_embeddings(ids) + self.shape(shapes)
        return self.head(self.encoder(inputs_embeds=given, attention_mask=mask).last_hidden_state)[..., 0]

    def words(self) -> tuple[list[str], torch.Tensor]:
        """Return the whole words of its vocabulary, the commonest first, and their vectors."""
        known = sorted((place, word) for word, place in self.tokenizer.get_vocab().items() if word.isalpha())
        return [word for _, word in known], self.encoder.embeddings.word_embeddings.weight.detach()[
            [place for place, _ in known]
        ]

    def batch(self, chunks: Sequence[Chunk]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return ids, shapes, mask, and for each piece the number of its word, or -1."""
        coded = self.tokenizer(
            [chunk.words for chunk in chunks],
            is_split_into_words=True,
            truncation=True,
            max_length=PIECES,
            padding=True,
            return_tensors="pt",
        )
        owners = torch.tensor([[-1 if one is None else one for one in coded.word_ids(row)] for row in range(len(chunks))])
        shapes = torch.zeros_like(owners)
        for row, chunk in enumerate(chunks):
            of_words = torch.tensor([*map(shape_of, chunk.words), 0])
            shapes[row] = of_words[owners[row]]
        return coded["input_ids"], shapes, coded["attention_mask"], owners

    @torch.no_grad()
    def logits(self, chunks: Sequence[Chunk]) -> Iterator[list[float]]:
        """Yield for each chunk the logits of its words: those of the piece that scores highest, without the domain's share."""
        self.eval()
        for start in range(0, len(chunks), 32):
            some = chunks[start : start + 32]
            ids, shapes, mask, owners = self.batch(some)
            with torch.autocast("cpu", torch.bfloat16):
                found = self(ids, shapes, mask).float()
            for row, chunk in enumerate(some):
                best = torch.full((len(chunk.words) + 1,), -20.0)
                best.scatter_reduce_(0, owners[row] % (len(chunk.words) + 1), found[row], "amax")
                yield best[:-1].tolist()


def fine_tune(teacher: Teacher, chunks: Sequence[Chunk], *, seed: int) -> None:
    """Train the teacher on chunks."""
    chance = random.Random(seed)  # noqa: S311  # an order, not a secret
    learned = [(name.startswith("encoder"), one) for name, one in teacher.named_parameters() if one.requires_grad]
    groups = [
        {"params": [one for inner, one in learned if inner], "rate": RATE},
        {"params": [one for inner, one in learned if not inner], "rate": 10 * RATE},
    ]
    optimizer = torch.optim.AdamW(groups, lr=RATE, weight_decay=0.01, fused=True)
    steps, step = EPOCHS * -(-len(chunks) // BATCH), 0
    for epoch in range(EPOCHS):
        teacher.train()
        order = sorted(chunks, key=lambda chunk: (len(chunk.words) // 48, chance.random()))
        batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
        chance.shuffle(batches)
        total = 0.0
        for some in batches:
            for group in optimizer.param_groups:
                group["lr"] = group["rate"] * min(1, (step + 1) / 40) * max(0.02, 1 - step / steps)
            total += _step(teacher, some, optimizer)
            step += 1
            if step % 50 == 0:
                print(f"teacher: step {step} of {steps}", flush=True)
        print(f"teacher: epoch {epoch + 1}, loss {total / len(batches):.4f}", flush=True)


def _step(teacher: Teacher, chunks: Sequence[Chunk], optimizer: torch.optim.Optimizer) -> float:
    ids, shapes, mask, owners = teacher.batch(chunks)
    with torch.autocast("cpu", torch.bfloat16):
        found = teacher(ids, shapes, mask)
    share = torch.cat([torch.zeros(1), teacher.domain[1:]])  # so that the encyclopedia's own share is none
    found = found.float() + share[torch.tensor([chunk.domain for chunk in chunks])][:, None]
    asked = torch.zeros_like(found)
    for row, chunk in enumerate(chunks):
        asked[row] = torch.tensor([*map(float, chunk.asked), 0.0])[owners[row]]
    loss = binary_cross_entropy_with_logits(found[owners >= 0], asked[owners >= 0])
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(teacher.parameters(), 1.0)
    optimizer.step()
    return loss.item()
