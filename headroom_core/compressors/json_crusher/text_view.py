"""The view of a JSON document as text: the document on a line with stand-ins for its tables, then each table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from headroom_core import markers
from headroom_core.compressors.json_crusher import spelling
from headroom_core.compressors.json_crusher.blocks import RowsOf, Shaped
from headroom_core.compressors.json_crusher.dropped import omitted_columns
from headroom_core.compressors.json_crusher.plan import TablePlan
from headroom_core.compressors.json_crusher.shorten import MIN_CUT, Cuts, shorten
from headroom_core.compressors.json_crusher.summary import summary
from headroom_core.compressors.json_crusher.table import ONE, Leaf, Path, Record, Table, path_name
from headroom_core.compressors.json_crusher.table import steps_of as way
from headroom_core.compressors.json_crusher.values import ABSENT, Json, Steps
from headroom_core.importance.said import Again, Said

StepsOf = Callable[[int], Steps]


@dataclass(slots=True)
class TextWriter:
    """Writes the tables of one view; what it cuts is noted in `cuts`."""

    cuts: Cuts
    rows_of: RowsOf
    said: Said | None = None

    def _again(self, name: str, columns: list[str], rows: list[str]) -> set[int]:
        """Return the places of the rows that the reader's prompt has in the same table, under the same columns."""
        if self.said is None or not self.said.has(columns):
            return set()
        repeats = self.said.again_in(name, [*columns, *rows])[len(columns) :]
        return {place for place, again in enumerate(repeats) if again is Again.SAME}

    def block(self, shaped: Shaped, made: TablePlan, *, main: bool) -> str:
        """Return a table as text: title, columns, rows with markers where rows are left out, and a summary of those."""
        block, table = shaped.block, shaped.table
        dropped = made.dropped
        shown: Sequence[int] = range(table.rows) if made.rows is None else made.rows
        cut = len(self.cuts.notes)
        rows = self._rows(table, shown, made, dropped, lambda row: (*block.steps, block.step(row)))
        plain = isinstance(table.root, Leaf) and block.keys is None
        columns = [] if plain else [self.header(table, dropped, lambda row: (*block.steps, block.step(row)), made)]
        again = self._again(_name(shaped, plain=plain), columns, rows) if cut == len(self.cuts.notes) else set()
        if again:
            made.rows = [row for place, row in enumerate(shown) if place not in again]
            made.summed_up = False
            rows = [text for place, text in enumerate(rows) if place not in again]
        if made.rows is not None:
            note = markers.ABOVE if len(again) == table.rows - len(rows) else ""
            rows = list(_with_markers(rows, made, table.rows, self.rows_of, None if main else block.pointer, note))
        numbers = plain and not any(type(value) in (str, list, dict) for value in block.rows)
        body = ",".join(rows) if numbers else "\n".join(rows)
        title = _title(shaped, plain=plain)
        gone = omitted_columns(table, dropped)
        if gone:
            columns.append(markers.marker(f"columns {gone}"))
        last = summary(table, made, shaped.weighed)
        return "\n".join([title, *columns, body, *([last] if last else [])])

    def header(self, table: Table, dropped: set[Leaf], steps_of: StepsOf, made: TablePlan) -> str:
        """Return the line that names the columns."""
        keys = [spelling.name(leaf.path[-1]) for leaf in table.leaves[:1] if leaf.parent is None and leaf.path]
        if isinstance(table.root, Leaf):
            return ",".join([*keys, "(value)"])
        return ",".join([*keys, *self._names(table.root, dropped, steps_of, made)])

    def _names(self, record: Record, dropped: set[Leaf], steps_of: StepsOf, made: TablePlan) -> Iterator[str]:
        for child in record.children:
            name = spelling.name(child.path[-1])
            if isinstance(child, Record):
                inner = list(self._names(child, dropped, steps_of, made))
                if inner:
                    default = "" if child.rows is None else f"~{child.default}"
                    yield f"{name}{default}.{{{','.join(inner)}}}"
            elif child in dropped:
                continue
            elif child.inner is not None:
                if not all(leaf in dropped for leaf in child.inner.leaves):
                    yield f"{name}[].{{{self.header(child.inner, dropped, steps_of, TablePlan())}}}"
            elif child.form == "cells":
                yield name
            else:
                stated = child.stated
                if made.cap is not None and len(stated) > 2 * made.cap and child.form != "derived":
                    row = next(i for i, text in enumerate(child.cells) if text and i not in child.exceptions)
                    stated = self._shorten(child.values[row], (*steps_of(row), *way(child.path)), made.cap, made)
                yield f"{name}{'~' if child.form == 'default' else '='}{stated}"

    def _rows(self, table: Table, shown: Sequence[int], made: TablePlan, dropped: set[Leaf], steps_of: StepsOf) -> list[str]:
        columns = [
            self._cells(leaf, shown, made, dropped, steps_of)
            for leaf in table.leaves
            if leaf.form == "cells" and leaf not in dropped
        ]
        lines = list(map(",".join, zip(*columns, strict=True))) if columns else [""] * len(shown)
        extras = self._extras(table, made, dropped, steps_of, shown)
        if extras:
            for place, row in enumerate(shown):
                if row in extras:
                    lines[place] = ",".join([*([lines[place]] if columns else []), *extras[row]])
        return lines

    def _cells(self, leaf: Leaf, shown: Sequence[int], made: TablePlan, dropped: set[Leaf], steps_of: StepsOf) -> list[str]:
        if leaf.inner is not None:
            return self._nested(leaf, shown, made, dropped, steps_of)
        whole = len(shown) == len(leaf.cells)
        cells = leaf.cells if whole else [leaf.cells[row] for row in shown]
        cap = made.cap
        if cap is None or not cells or max(map(len, cells)) <= cap + MIN_CUT:
            return cells
        return [self._capped(leaf, row, text, steps_of, made) for row, text in zip(shown, cells, strict=True)]

    def _nested(self, leaf: Leaf, shown: Sequence[int], made: TablePlan, dropped: set[Leaf], steps_of: StepsOf) -> list[str]:
        """Return the cells of a column of lists of records: `[(a,b)(c,d)]`."""
        inner, sizes = leaf.inner, leaf.sizes
        if inner is None or sizes is None:
            return []
        starts, total = [], 0
        for size in sizes:
            starts.append(total)
            total += abs(size) if size >= ONE else 0
        places: list[int] = []
        homes: dict[int, tuple[int, ...]] = {}
        for row in shown:
            place = starts[row]
            if sizes[row] == ONE:
                places.append(place)
                homes[place] = (row,)
            elif sizes[row] > 0:
                places.extend(range(place, place + sizes[row]))
                homes.update((place + item, (row, item)) for item in range(sizes[row]))

        def inner_steps(place: int) -> Steps:
            row, *item = homes[place]
            return (*steps_of(row), *way(leaf.path), *item)

        texts = iter(self._rows(inner, places, TablePlan(cap=made.cap, string_room=made.string_room), dropped, inner_steps))
        cells = []
        for row in shown:
            if sizes[row] >= 0:
                cells.append("[" + "".join([f"({text})" for text in islice(texts, sizes[row])]) + "]")
            elif sizes[row] == ONE:
                cells.append(f"({next(texts)})")
            else:
                cells.append(self._capped(leaf, row, spelling.cell(leaf.values[row]), steps_of, made))
        return cells

    def _capped(self, leaf: Leaf, row: int, text: str, steps_of: StepsOf, made: TablePlan) -> str:
        if made.cap is None or len(text) <= made.cap + MIN_CUT:
            return text
        return self._shorten(leaf.values[row], (*steps_of(row), *way(leaf.path)), made.cap, made)

    def _shorten(self, value: Json, steps: Steps, cap: int, made: TablePlan) -> str:
        return shorten(value, steps, cap, self.cuts, string_room=made.string_room)

    def _extras(
        self, table: Table, made: TablePlan, dropped: set[Leaf], steps_of: StepsOf, shown: Sequence[int]
    ) -> dict[int, list[str]]:
        """Return by row what stands behind its cells: `name=value` for what the columns do not say."""
        rows = shown if len(shown) == table.rows else set(shown)
        cap = made.cap and 2 * made.cap
        found: dict[int, list[str]] = {}
        for row, path, text, value in _said_apart(table, made, dropped):
            if row not in rows:
                continue
            if cap and len(text) > cap + MIN_CUT and value is not ABSENT:
                text = self._shorten(value, (*steps_of(row), *way(path)), cap, made)  # noqa: PLW2901  # the same, cut
            found.setdefault(row, []).append(f"{path_name(path)}={text}")
        return found


