"""Which matches to show when there is no room for all of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from headroom_core.alarms import ERROR
from headroom_core.compressors.line_view import WORTH_A_MARKER
from headroom_core.compressors.rows import COMMON_ERRORS
from headroom_core.compressors.search.results import LONG_TEXT, File, Result, fold

_VARIABLE = re.compile(r"\d+|\"[^\"\n]*\"|'[^'\n]*'")

MARKER_CHARS = 40
"""What a marker such as `[lines 120-134 omitted; 15 matches]` takes, with its line end."""

FIRST, ERRORS, UNLIKE, ALIKE, EQUAL, CONTEXT = range(6)
"""Why a result is shown, what matters most first."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is shown of a file and what is not, each in order. Hidden results tell no others."""

    file: File
    shown: list[Result]
    hidden: list[Result]


def choose(files: list[File], room: int | None, *, ceiling: bool) -> list[Chosen]:
    """
    Return what to show of each file: all, where `room` is None or has space for it.

    Else the first match of each file and what a tool says beside them, then those with words of errors, those unlike all
    others, those that differ in numbers and quoted words, those that another file has too, and context. Under a `ceiling`
    the first match of a file may go.
    """
    every = [fold(file) for file in files]
    if room is None or sum(len(f.path) + 1 for f in files) + sum(r.cost for kept in every for r in kept) <= room:
        return [Chosen(file, kept, []) for file, kept in zip(files, every, strict=True)]
    for file, kept in zip(files, every, strict=True):
        room -= len(file.path) + 1 + (MARKER_CHARS if len(kept) > 1 else 0)
    lines: set[int] = set()
    for order, _, _, result in sorted(_ranked(every), key=lambda row: row[:3]):
        cost = result.cost
        if cost <= room or (order == FIRST and (room > 0 or not ceiling)):
            lines.add(result.line)
            room -= cost
    return [_parted(file, kept, lines) for file, kept in zip(files, every, strict=True)]


def matches_note(hidden: Iterable[Result]) -> str:
    """Return how many matches are among results, in words."""
    count = sum(result.mark == ":" for result in hidden)
    return f"{count} match{'es' * (count > 1)}" if count else ""


def _ranked(every: list[list[Result]]) -> list[tuple[int, int, int, Result]]:
    """Return each result with its rank: why it is shown, its place in its file, and its line."""
    bad = _errors([result for kept in every for result in kept])
    seen: set[str] = set()
    alike: defaultdict[str, int] = defaultdict(int)
    ranked = []
    for kept in every:
        first = next((result for result in kept if result.mark != "-"), None)
        for place, result in enumerate(kept):
            shape = _VARIABLE.sub("0", result.text[:LONG_TEXT])
            if result is first:
                order = FIRST
            elif result.mark == "-":
                order = CONTEXT
            elif result.text in seen:
                order = EQUAL
            elif result.line in bad:
                order = ERRORS
            else:
                # One that tells others spares a marker for each of them.
                order = UNLIKE if not alike[shape] or result.told else ALIKE
            seen.add(result.text)
            alike[shape] += 1
            ranked.append((order, place, result.line, result))
    return ranked


def _errors(results: list[Result]) -> set[int]:
    """Return the lines that speak of errors: of matches none where many do, because that is what was searched for."""
    matches = sum(result.mark == ":" for result in results)
    bad = [result for result in results if result.mark != "-" and ERROR.search(result.text[:LONG_TEXT].lower())]
    said = {result.line for result in bad if not result.mark}
    found = {result.line for result in bad} - said
    return said | found if len(found) <= COMMON_ERRORS * matches else said


def _parted(file: File, kept: list[Result], lines: set[int]) -> Chosen:
    """Return what is shown of a file: the results on `lines`, and runs of others that are shorter than a marker."""
    every = list(kept)
    for result in kept:
        if result.line not in lines:
            every += result.told
            result.told = []
    shown: list[Result] = []
    hidden: list[Result] = []
    run: list[Result] = []
    for result in sorted(every, key=lambda result: result.line):
        if result.line in lines:
            _end(run, shown, hidden)
            shown.append(result)
            run = []
        else:
            run.append(result)
    _end(run, shown, hidden)
    return Chosen(file, shown, hidden)


def _end(run: list[Result], shown: list[Result], hidden: list[Result]) -> None:
    """Hide a run of results, or show it where it is shorter than its marker."""
    if not run:
        return
    # Each result takes a few characters, so that a long run is never the shorter.
    cheap = len(run) < WORTH_A_MARKER and sum(result.cost for result in run) - 1 < WORTH_A_MARKER + len(matches_note(run))
    (shown if cheap else hidden).extend(run)
