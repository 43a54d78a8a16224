"""Reading CSV and TSV, quoted or not, with the lines that each row takes."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import repeat

from headroom_core.compressors.base import Refused
from headroom_core.compressors.line_view import Lines
from headroom_core.compressors.text_table.grid import LEAST_LINES, MOST_TOP_LINES, Grid, too_many_odd

DELIMITERS = ("\t", ";", "|", ",")
"""What cells are told apart by, in the order of trial: a comma may stand in cells where another delimiter is used."""

SAMPLE_LINES = 200
"""Lines that are looked at to tell the delimiter, and whether the text is prose."""

MOST_SAMPLE_CHARS = 4_000
"""Characters of a line that are looked at; a longer line is judged by its start."""

WORDY_SPACES = 3
"""A cell with as many spaces is a phrase; a table has a column without phrases."""

PLAIN_SHARE = 0.9
"""Share of the cells of a column without phrases that are none."""

PROSE_SHARE = 0.5
"""Commas are those of prose where behind each of them more than this share of the cells are phrases that start with a space."""

_CLOCK_WITH_COMMA = re.compile(r"\[?\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d,\d{3}\b")
_NUMBER_OR_DATE = re.compile(r"\s*[-+$€£]?\d[\d.,:eE/+ TZ-]*%?\s*")
_OPENS_LIKE_OTHERS = ("{", "[", " ", "\t", "<", "- ", "* ", "+", "//", "> ")
"""How lines of JSON, code, markup, lists and diffs open; a table has no more of them than one in two."""


def read_separated(lines: Lines) -> Grid | Refused:
    """Return the table that the lines hold, or why they hold none."""
    texts = lines.texts
    sample = [text[:MOST_SAMPLE_CHARS] for text in texts[:SAMPLE_LINES] if text.strip()]
    if len(sample) < LEAST_LINES:
        return Refused("not a table: fewer than five lines")
    quoted = '"' in lines.text
    for delimiter in DELIMITERS:
        if sample[-1].count(delimiter) + sample[-2].count(delimiter) == 0:
            continue
        reason = _foreign(sample, delimiter)
        if reason:
            return Refused(reason)
        grid = _read_quoted(lines, delimiter) if quoted else None
        grid = grid or _read_plain(lines, delimiter)
        if grid is not None:
            return grid
    return Refused("not a table: its lines do not have like cells")


def _read_plain(lines: Lines, delimiter: str) -> Grid | None:
    """Read rows of one line each, where quotes mean nothing."""
    texts = lines.texts
    counts = list(map(str.count, texts, repeat(delimiter)))
    width = Counter(counts[:SAMPLE_LINES]).most_common(2)
    usual = width[0][0] or (width[1][0] if len(width) > 1 else 0)
    if not usual:
        return None
    fitting = [place for place, count in enumerate(counts) if count == usual]
    header = fitting[0]
    odd = _odd_lines(texts, fitting, header) if len(fitting) < len(texts) else []
    if odd is None:
        return None
    joined = "\n".join([texts[place] for place in fitting])
    if "\r" in joined:
        joined = joined.replace("\r", "")
    flat = joined.replace("\n", delimiter).split(delimiter)
    columns = [flat[place :: usual + 1] for place in range(usual + 1)]
    del flat, joined
    one_run = fitting[-1] - header == len(fitting) - 1
    firsts: Sequence[int] = range(header, header + len(fitting)) if one_run else fitting
    ends: Sequence[int] = range(header + 1, header + 1 + len(fitting)) if one_run else [place + 1 for place in fitting]
    return _with_header(
        Grid(style="plain", delimiter=delimiter, top=header, firsts=firsts, ends=ends, columns=columns, odd=odd)
    )


def _read_quoted(lines: Lines, delimiter: str) -> Grid | None:
    """Read rows whose cells may stand in quotes, with delimiters and line ends inside."""
    texts = lines.texts
    try:
        rows = list(csv.reader(map(str.__add__, texts, repeat("\n")), delimiter=delimiter))
        firsts = range(len(rows)) if len(rows) == len(texts) else list(_first_lines(texts, delimiter))
    except csv.Error:
        return None
    usual = Counter(map(len, rows[:SAMPLE_LINES])).most_common(1)[0][0]
    fitting = [place for place, row in enumerate(rows) if len(row) == usual]
    if usual < 2 or not fitting:  # noqa: PLR2004  # one column is a list
        return None
    ends = [*firsts[1:], len(texts)]
    odd: list[int] = []
    if len(fitting) < len(rows):
        known = set(fitting)
        misfits = [place for place, row in enumerate(rows) if place not in known and row]
        top = firsts[fitting[0]]
        above = sum(place < fitting[0] for place in misfits)
        if above > MOST_TOP_LINES or too_many_odd(len(misfits) - above, len(fitting)):
            return None
        odd = [line for place in misfits if firsts[place] >= top for line in range(firsts[place], ends[place])]
    if len(fitting) < LEAST_LINES:
        return None
    columns = [list(column) for column in zip(*(rows[place] for place in fitting), strict=True)]
    return _with_header(
        Grid(
            style="quoted",
            delimiter=delimiter,
            top=firsts[fitting[0]],
            firsts=[firsts[place] for place in fitting],
            ends=[ends[place] for place in fitting],
            columns=columns,
            odd=odd,
        )
    )


def _first_lines(texts: list[str], delimiter: str) -> Iterator[int]:
    """Yield the first line of each row that the CSV reader finds."""
    reader = csv.reader(map(str.__add__, texts, repeat("\n")), delimiter=delimiter)
    first = 0
    for _ in reader:
        yield first
        first = reader.line_num


def _odd_lines(texts: list[str], fitting: list[int], header: int) -> list[int] | None:
    """Return the lines below the header that are no rows and not empty, or None where there are too many."""
    known = set(fitting)
    misfits = [place for place, text in enumerate(texts) if place not in known and text and not text.isspace()]
    odd = [place for place in misfits if place > header]
    return None if len(misfits) - len(odd) > MOST_TOP_LINES or too_many_odd(len(odd), len(fitting)) else odd


def _with_header(grid: Grid) -> Grid | None:
    """Take the first row off as the header, where it looks like one."""
    if grid.rows < LEAST_LINES:
        return None
    names = [column[0].strip().lstrip("\ufeff") for column in grid.columns]
    if any(_NUMBER_OR_DATE.fullmatch(name[:60]) for name in names) or not any(names):
        return grid
    grid.names = names
    grid.header_at = grid.firsts[0]
    grid.top = grid.ends[0]
    grid.firsts, grid.ends = grid.firsts[1:], grid.ends[1:]
    for column in grid.columns:
        del column[0]
    return grid


def _foreign(sample: list[str], delimiter: str) -> str:
    """Say what the lines are where they are no table though they have delimiters; nothing where they may be one."""
    if delimiter == "\t":
        return ""
    if 2 * sum(text.startswith(_OPENS_LIKE_OTHERS) for text in sample) > len(sample):
        return "not a table: its lines open like code, JSON or a list"
    if delimiter != ",":
        return ""
    if 2 * sum(bool(_CLOCK_WITH_COMMA.match(text)) for text in sample) > len(sample):
        return "not a table: the comma belongs to a log's clock"
    rows = [text.split(delimiter) for text in sample]
    if '"' in "".join(sample):
        with suppress(csv.Error):  # quotes that mean nothing
            rows = list(csv.reader(sample, delimiter=delimiter))
    width = Counter(map(len, rows)).most_common(1)[0][0]
    rows = [row for row in rows if len(row) == width]
    plain = [_share(rows, place, lambda cell: cell.count(" ") < WORDY_SPACES and cell[:1] != " ") for place in range(width)]
    led = [_share(rows, place, lambda cell: cell.count(" ") > WORDY_SPACES and cell[:1] == " ") for place in range(1, width)]
    if max(plain, default=0) >= PLAIN_SHARE and not all(share > PROSE_SHARE for share in led):
        return ""
    return "not a table: its cells read like prose"


def _share(rows: list[list[str]], place: int, says: Callable[[str], bool]) -> float:
    return sum(says(row[place]) for row in rows) / len(rows)
