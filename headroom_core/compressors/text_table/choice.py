"""Which rows of a table written as text are shown when all would be too long."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from headroom_core.compressors.json_crusher.plan import NAMES_SHARE, SAMPLE_ROWS, SAMPLE_SHARE, WORDS_CHARS, WORDS_SHARE
from headroom_core.compressors.json_crusher.weigh import SAMPLE_CELLS
from headroom_core.compressors.line_view import WORTH_A_MARKER, Lines
from headroom_core.compressors.rows import FEW_ROWS, Column, choose, study
from headroom_core.compressors.text_table.grid import Grid

SUMMARY_CHARS = 30
"""Characters that each column of the summary takes, about."""

TOO_LONG = 1.1
"""A choice that comes out longer than its room by this factor, with its markers, is made again with fewer rows."""

ATTEMPTS = 3

_WORD = re.compile(r"[^\W\d_]{3}")
_DATE = re.compile(r"\d{4}-?\d\d-?\d\d|\d\d?[/.]\d\d?[/.]\d\d|\d\d?:\d\d")
_AMOUNT = re.compile(r"[-+(]?[$€£][-+]?\d[\d,]*(?:\.\d+)?\)?|[-+]?\d[\d,]*,\d{3}(?:\.\d+)?|[-+]?\d+(?:\.\d+)? ?%")
_AMOUNT_SIGNS = "$€£,% ()"
_TIME = re.compile(r"\d{4}[-/]\d\d[-/]\d\d(?:[T ]\d\d:\d\d(?::\d\d)?Z?)?")
_TIME_SIGNS = "-/:TZ "

MOST_NUMBER_CHARS = 40
"""Characters of a cell that are looked at to tell whether it is an amount or a time."""

RARELY = 500
"""One empty cell in as many rows is rare."""


def choose_rows(
    grid: Grid,
    lines: Lines,
    counts: Sequence[Counter[str]],
    per_row: float,
    room: int,
    *,
    said: bool,
    asked: Sequence[str] = (),
) -> list[int]:
    """
    Return the rows to show in about `room` characters, in order.

    Args:
        grid: The table.
        lines: Its lines.
        counts: How often each cell stands in its column.
        per_row: Characters of a row, as it is written, on average.
        room: Characters there are for the whole view.
        said: Whether a summary of the other rows follows.
        asked: The identifiers and numbers that the reader asks for.

    """
    findings = study(_columns(grid, counts), grid.rows, asked)
    findings.rare.extend(_rarely_empty(grid, counts))
    room -= lines.starts[grid.top] + (SUMMARY_CHARS * len(grid.columns) if said else 0)
    fitting = max(1, int(room / per_row))
    most = grid.rows if _each_its_own(grid, counts) else _sample(grid.rows)
    keep = max(1, min(fitting, max(most, fitting // SAMPLE_SHARE)))
    beside = _beside_odd(grid)
    chosen: list[int] = []
    for _ in range(ATTEMPTS):
        chosen = sorted({*choose(findings, grid.rows, keep), *beside})
        chosen = _without_small_gaps(chosen, grid, lines, per_row)
        gaps = sum(after > before + 1 for before, after in pairwise(chosen))
        chars = len(chosen) * per_row + gaps * WORTH_A_MARKER
        if chars <= TOO_LONG * room or keep <= FEW_ROWS:
            break
        keep = max(FEW_ROWS, int(keep * room / chars))
    return chosen


def _sample(rows: int) -> int:
    return int(SAMPLE_ROWS[0] + SAMPLE_ROWS[1] * rows**0.5)


def _columns(grid: Grid, counts: Sequence[Counter[str]]) -> Iterator[Column]:
    """Yield the columns to judge rows by; dates, times and amounts of money stand there as numbers too."""
    for place, cells in enumerate(grid.columns):
        name = grid.names[place] if grid.names else ""
        seen = counts[place]
        if grid.style == "quoted" and any("\n" in cell for cell in seen):
            yield Column(name, [cell.replace("\n", " ") for cell in cells])
            continue
        yield Column(name, cells, None, seen)
        sample = [cell[:MOST_NUMBER_CHARS] for cell in cells[:: max(1, len(cells) // SAMPLE_CELLS)] if cell]
        if sample and all(map(_AMOUNT.fullmatch, sample)):
            yield Column(name, _without(cells, _AMOUNT_SIGNS))
        elif sample and all(map(_TIME.fullmatch, sample)):
            yield Column(name, [digits if digits.isdecimal() else "" for digits in _without(cells, _TIME_SIGNS)])


def _without(cells: Sequence[str], signs: str) -> list[str]:
    joined = "\n".join(cells)
    for sign in signs:
        joined = joined.replace(sign, "")
    return joined.split("\n")


def _rarely_empty(grid: Grid, counts: Sequence[Counter[str]]) -> list[int]:
    """Return the rows of the few empty cells of columns that are filled else."""
    few = max(1, grid.rows // RARELY)
    return [
        row
        for column, seen in zip(grid.columns, counts, strict=True)
        if 0 < seen.get("", 0) <= few
        for row, cell in enumerate(column)
        if not cell
    ]


def _each_its_own(grid: Grid, counts: Sequence[Counter[str]]) -> bool:
    """Tell whether rows are no samples of one another: a column of words, or one of names, differs from row to row."""
    for cells, distinct in zip(grid.columns, map(len, counts), strict=True):
        sample = cells[:: max(1, len(cells) // SAMPLE_CELLS)][:SAMPLE_CELLS]
        if any(_DATE.search(cell[:WORDS_CHARS]) for cell in sample):
            continue
        named = sum(any(char.isalpha() for char in cell[:WORDS_CHARS]) for cell in sample)
        if named >= NAMES_SHARE * len(sample) and distinct >= NAMES_SHARE * len(cells):
            return True
        wordy = sum(bool(_WORD.search(cell[:WORDS_CHARS])) for cell in sample)
        usual = sum(map(len, sample)) / len(sample)
        if 5 * wordy >= 4 * len(sample) and usual <= WORDS_CHARS and distinct >= WORDS_SHARE * len(cells):
            return True
    return False


def _beside_odd(grid: Grid) -> set[int]:
    """Return the rows before and behind each line that is no row: it may belong to one of them."""
    places = [bisect_left(grid.firsts, line) for line in grid.odd]
    return {row for place in places for row in (place - 1, place) if 0 <= row < grid.rows}


def _without_small_gaps(chosen: Sequence[int], grid: Grid, lines: Lines, per_row: float) -> list[int]:
    """Return the chosen rows and those between that a marker would cost as much as."""
    found: list[int] = []
    for row in [*chosen, grid.rows]:
        expected = found[-1] + 1 if found else 0
        if row > expected:
            chars = lines.starts[grid.ends[row - 1]] - lines.starts[grid.firsts[expected]]
            if chars <= WORTH_A_MARKER or (row - expected) * per_row < WORTH_A_MARKER:
                found.extend(range(expected, row))
        if row < grid.rows:
            found.append(row)
    return found
