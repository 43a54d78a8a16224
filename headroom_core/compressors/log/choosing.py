"""Which lines of a log are shown, and in which order they claim the room there is."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf

from headroom_core.compressors.log import hints
from headroom_core.compressors.log.events import SUMMARY, Event
from headroom_core.compressors.log.slots import Values
from headroom_core.compressors.log.templates import RARE, Mined, Template, is_usual

EDGE = 3
"""Lines of the head and of the tail that are shown."""

MARKER_CHARS = 48
"""Characters that a marker takes about, with what it says of the lines it stands for."""

ACCOUNT_CHARS = 80
"""Characters that the account of a template takes about."""

LONG_LINE = 800
"""Characters of a line that are shown, about; longer ones lose their middle."""

LEAST_LINES = 8
"""Lines that a view has room for, at the least, as long as `SHORT_LINE` allows it."""

SHORT_LINE = 240
"""The same where there is little room."""

USUAL_TEMPLATES = 12
"""Templates, the most frequent ones, that are shown before what is rare where a caller sets a ceiling."""

FEW_ERRORS = 48
"""Where errors take no more lines than this, all of them are shown and not one of each template."""

ANCHORS = 12
"""Stretches that a log is divided into, to show where in its course the reader is."""


def line_chars(room: int) -> int:
    """Return the characters of a line that a view shows which aims at `room` characters."""
    return max(SHORT_LINE, min(LONG_LINE, room // LEAST_LINES))


@dataclass(slots=True)
class _Room:
    """Takes lines as long as they fit."""

    chosen: set[int]
    lines: Sequence[str]
    longest: int
    used: int = 0

    def take(self, line: int, limit: float, *, account: bool = False) -> bool:
        """Show a line if that keeps the view under `limit` characters."""
        if line in self.chosen:
            return True
        beside = (line - 1 in self.chosen) + (line + 1 in self.chosen)
        marker = MARKER_CHARS * (1 - beside)
        cost = min(len(self.lines[line]), self.longest) + 1 + marker + (ACCOUNT_CHARS if account else 0)
        if self.used + cost > limit:
            return False
        self.used += cost
        self.chosen.add(line)
        return True


def choose(
    mined: Mined,
    values: Sequence[Values],
    events: Sequence[Event],
    lines: Sequence[str],
    room: int,
    *,
    firm: bool,
    errors_room: float,
    compact: bool,
    asked: Sequence[int] = (),
) -> list[int]:
    """
    Return the lines to show, in order.

    Args:
        mined: The templates.
        values: What differs in each of them.
        events: What takes several lines.
        lines: The text.
        room: Characters that the view aims at.
        firm: Whether the room is a ceiling that a caller has set: counts get a share of it.
        errors_room: Characters that errors may take, one line of each; they may go beyond the room where nobody set a ceiling.
        compact: Whether less is wanted.
        asked: Lines that hold what the reader asks for.

    """
    view = _Room(set(), lines, line_chars(room))
    inside = {line for event in events for line in range(event.start, event.end)}
    usual = sorted((t for t in mined.templates if len(t.lines) > RARE and t.shape), key=lambda t: -len(t.lines))
    bad = [t for t in mined.templates if t.severity == hints.ERROR]
    edges = _edges(lines, 1 if compact else EDGE)

    first_of_kind = _first_of_each_signature(events)
    _take_events(view, [e for e in first_of_kind if e.severity == SUMMARY], 0.3 * room)
    _take_events(view, [e for e in first_of_kind if e.severity == hints.ERROR], 0.5 * room)
    _take_templates(view, bad, inside, errors_room)
    if not view.chosen:
        # However little room there is: a view with errors that shows none would be hollow.
        _take_templates(view, bad[:1], inside, inf)
    _take_lines(view, asked, room)
    if firm:
        _take_templates(view, usual[:USUAL_TEMPLATES], inside, 0.8 * room)
        _take_lines(view, edges, 0.9 * room)
        _take_templates(view, bad, inside, room)
    _take_lines(view, edges, room)
    _take_events(view, [e for e in first_of_kind if e.severity == hints.WARNING], room)
    _take_templates(view, [t for t in mined.templates if t.severity == hints.WARNING], inside, room)
    rare = _rare_lines(mined, inside)
    _take_lines(view, [line for depth, line in rare if depth == 0], room)
    _take_templates(view, usual, inside, room)
    _take_lines(view, [line for _, line in rare], room)
    _take_lines(view, [line for found in values for line in found.rare if line not in inside], room)
    if not compact:
        errors = sorted(line for t in bad for line in t.lines if line not in inside)
        if len(errors) <= FEW_ERRORS:
            _take_lines(view, errors, room)
        _take_lines(view, [line for line in _anchors(sorted(view.chosen), mined.of_line) if line not in inside], room)
    return sorted(view.chosen)


def _take_lines(view: _Room, lines: Iterable[int], limit: float) -> None:
    for line in lines:
        view.take(line, limit)


def _take_templates(view: _Room, templates: Iterable[Template], inside: set[int], limit: float) -> None:
    for template in templates:
        first = template.lines[0]
        if first in inside:
            first = next((line for line in template.lines if line not in inside), -1)
        if first >= 0 and template.shape:
            view.take(first, limit, account=is_usual(template))


def _take_events(view: _Room, events: Iterable[Event], limit: float) -> None:
    for event in events:
        _take_lines(view, event.kept, limit)


def _first_of_each_signature(events: Sequence[Event]) -> list[Event]:
    first: dict[str, Event] = {}
    for event in events:
        first.setdefault(event.signature, event)
    return list(first.values())


def _edges(lines: Sequence[str], each: int) -> list[int]:
    """Return the first and the last lines that are not blank, from the outside in."""
    filled = (n for n, line in enumerate(lines) if line.strip())
    head = [n for n, _ in zip(filled, range(each), strict=False)]
    back = (n for n in range(len(lines) - 1, -1, -1) if lines[n].strip())
    tail = [n for n, _ in zip(back, range(each), strict=False)]
    return [n for pair in zip(head, tail, strict=True) for n in pair]


def _anchors(chosen: Sequence[int], of_line: Sequence[int]) -> list[int]:
    """Return lines at even distances, save where all lines around have one shape: a count tells as much."""
    anchors: list[int] = []
    for part in range(1, ANCHORS + 1):
        line = len(of_line) * part // (ANCHORS + 1)
        after = bisect_left(chosen, line)
        start = chosen[after - 1] + 1 if after else 0
        end = chosen[after] if after < len(chosen) else len(of_line)
        if len(set(of_line[start:end])) > 1:
            anchors.append(line)
    return anchors


def _rare_lines(mined: Mined, inside: set[int]) -> list[tuple[int, int]]:
    """
    Return the first line of each rare template, with how deep it stands in a stretch of such lines.

    A rare line among frequent ones tells of something that happened. Many rare lines one after the other are a text, a dump or
    a listing inside the log: their first lines say what it is.
    """
    found: list[tuple[int, int]] = []
    depth = 0
    templates = mined.templates
    for line, number in enumerate(mined.of_line):
        template = templates[number]
        if not template.shape:
            continue
        if len(template.lines) > RARE:
            depth = 0
            continue
        if line == template.lines[0] and line not in inside:
            found.append((depth, line))
        depth += 1
    found.sort()
    return found
