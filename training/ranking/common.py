"""The common words: those of most paragraphs of an encyclopedia and most turns of meetings, written one a line."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

LISTED = 2000
"""Words that are listed. The last of them stands in one paragraph of 120, or one turn of 400."""

_WORD = re.compile(r"[a-z]{4,}")


def common_words(data: Path) -> list[str]:
    """Return the commonest words of the texts for training, in the order of the alphabet."""
    encyclopedia = (one["text"] for one in json.loads((data / "squad_train_sample.json").read_text())["contexts"])
    shares = [_shares(encyclopedia), _shares(_turns(data / "qmsum"))]
    total = Counter({word: sum(share[word] for share in shares) for word in {*shares[0], *shares[1]}})
    ordered = sorted(total, key=lambda word: (-total[word], word))
    return sorted(ordered[:LISTED])


def _turns(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.json")):
        for turn in json.loads(path.read_text())["meeting_transcripts"]:
            yield turn["content"]


def _shares(texts: Iterable[str]) -> Counter[str]:
    """Return for each word the share of the texts that have it."""
    found: Counter[str] = Counter()
    count = 0
    for text in texts:
        found.update(set(_WORD.findall(text.lower())))
        count += 1
    return Counter({word: number / count for word, number in found.items()})
