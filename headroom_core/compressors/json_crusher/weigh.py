"""What the columns of a table cost, and how much they tell."""

from __future__ import annotations

import re
from dataclasses import dataclass

from headroom_core.compressors.json_crusher.spelling import cell
from headroom_core.compressors.json_crusher.table import ONE, Leaf, Table
from headroom_core.compressors.rows import ERROR_NAME, FEW_VALUES

SAMPLE_CELLS = 20
"""Cells of a column, evenly spread, that are looked at to judge what it holds."""

MOST_WORTH = 9
"""The worth of columns that are never dropped: errors, and exceptions to what is stated once."""

SHORT_CELL = 28
"""A column whose cells are shorter on average costs little; it goes only after the heavy ones."""

IDENTITY = frozenset(
    (  # as prose it can be read
        "id key name title label path file filename number no login user author email version slug sku code symbol status "
        "state severity level type kind category class outcome result message msg summary description text reason date "
        "time timestamp created updated start started row line lineno price amount total cost score count value size duration "
        "url"
    ).split()
)
"""Words of column names that usually tell rows apart or say how they fared. A hint: other columns are judged by content."""

_NAME_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_FILE = re.compile(r"[\w.-]/[\w./-]+\.\w{1,6}$", re.ASCII)
OPAQUE = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9+/=_-]{16,}")


@dataclass(slots=True)
class Weighed:
    """One column with what it costs and how much it tells; `owners` are the rows of its cells in a nested table."""

    leaf: Leaf
    chars: int
    cells: int
    worth: int
    owners: list[int] | None
    inner: bool


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
    opaque = sum(bool(OPAQUE.fullmatch(text)) or text.startswith(("http://", "https://", "[", "{")) for text in filled)
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
