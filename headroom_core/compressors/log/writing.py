"""Writes the view of a log: lines in order, an account behind the first line of a template, markers that say what went."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from headroom_core import markers
from headroom_core.compressors.base import Compressed, Request
from headroom_core.compressors.line_view import Lines, LineView, word_end_before
from headroom_core.compressors.log import hints
from headroom_core.compressors.log.choosing import LONG_LINE, line_chars
from headroom_core.compressors.log.clock import last_time, time_words
from headroom_core.compressors.log.events import Event
from headroom_core.compressors.log.progress import is_progress, steps_to_show
from headroom_core.compressors.log.slots import Values
from headroom_core.compressors.log.templates import Mined, is_usual
from headroom_core.payload import OmittedSpan

SLOTS = 3
"""Places where its lines differ that the account of a template names; one more for errors."""

SLOTS_ROOM = 3_000
"""Characters under which a view names no such places, save one of errors."""

NAMED_TEMPLATES = 4
"""Templates that a marker names; lines of others are counted together."""

LEVELS = 6
"""Levels that the first line counts."""

NOT_COUNTED = -1
"""Stands for the template of a line that is counted with the event it belongs to."""

EVENT_VALUES = 8
"""Values named that differ among events that say the same."""

VALUE_CHARS = 40
"""Characters of such a value, and of the word before it, at the most."""

RUN = 3
"""Equal lines, one after the other, that are written once."""


def write_whole(lines: Lines, request: Request) -> Compressed:
    """Write a text with all that it says; only equal lines in a row, and what was written over, are folded."""
    view = LineView(lines, request)
    texts = lines.texts
    lossless = request.mode == "lossless"
    line = 0
    while line < len(texts):
        end = line + 1
        while end < len(texts) and texts[end] == texts[line]:
            end += 1
        if end - line >= RUN and texts[line]:
            view.rewrite(line, end, f"{texts[line]}\n(the line above {end - line:,} times)")
        elif not lossless and is_progress(texts[line]):
            view.part(line, line + 1, _shortened(lines, line, request, LONG_LINE))
            end = line + 1
        else:
            view.show(line, end)
        line = end
    return view.finish()


def write_chosen(
    lines: Lines,
    request: Request,
    mined: Mined,
    values: Sequence[Values],
    events: Sequence[Event],
    shown: Sequence[int],
    room: int,
) -> Compressed:
    """Write the chosen lines, and counts of the others, where the view aims at `room` characters."""
    return _Writer(lines, request, mined, values, events, shown, room).write()


class _Writer:
    def __init__(
        self,
        lines: Lines,
        request: Request,
        mined: Mined,
        values: Sequence[Values],
        events: Sequence[Event],
        shown: Sequence[int],
        room: int,
    ) -> None:
        self._longest = line_chars(room)
        self._slots = SLOTS if request.mode == "balanced" and room >= SLOTS_ROOM else 0
        self._lines = lines
        self._request = request
        self._mined = mined
        self._values = values
        self._shown = shown
        self._view = LineView(lines, request)
        # Templates by number, and behind them the kinds of events; blank lines are not counted.
        self._of_line = list(mined.of_line)
        self._severity = {number: template.severity for number, template in enumerate(mined.templates) if template.shape}
        self._accounts: dict[int, str] = {}
        # The line that stands for a template in the view, for those that have an account.
        self._labels: dict[int, str] = {}
        inside = {line for event in events for line in event.kept}
        for line in shown:
            number = mined.of_line[line]
            if number not in self._labels and line not in inside and is_usual(mined.templates[number]):
                self._labels[number] = f"#{line + 1 + request.place.line}"
                self._accounts[line] = self._account(number)
        self._know(events)

    def _know(self, events: Sequence[Event]) -> None:
        """Count what is told by several lines as one thing, where one of its kind is shown."""
        by_kind: dict[str, list[Event]] = defaultdict(list)
        for event in events:
            by_kind[event.signature].append(event)
        shown = set(self._shown)
        before = 1 + self._request.place.line
        for kind, same in enumerate(by_kind.values(), len(self._mined.templates)):
            first, last = same[0], same[-1]
            told = [line for line in first.kept if line in shown]
            if not told:
                continue
            self._labels[kind] = f"lines {first.start + before}-{first.end + before - 1}"
            self._severity[kind] = first.severity
            if len(same) > 1:
                at = last_time(self._lines.texts[first.start], self._lines.texts[last.start])
                where = f"last {last.start + before}" + (f" at {at}" if at else "")
                said = _differing([[self._lines.texts[line] for line in event.kept] for event in same])
                self._accounts[told[-1]] = f"({'; '.join([f'{self._labels[kind]} x{len(same)}, {where}', *said])})"
            for event in same:
                self._of_line[event.start : event.end] = [NOT_COUNTED] * (event.end - event.start)
                if event is not first:
                    self._of_line[event.start] = kind

    def write(self) -> Compressed:
        self._view.say(self._opening())
        previous = 0
        for line in self._shown:
            note = self._note(previous, line)
            text = self._lines.texts[line]
            if len(text) > self._longest + self._longest // 4 or is_progress(text):
                self._view.part(line, line + 1, _shortened(self._lines, line, self._request, self._longest), note=note)
            else:
                self._view.show(line, note=note)
            previous = line + 1
            if line in self._accounts:
                self._view.say(self._accounts[line])
        return self._view.finish(note=self._note(previous, len(self._mined.of_line)))

    def _opening(self) -> str:
        templates = [template for template in self._mined.templates if template.shape]
        levels: Counter[str] = Counter()
        for template in templates:
            if template.level:
                levels[template.level] += len(template.lines)
        count = sum(len(template.lines) for template in templates)
        # Where few lines have a level, as in builds, their counts would pass for those of all errors and warnings.
        told = levels.most_common(LEVELS) if 2 * levels.total() >= count else []
        said = ", ".join(f"{level} x{times}" for level, times in told)
        shapes = f"({count:,} lines of {len(templates):,} shapes{'; ' + said if said else ''}"
        label = next((label for label in self._labels.values() if label.startswith("#")), "")
        if not label:
            return shapes + ")"
        return f"{shapes}; {label} x9 means 9 lines shaped like line {label[1:]})"

    def _account(self, number: int) -> str:
        template = self._mined.templates[number]
        last = template.lines[-1]
        at = last_time(self._lines.texts[template.lines[0]], self._lines.texts[last])
        where = f"last {last + 1 + self._request.place.line}" + (f" at {at}" if at else "")
        said = [f"{self._labels[number]} x{len(template.lines)}, {where}"]
        most = self._slots + (1 if template.severity == hints.ERROR else 0)
        said.extend(f"{slot.example}: {slot.said}" for slot in self._values[number].slots[:most])
        return f"({'; '.join(said)})"

    def _note(self, start: int, end: int) -> str:
        """Return what stands in the lines from `start` up to `end`."""
        if start >= end:
            return ""
        severity = self._severity
        counts: dict[int, int] = {}
        for number in self._of_line[start:end]:
            counts[number] = counts.get(number, 0) + 1
        counts = {number: count for number, count in counts.items() if number in severity}
        known = sorted((n for n in counts if n in self._labels), key=lambda n: (-severity[n], -counts[n]))
        named = known[:NAMED_TEMPLATES]
        said = [self._labels[number] + (f" x{counts[number]}" if counts[number] > 1 else "") for number in named]
        others = {number: count for number, count in counts.items() if number not in named}
        total = sum(others.values())
        bad = sum(count for number, count in others.items() if severity[number] == hints.ERROR)
        if bad:
            said.append(f"{bad} error{'s' * (bad > 1)}" + (f" among {total} others" if total > bad else ""))
        elif total and said:
            said.append(f"{total} other{'s' * (total > 1)}")
        return ", ".join(said)


def _differing(events: Sequence[Sequence[str]]) -> list[str]:
    """Return what differs in the lines of events that say the same: the values at the last word where they do."""
    for same in reversed(list(zip(*events, strict=False))):
        rows = [text[:LONG_LINE].split() for text in same]
        first = rows[0]
        if any(len(row) != len(first) for row in rows):
            continue
        clock = time_words(same[0])
        for place in range(len(first) - 1, -1, -1):
            values = list(dict.fromkeys(row[place] for row in rows))
            if place in clock or len(values) == 1 or max(map(len, values)) > VALUE_CHARS:
                continue
            before = f"{first[place - 1]} " if place and len(first[place - 1]) <= VALUE_CHARS else ""
            more = f" and {len(values) - EVENT_VALUES} more" if len(values) > EVENT_VALUES else ""
            return [f"{before}{', '.join(values[:EVENT_VALUES])}{more}"]
    return []


def _shortened(lines: Lines, line: int, request: Request, longest: int) -> Compressed:
    """Return a long line without its middle, or one that was written over with its telling states."""
    text = lines.texts[line]
    kept = steps_to_show(text) if is_progress(text) else []
    if not kept or sum(end - start for start, end in kept) > 2 * longest:
        kept = [(0, word_end_before(text, longest * 3 // 4)), (_blank_behind(text, len(text) - longest // 4), len(text))]
    parts: list[str] = []
    spans: list[OmittedSpan] = []
    end = 0
    for start, stop in (*kept, (len(text), len(text))):
        if start - end > 1:
            place = request.place.chars(lines.starts[line] + end, lines.starts[line] + start)
            spans.append(OmittedSpan(end, start, markers.reference(request.handle, place), str(place)))
            parts.append(markers.marker(place, tokens=request.price(start - end, len(lines.text))))
        if stop > start:
            parts.append(text[start:stop])
        end = stop
    return Compressed(text="\n".join(parts), omitted=tuple(spans))


def _blank_behind(text: str, place: int) -> int:
    found = text.find(" ", place, place + 100)
    return found if found > 0 else place
