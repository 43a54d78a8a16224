"""
From a list of like records to columns: what is the same is said once, what is nested becomes dotted columns.

A table keeps everything its records hold. Its columns take one of four forms, told apart in the header:

    id               a cell in every row
    type=Feature     the same in all rows, stated once
    state~open       the same unless a row says otherwise, as `state=closed` behind its cells
    url={id}/url     built from another column, unless a row says otherwise
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from operator import itemgetter
from typing import Literal

from headroom_core.compressors.json_crusher import spelling
from headroom_core.compressors.json_crusher.values import ABSENT, ROW_KEY, Json, Position

Path = tuple[str, ...]
"""Member names from a table's row to a column."""

Form = Literal["cells", "constant", "default", "derived"]

MAX_COLUMNS = 400
"""Records with more distinct members than this are not one table's rows; they are written as JSON in their cell."""

DEFAULT_SHARE = 0.85
"""A value that stands in this share of the rows is stated once, and the exceptions in their rows."""

SAMPLE = 64
"""Cells of a long column that are looked at before all of it is."""

ONE, OTHER = -1, -2

FEW_RECORDS = 3
"""Objects that no more rows than this have, of ten or more, stand whole behind their rows: an error is read in one piece."""

MAX_SOURCES = 24
"""Columns that one column is tried to be built from; the longest that are shorter than it."""

MAX_NESTING = 12
"""Records nested deeper than this in a row are written as JSON in their cell."""


class Leaf:
    """One column: a cell for each row of its table, `""` where the row does not have it."""

    __slots__ = (
        "cells",
        "counts",
        "exceptions",
        "form",
        "inner",
        "label",
        "parent",
        "path",
        "sizes",
        "source",
        "stated",
        "values",
    )

    def __init__(self, path: Path, values: Sequence[Json], parent: Record | None) -> None:
        self.path = path
        self.label = path_name(path)
        """The dotted name of the column."""
        self.values = values
        self.parent = parent
        self.form: Form = "cells"
        self.stated = ""
        """The cell of a constant or a default; the template of a derived column."""
        self.source: Leaf | None = None
        self.inner: Table | None = None
        """For a column of lists of records: all their records as one table."""
        self.sizes: list[int] | None = None
        """Records of `inner` that each row holds; `ONE` for a record that stands alone, `OTHER` where there is none."""
        self.cells: list[str] = []
        self.counts: Counter[str] | None = None
        """How often each cell stands in the column, where that was counted."""
        self.exceptions: dict[int, str] = {}
        """The cells, by row, that a default or a template does not state."""


class Record:
    """A group of columns: the members of an object. `rows` are the rows that have it, None for all of them."""

    __slots__ = ("children", "default", "path", "rows")

    def __init__(self, path: Path, rows: list[int] | None, default: str) -> None:
        self.path = path
        self.rows = rows
        self.default = default
        """The cell that a row without any of the group's cells stands for: `""` for none, or `null`."""
        self.children: list[Leaf | Record] = []


