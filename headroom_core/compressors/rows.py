"""
Which rows of a table matter most, told from the table and from what its reader asks for.

In order: rows with errors, rows that hold what is asked for, rows with values or shapes that are rare in their column, first
and last, extremes and outliers of numbers, the rows where a number changes its course, one example of each value of a short
list, and then the first rows and some spread evenly.
Known words (`error`, `FAILED`) are a hint and never the definition: a value that nobody has heard of is found because it is
rare.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import isfinite
from operator import sub
from typing import Any

from headroom_core.alarms import ERROR, ERROR_WORDS
from headroom_core.compressors.asked import places_of
from headroom_core.compressors.digits import without_digits

ERROR_NAME = re.compile(
    r"(?:^|[._-])(?:errors?|exceptions?|failures?|faults?|stderr|traceback|exit_?(?:code|status)|return_?code|rc)$"
    r"|[a-z](?:Error|Exception|Failure)s?$|(?:exit|return)(?:Code|Status)$"
)
"""Names of columns in which something else than nothing, or 0, tells of an error."""

_NOTHING = frozenset({"", "null", "false", "0", "[]", "{}", '""', "None", "none", "no", "-"})

LONG_CELL = 240
"""An error word in a longer cell is a word of a text, not the state of a row."""

RARER = 3
"""A rare value stands in its column no more than one third as often as the mean value does."""

IDENTIFIER_CHARS = 48
"""Columns of longer cells on average hold texts; only identifiers, dates and the like have a shape."""

TEXT_SPACES = 2
"""Columns whose cells have as many spaces on average hold texts: two of them are alike when they differ in digits only."""

FEW_ROWS = 6
"""Under this many rows, errors and rare rows take the places of the first and the last."""

LEAST_ROWS = 2
"""Rows shown of a table however little room there is: two different errors, where there are errors."""

SPREAD_ROWS = 24
"""Rows taken at even distances over the table, at the most."""

FEW_VALUES = 24
"""A column with no more distinct values than this is a choice from a list; one row of each is shown."""

COMMON_ERRORS = 0.3
"""Where more than this share of the rows speak of errors, one row of each different error is kept, not all of them."""


@dataclass(frozen=True, slots=True)
class Column:
    """
    A column to judge rows by.

    `owners` maps its cells to rows where a row holds several; None for one cell a row. `counts` are those of the cells, where
    somebody has counted them. Cells hold no line ends.
    """

    name: str
    cells: Sequence[str]
    owners: Sequence[int] | None = None
    counts: Counter[str] | None = None

    def rows(self, places: Iterable[int]) -> list[int]:
        """Return the rows of the cells at `places`."""
        return list(places) if self.owners is None else [self.owners[i] for i in places]


@dataclass(slots=True)
class Findings:
    """Rows by why they matter; `cells` are the telling cells, as column and place."""

    errors: list[int]
    error_kinds: list[int]
    asked: list[int]
    rare: list[int]
    extremes: list[int]
    changes: list[int]
    examples: list[int]
    cells: list[tuple[Column, int]]


def study(columns: Iterable[Column], rows: int, asked: Sequence[str] = ()) -> Findings:
    """
    Look at every column once and return the rows that stand out.

    `asked` are the identifiers and numbers that the reader asks for, in small letters.
    """
    found = Findings([], [], [], [], [], [], [], [])
    for column in columns:
        if len(column.cells) > 1:
            places = places_of(asked, column.cells)
            found.asked.extend(column.rows(places))
            found.cells.extend((column, i) for i in places)
            _study_column(column, rows, found)
    return found


def choose(found: Findings, rows: int, keep: int) -> list[int]:
    """
    Return the rows to show, in order: about `keep` of them, and more where errors and rare rows ask for it.

    Errors, what is asked for and rare rows may take about twice `keep`; beyond that the first of each different error wins,
    then what is asked for, then the rare rows.
    """
    if keep >= rows:
        return list(range(rows))
    edges = [0, rows - 1] if keep < FEW_ROWS else [0, 1, rows - 1]
    errors = found.errors if len(found.errors) <= max(COMMON_ERRORS * rows, keep) else found.error_kinds
    # Errors and what is rare may go beyond what was asked for, but not where little was.
    most = max(keep, LEAST_ROWS) if keep < FEW_ROWS else 2 * keep + 8
    chosen: dict[int, None] = {}
    for group, limit in (
        (found.error_kinds, most),
        (found.asked, most),
        (found.rare, most),
        (errors, most),
        (edges, most if keep < FEW_ROWS else most + len(edges)),
        (found.extremes, keep),
        (found.changes, keep),
        (found.examples, keep),
    ):
        for row in group:
            if len(chosen) >= limit:
                break
            chosen[row] = None
    missing = keep - len(chosen)
    # Rows side by side need no marker between them, so most of the rest is taken from the start; the others show the course.
    spread = min(missing // 3, SPREAD_ROWS)
    chosen.update(dict.fromkeys(rows * (i + 1) // (spread + 1) for i in range(spread)))
    for row in range(rows):
        if len(chosen) >= keep:
            break
        chosen[row] = None
    return sorted(chosen)


def _study_column(column: Column, rows: int, found: Findings) -> None:
    cells = column.cells
    counts = Counter(cells) if column.counts is None else column.counts
    filled = len(cells) - counts.get("", 0)
    if ERROR_NAME.search(column.name):
        telling = [i for i, text in enumerate(cells) if text not in _NOTHING]
        _note_errors(column, telling, rows, found)
        if telling:
            return
    if len(counts) == 1 or not filled:
        return
    numbers = _numbers(cells)
    if numbers is not None and len(counts) > 2:  # noqa: PLR2004
        _study_numbers(column, numbers, counts, found)
        return
    _study_words(column, counts, rows, found)


def _note_errors(column: Column, places: list[int], rows: int, found: Findings) -> None:
    if not places:
        return
    kinds = {column.cells[i]: i for i in reversed(places)}
    found.error_kinds.extend(column.rows(sorted(kinds.values())))
    found.errors.extend(column.rows(places))
    if len(places) <= max(3, rows // 10):
        found.cells.extend((column, i) for i in places)


def _study_words(column: Column, counts: Counter[str], rows: int, found: Findings) -> None:
    cells = column.cells
    joined = "\n".join(counts).lower()
    if any(word in joined for word in ERROR_WORDS):
        bad = {text for text in counts if len(text) <= LONG_CELL and ERROR.search(text.lower())}
        if bad and len(bad) < len(counts):
            _note_errors(column, [i for i, text in enumerate(cells) if text in bad], rows, found)
    total = len(cells)
    once = max(1, total // 500)
    few = max(2, total // 25)
    # In a column where every value stands a few times, none is rare.
    rare = {text for text, count in counts.items() if count <= once and RARER * count * len(counts) <= total}
    if rare and sum(counts[text] for text in rare) <= few:
        _note_rare(column, [i for i, text in enumerate(cells) if text in rare], found)
        _note_examples(column, cells, counts, found)
        return
    texts = joined.count(" ") >= TEXT_SPACES * len(counts)
    if (not texts or not _study_texts(column, once, few, found)) and sum(map(len, counts)) <= IDENTIFIER_CHARS * len(counts):
        shapes = _shapes(cells)
        by_shape = Counter(shapes)
        odd = {shape for shape, count in by_shape.items() if count <= once}
        if odd and len(odd) <= few:
            _note_rare(column, [i for i, shape in enumerate(shapes) if shape in odd], found)
        if len(counts) > FEW_VALUES:
            _note_examples(column, shapes, by_shape, found)
            return
    _note_examples(column, cells, counts, found)


def _study_texts(column: Column, once: int, few: int, found: Findings) -> bool:
    """Note the texts that are unlike all others in more than their digits, where most are like others; tell whether any is."""
    joined = "\n".join([text[:LONG_CELL] for text in column.cells])
    bare = without_digits(joined).split("\n")
    if len(bare) != len(column.cells):
        return False
    counts = Counter(bare)
    rare = {text for text, count in counts.items() if count <= once}
    if not 0 < len(rare) <= few:
        return False
    _note_rare(column, [i for i, text in enumerate(bare) if text in rare], found)
    return True


def _note_examples(column: Column, kinds: Sequence[Any], counts: Counter[Any], found: Findings) -> None:
    if len(counts) <= FEW_VALUES:
        found.examples.extend(column.rows([kinds.index(kind) for kind in counts]))


def _note_rare(column: Column, places: list[int], found: Findings) -> None:
    found.rare.extend(column.rows(places))
    found.cells.extend((column, i) for i in places)


class _Classes(dict[int, str]):
    """Maps characters to their class: digits, small and capital letters, all other scripts, and each punctuation mark."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kind = "9" if char.isdigit() else "A" if char.isupper() else "a" if char.isalpha() else char if code < 128 else "*"  # noqa: PLR2004
        self[code] = kind
        return kind