def _said_apart(table: Table, made: TablePlan, dropped: set[Leaf]) -> Iterator[tuple[int, Path, str, Json]]:
    """Yield row, column, cell and value of what is said behind the cells of a row."""
    for leaf in table.leaves:
        if leaf.exceptions and leaf not in dropped:
            for row, text in leaf.exceptions.items():
                yield row, leaf.path, text, leaf.values[row]
    for row, extra in table.extras.items():
        for path, value in extra:
            yield row, path, spelling.cell(value), value
    for row, told in made.telling.items():
        for leaf, place in told:
            yield row, leaf.path, leaf.cells[place], leaf.values[place]


def _with_markers(
    rows: list[str], made: TablePlan, total: int, rows_of: RowsOf, pointer: str | None, note: str
) -> Iterator[str]:
    expected = 0
    for text, row in zip([*rows, None], [*(made.rows or ()), total], strict=True):
        if row > expected:
            yield markers.marker(rows_of(expected + 1, row, pointer), note, tokens=(row - expected) * made.row_tokens)
        if text is not None:
            yield text
        expected = row + 1


def _name(shaped: Shaped, *, plain: bool) -> str:
    return f"{'list' if plain else 'table'} {shaped.block.pointer}".rstrip()


def _title(shaped: Shaped, *, plain: bool) -> str:
    table = shaped.table
    forms = {leaf.form for leaf in _all_leaves(table)}
    legend = [
        text
        for form, text in (
            ("constant", "= same in all rows"),
            ("default", "~ same unless a row says otherwise"),
            ("derived", "{x} stands for column x"),
        )
        if form in forms
    ]
    if any(leaf.inner is not None for leaf in _all_leaves(table)):
        legend.append("[] holds (cells) of each item")
    return f"{_name(shaped, plain=plain)}: {table.rows} rows" + (f"; {', '.join(legend)}" if legend and not plain else "")


def _all_leaves(table: Table) -> Iterator[Leaf]:
    for leaf in table.leaves:
        yield leaf
        if leaf.inner is not None:
            yield from _all_leaves(leaf.inner)
