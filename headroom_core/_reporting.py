"""How a context tells its caller what happened."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from headroom_core.content import utf8_bytes
from headroom_core.events import Event, EventName
from headroom_core.payload import ContextEntry, View

logger = logging.getLogger("headroom_core")


class Reporter:
    """Hands events to `on_event`, if there is one. What it raises is logged and goes no further."""

    def __init__(self, on_event: Callable[[Event], object] | None, clock: Callable[[], float], namespace: str) -> None:
        self._on_event = on_event
        self._clock = clock
        self._namespace = namespace
        self.wanted = on_event is not None

    def start(self) -> float:
        """Return the time on the clock, which `emit` takes as `since`; no clock is asked when nobody wants events."""
        return self._clock() if self.wanted else 0.0

    def emit(self, name: EventName, since: float, **fields: Any) -> None:
        """Report one event."""
        if self._on_event is None:
            return
        event = Event(name=name, namespace=self._namespace, seconds=self._clock() - since, **fields)
        try:
            self._on_event(event)
        except Exception:
            logger.warning("on_event raised on a %s event of %r", name, event.key, exc_info=True)

    def put(self, since: float, entry: ContextEntry, size_bytes: int, *, kept: bool) -> None:
        """Report that an entry was put."""
        self.emit(
            "put",
            since,
            key=entry.key,
            agent=entry.agent,
            kind=_kind_of(entry.view),
            reason=None if kept else "superseded",
            original_tokens=entry.original_tokens,
            tokens=entry.compressed_tokens,
            bytes=size_bytes,
        )

    def view(self, since: float, entry: ContextEntry, view: View) -> None:
        """Report that a view of an entry was shown."""
        if self.wanted:
            self.emit(
                "view",
                since,
                key=entry.key,
                agent=entry.agent,
                kind=_kind_of(view),
                original_tokens=entry.original_tokens,
                tokens=view.tokens,
                bytes=utf8_bytes(view.text),
            )

    def fail(self, key: str, kind: str, error: BaseException) -> None:
        """Report that the compressor of `kind` failed on the payload under `key`."""
        self.emit("fail", self.start(), key=key, kind=kind, reason=type(error).__name__)


def _kind_of(view: View) -> str | None:
    """Return the kind that the view's first transform names."""
    return view.transforms[0].split(":")[1] if view.transforms else None
