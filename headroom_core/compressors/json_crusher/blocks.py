"""
Which parts of a document are tables, and what is left around them.

A table is a list of objects, an object of like objects, or a long list. It is looked for along objects (and short lists)
from the root; what stands inside the rows of a table is nested in its columns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from headroom_core.compressors.json_crusher.pointer import pointer
from headroom_core.compressors.json_crusher.table import Leaf, Table
from headroom_core.compressors.json_crusher.values import MAX_POSITIONS, POSITIONS, Json, Raw, Steps
from headroom_core.compressors.json_crusher.weigh import Weighed, table_chars, weigh
from headroom_core.markers import Range

RowsOf = Callable[[int, int, str | None], Range]
"""Names a run of rows in the original: first and last, counted from 1, and the pointer to their table."""

MIN_ROWS = 3
"""Two records share too little for a header to pay."""

LIKE_SHARE = 5
"""The members of an object are rows when they have, on average, one in five of all the names that any of them has."""

LONG_LIST = 24
"""Lists and objects of plain values longer than this are tables of one column."""

MAX_STEPS = 8
"""Tables are looked for no deeper than this."""


@dataclass(frozen=True, slots=True)
class Block:
    """
    A table of the document, before it is turned into columns.

    Attributes:
        steps: The way to it from the root.
        rows: Its rows.
        keys: For an object of like members, their names; None for a list.

    """

    steps: Steps
    rows: Sequence[Json]
    keys: Sequence[str] | None

    @property
    def pointer(self) -> str:
        """The JSON pointer to the table; `""` for the document itself."""
        return pointer(tuple(map(str, self.steps)))

    def step(self, row: int) -> str | int:
        """Return the key or index of a row in its container."""
        return row if self.keys is None else self.keys[row]


@dataclass(slots=True)
class Shaped:
    """A block as columns, with what they cost."""

    block: Block
    table: Table
    weighed: list[Weighed]
    chars: int


def shape(block: Block) -> Shaped:
    """Turn a block into columns."""
    table = Table(_as_records(block.rows), keys=block.keys)
    if isinstance(table.root, Leaf):
        table = Table(block.rows, keys=block.keys)
    weighed = weigh(table)
    return Shaped(block, table, weighed, table_chars(table, weighed))


def _as_records(rows: Sequence[Json]) -> Sequence[Json]:
    """Return rows that are lists of one length as records, named by position; other rows as they are."""
    lengths = Counter(len(row) for row in rows if type(row) is list)
    if not lengths:
        return rows
    (length, count), *_ = lengths.most_common(1)
    if not 1 < length <= MAX_POSITIONS or 2 * count < len(rows):
        return rows
    return [dict(zip(POSITIONS, row, strict=False)) if type(row) is list and len(row) == length else row for row in rows]


@dataclass(slots=True)
class Document:
    """
    A document taken apart.

    Attributes:
        rest: The document with a stand-in for each table.
        blocks: The tables, in order.
        around: Identities of the stand-ins and of the objects and lists around them.

    """

    rest: Json
    blocks: list[Block]
    around: set[int]


def split(root: Json) -> Document:
    """Take a document apart; the stand-in for a table is `(table /path)`, or nothing where the whole document is one."""
    made = Document(None, [], set())
    made.rest = _split(root, (), made)
    return made


def _split(value: Json, steps: Steps, made: Document) -> Json:
    kind = type(value)
    block = _block(value, steps) if kind in (list, dict) else None
    before = len(made.blocks)
    if block is not None:
        made.blocks.append(block)
        rest: Json = Raw(f"({'table' if _records(block.rows) else 'list'} {block.pointer})" if steps else "")
    elif kind is dict and len(steps) < MAX_STEPS:
        rest = {key: _split(item, (*steps, key), made) for key, item in value.items()}
    elif kind is list and len(steps) < MAX_STEPS and len(value) < MIN_ROWS:
        rest = [_split(item, (*steps, index), made) for index, item in enumerate(value)]
    else:
        return value
    if len(made.blocks) > before:
        made.around.add(id(rest))
    return rest


def _block(value: Json, steps: Steps) -> Block | None:
    if type(value) is list:
        records = sum(type(item) is dict for item in value)
        if (len(value) >= MIN_ROWS and 2 * records >= len(value)) or len(value) > LONG_LIST:
            return Block(steps, value, None)
        lists = sum(type(item) is list for item in value)
        return Block(steps, value, None) if lists >= MIN_ROWS and 2 * lists >= len(value) else None
    items = list(value.values())
    records = sum(type(item) is dict for item in items)
    if len(items) > MIN_ROWS and records == len(items) and _alike(items):
        return Block(steps, items, list(value))
    plain = sum(type(item) not in (dict, list) for item in items)
    return Block(steps, items, list(value)) if len(items) > LONG_LIST and plain == len(items) else None


def _alike(items: list[dict[str, Json]]) -> bool:
    """Tell whether objects share most of their members."""
    names = set().union(*items)
    return bool(names) and LIKE_SHARE * sum(map(len, items)) >= len(names) * len(items)


def _records(rows: Sequence[Json]) -> bool:
    return any(type(row) is dict for row in rows[:MIN_ROWS])


def main_block(blocks: Sequence[Block]) -> Block | None:
    """Return the table that a range of rows means when it names none: objects before plain values, then the most rows."""
    worth: Callable[[Block], tuple[bool, int]] = lambda block: (_records(block.rows), len(block.rows))  # noqa: E731
    return max(blocks, key=worth) if blocks else None
