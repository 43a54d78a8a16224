"""
Measure JSON views on a folder of payloads: tokens saved, planted facts kept, and the time of `put` against one token count.

usage: python tests/benchmarks/json_corpus.py CORPUS [--runs N] [--peer]

CORPUS is a folder with *.json, *.jsonl and *.ndjson files, at any depth. A `manifest.json` beside or above them may list
`{"entries": [{"path": …, "must_survive": {"literals": […]}}]}`. `--peer` measures headroom-ai, in an environment that has it.
Times are the least of N runs in one process, each on text never seen before; only their ratios mean anything.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

SUFFIXES = {".json", ".jsonl", ".ndjson"}


def payloads(corpus: pathlib.Path) -> Iterator[tuple[str, str]]:
    """Yield name and text of every payload."""
    for path in sorted(corpus.rglob("*")):
        if path.suffix in SUFFIXES and path.name != "manifest.json":
            yield path.relative_to(corpus).as_posix(), path.read_text(encoding="utf-8", errors="replace")


def must_survive(corpus: pathlib.Path) -> dict[str, list[str]]:
    """Return the planted facts of each payload, by the end of its path."""
    for folder in (corpus, *corpus.parents):
        if (folder / "manifest.json").exists():
            entries = json.loads((folder / "manifest.json").read_text())["entries"]
            return {
                (folder / entry["path"]).relative_to(corpus).as_posix(): list(map(str, entry["must_survive"]["literals"]))
                for entry in entries
                if "literals" in (entry.get("must_survive") or {}) and (folder / entry["path"]).is_relative_to(corpus)
            }
    return {}


def minified(text: str) -> str:
    """Return the JSON text without the space between its tokens, or as it is when it is not one JSON text."""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"))
    except ValueError:
        return text


def seconds(call: Callable[[], Any]) -> float:
    """Return how long a call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def main() -> None:
    """Measure, and print one line for each payload and the sums."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--peer", action="store_true")
    arguments = parser.parse_args()
    if arguments.peer:
        from headroom import SharedContext  # type: ignore[import-not-found]
    else:
        from headroom_core import SharedContext
    import tiktoken

    if arguments.peer:
        encoding = tiktoken.get_encoding("o200k_base")
    else:
        from headroom_core.tokens.vocabulary import load_encoding

        encoding = load_encoding("o200k_base")

    def count(text: str) -> int:
        return len(encoding.encode(text, disallowed_special=()))

    facts = must_survive(arguments.corpus)
    SharedContext(model="gpt-4o").put("warm up", "warm up " * 400)
    sums = dict.fromkeys(("original", "minified", "view", "lossless", "count seconds", "put seconds"), 0.0)
    shares, kept, planted = [], 0, 0
    for name, text in payloads(arguments.corpus):
        counting, putting = [], []
        for run in range(arguments.runs):
            fresh = text + " " * run
            counting.append(seconds(lambda fresh=fresh: count(fresh)))
            context = SharedContext(model="gpt-4o")
            putting.append(seconds(lambda context=context, fresh=fresh: context.put("payload", fresh)))
        context = SharedContext(model="gpt-4o")
        context.put("payload", text)
        view = context.get("payload")
        before, after = count(text), count(view)
        lossless = before if arguments.peer else context.view("payload", mode="lossless").tokens
        if name in facts:
            planted += 1
            kept += all(fact in view for fact in facts[name])
        measured = (before, count(minified(text)), after, lossless, min(counting), min(putting))
        for key, value in zip(sums, measured, strict=True):
            sums[key] += value
        shares.append(1 - after / max(1, before))
        print(
            f"{name:70} {before:8} -> {after:7} tokens, {shares[-1]:6.1%} saved, put {min(putting) / min(counting):.2f} counts"
        )
    saved = {key: f"{1 - sums[key] / sums['original']:.1%}" for key in ("minified", "lossless", "view")}
    print(f"\n{len(shares)} payloads, {int(sums['original']):,} tokens of o200k_base (tiktoken {tiktoken.__version__})")
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores, {datetime.now(UTC).date()}")
    print(f"saved: view {saved['view']} (median {statistics.median(shares):.1%}), lossless {saved['lossless']},", end=" ")
    print(f"minified {saved['minified']}")
    print(f"planted facts kept: {kept} of {planted}")
    ratio = sums["put seconds"] / sums["count seconds"]
    print(f"put takes {ratio:.2f} times one count of the originals' tokens ({sums['count seconds']:.2f} s)")


if __name__ == "__main__":
    main()
