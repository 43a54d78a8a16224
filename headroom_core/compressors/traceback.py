"""TracebackCompressor: what was raised, where the user's own code stood, and which library frames lay between."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from headroom_core.compressors.base import Compressed, Refused, Request
from headroom_core.compressors.line_view import Lines, LineView
from headroom_core.compressors.log.source import Source
from headroom_core.compressors.log.stacks import Frame
from headroom_core.compressors.log.tracebacks import Traceback, find_tracebacks
from headroom_core.compressors.room import room_chars

FRAMES: tuple[int | None, ...] = (None, 6, 2, 1)
"""Frames of a traceback that are shown, from where it broke: fewer as long as the view has no room for them."""

NAMED_LIBRARIES = 2
"""Libraries that a marker names; of more, only the number of frames is told."""

EDGE_LINES = 3
"""Lines that are shown from both ends of a text between tracebacks where a caller leaves no room for all of them."""


class TracebackCompressor:
    """
    Shortens tracebacks, by themselves or with some lines around them.

    The view shows each exception with its message and the frames of the user's own code. A marker stands for library frames
    and says how many there were; a traceback that says the same as an earlier one is named by the lines of that.
    """

    kind = "traceback"

    def compress(self, original: str, /, request: Request) -> Compressed | Refused:
        """Return the view of tracebacks, or why there is none."""
        request.budget.spend(len(original) + 1)
        lines = Lines(original)
        found = find_tracebacks(Source(original, lines.texts))
        if not found:
            return Refused("no traceback is in it")
        if request.mode == "lossless":
            return Refused("frames can only be left out")
        room = room_chars(original, request)
        firm = request.firm
        view = _View(lines, request, found)
        made = view.write(None, cut=False)
        for most in FRAMES[1:]:
            if room is None or len(made.text) <= room:
                break
            request.budget.spend(len(lines) + 1)
            made = view.write(most, cut=firm)
        return made


class _View:
    """Writes the view, with all frames that tell or with fewer of them."""

    def __init__(self, lines: Lines, request: Request, found: Sequence[Traceback]) -> None:
        self._lines = lines
        self._request = request
        self._found = found

    def write(self, most: int | None, *, cut: bool) -> Compressed:
        """Show `most` frames of each traceback, or all that tell; `cut` leaves out the middle of what stands around them."""
        view = LineView(self._lines, self._request)
        seen: dict[str, Traceback] = {}
        at = 0
        for traceback in self._found:
            self._around(view, at, traceback.start, cut=cut)
            first = seen.setdefault(traceback.signature, traceback)
            if first is traceback:
                self._show(view, traceback, most)
            else:
                self._repeat(view, traceback, first)
            at = traceback.end
        self._around(view, at, len(self._lines), cut=cut)
        return view.finish()

    def _around(self, view: LineView, start: int, end: int, *, cut: bool) -> None:
        if cut and end - start > 2 * EDGE_LINES:
            view.show(start, start + EDGE_LINES)
            start = end - EDGE_LINES
        if end > start:
            view.show(start, end)

    def _show(self, view: LineView, traceback: Traceback, most: int | None) -> None:
        kept: Sequence[int] = traceback.kept
        if most is not None:
            kept = _fewer(traceback, most)
        before = traceback.start
        for number in kept:
            view.show(number, note=_note(traceback.frames, before, number) if number > before else "")
            before = number + 1
        view.skip_to(traceback.end, note=_note(traceback.frames, before, traceback.end))

    def _repeat(self, view: LineView, traceback: Traceback, first: Traceback) -> None:
        """Name the earlier traceback that says the same; a message with other numbers is shown."""
        place = self._request.place.lines(first.start + 1, first.end)
        texts = self._lines.texts
        said = [texts[number].strip() for number in _said(first)]
        kept = [number for number, known in zip(_said(traceback), said, strict=False) if texts[number].strip() != known]
        before = traceback.start
        for number in kept:
            view.show(number, note=_same(place) if number > before else "")
            before = number + 1
        view.skip_to(traceback.end, note=_same(place))


def _same(place: object) -> str:
    return f"says the same as {place}"


def _said(traceback: Traceback) -> list[int]:
    """Return the lines of a traceback that are shown and belong to no frame."""
    inside = {number for frame in traceback.frames for number in range(frame.start, frame.end)}
    return [number for number in traceback.kept if number not in inside]


def _fewer(traceback: Traceback, most: int) -> list[int]:
    """Return what was said, and the lines of the frames next to where it broke."""
    shown = set(traceback.kept)
    frames = [frame for frame in traceback.frames if frame.start in shown]
    own = [frame for frame in frames if not frame.library] or frames
    last = own[:most] if traceback.innermost_first else own[-most:]
    return sorted({*_said(traceback), *(number for frame in last for number in range(frame.start, frame.end))})


def _note(frames: Sequence[Frame], start: int, end: int) -> str:
    """Say how many frames stand on the lines from `start` up to `end`, and in which libraries."""
    first = bisect_left(frames, start, key=lambda frame: frame.start)
    behind = bisect_left(frames, end, key=lambda frame: frame.start)
    left_out = frames[first:behind]
    if not left_out:
        return ""
    count = f"{len(left_out)} frame{'s' * (len(left_out) > 1)}"
    libraries = Counter(frame.library for frame in left_out)
    if "" in libraries:
        return count
    if len(libraries) <= NAMED_LIBRARIES:
        return f"{count} in {' and '.join(libraries)}"
    return f"{count} in {len(libraries)} libraries"
