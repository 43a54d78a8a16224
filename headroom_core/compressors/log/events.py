"""Events of several lines: tracebacks, compiler messages, failed tests, summaries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from headroom_core.compressors.log import hints
from headroom_core.compressors.log.diagnostics import find_diagnostics
from headroom_core.compressors.log.source import Source
from headroom_core.compressors.log.tracebacks import find_tracebacks

SUMMARY = hints.ERROR + 1
"""The severity of a final summary: it is shown before everything else."""

_SEVERITIES = {"error": hints.ERROR, "warning": hints.WARNING, "summary": SUMMARY}


@dataclass(frozen=True, slots=True)
class Event:
    """Lines `start` up to `end` that belong together, those of them that tell, and what makes two of them the same."""

    start: int
    end: int
    kept: tuple[int, ...]
    signature: str
    severity: int


def find_events(source: Source) -> list[Event]:
    """Return the events of a log in order, without overlap."""
    found = [Event(t.start, t.end, t.kept, f"traceback {t.signature}", hints.ERROR) for t in find_tracebacks(source)]
    found += [Event(b.start, b.end, b.kept, f"{b.level} {b.signature}", _SEVERITIES[b.level]) for b in find_diagnostics(source)]
    return join_overlapping(found)


def join_overlapping(events: Iterable[Event]) -> list[Event]:
    """Join events that overlap: a failed test with the traceback in it is one event, as bad as the worse of the two."""
    joined: list[Event] = []
    for event in sorted(events, key=lambda e: (e.start, -e.end)):
        if joined and event.start < joined[-1].end:
            outer = joined[-1]
            kept = tuple(sorted({*outer.kept, *event.kept}))
            severity = max(outer.severity, event.severity)
            joined[-1] = Event(outer.start, max(outer.end, event.end), kept, outer.signature, severity)
        else:
            joined.append(event)
    return joined
