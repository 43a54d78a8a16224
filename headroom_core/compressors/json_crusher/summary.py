"""What the rows hold that a view does not show, in a line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from headroom_core.compressors.json_crusher.plan import TablePlan
from headroom_core.compressors.json_crusher.table import Leaf, Table
from headroom_core.compressors.json_crusher.weigh import Weighed

SUMMARY_VALUES = 4
"""Values named for each column of a summary, with their counts."""

_PLAIN_VALUE = re.compile(r"[\w./:+-]{1,24}")


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
