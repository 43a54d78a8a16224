"""What a table shows when all of it would be too long: which columns, which rows, and how much of a cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from headroom_core.compressors.json_crusher.dropped import effective
from headroom_core.compressors.json_crusher.shorten import MARKER_CHARS, MIN_CUT
from headroom_core.compressors.json_crusher.table import Leaf, Record, Table
from headroom_core.compressors.json_crusher.weigh import MOST_WORTH, OPAQUE, SAMPLE_CELLS, Weighed, header_chars
from headroom_core.compressors.rows import Column, Findings, choose, study

CORE_COLUMNS = 4
"""Columns that a row keeps, however long its table: what tells it from the others, and how it fared."""

OPAQUE_WORTH = 1
"""Columns worth no more than this (hashes, links, nested lists) may go even where few columns are left."""

SAMPLE_ROWS = (8, 3.0)
"""Rows shown of a table of like measurements: 8, and 3 times the root of their number."""

SAMPLE_SHARE = 3
"""Or one in three of the rows there is room for, where that is more."""

SUMMARY_ROOM = 1000
"""Characters; a table with less room is for its errors, not for a summary."""


@dataclass(slots=True)
class TablePlan:
    """
    What is shown of one table.

    Attributes:
        rows: Rows shown, in order; None for all of them.
        dropped: Columns not shown, those that are built from another such column too.
        cap: Characters of a cell at the most; None for no limit.
        string_room: Characters of a cell that is a string compressed as what it holds.
        telling: By row, cells of dropped columns that are shown all the same because they are rare.
        summed_up: Whether a summary of the rows that are not shown follows.
        row_tokens: Tokens that a reader gets who fetches a row, about; 0 where none can.

    """

    rows: list[int] | None = None
    dropped: set[Leaf] = field(default_factory=set)
    cap: int | None = None
    string_room: int = 0
    telling: dict[int, list[tuple[Leaf, int]]] = field(default_factory=dict)
    summed_up: bool = True
    row_tokens: float = 0


def plan(table: Table, weighed: list[Weighed], room: int, asked: Sequence[str] = ()) -> TablePlan:
    """Choose what to show in about `room` characters; `asked` are the identifiers and numbers that the reader asks for."""
    made = _plan(table, weighed, room, asked)
    made.dropped = effective(table, made.dropped)
    return made


def _plan(table: Table, weighed: list[Weighed], room: int, asked: Sequence[str]) -> TablePlan:
    made = TablePlan()
    rows = table.rows
    fixed = header_chars(table)
    room = max(room - fixed // 2, room // 3)
    _cap_cells(made, weighed, room, rows)
    total = sum(column.chars for column in weighed)
    if total <= room:
        return made
    words = _words_column(weighed)
    most = rows if _each_its_own(words, weighed) else int(SAMPLE_ROWS[0] + SAMPLE_ROWS[1] * rows**0.5)
    if isinstance(table.root, Record):
        total = _drop_columns(made, weighed, words, total, room * rows // min(rows, most))
        _drop_remains(made, table)
    per_row = max(1, total // rows)
    fitting = rows if total <= room else room // per_row
    keep = min(fitting, max(most, fitting // SAMPLE_SHARE))
    made.summed_up = room >= SUMMARY_ROOM
    if keep >= rows and not made.dropped:
        return made
    findings = study((_column(column) for column in weighed), rows, asked)
    if keep < rows:
        made.rows = _without_small_gaps(choose(findings, rows, keep), rows, per_row)
    _note_telling(made, findings, weighed)
    return made


def _without_small_gaps(chosen: list[int], rows: int, per_row: int) -> list[int] | None:
    """Return the chosen rows with those between them that a marker would cost as much as; None when that is all of them."""
    found: list[int] = []
    for row in [*chosen, rows]:
        expected = found[-1] + 1 if found else 0
        if (row - expected) * per_row < MARKER_CHARS:
            found.extend(range(expected, row))
        if row < rows:
            found.append(row)
    return found if len(found) < rows else None


def _column(column: Weighed) -> Column:
    return Column(column.leaf.label, column.leaf.cells, column.owners, column.leaf.counts)


def _cap_cells(made: TablePlan, weighed: list[Weighed], room: int, rows: int) -> None:
    """Limit the cells, where some are long, to what they may take of their row's share."""
    cap = max(80, min(1200, room // max(1, rows) // 2))
    for column in weighed:
        if column.chars > cap * column.cells // 2 and column.leaf.form == "cells":
            column.chars = sum(min(len(text), cap + MIN_CUT) for text in column.leaf.cells) + column.cells
    made.cap = cap


def _drop_columns(made: TablePlan, weighed: list[Weighed], words: Weighed | None, total: int, room: int) -> int:
    """Drop columns, the heavy and the least telling first, until the rest fits or only the core is left."""
    order = sorted(
        (column for column in weighed if column.leaf.form == "cells" and column is not words),
        key=lambda column: (column.worth, -column.chars / max(1, column.cells)),
    )
    for place, column in enumerate(order):
        if total <= room or column.worth == MOST_WORTH or (place + CORE_COLUMNS > len(order) and column.worth > OPAQUE_WORTH):
            break
        if column.chars <= (3 + column.worth // 2) * column.cells:
            continue
        made.dropped.add(column.leaf)
        total -= column.chars
    return total


def _drop_remains(made: TablePlan, table: Table) -> None:
    """Drop what is left of nested records that lost half of their columns: positions and the like tell nothing alone."""
    for leaf in table.leaves:
        if leaf.inner is None:
            continue
        told = [column for column in leaf.inner.leaves if column.form == "cells"]
        if told and 2 * sum(column in made.dropped for column in told) >= len(told):
            made.dropped.update(leaf.inner.leaves)
        else:
            _drop_remains(made, leaf.inner)


def _words_column(weighed: list[Weighed]) -> Weighed | None:
    """Return the column of words that a person would tell the rows apart by: a name, a title, a place."""
    best, least = None, 0.0
    for column in weighed:
        if column.inner or column.leaf.form != "cells" or not column.leaf.path or column.worth == 0:
            continue
        looked_at = column.leaf.cells[:: max(1, len(column.leaf.cells) // SAMPLE_CELLS)]
        sample = [text for text in looked_at if text]
        wordy = sum(bool(_WORD.search(text)) and not OPAQUE.fullmatch(text) for text in sample)
        usual = column.chars / max(1, column.cells)
        if usual > WORDS_CHARS or 5 * wordy < 4 * len(looked_at):
            continue
        counts = column.leaf.counts
        distinct = len(set(sample)) / max(1, len(sample)) if counts is None else len(counts) / column.cells
        telling = distinct * (1.5 if column.worth > SAID_WORTH else 1.0) - usual / (4 * WORDS_CHARS)
        if telling > least:
            best, least = column, telling
    return best


_WORD = re.compile(r"[^\W\d_]{3}")
SAID_WORTH = 4
"""Columns of more worth than this have a name that says they tell rows apart."""

WORDS_CHARS = 90
"""A column of longer texts than this on average is content, not a name."""


def _each_its_own(words: Weighed | None, weighed: list[Weighed]) -> bool:
    """Tell whether rows are no samples of one another: a column of words, or one of names, differs from row to row."""
    if words is not None and len(words.leaf.counts or set(words.leaf.cells)) >= WORDS_SHARE * len(words.leaf.cells):
        return True
    for column in weighed:
        leaf = column.leaf
        if leaf.form != "cells" or column.inner or not leaf.path:
            continue
        cells = leaf.cells
        named = sum(any(c.isalpha() for c in text) for text in cells[:SAMPLE_CELLS]) > NAMES_SHARE * len(cells[:SAMPLE_CELLS])
        if named and len(leaf.counts or set(cells)) >= NAMES_SHARE * len(cells):
            return True
    return False


WORDS_SHARE = 0.2
"""Rows are their own things when their words (titles, messages) have this share of distinct ones,"""

NAMES_SHARE = 0.9
"""or when their names (anything with a letter) have this share."""

TOLD_CELLS = 6
"""Rare cells of dropped columns that one row shows at the most."""


def _note_telling(made: TablePlan, findings: Findings, weighed: list[Weighed]) -> None:
    """Keep the rare cells of dropped columns, in the rows that are shown."""
    dropped = {id(column.leaf.cells): column for column in weighed if column.leaf in made.dropped and not column.inner}
    shown = None if made.rows is None else set(made.rows)
    for seen, place in findings.cells:
        column = dropped.get(id(seen.cells))
        if column is not None and (shown is None or place in shown):
            row = made.telling.setdefault(place, [])
            if len(row) < TOLD_CELLS and (column.leaf, place) not in row:
                row.append((column.leaf, place))
