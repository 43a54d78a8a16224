"""
Print what detection says of a corpus's payloads, as a table of the folder they lie in and the kind that is told.

usage: python tests/benchmarks/detection_corpus.py CORPUS

CORPUS is a folder with a `manifest.json`, see `kept.py`. What is wrong is listed below, with the reason that was given.
"""

from __future__ import annotations

import argparse
import pathlib
import sys
from collections import Counter

from headroom_core.detection import KINDS, detect

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import kept  # type: ignore[import-not-found]  # this folder is not a package

RIGHT = {
    "json": {"json", "jsonl"},
    "logs/loghub": {"log"},
    "logs/build": {"build", "log"},
    "search": {"search"},
    "diffs": {"diff"},
    "html": {"html"},
    "mixed": {"markdown"},
    "code": {"code"},
    "prose": {"text", "transcript"},
}
"""The kinds that are right for each folder. Builds that print times and levels are logs, too."""


def main() -> None:
    """Print the table, and what is wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("corpus", type=pathlib.Path)
    corpus = parser.parse_args().corpus
    told: dict[str, Counter[str]] = {folder: Counter() for folder in RIGHT}
    wrong = []
    for entry in kept.manifest(corpus):
        folder = next((folder for folder in RIGHT if entry["path"].startswith(folder)), None)
        if folder is None:
            continue
        found = detect((corpus / entry["path"]).read_text(encoding="utf-8", errors="replace"))
        told[folder][found.kind] += 1
        if found.kind not in RIGHT[folder]:
            wrong.append(f"{entry['path']}: {found.kind}, {found.reason}")
    kinds = [kind for kind in KINDS if any(counts[kind] for counts in told.values())]
    print("| |", " | ".join(kinds), "|")
    print("|---|", "--:|" * len(kinds), sep="")
    for folder, counts in told.items():
        cells = [
            (f"**{counts[kind]}**" if kind in RIGHT[folder] else str(counts[kind])) if counts[kind] else "" for kind in kinds
        ]
        print(f"| {folder} |", " | ".join(cells), "|")
    total = sum(sum(counts.values()) for counts in told.values())
    print(f"\n{total - len(wrong)} of {total} right ({1 - len(wrong) / max(1, total):.1%})", *wrong, sep="\n")


if __name__ == "__main__":
    main()
