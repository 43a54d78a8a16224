"""LogCompressor: what happened, in order, with one line for each thing that was said and a count of the others."""

from __future__ import annotations

from math import inf

from headroom_core.compressors.asked import asked_of, places_of
from headroom_core.compressors.base import Compressed, Refused, Request
from headroom_core.compressors.line_view import Lines
from headroom_core.compressors.log.choosing import choose
from headroom_core.compressors.log.events import find_events
from headroom_core.compressors.log.likeness import why_no_log
from headroom_core.compressors.log.slots import study
from headroom_core.compressors.log.source import Source
from headroom_core.compressors.log.templates import mine
from headroom_core.compressors.log.writing import write_chosen, write_whole
from headroom_core.compressors.room import room_chars


class LogCompressor:
    """
    Shortens logs, and what builds and tests print.

    Lines of one shape are a template. The view shows, as they stand and in order, one line of each template, all rare ones,
    errors first where room is short; behind the first line of a frequent template stands an account of the others.
    """

    kind = "log"

    def compress(self, original: str, /, request: Request) -> Compressed | Refused:
        """Return the view of a log, or why it is none."""
        request.budget.spend(len(original) + 1)
        lines = Lines(original)
        source = Source(original, lines.texts)
        mined = mine(source)
        events = find_events(source)
        reason = why_no_log(mined, events, lines.texts)
        if reason:
            return Refused(reason)
        room = room_chars(original, request)
        if room is None or len(original) <= room:
            return write_whole(lines, request)
        values = study(mined.templates, lines.texts)
        request.budget.spend(sum(found.cells for found in values))
        shown = choose(
            mined,
            values,
            events,
            lines.texts,
            room,
            firm=request.firm,
            errors_room=0.6 * room if request.firm else inf if request.target_tokens is None else 1.5 * room,
            compact=request.mode == "compact",
            asked=places_of(asked_of(request.receiver.query), lines.texts),
        )
        return write_chosen(lines, request, mined, values, events, shown, room)
