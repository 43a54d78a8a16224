"""What a context reports about its work: sizes, times and kinds, never content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

EventName = Literal["put", "view", "read", "miss", "fail", "evict"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """
    One thing that happened in a context. Metrics and traces are built on these.

    Attributes:
        name: `put`, `view` (a view was shown), `read` (an original or a part of it was), `miss`, `fail` (a compressor failed),
            `evict` (an entry went for room, or had expired, which the next put tells).
        namespace: The context's namespace.
        key: The key it is about; for a miss by reference the handle; None where the call named nothing that exists.
        agent: Who stored the entry, where there is one.
        kind: The payload's kind; for a read what was selected: `original`, `lines`, `rows`, `chars`,
            `pattern` or `search`; for a miss also the kind of a name: `symbol`, `heading` or `field`.
        reason: Why, for `miss`, `fail` and `evict`; for a put `superseded` when a newer one had already taken its key.
        original_tokens: Tokens of the entry's original.
        tokens: Tokens that were shown; for a put, those of the default view.
        bytes: UTF-8 bytes that were put or shown.
        seconds: How long the call took on the context's clock, up to this event.

    """

    name: EventName
    namespace: str
    key: str | None = None
    agent: str | None = None
    kind: str | None = None
    reason: str | None = None
    original_tokens: int | None = None
    tokens: int | None = None
    bytes: int | None = None
    seconds: float = 0.0
