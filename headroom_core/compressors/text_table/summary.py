"""What the rows hold that a view does not show, in a line, told from the cells alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

SUMMARY_VALUES = 4
"""Values named for each column, with their counts."""

FEW_VALUES = 12
"""A column with more distinct values is told by its range, where it has one."""

_PLAIN_VALUE = re.compile(r"[\w./:+-]{1,24}")
_PLAIN_NAME = re.compile(r"[\w./:%()#-]{1,32}(?: [\w./:%()#-]{1,32}){0,2}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[T ][\d:.+Z-]+)?")


def summary(
    names: Sequence[str], columns: Sequence[Sequence[str]], counts: Sequence[Counter[str]], shown: Sequence[int]
) -> str:
    """
    Say in a line what the rows hold that are not shown: ranges of numbers and dates, counts of values.

    Only short plain values are named, so that no sentence of an omitted row reaches the reader as if it were ours.

    Args:
        names: The names of the columns, as far as they are known.
        columns: The cells, by column.
        counts: How often each cell stands in its column.
        shown: The rows that are shown.

    """
    parts = list(_parts(names, columns, counts, shown))
    return f"[omitted rows hold: {'; '.join(parts)}]" if parts else ""


def _parts(
    names: Sequence[str], columns: Sequence[Sequence[str]], counts: Sequence[Counter[str]], shown: Sequence[int]
) -> Iterator[str]:
    for place, column in enumerate(columns):
        name = names[place] if place < len(names) and _PLAIN_NAME.fullmatch(names[place]) else f"column {place + 1}"
        gone = _less(counts[place], Counter([column[row] for row in shown]))
        rows = len(column) - len(shown)
        span = _range_of(gone) if len(gone) > FEW_VALUES else ""
        if span:
            yield f"{name} {span}"
        elif len(gone) <= FEW_VALUES or max(gone.values()) > rows // 10:
            named = [(text, n) for text, n in gone.most_common(SUMMARY_VALUES) if n > 1 and _PLAIN_VALUE.fullmatch(text)]
            if named:
                rest = len(gone) - len(named)
                yield f"{name} " + ", ".join(f"{text} x{n}" for text, n in named) + (f", {rest} other values" if rest else "")


def _less(all_of: Counter[str], some: Counter[str]) -> Counter[str]:
    """Return the difference of two counters; only what is in the smaller one is looked at."""
    left = all_of.copy()
    for text, count in some.items():
        if left[text] == count:
            del left[text]
        else:
            left[text] -= count
    return left


def _range_of(cells: Iterable[str]) -> str:
    filled = [text for text in cells if text and not text.isspace()]
    if not filled:
        return ""
    if all(_DATE.fullmatch(text) for text in filled[:20]):
        low, high = min(filled), max(filled)
        return f"{low} to {high}" if _DATE.fullmatch(low) and _DATE.fullmatch(high) else ""
    try:
        low, high = min(filled, key=float), max(filled, key=float)
    except ValueError:
        return ""
    plain = _PLAIN_VALUE.fullmatch(low.strip()) and _PLAIN_VALUE.fullmatch(high.strip())
    return f"{low.strip()} to {high.strip()}" if plain else ""
