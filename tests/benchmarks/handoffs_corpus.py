"""
Measure what the readers of handoffs pay, by system, and what each part of a view's making adds.

usage: python tests/benchmarks/handoffs_corpus.py CORPUS [--mode balanced] [--parts]

CORPUS is a folder with `handoffs/traces/*.jsonl`: one message a line, with `trace_id`, `step`, `from` and `content`. `--parts`
measures views that are made by less than all, and other ways to choose lines, at the same number of tokens.
"""

from __future__ import annotations

import argparse
import math
import os
import pathlib
import platform
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from unittest import mock

import tiktoken

from headroom_core import markers
from headroom_core.compressors import known as known_compressor
from headroom_core.importance import needs
from headroom_core.importance.units import units_of
from headroom_core.importance.words import WORD
from headroom_core.payload import Mode
from headroom_core.viewer import Viewer

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from handoffs import Account, Shown, View, replay, runs, tokens  # type: ignore[import-not-found]  # this folder is not a package

WORDS_TAKEN_UP = 0.3
"""Share of the words that are new to a prompt that later messages take up, where it is the same for all."""

Rank = Callable[[Sequence[str]], Sequence[float]]


def main() -> None:
    """Measure, and print one line for each system."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("--mode", default="balanced", choices=("lossless", "balanced", "compact"))
    parser.add_argument("--parts", action="store_true")
    given = parser.parse_args()
    traces = sorted((given.corpus / "handoffs" / "traces").glob("*.jsonl"))
    for name, total in by_system(traces, views(given.mode)):
        print(f"{name:28} {total.payloads:4} payloads  {total}", flush=True)
    if given.parts:
        for name, view in _others(traces, given.mode):
            with view as made:
                *_, (_, total) = by_system(traces, made)
                print(f"{name:28} {total}", flush=True)
    print(f"tokens of o200k_base (tiktoken {tiktoken.__version__}), Python {platform.python_version()}, ", end="")
    print(f"{platform.machine()}, {os.cpu_count()} cores, {datetime.now(UTC).date()}")


def by_system(traces: Sequence[pathlib.Path], view: View) -> Iterator[tuple[str, Account]]:
    """Yield the account of each system, and of all of them."""
    total = Account()
    for path in traces:
        found = replay(path, view)
        total += found
        yield path.stem, found
    yield "all", total


def views(mode: Mode, *, known: bool = True, query: bool = True) -> View:
    """Return what makes views of this package."""
    viewer = Viewer("gpt-4o", mode=mode, remembered=0)

    def view(text: str, before: tuple[str, ...], task: str) -> Shown:
        made = viewer.view(text, known=before if known else (), query=task if query else None)
        return Shown(made.text, [text[one.start : one.end] for one in made.omitted if one.reference])

    return view


def _others(traces: Sequence[pathlib.Path], mode: Mode) -> Iterator[tuple[str, contextmanager[View]]]:
    """Yield ways to make views with less, and other ways to choose lines."""
    ours = views(mode)
    nothing = mock.patch.dict(needs.PRICES, dict.fromkeys(needs.PRICES, math.inf))
    yield "nothing known", _with(views(mode, known=False))
    yield "known, repeats only", _with(ours, mock.patch.object(known_compressor, "IN_WORDS", frozenset()))
    yield "and lines without new facts", _with(ours, nothing)
    yield "and words by their number", _with(ours, mock.patch.object(needs, "uptake", return_value=_by_number))
    yield "and words as learned", _with(ours)
    yield "without the task", _with(views(mode, query=False))
    rarity = _Rarity(traces)
    for name, rank in (("random lines", _random), ("rare words (IDF)", rarity.rank), ("the beginning", _beginning)):
        yield name, _with(_ranked(ours, rank))


@contextmanager
def _with(view: View, *changes: mock._patch[object] | mock._patch_dict) -> Iterator[View]:
    for change in changes:
        change.start()
    try:
        yield view
    finally:
        for change in changes:
            change.stop()


def _by_number(topics: int, chars: int, said: float, texts: int) -> float:
    """Return the words taken up where all new words are alike."""
    return WORDS_TAKEN_UP * topics


def _ranked(ours: View, rank: Rank) -> View:
    """Return what shows the lines that are ranked first, in order, in as many tokens as our view takes."""

    def view(text: str, before: tuple[str, ...], task: str) -> Shown:
        room = tokens(ours(text, before, task).text)
        units = units_of(text)
        if room >= tokens(text):
            return Shown(text)
        kept: set[int] = set()
        left = room - tokens(markers.header("482913207615", omits=True))
        for number in sorted(range(len(units)), key=lambda number: -ranks[number]) if (ranks := rank(units)) else ():
            left -= tokens(units[number])
            if left < 0:
                break
            kept.add(number)
        shown, parts, run = [markers.header("482913207615", omits=True)], [], []
        for number, unit in enumerate([*units, ""]):
            if number < len(units) and number not in kept:
                run.append(unit)
                continue
            if run:
                parts.append("".join(run))
                shown.append("[…]")
                run = []
            shown.append(unit)
        return Shown("".join(shown), parts)

    return view


def _random(units: Sequence[str]) -> list[float]:
    chance = random.Random("".join(units))  # noqa: S311  # an order, not a secret
    return [chance.random() for _ in units]


def _beginning(units: Sequence[str]) -> list[float]:
    return [-float(number) for number in range(len(units))]


class _Rarity:
    """How rare the words of a unit are in the messages of all runs."""

    def __init__(self, traces: Sequence[pathlib.Path]) -> None:
        self._in: Counter[str] = Counter()
        self._messages = 0
        for path in traces:
            for messages in runs(path):
                for message in messages:
                    self._in.update({word.lower() for word in WORD.findall(message["content"])})
                    self._messages += 1

    def rank(self, units: Sequence[str]) -> list[float]:
        """Return the mean rarity of each unit's words."""
        found = []
        for unit in units:
            words = {word.lower() for word in WORD.findall(unit)}
            rare = [math.log(self._messages / (1 + self._in[word])) for word in words]
            found.append(sum(rare) / len(rare) if rare else -1.0)
        return found


if __name__ == "__main__":
    main()
