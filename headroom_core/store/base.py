"""What a store is: it keeps entries and their originals; `SharedContext` gives them meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from headroom_core.payload import ContextEntry

MissReason = Literal["expired", "evicted", "replaced", "deleted", "unknown", "ambiguous"]
"""Why nothing was found: past its ttl, removed for room, overwritten, deleted, never heard of, or the handle means two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """
    How much one namespace may keep, and for how long.

    Attributes:
        ttl: Seconds an entry stays readable after its put; None for ever. An entry whose age equals `ttl` is expired.
        max_entries: Entries kept at the most.
        max_bytes: UTF-8 bytes kept at the most, originals and views together, relayed originals included.

    """

    ttl: float | None
    max_entries: int
    max_bytes: int


@dataclass(frozen=True, slots=True)
class Miss:
    """Nothing was found, and why."""

    reason: MissReason


@dataclass(frozen=True, slots=True)
class Original:
    """An original found by its handle, with the provenance of the newest live entry that holds it."""

    text: str
    digest: str
    key: str
    agent: str | None


@dataclass(frozen=True, slots=True)
class Removed:
    """An entry that a put removed for room, or whose time was over since the put before it."""

    key: str
    reason: MissReason


@runtime_checkable
class Store(Protocol):
    """
    Keeps entries by namespace and key, and originals by namespace and handle.

    Every method is atomic and may be called from any thread. Nothing is ever found across namespaces. A store finds a
    handle among the originals of live entries and the originals that live entries relay. `headroom_core.testing` has the
    conformance kit that every store passes.
    """

    def sequence(self, namespace: str) -> int:
        """Return a number larger than any returned before for this namespace. Taken when a put is called, before its work."""
        ...

    def put(self, namespace: str, entry: ContextEntry, *, sequence: int, limits: Limits) -> Sequence[Removed]:
        """
        Keep `entry` unless its key holds one of a later sequence, and make room: expired entries go first, then the oldest.

        A put that comes too late keeps nothing, removes nothing, and returns nothing. An existing key put again evicts
        nobody for the sake of `max_entries`. Originals named in `entry.relayed` live on with this entry as long as they
        fit `max_bytes` beside it.
        A deletion also ends the puts that were called before it. Whatever becomes of a put, its key is not `unknown` after it.
        """
        ...

    def get(self, namespace: str, key: str) -> ContextEntry | Miss:
        """Return the live entry under `key`, or why there is none."""
        ...

    def find(self, namespace: str, handle: str) -> Original | Miss:
        """Return the original with this handle, or why there is none."""
        ...

    def entries(self, namespace: str) -> Sequence[ContextEntry]:
        """Return the live entries, oldest put first."""
        ...

    def delete(self, namespace: str, key: str) -> bool:
        """Remove the entry under `key`; return whether a live one was there."""
        ...

    def clear(self, namespace: str) -> int:
        """Remove all entries of the namespace, and the originals they held; return how many live ones there were."""
        ...
