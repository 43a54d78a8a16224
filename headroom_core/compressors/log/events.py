"""Events of several lines: tracebacks, compiler messages, failed tests, summaries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from headroom_core.compressors.log import hints

SUMMARY = hints.ERROR + 1
"""The severity of a final summary: it is shown before everything else."""


@dataclass(frozen=True, slots=True)
class Event:
    """Lines `start` up to `end` that belong together, those of them that tell, and what makes two of them the same."""

    start: int
    end: int
    kept: tuple[int, ...]
    signature: str
    severity: int


Finder = Callable[[str, Sequence[str]], Iterable[Event]]

FINDERS: tuple[Finder, ...] = ()
"""What looks for events: each takes a text and its lines."""


def find_events(text: str, lines: Sequence[str]) -> list[Event]:
    """Return the events of a log in order, without overlap."""
    return join_overlapping(event for finder in FINDERS for event in finder(text, lines))


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
