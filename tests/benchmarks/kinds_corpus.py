"""
Measure views of every kind on a corpus: tokens saved, facts kept, and the time of `put` against one token count.

usage: python tests/benchmarks/kinds_corpus.py CORPUS [--kinds logs,search] [--runs N] [--peer] [--files]

CORPUS is a folder with a `manifest.json` that lists records of path, kind and `must_survive`. `--peer` measures
headroom-ai, in an environment that has it; `--files` prints a line for each payload. Times are the least of N runs in one
process, each on text never seen before; only their ratios mean anything.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import platform
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import tiktoken

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import kept  # type: ignore[import-not-found]  # this folder is not a package

KINDS = ("json", "logs", "search", "diffs", "html", "mixed", "code", "prose")


def main() -> None:
    """Measure, and print one line for each kind."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--peer", action="store_true")
    parser.add_argument("--files", action="store_true")
    arguments = parser.parse_args()
    shared_context, encoding = _contender(arguments.peer)
    shared_context(model="gpt-4o").put("warm up", "warm up " * 400)
    entries = kept.manifest(arguments.corpus)
    print(f"{'kind':8} payloads   tokens  balanced lossless compact  put in counts  kept in balanced; in compact")
    for kind in arguments.kinds.split(","):
        sums: Counter[str] = Counter()
        facts: Counter[tuple[str, str, str]] = Counter()
        for entry in entries:
            if entry["kind"] == kind:
                _measure(arguments, entry, shared_context, encoding, sums, facts)
        if sums["payloads"]:
            _print(kind, sums, facts)
    print(f"tokens of o200k_base (tiktoken {tiktoken.__version__}), Python {platform.python_version()}, ", end="")
    print(f"{platform.machine()}, {os.cpu_count()} cores, {datetime.now(UTC).date()}")


def _contender(peer: bool) -> tuple[Any, tiktoken.Encoding]:
    if peer:
        from headroom import SharedContext  # type: ignore[import-not-found]

        return SharedContext, tiktoken.get_encoding("o200k_base")
    from headroom_core import SharedContext
    from headroom_core.tokens.vocabulary import load_encoding

    return SharedContext, load_encoding("o200k_base")


def _measure(
    arguments: argparse.Namespace,
    entry: dict[str, Any],
    shared_context: Any,
    encoding: tiktoken.Encoding,
    sums: Counter[str],
    facts: Counter[tuple[str, str, str]],
) -> None:
    text = (arguments.corpus / entry["path"]).read_text(encoding="utf-8", errors="replace")
    counting, putting = [], []
    for run in range(arguments.runs):
        fresh = text + " " * run
        start = time.perf_counter()
        encoding.encode(fresh, disallowed_special=())
        counting.append(time.perf_counter() - start)
        context = shared_context(model="gpt-4o")
        start = time.perf_counter()
        context.put("payload", fresh)
        putting.append(time.perf_counter() - start)
    context = shared_context(model="gpt-4o")
    context.put("payload", text)
    modes = ("balanced",) if arguments.peer else ("balanced", "lossless", "compact")
    views = {mode: context.get("payload") if mode == "balanced" else context.view("payload", mode=mode).text for mode in modes}
    tokens = {mode: len(encoding.encode(view, disallowed_special=())) for mode, view in views.items()}
    before = len(encoding.encode(text, disallowed_special=()))
    sums.update({"payloads": 1, "before": before, **tokens})
    sums["microseconds counting"] += round(min(counting) * 1e6)
    sums["microseconds putting"] += round(min(putting) * 1e6)
    for mode in ("balanced", "compact"):
        for what, (shown, there) in kept.kept(arguments.corpus, entry, text, views.get(mode, "")).items():
            facts[what, mode, "shown"] += shown
            facts[what, mode, "there"] += there
    if arguments.files:
        ratio = min(putting) / min(counting)
        print(f"  {entry['path']:60} {before:8} -> {tokens['balanced']:7}  {1 - tokens['balanced'] / before:6.1%}  {ratio:.2f}")


def _print(kind: str, sums: Counter[str], facts: Counter[tuple[str, str, str]]) -> None:
    saved = "  ".join(
        f"{1 - sums[mode] / sums['before']:7.1%}" if sums[mode] else " " * 7 for mode in ("balanced", "lossless", "compact")
    )
    ratio = sums["microseconds putting"] / max(1, sums["microseconds counting"])
    said = "; ".join(
        ", ".join(
            f"{facts[what, mode, 'shown']:,} of {facts[what, mode, 'there']:,} {what}"
            for what in dict.fromkeys(what for what, _, _ in facts)
        )
        for mode in ("balanced", "compact")
    )
    print(f"{kind:8} {sums['payloads']:8} {sums['before']:9,}  {saved}  {ratio:5.2f}  {said}")


if __name__ == "__main__":
    main()
