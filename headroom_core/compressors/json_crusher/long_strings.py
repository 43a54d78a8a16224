"""The long strings of a document that is cut: how many a view may show, and how much room there is for those of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from headroom_core.compressors.json_crusher.blocks import Shaped
from headroom_core.compressors.json_crusher.envelopes import LONG_STRING
from headroom_core.compressors.json_crusher.plan import TablePlan
from headroom_core.compressors.json_crusher.shorten import MIN_CUT, level
from headroom_core.compressors.json_crusher.table import Leaf, Table
from headroom_core.compressors.json_crusher.values import Json, Pairs


def lengths(rest: Json, blocks: Iterable[tuple[Shaped, TablePlan]]) -> Iterator[int]:
    """Yield the length of each long string that stands outside tables, and in their shown rows and columns."""
    yield from _lengths_in(rest)
    for shaped, made in blocks:
        for leaf in _long_columns(shaped.table, made):
            yield from _lengths_of(leaf, made)


def string_room(table: Table, made: TablePlan, room: int) -> int:
    """Return how long the view of a long string may be, so that all of a table's together fill what its rows leave over."""
    if made.cap is None:
        return 0
    long = [length for leaf in _long_columns(table, made) for length in _lengths_of(leaf, made)]
    if not long:
        return 0
    most = made.cap + MIN_CUT
    rows = range(table.rows) if made.rows is None else made.rows
    taken = sum(
        min(len(leaf.cells[row]), most) + 1
        for leaf in table.leaves
        if leaf.form == "cells" and leaf.inner is None and leaf not in made.dropped
        for row in rows
    )
    return max(0, level(long, room - taken + most * len(long)))


def _lengths_in(value: Json) -> Iterator[int]:
    kind = type(value)
    if kind is str:
        if len(value) >= LONG_STRING:
            yield len(value)
    elif kind is list or kind is dict or kind is Pairs:
        inner = value if kind is list else value.values() if kind is dict else (item for _, item in value.items)
        for item in inner:
            yield from _lengths_in(item)


def _long_columns(table: Table, made: TablePlan) -> Iterator[Leaf]:
    for leaf in table.leaves:
        if leaf not in made.dropped and leaf.inner is None and leaf.cells and max(map(len, leaf.cells)) >= LONG_STRING:
            yield leaf


def _lengths_of(leaf: Leaf, made: TablePlan) -> Iterator[int]:
    for row in range(len(leaf.values)) if made.rows is None else made.rows:
        if type(leaf.values[row]) is str and len(leaf.values[row]) >= LONG_STRING:
            yield len(leaf.values[row])
