"""
The compressor of search results.

Each file is named once, with its matches below it, without their indentation; a line that repeats in a file is shown once, with
all its numbers. What is still too long loses matches that are like others; each file keeps at least one.
"""

from __future__ import annotations

from headroom_core import markers
from headroom_core.compressors.base import Compressed, Refused, Request
from headroom_core.compressors.line_view import Lines, LineView, word_end_before
from headroom_core.compressors.room import chars_for, room_chars
from headroom_core.compressors.search.choice import Chosen, choose, matches_note
from headroom_core.compressors.search.results import LONG_TEXT, Result, files_of
from headroom_core.payload import OmittedSpan

WHOLE_TOKENS = 3_000
"""A balanced view of up to about so many tokens shows every match: each is a place that the reader may have asked for."""


class SearchCompressor:
    """Shortens lists of matches, with or without context lines and headings."""

    kind = "search"

    def compress(self, original: str, /, request: Request) -> Compressed | Refused:
        """Return the view of search results, or why the text is none."""
        request.budget.spend(len(original))
        lines = Lines(original)
        files = files_of(lines.texts)
        if files is None:
            return Refused("too few of its lines are matches with a path and a number")
        chosen = choose(files, _room(original, request), ceiling=request.firm)
        return _write(lines, chosen, request)


def _room(original: str, request: Request) -> int | None:
    """Return the characters that the view may have, or None where nothing may be left out."""
    room = room_chars(original, request)
    if room is None or request.target_tokens is not None or request.mode != "balanced":
        return room
    return max(room, chars_for(WHOLE_TOKENS, original, request))


def _write(lines: Lines, chosen: list[Chosen], request: Request) -> Compressed:
    view = LineView(lines, request)
    for part in chosen:
        view.told(other.line for result in part.shown for other in result.told)
        if part.file.heading is not None:
            view.show(part.file.heading)
        elif part.file.path:
            view.skip_to(part.file.start)
            view.say(part.file.path)
        hidden = iter(part.hidden)
        waiting = next(hidden, None)
        for result in part.shown:
            passed = []
            while waiting is not None and waiting.line < result.line:
                passed.append(waiting)
                waiting = next(hidden, None)
            _show(view, lines, result, request, matches_note(passed))
        rest = [waiting, *hidden] if waiting is not None else []
        view.skip_to(part.file.end, note=matches_note(rest))
    return view.finish()


def _show(view: LineView, lines: Lines, result: Result, request: Request, note: str) -> None:
    """Write one result: its numbers, and its text."""
    text = result.text
    said = ",".join([result.number, *(other.number for other in result.told)]) + result.mark
    if len(text) <= LONG_TEXT:
        view.rewrite(result.line, result.line + 1, f"{said}{text}", note=note)
        return
    end = len(lines.texts[result.line].rstrip())
    cut = word_end_before(text, LONG_TEXT)
    start = end - len(text) + cut
    base = lines.starts[result.line]
    part = request.place.chars(base + start, base + end)
    span = OmittedSpan(start, end, markers.reference(request.handle, part), str(part))
    shown = f"{said}{text[:cut]}{markers.marker(part, tokens=request.price(end - start, len(lines.text)))}"
    view.part(result.line, result.line + 1, Compressed(text=shown, omitted=(span,)), note=note)