_CLASSES = _Classes()


def _shapes(cells: Sequence[str]) -> list[tuple[frozenset[str], int]]:
    """Return for each text which classes of characters it has, and how long it is, to the power of two."""
    classes = "\n".join(cells).translate(_CLASSES).split("\n")
    # Few different ones as a rule, such as aaaa999@aaaaaaa.aaa.
    shapes = {kinds: (frozenset(kinds), len(kinds).bit_length()) for kinds in set(classes)}
    return [shapes[kinds] for kinds in classes]


def _numbers(cells: Sequence[str]) -> list[float] | None:
    """Return the cells as numbers, empty ones and null as nan, or None when they are not numbers."""
    try:
        return list(map(float, cells))
    except ValueError:
        pass
    try:
        return [float(text) if text and text != "null" else _NAN for text in cells]
    except ValueError:
        return None


_NAN = float("nan")


def _study_numbers(column: Column, numbers: list[float], counts: Counter[str], found: Findings) -> None:
    places: Sequence[int] = range(len(numbers))
    if not all(map(isfinite, numbers)):
        places = [i for i in places if isfinite(numbers[i])]
    if len(places) < 4:  # noqa: PLR2004  # fewer numbers have no course
        found.rare.extend(column.rows(places))
        return
    series = numbers if len(places) == len(numbers) else [numbers[i] for i in places]
    order = sorted(series)
    if series == order or series == order[::-1]:
        # A counter or a clock: its extremes are its ends. What tells is where it jumps.
        _study_course(column, series, places, found)
        return
    quarter = len(order) // 4
    low, high = order[quarter], order[-1 - quarter]
    fence = 3 * (high - low) or abs(high) or 1.0
    few = max(2, len(places) // 50)
    if order[0] < low - fence:
        _note_outliers(column, [i for i in places if numbers[i] < low - fence], few, found)
    if order[-1] > high + fence:
        _note_outliers(column, [i for i in places if numbers[i] > high + fence], few, found)
    found.extremes.extend(column.rows([numbers.index(order[-1]), numbers.index(order[0])]))
    if len(counts) <= FEW_VALUES:
        _note_examples(column, column.cells, counts, found)
        once = [column.cells.index(text) for text, count in counts.items() if count == 1]
        if len(once) <= few and len(places) > 3 * len(counts):
            _note_rare(column, once, found)
    else:
        _study_course(column, series, places, found)


def _note_outliers(column: Column, outliers: list[int], few: int, found: Findings) -> None:
    if len(outliers) <= few:
        _note_rare(column, outliers, found)


def _study_course(column: Column, series: list[float], places: Sequence[int], found: Findings) -> None:
    """Note where a series jumps furthest, and where its mean changes (the peak of the cumulated sum, CUSUM)."""
    steps = list(map(abs, map(sub, series[1:], series)))
    usual = sorted(steps)[len(steps) // 2]
    furthest = max(steps)
    if furthest > 8 * usual > 0:
        jump = steps.index(furthest)
        found.changes.extend(column.rows([places[jump], places[jump + 1]]))
    mean = sum(series) / len(series)
    drift = list(accumulate([number - mean for number in series]))
    peak = max(drift, key=abs)
    if abs(peak) > len(series) * usual:
        found.changes.extend(column.rows([places[drift.index(peak)]]))
