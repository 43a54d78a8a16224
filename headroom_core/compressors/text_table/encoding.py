"""How the rows of a table are written shorter without loss, where that spares enough."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import StringIO

from headroom_core.compressors.line_view import Lines
from headroom_core.compressors.text_table.grid import Grid
from headroom_core.compressors.text_table.pipes import write_pipes, write_rule

WORTH_REWRITING = 0.05
"""Share of the characters that another spelling must spare; for less, lines are shown as they are."""

SAMPLE_ROWS = 100
"""Rows, evenly spread, whose other spelling is measured."""

LEAST_COLUMNS = 2
"""Columns that stay in every row."""

Write = Callable[[int, int], str]
"""Returns the rows from one up to another as text, without the last line end."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """
    How a table is written.

    Attributes:
        chars: Characters of the whole table written so, about.
        header: The header in another spelling, or None where it stays.
        header_at: The line where what `header` replaces starts.
        write: Writes rows, or None where lines stay as they are.
        legend: What a reader has to know.

    """

    chars: int
    header: str | None = None
    header_at: int = 0
    write: Write | None = None
    legend: tuple[str, ...] = ()


def encoding_of(grid: Grid, lines: Lines) -> Encoding:
    """Return the shorter spelling of a table, or the one it has where the shorter one spares little."""
    if not grid.rows:
        return Encoding(len(lines.text))
    return _pipes(grid, lines) if grid.style == "pipes" else _separated(grid, lines)


def _pipes(grid: Grid, lines: Lines) -> Encoding:
    def write(first: int, end: int) -> str:
        return "\n".join(write_pipes(cells, edged=grid.edged) for cells in _slice(grid.columns, first, end))

    kept = _share_left(grid, lines, write)
    if kept > 1 - WORTH_REWRITING:
        return Encoding(len(lines.text))
    header = f"{write_pipes(grid.names, edged=grid.edged)}\n{write_rule(lines.texts[grid.top - 1])}"
    return Encoding(int(kept * len(lines.text)), header, grid.header_at, write)


def _separated(grid: Grid, lines: Lines) -> Encoding:
    constants = _constants(grid)
    varying = [column for place, column in enumerate(grid.columns) if place not in constants]
    quoted = grid.style == "quoted"

    def write(first: int, end: int) -> str:
        rows = _slice(varying, first, end)
        return _quoted(rows, grid.delimiter) if quoted else "\n".join(map(grid.delimiter.join, rows))

    kept = _share_left(grid, lines, write)
    if kept > 1 - WORTH_REWRITING:
        return Encoding(len(lines.text))
    names = [f"{name}={constants[place]}" if place in constants else name for place, name in enumerate(grid.names)]
    header = None
    if names:
        header = _quoted([names], grid.delimiter) if quoted else grid.delimiter.join(names)
    legend = ("= same in all rows",) if constants else ()
    if quoted and not constants:
        legend = (*legend, "needless quotes left out")
    return Encoding(int(kept * len(lines.text)), header, grid.header_at, write, legend)


def _constants(grid: Grid) -> dict[int, str]:
    """Return the columns that are the same in all rows, by place; but for two that stay in every row."""
    if grid.rows < 2 or any("=" in name for name in grid.names) or not grid.names:  # noqa: PLR2004  # one row is no rule
        return {}
    found = {
        place: column[0]
        for place, column in enumerate(grid.columns)
        if column[0] == column[-1] and column.count(column[0]) == len(column)
    }
    # A row of one cell would be a list, and an empty line where that is empty.
    for place in list(found)[: max(0, LEAST_COLUMNS - (len(grid.columns) - len(found)))]:
        del found[place]
    return found


def _share_left(grid: Grid, lines: Lines, write: Write) -> float:
    """Return which share of the characters is left when rows are written anew."""
    before = after = 0
    for row in range(0, grid.rows, -(-grid.rows // SAMPLE_ROWS)):
        start, end = lines.span(grid.firsts[row], grid.ends[row])
        before += end - start
        after += len(write(row, row + 1))
    return after / max(1, before)


def _slice(columns: Sequence[Sequence[str]], first: int, end: int) -> list[tuple[str, ...]]:
    return list(zip(*(column[first:end] for column in columns), strict=True))


def _quoted(rows: Sequence[Sequence[str]], delimiter: str) -> str:
    """Write rows as CSV, with quotes where a cell needs them."""
    text = StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue()[:-1]
