"""What a table shows when all of it would be too long: which columns, which rows, and how much of a cell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from headroom_core.compressors.json_crusher.shorten import MARKER_CHARS, MIN_CUT
from headroom_core.compressors.json_crusher.spelling import cell
from headroom_core.compressors.json_crusher.table import ONE, Leaf, Record, Table
from headroom_core.compressors.rows import ERROR_NAME, FEW_VALUES, Column, Findings, choose, study

CORE_COLUMNS = 4
"""Columns that a row keeps, however long its table: what tells it from the others, and how it fared."""

SAMPLE_CELLS = 20
"""Cells of a column, evenly spread, that are looked at to judge what it holds."""

MOST_WORTH = 9
"""The worth of columns that are never dropped: errors, and exceptions to what is stated once."""

OPAQUE_WORTH = 1
"""Columns worth no more than this (hashes, links, nested lists) may go even where few columns are left."""

SHORT_CELL = 28
"""A column whose cells are shorter on average costs little; it goes only after the heavy ones."""

SAMPLE_ROWS = (8, 3.0)
"""Rows shown of a table of like measurements: 8, and 3 times the root of their number."""

SAMPLE_SHARE = 3
"""Or one in three of the rows there is room for, where that is more."""

IDENTITY = frozenset(
    (  # noqa: SIM905  # as prose it can be read
        "id key name title label path file filename number no login user author email version slug sku code symbol status "
        "state severity level type kind category class outcome result message msg summary description text reason date "
        "time timestamp created updated start started row line lineno price amount total cost score count value size duration "
        "url"
    ).split()
)
"""Words of column names that usually tell rows apart or say how they fared. A hint: other columns are judged by content."""

_NAME_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_FILE = re.compile(r"[\w.-]/[\w./-]+\.\w{1,6}$", re.ASCII)
_OPAQUE = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9+/=_-]{16,}")


@dataclass(slots=True)
class Weighed:
    """One column with what it costs and how much it tells; `owners` are the rows of its cells in a nested table."""

    leaf: Leaf
    chars: int
    cells: int
    worth: int
    owners: list[int] | None
    inner: bool


@dataclass(slots=True)
class TablePlan:
    """
    What is shown of one table.

    Attributes:
        rows: Rows shown, in order; None for all of them.
        dropped: Columns not shown.
        cap: Characters of a cell at the most; None for no limit.
        telling: By row, cells of dropped columns that are shown all the same because they are rare.
        summed_up: Whether a summary of the rows that are not shown follows.

    """

    rows: list[int] | None = None
    dropped: set[Leaf] = field(default_factory=set)
    cap: int | None = None
    telling: dict[int, list[tuple[Leaf, int]]] = field(default_factory=dict)
    summed_up: bool = True


def weigh(table: Table, owners: list[int] | None = None) -> list[Weighed]:
    """Return all columns of a table, those of its nested tables too, with their cost."""
    found = []
    for leaf in table.leaves:
        if leaf.inner is not None and leaf.sizes is not None:
            inner_owners = [
                (owners[row] if owners else row)
                for row, size in enumerate(leaf.sizes)
                for _ in range(1 if size == ONE else max(0, size))
            ]
            found.extend(weigh(leaf.inner, inner_owners))
        elif leaf.form == "cells":
            chars = sum(map(len, leaf.cells)) + len(leaf.cells)
            worth = _worth(leaf, inner=owners is not None)
            found.append(Weighed(leaf, chars, len(leaf.cells), worth, owners, owners is not None))
        elif leaf.form in ("default", "derived"):
            extra = sum(len(text) + len(leaf.label) + 2 for text in leaf.exceptions.values())
            found.append(Weighed(leaf, extra, len(leaf.cells), MOST_WORTH, owners, owners is not None))
    return _with_worth_of_derived(found)


def _with_worth_of_derived(weighed: list[Weighed]) -> list[Weighed]:
    """Raise the worth of a column to that of the columns that are built from it: without it they cannot be shown."""
    by_leaf = {column.leaf: column for column in weighed}
    for column in weighed:
        source = column.leaf.source
        if source is not None and source in by_leaf:
            by_leaf[source].worth = max(by_leaf[source].worth, _worth(column.leaf, inner=column.inner))
    return weighed


def header_chars(table: Table) -> int:
    """Return about what the header of a table costs."""
    return 60 + sum(
        len(leaf.path[-1] if leaf.path else "") + 1 + (len(leaf.stated) + 1 if leaf.form != "cells" else 0)
        + (header_chars(leaf.inner) if leaf.inner else 0)
        for leaf in table.leaves
    )  # fmt: skip


def table_chars(table: Table, weighed: list[Weighed]) -> int:
    """Return about what the whole table costs."""
    extras = sum(len(cell(value)) + 12 for extra in table.extras.values() for _, value in extra)
    return header_chars(table) + sum(column.chars for column in weighed) + extras


def _worth(leaf: Leaf, *, inner: bool) -> int:
    """Return how much a column tells, 0 to 9, by its name, its depth and what its cells look like."""
    cells = leaf.cells
    filled = [text for text in cells[:: max(1, len(cells) // SAMPLE_CELLS)] if text]
    if not filled:
        return 0
    if ERROR_NAME.search(leaf.label):
        return MOST_WORTH
    usual = sum(map(len, filled)) / len(filled)
    words = [word.lower() for word in _NAME_WORDS.findall(leaf.path[-1])] if leaf.path else []
    named = bool(words) and (words[-1] in IDENTITY or words[0] in IDENTITY)
    opaque = sum(bool(_OPAQUE.fullmatch(text)) or text.startswith(("http://", "https://", "[", "{")) for text in filled)
    worth = 3
    if named:
        worth += 2
    if usual <= SHORT_CELL:
        worth += 2
        if leaf.counts is not None and len(leaf.counts) <= FEW_VALUES:
            worth += 1
    if 2 * opaque > len(filled):
        worth -= 4
    elif 2 * sum(bool(_FILE.search(text)) for text in filled) > len(filled):
        worth += 3
    if len(leaf.path) > 1 or inner:
        worth -= min(2, len(leaf.path) - 1 + 2 * inner)
    return max(0, worth)


def plan(table: Table, weighed: list[Weighed], room: int) -> TablePlan:
    """Choose what to show in about `room` characters."""
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
    findings = study((_column(column) for column in weighed), rows)
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
        wordy = sum(bool(_WORD.search(text)) and not _OPAQUE.fullmatch(text) for text in sample)
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


SUMMARY_ROOM = 1000
"""Characters; a table with less room is for its errors, not for a summary."""

SUMMARY_VALUES = 4
"""Values named for each column of a summary, with their counts."""

_PLAIN_VALUE = re.compile(r"[\w./:+-]{1,24}( [\w./:+-]{1,16})?")


def summary(table: Table, made: TablePlan, weighed: list[Weighed]) -> str:
    """
    Say in a line what the rows hold that are not shown: ranges of numbers and times, counts of values.

    Only short plain values are named, so that no sentence of an omitted row reaches the reader as if it were ours.
    """
    if made.rows is None or not made.summed_up:
        return ""
    shown = set(made.rows)
    gone = [row for row in range(table.rows) if row not in shown]
    parts = list(_column_summaries(gone, weighed))
    return f"[omitted rows hold: {'; '.join(parts)}]" if parts else ""


def _column_summaries(gone: list[int], weighed: list[Weighed]) -> Iterator[str]:
    for column in weighed:
        leaf = column.leaf
        if column.inner or not leaf.path:
            continue
        cells = [leaf.cells[row] for row in gone]
        counts = Counter(cells)
        name = leaf.label
        span = _range_of(cells, leaf)
        if len(counts) > 12 and span:  # noqa: PLR2004
            yield f"{name} {span}"
        elif len(counts) <= 12 or counts.most_common(1)[0][1] > len(cells) // 10:  # noqa: PLR2004
            named = [(text, n) for text, n in counts.most_common(SUMMARY_VALUES) if n > 1 and _PLAIN_VALUE.fullmatch(text)]
            if named and leaf.form == "cells":
                rest = len(counts) - len(named)
                yield f"{name} " + ", ".join(f"{text} x{n}" for text, n in named) + (f", {rest} other values" if rest else "")


_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[T ][\d:.+Z-]+)?")


def _range_of(cells: list[str], leaf: Leaf) -> str:
    kinds = set(map(type, leaf.values[:200]))
    filled = [text for text in cells if text and text != "null"]
    if not filled:
        return ""
    if kinds <= {int, bytes, type(None)}:
        return f"{min(filled, key=float)} to {max(filled, key=float)}"
    if all(_DATE.fullmatch(text) for text in filled[:20]):
        low, high = min(filled), max(filled)
        return f"{low} to {high}" if _DATE.fullmatch(low) and _DATE.fullmatch(high) else ""
    return ""