class Table:
    """Records as columns: `rows` is their number, `root` the top group, or the only column where rows are not records."""

    def __init__(self, values: Sequence[Json], *, keys: Sequence[str] | None = None, depth: int = 0) -> None:
        self.rows = len(values)
        self.extras: dict[int, list[tuple[Path, Json]]] = {}
        """By row, members that do not fit the columns, as a path and a value."""
        self._depth = depth
        self.root: Leaf | Record = self._node((), values, None)
        self.leaves: list[Leaf] = list(_leaves(self.root))
        if keys is not None:
            key = Leaf((ROW_KEY,), keys, None)
            key.cells = spelling.cells(keys)
            self.leaves.insert(0, key)
        if isinstance(self.root, Record):
            self._settle(self.root)
            self._derive()

    def _node(self, path: Path, values: Sequence[Json], parent: Record | None) -> Leaf | Record:
        kinds = set(map(type, values))
        few = path and len(values) > FEW_RECORDS**2 and _filled(values, FEW_RECORDS + 1) <= FEW_RECORDS
        if dict in kinds and len(path) < MAX_NESTING and not few:
            record = self._record(path, values, kinds)
            if record is not None:
                return record
        leaf = Leaf(path, values, parent)
        if path and not few and self._depth < MAX_NESTING and (list in kinds or dict in kinds):
            self._nest(leaf)
        if leaf.inner is None:
            leaf.cells = spelling.cells(values)
        return leaf

    def _record(self, path: Path, values: Sequence[Json], kinds: set[type]) -> Record | None:
        """Return the group of columns for a column of objects, or None when they are not alike enough."""
        shapes = Counter(map(tuple, [value for value in values if type(value) is dict]))
        dicts = sum(shapes.values())
        others = [value for value in values if type(value) is not dict and value is not ABSENT and value is not None]
        keys = _merged(shapes, dicts)
        if keys is None or len(others) * 4 > dicts:
            return None
        fitting = {shape for shape in shapes if shape and _in_order(shape, keys)}
        if kinds == {dict} and len(fitting) == len(shapes):
            rows, default = None, ""
        else:
            rows = [
                i
                for i, value in enumerate(values)
                if type(value) is dict and (len(fitting) == len(shapes) or tuple(value) in fitting)
            ]
            nulls = sum(value is None for value in values)
            default = "null" if path and 2 * nulls > len(values) - dicts else ""
            if not rows:
                return None
            there = set(rows)
            for i, value in enumerate(values):
                if i not in there and spelling.cell(value) != default:
                    self.extras.setdefault(i, []).append((path, value))
        record = Record(path, rows, default)
        columns: Iterator[Sequence[Json]]
        if rows is None and len(shapes) == 1:
            columns = (list(map(itemgetter(key), values)) for key in keys)
        elif rows is None:
            columns = ([value.get(key, ABSENT) for value in values] for key in keys)
        else:
            present = [value if i in there else {} for i, value in enumerate(values)]
            columns = ([value.get(key, ABSENT) for value in present] for key in keys)
        for key, column in zip(keys, columns, strict=True):
            record.children.append(self._node((*path, key), column, record))
        if path and rows is not None and not _has_anchor(record, len(rows), self.rows):
            # Nothing in such a row would tell that it has the object, so the object is written whole.
            self.extras = {
                row: kept for row, extra in self.extras.items() if (kept := [e for e in extra if e[0][: len(path)] != path])
            }
            return None
        return record

    def _nest(self, leaf: Leaf) -> None:
        """Turn a column of lists of records into one table of all their records."""
        sizes = [_records(value) for value in leaf.values]
        records: list[Json] = []
        for value, size in zip(leaf.values, sizes, strict=True):
            if size == ONE:
                records.append(value)
            elif size > 0:
                records.extend(value)
        if len(records) < 2:  # noqa: PLR2004  # one record has nothing to share with another
            return
        inner = Table(records, depth=self._depth + 1)
        if isinstance(inner.root, Record):
            leaf.inner, leaf.sizes = inner, sizes

    def _settle(self, record: Record) -> None:
        """Give each column its form."""
        anchor = _has_anchor(record, len(record.rows), self.rows) if record.rows is not None else None
        for child in record.children:
            if isinstance(child, Record):
                self._settle(child)
            elif child is not anchor and child.inner is None and self.rows > 1:
                self._settle_leaf(child, record)

    def _settle_leaf(self, leaf: Leaf, record: Record) -> None:
        cells = leaf.cells if record.rows is None else [leaf.cells[i] for i in record.rows]
        if len(cells) > 4 * SAMPLE and 2 * max(Counter(cells[:: len(cells) // SAMPLE]).values()) < SAMPLE:
            return  # no value stands in most rows
        counts = Counter(cells)
        top, count = max(counts.items(), key=itemgetter(1))
        if record.rows is None:
            leaf.counts = counts
        stated = spelling.quote(top) if top and top[0] not in '"[{' and ("{" in top or "}" in top) else top
        if count == len(cells):
            leaf.form, leaf.stated = "constant", stated
        elif len(cells) > 3 and count >= DEFAULT_SHARE * len(cells):  # noqa: PLR2004  # of three rows, one is not an exception
            leaf.form, leaf.stated = "default", stated
            rows = range(self.rows) if record.rows is None else record.rows
            leaf.exceptions = {row: text for row, text in zip(rows, cells, strict=True) if text != top}

    def _derive(self) -> None:
        """Find the columns of strings that are built from another column, the same way in every row."""
        groups: dict[int, list[Leaf]] = {}
        for leaf in self.leaves:
            if leaf.form == "cells" and leaf.inner is None:
                groups.setdefault(id(leaf.parent.rows) if leaf.parent and leaf.parent.rows else 0, []).append(leaf)
        for leaves in groups.values():
            where = leaves[0].parent.rows if leaves[0].parent else None
            rows = range(self.rows) if where is None else where
            if len(rows) < 3:  # noqa: PLR2004  # two rows agree by chance
                continue
            first = rows[0]
            names = [f"{{{leaf.label}}}" for leaf in self.leaves]
            candidates = sorted(
                (leaf for leaf in leaves if len(leaf.cells[first]) > 1), key=lambda leaf: len(leaf.cells[first])
            )
            for place, target in enumerate(candidates):
                for source in reversed(candidates[max(0, place - MAX_SOURCES) : place]):
                    if _derived_from(target, source, rows, names):
                        break


def _derived_from(target: Leaf, source: Leaf, rows: Sequence[int], names: list[str]) -> bool:
    whole, part = target.cells[rows[0]], source.cells[rows[0]]
    if part not in whole or whole[0] in '"[{' or part[0] in '"[{':
        return False
    before, _, after = whole.partition(part)
    # Three rows tell nearly always that it is not so, and spare the look at all of them.
    if sum(target.cells[i] == before + source.cells[i] + after for i in (rows[1], rows[len(rows) // 2], rows[-1])) < 2:  # noqa: PLR2004
        return False
    exceptions = {i: target.cells[i] for i in rows if target.cells[i] != before + source.cells[i] + after}
    if len(exceptions) > (1 - DEFAULT_SHARE) * len(rows):
        return False
    template = f"{before}{{{source.label}}}{after}"
    if sum(template.count(name) for name in names if name in template) != 1:
        return False  # a literal brace of the value would read as a column
    if not _balanced(template):
        return False
    target.form, target.source, target.stated, target.exceptions = "derived", source, template, exceptions
    return True


def _filled(values: Sequence[Json], most: int) -> int:
    """Return how many rows have a value that is not null, counting no further than `most`."""
    return sum(1 for _ in islice((value for value in values if value is not None and value is not ABSENT), most))


def _records(value: Json) -> int:
    """Return how many records a cell holds, `ONE` or `OTHER`."""
    if type(value) is list:
        return len(value) if set(map(type, value)) <= _RECORD else OTHER
    return ONE if type(value) is dict else OTHER


_RECORD = {dict}


def _balanced(text: str) -> bool:
    depth = 0
    for char in text:
        depth += (char == "{") - (char == "}")
        if depth < 0:
            return False
    return depth == 0


def steps_of(path: Path) -> tuple[str | int, ...]:
    """Return the way from a row to a column's value: names of members, and indexes where rows are lists."""
    return tuple(step.place if isinstance(step, Position) else step for step in path)


def path_name(path: Path) -> str:
    """Return the dotted name of a column."""
    return ".".join(map(spelling.name, path))


def _leaves(node: Leaf | Record) -> Iterator[Leaf]:
    if isinstance(node, Leaf):
        yield node
    else:
        for child in node.children:
            yield from _leaves(child)


def _has_anchor(record: Record, present: int, rows: int) -> Leaf | None:
    """Return a column that every row with this object has a cell in."""
    for child in record.children:
        if isinstance(child, Leaf) and child.inner is None and child.cells.count("") == rows - present:
            return child
    return None


def _merged(shapes: Counter[Path], records: int) -> list[str] | None:
    """Return all member names in one order that suits most records, or None when they share too little."""
    order: list[str] = []
    known: set[str] = set()
    for shape, _ in shapes.most_common():
        if known.issuperset(shape):
            continue
        at = 0
        for key in shape:
            if key in known:
                if key in order[at:]:
                    at = order.index(key, at) + 1
            else:
                order.insert(at, key)
                known.add(key)
                at += 1
        if len(order) > MAX_COLUMNS:
            return None
    members = sum(len(shape) * count for shape, count in shapes.items())
    # Objects that share no more than one member in five are maps or different things, not rows.
    return order if members * 5 >= len(order) * records else None


def _in_order(shape: Path, keys: list[str]) -> bool:
    rest = iter(keys)
    return all(key in rest for key in shape)
