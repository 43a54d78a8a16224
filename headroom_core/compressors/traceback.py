"""
The compressor of tracebacks and stack traces.

Exceptions, messages and the frames of the user's own code are shown, frames of libraries are counted. A traceback that says
the same as one before it is named and not shown again.
"""

from __future__ import annotations

from collections import Counter

from headroom_core.compressors.base import Compressed, Refused, Request
from headroom_core.compressors.line_view import Lines, LineView
from headroom_core.compressors.log.tracebacks import Traceback, find_tracebacks

FEW_LIBRARIES = 2
"""Libraries that a marker names; of more the number is told."""


class TracebackCompressor:
    """Shortens tracebacks of Python, Java, JavaScript, Go, Rust, .NET, Ruby and PHP, and what stands between them stays."""

    kind = "traceback"

    def compress(self, original: str, /, request: Request) -> Compressed | Refused:
        """Return the view of tracebacks, or that there are none."""
        request.budget.spend(len(original))
        if request.mode == "lossless":
            return Refused("frames can only be left out")
        lines = Lines(original)
        found = find_tracebacks(original, lines.texts)
        if not found:
            return Refused("no traceback in it")
        view = LineView(lines, request)
        seen: dict[str, Traceback] = {}
        position = 0
        for traceback in found:
            view.show(position, traceback.start)
            first = seen.setdefault(traceback.signature, traceback)
            if first is traceback:
                _write(view, traceback)
            else:
                view.omit(traceback.start, traceback.end, note=f"says the same as lines {first.start + 1}-{first.end}")
            position = traceback.end
        view.show(position, len(lines))
        return view.finish()


def _write(view: LineView, traceback: Traceback) -> None:
    position = traceback.start
    for line in (*traceback.kept, traceback.end):
        if line > position:
            view.skip_to(line, note=_frames(traceback, position, line))
        if line < traceback.end:
            view.show(line)
        position = line + 1


def _frames(traceback: Traceback, start: int, end: int) -> str:
    """Say how many frames stand on the lines from `start` up to `end`, and in which libraries."""
    inside = [frame for frame in traceback.frames if start <= frame.start < end]
    if not inside:
        return ""
    libraries = Counter(frame.library for frame in inside if frame.library)
    said = f"{len(inside)} frame{'s' * (len(inside) > 1)}"
    if not libraries:
        return said
    named = " and ".join(list(libraries)[:FEW_LIBRARIES]) if len(libraries) <= FEW_LIBRARIES else f"{len(libraries)} libraries"
    return f"{said} in {named}"
