"""Which columns of a table are gone, once some are dropped, and how a view names them."""

from __future__ import annotations

from collections.abc import Iterator

from headroom_core.compressors.json_crusher import spelling
from headroom_core.compressors.json_crusher.table import Leaf, Record, Table


def effective(table: Table, dropped: set[Leaf]) -> set[Leaf]:
    """Return the dropped columns, and those that are built from one of them or hold nothing else."""
    found = set(dropped)
    for leaf in table.leaves:
        if leaf.inner is not None:
            found |= effective(leaf.inner, found)
            if all(column in found for column in leaf.inner.leaves):
                found.add(leaf)
        source = leaf.source
        while source is not None:
            if source in found:
                found.add(leaf)
                break
            source = source.source
    return found


def omitted_columns(table: Table, dropped: set[Leaf]) -> str:
    """Return the names of the dropped columns, a group that is dropped whole by its own name."""
    return ",".join(_gone(table.root, dropped)) if dropped and isinstance(table.root, Record) else ""


def _gone(record: Record, dropped: set[Leaf]) -> Iterator[str]:
    for child in record.children:
        name = spelling.name(child.path[-1])
        if isinstance(child, Leaf):
            if child in dropped:
                yield name
            elif child.inner is not None and (inner := omitted_columns(child.inner, dropped)):
                yield f"{name}[].{{{inner}}}"
        elif inner := ",".join(_gone(child, dropped)):
            yield name if all_gone(child, dropped) else f"{name}.{{{inner}}}"


def all_gone(record: Record, dropped: set[Leaf]) -> bool:
    """Tell whether a group has no column left."""
    return all(child in dropped if isinstance(child, Leaf) else all_gone(child, dropped) for child in record.children)
