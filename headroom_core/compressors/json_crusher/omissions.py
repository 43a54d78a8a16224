"""From what a plan leaves out to the places of it in the original, found when somebody asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from headroom_core import markers
from headroom_core.compressors.base import Place
from headroom_core.compressors.json_crusher.blocks import RowsOf, Shaped
from headroom_core.compressors.json_crusher.dropped import all_gone
from headroom_core.compressors.json_crusher.locate import Span, Wanted, locate
from headroom_core.compressors.json_crusher.plan import TablePlan
from headroom_core.compressors.json_crusher.table import ONE, Leaf, Path, Record, Table, path_name, steps_of
from headroom_core.compressors.json_crusher.values import Steps
from headroom_core.payload import OmittedSpan, Spans


@dataclass(frozen=True, slots=True)
class Omissions:
    """
    The parts of one original that a view leaves out. Calling it finds them, by one walk over the original.

    Keeps the original and the plan, but none of the parsed values; of a string that holds JSON, its text and the same.
    """

    original: str
    lines: bool
    handle: str | None
    wanted: Wanted
    cut: tuple[tuple[Span, str], ...]
    parts: tuple[tuple[Steps, Spans], ...]
    place: Place

    def __call__(self) -> tuple[OmittedSpan, ...]:
        """Return the spans, ordered and disjoint."""
        found = [
            OmittedSpan(start, end, markers.reference(self.handle, self.place.chars(start, end)), label)
            for (start, end), label in self.cut
            if end > start
        ]
        for (start, end), mark in locate(self.original, self.wanted, lines=self.lines):
            part = mark if isinstance(mark, markers.Range) else self.place.chars(start, end)
            found.append(OmittedSpan(start, end, markers.reference(self.handle, part), str(mark)))
        found.extend(self._in_parts())
        found.sort(key=lambda span: (span.start, -span.end))
        disjoint: list[OmittedSpan] = []
        for span in found:
            if not disjoint or span.start >= disjoint[-1].end:
                disjoint.append(span)
        return tuple(disjoint)

    def _in_parts(self) -> Iterator[OmittedSpan]:
        """Yield what the views of strings leave out, where it stands in this document."""
        wanted = Wanted()
        for steps, spans in self.parts:
            chars = wanted.at(steps).chars
            chars.extend((span.start, span.end, span) for span in (spans() if callable(spans) else spans))
        if self.parts:
            for (start, end), mark in locate(self.original, wanted, lines=self.lines):
                if isinstance(mark, OmittedSpan):  # as all marks above are
                    yield replace(mark, start=start, end=end)


def wanted_of(blocks: list[tuple[Shaped, TablePlan]], main: Shaped | None, rows_of: RowsOf) -> Wanted:
    """Return what to look for: the runs of rows and the columns that the plans leave out."""
    wanted = Wanted()
    for shaped, made in blocks:
        block = shaped.block
        columns = columns_wanted(shaped, made)
        if made.rows is None and not columns.inside and columns.each is None:
            continue
        here = wanted.at(block.steps)
        here.inside.update(columns.inside)
        here.each = columns.each
        expected = 0
        for row in [*(made.rows if made.rows is not None else range(shaped.table.rows)), shaped.table.rows]:
            if row > expected:
                name = None if shaped is main else block.pointer
                here.runs.append((expected, row - 1, rows_of(expected + 1, row, name)))
            expected = row + 1
    return wanted


def columns_wanted(shaped: Shaped, made: TablePlan) -> Wanted:
    """Return the columns that a plan leaves out, as what to look for in each row that is shown."""
    found = Wanted()
    block, table = shaped.block, shaped.table
    dropped = made.dropped
    if not dropped:
        return found
    template = _template(table, dropped, frozenset())
    told = {row: {leaf.path for leaf, _ in cells} for row, cells in made.telling.items()}
    for row, extra in table.extras.items():
        told.setdefault(row, set()).update(path for path, _ in extra)
    if made.rows is None:
        found.each = template
    templates: dict[frozenset[Path], Wanted] = {frozenset(): template}
    for row in told if made.rows is None else made.rows:
        shown = frozenset(told.get(row, ()))
        if shown not in templates:
            templates[shown] = _template(table, dropped, shown)
        found.inside[block.step(row)] = templates[shown]
    return found


def _template(table: Table, dropped: set[Leaf], shown: frozenset[Path]) -> Wanted:
    """Return what to look for in each row; columns at or under a path in `shown` stand in the view after all."""
    wanted = Wanted()
    _want(table.root, dropped, shown, wanted)
    return wanted


def _want(node: Leaf | Record, dropped: set[Leaf], shown: frozenset[Path], wanted: Wanted) -> None:
    if any(node.path[: len(path)] == path for path in shown):
        return
    if isinstance(node, Record):
        if node.path and all_gone(node, dropped) and not any(path[: len(node.path)] == node.path for path in shown):
            wanted.at(steps_of(node.path)).whole.append(f"column {path_name(node.path)}")
            return
        for child in node.children:
            _want(child, dropped, shown, wanted)
    elif node in dropped:
        wanted.at(steps_of(node.path)).whole.append(f"column {node.label}")
    elif node.inner is not None:
        inner = _template(node.inner, dropped, frozenset())
        if inner.inside:
            here = wanted.at(steps_of(node.path))
            here.each = inner
            if ONE in (node.sizes or ()):
                here.inside.update(inner.inside)
