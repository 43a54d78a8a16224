"""The compressor of tables written as text."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

from headroom_core.compressors.asked import asked_of
from headroom_core.compressors.base import Compressed, Refused, Request
from headroom_core.compressors.line_view import Lines, LineView
from headroom_core.compressors.room import room_chars
from headroom_core.compressors.text_table.choice import choose_rows
from headroom_core.compressors.text_table.encoding import Encoding, encoding_of
from headroom_core.compressors.text_table.grid import Grid
from headroom_core.compressors.text_table.pipes import read_pipes, rule_at
from headroom_core.compressors.text_table.separated import read_separated
from headroom_core.compressors.text_table.summary import summary

SUMMARY_ROOM = 1_000
"""Characters; a table with less room is for its errors, not for a summary."""


class TableCompressor:
    """
    Shortens CSV, TSV and Markdown tables.

    What is the same in all rows is said once, and needless quotes and padding go. What is still too long loses the rows that
    say the least, never the header; each run of omitted rows is announced in its place.
    """

    kind = "table"

    def compress(self, original: str, /, request: Request) -> Compressed | Refused:
        """Return the view of a table, or why the text is none."""
        request.budget.spend(len(original))
        lines = Lines(original)
        rule = rule_at(lines)
        grid = read_separated(lines) if rule is None else read_pipes(lines, rule)
        if isinstance(grid, Refused):
            return grid
        request.budget.spend(2 * grid.rows * len(grid.columns))
        encoding = encoding_of(grid, lines)
        room = room_chars(original, request)
        if room is not None and grid.style != "plain":
            # Quotes and padding take few tokens for their characters, so without them a token has fewer characters.
            room = room * (len(original) + encoding.chars) // (2 * len(original))
        if room is None or encoding.chars <= room:
            return _write(grid, lines, encoding, None, "", request)
        said = room >= SUMMARY_ROOM
        counts = [Counter(column) for column in grid.columns]
        asked = asked_of(request.receiver.query)
        rows = choose_rows(grid, lines, counts, encoding.chars / grid.rows, room, said=said, asked=asked)
        last = summary(grid.names, grid.columns, counts, rows) if said and len(rows) < grid.rows else ""
        return _write(grid, lines, encoding, rows, last, request)


def _write(grid: Grid, lines: Lines, encoding: Encoding, rows: Sequence[int] | None, last: str, request: Request) -> Compressed:
    view = LineView(lines, request)
    legend = [f"table: {grid.rows} rows"] if rows is not None else ["table"] if encoding.legend else []
    if legend:
        view.say(f"[{'; '.join([*legend, *encoding.legend])}]")
    if encoding.header is None:
        view.show(0, grid.top)
    else:
        view.show(0, encoding.header_at)
        view.rewrite(encoding.header_at, grid.top, encoding.header)
    done = 0
    for first, end in _runs(grid, range(grid.rows) if rows is None else rows):
        line = grid.firsts[first]
        upto = bisect_left(grid.odd, line)
        _show_odd(view, grid.odd[done:upto])
        done = upto
        if encoding.write is None:
            view.show(line, grid.ends[end - 1])
        else:
            view.rewrite(line, grid.ends[end - 1], encoding.write(first, end))
    _show_odd(view, grid.odd[done:])
    if last:
        whole = len(lines) - (lines.texts[-1] == "")
        view.show(whole, whole)
        view.say(last)
    return view.finish()


def _show_odd(view: LineView, places: Sequence[int]) -> None:
    for place in places:
        view.show(place)


def _runs(grid: Grid, rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the runs of rows that stand line by line without others between them, as first row and the row behind the last."""
    start = before = -1
    for row in rows:
        if start >= 0 and (row != before + 1 or grid.firsts[row] != grid.ends[before]):
            yield start, before + 1
            start = row
        elif start < 0:
            start = row
        before = row
    if start >= 0:
        yield start, before + 1
