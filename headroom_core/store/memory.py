"""Keeps entries in this process, and nothing anywhere else."""

from __future__ import annotations

import heapq
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence

from headroom_core import markers
from headroom_core.content import utf8_bytes
from headroom_core.errors import PayloadTooLargeError
from headroom_core.payload import ContextEntry
from headroom_core.store._namespace import Namespace, Record
from headroom_core.store.base import Limits, Miss, Original, Removed

REMEMBERED_NAMESPACES = 1_024
"""Empty namespaces that are remembered for the sake of their miss reasons; a server with one per conversation has many."""

_NEVER = float("inf")


class MemoryStore:
    """
    The default store: entries live in this process, are never written anywhere, and end with it.

    Safe to use from any thread; one lock, held for microseconds. put, get, find and delete take O(log n) at most, amortised:
    expired entries of all namespaces are removed on the way, so that one that nobody uses any more gives its memory back.
    An original is kept once, however many entries hold it. Why something is gone is remembered for the last 1,024 removals
    of a namespace; what went before those is `unknown`.

    Args:
        clock: Seconds on a clock that never goes back. Setting the computer's time then changes nothing.

    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._namespaces: dict[str, Namespace] = {}
        self._empty: OrderedDict[str, None] = OrderedDict()
        self._expiries: list[tuple[float, int, str, str]] = []
        self._sequence = 0
        self._records = 0

    def sequence(self, namespace: str) -> int:  # noqa: ARG002  # one count for all namespaces does for each
        """See `Store.sequence`."""
        with self._lock:
            self._sequence += 1
            return self._sequence

    def put(self, namespace: str, entry: ContextEntry, *, sequence: int, limits: Limits) -> Sequence[Removed]:
        """
        See `Store.put`.

        Raises:
            PayloadTooLargeError: Original and view together have more than `limits.max_bytes`. Nothing is removed.

        """
        original_bytes = utf8_bytes(entry.original)
        view_bytes = 0 if entry.view.text == entry.original else utf8_bytes(entry.view.text)
        if original_bytes + view_bytes > limits.max_bytes:
            raise PayloadTooLargeError(entry.key, original_bytes + view_bytes, limits.max_bytes, "max_bytes")
        handle = markers.handle_of(entry.digest)
        with self._lock:
            now = self._clock()
            self._expire(now)
            space = self._space(namespace)
            if space.is_late(entry.key, sequence):
                space.note_late(entry.key)
                self._note_if_empty(namespace, space)
                return ()
            record = Record(entry, sequence, _NEVER if limits.ttl is None else now + limits.ttl, view_bytes)
            before = space.records.get(entry.key)
            space.add(record, original_bytes, handle, limits.max_bytes)
            if before is not None:
                space.release(before, "replaced")
            self._records += before is None
            if limits.ttl is not None:
                heapq.heappush(self._expiries, (record.expires_at, sequence, namespace, entry.key))
                self._compact()
            evicted = space.make_room(limits.max_entries, limits.max_bytes)
            self._records -= len(evicted)
            self._note_if_empty(namespace, space)
            return [*space.take_expired(), *(Removed(key, "evicted") for key in evicted)]

    def get(self, namespace: str, key: str) -> ContextEntry | Miss:
        """See `Store.get`."""
        with self._lock:
            space = self._namespaces.get(namespace)
            if space is None:
                return Miss("unknown")
            record = space.records.get(key)
            if record is None:
                return Miss(space.why_gone(key))
            return record.entry if self._clock() < record.expires_at else Miss("expired")

    def find(self, namespace: str, handle: str) -> Original | Miss:
        """See `Store.find`."""
        with self._lock:
            self._expire(self._clock())
            space = self._namespaces.get(namespace)
            return Miss("unknown") if space is None else space.find(handle)

    def entries(self, namespace: str) -> Sequence[ContextEntry]:
        """See `Store.entries`."""
        with self._lock:
            self._expire(self._clock())
            space = self._namespaces.get(namespace)
            if space is None:
                return ()
            # Nearly in order already, so that sorting is one walk: a put that took longer stands behind later ones.
            return [record.entry for record in sorted(space.records.values(), key=lambda record: record.sequence)]

    def delete(self, namespace: str, key: str) -> bool:
        """See `Store.delete`."""
        with self._lock:
            self._expire(self._clock())
            space = self._space(namespace)
            live = key in space.records
            if live:
                space.remove(key, "deleted", self._sequence)
                self._records -= 1
            else:
                space.forbid(key, self._sequence)
            self._note_if_empty(namespace, space)
            return live

    def clear(self, namespace: str) -> int:
        """See `Store.clear`."""
        with self._lock:
            self._expire(self._clock())
            before = self._space(namespace)
            self._namespaces[namespace] = after = before.cleared(self._sequence)
            live = len(before.records)
            self._records -= live
            self._note_if_empty(namespace, after)
        # `before` is freed here, outside the lock: with 100,000 entries that takes tens of milliseconds.
        return live

    def _space(self, namespace: str) -> Namespace:
        """Return the state of a namespace, a new one if need be, which the caller is about to fill."""
        space = self._namespaces.get(namespace)
        if space is None:
            space = self._namespaces[namespace] = Namespace()
        self._empty.pop(namespace, None)
        return space

    def _note_if_empty(self, namespace: str, space: Namespace) -> None:
        """Forget the namespace that has been empty for longest, when there are too many such."""
        if space.records:
            return
        self._empty[namespace] = None
        self._empty.move_to_end(namespace)
        if len(self._empty) > REMEMBERED_NAMESPACES:
            longest, _ = self._empty.popitem(last=False)
            del self._namespaces[longest]

    def _expire(self, now: float) -> None:
        """Remove what is past its time, in every namespace."""
        while self._expiries and self._expiries[0][0] <= now:
            _, sequence, where, key = heapq.heappop(self._expiries)
            space = self._namespaces.get(where)
            record = space.records.get(key) if space is not None else None
            if space is None or record is None or record.sequence != sequence or record.expires_at > now:
                continue  # replaced or removed since
            space.expire(key, sequence)
            self._records -= 1
            self._note_if_empty(where, space)

    def _compact(self) -> None:
        """Drop heap items of entries that are gone, when they are the most: a key put again and again leaves one each time."""
        if len(self._expiries) <= 2 * self._records + 64:
            return
        self._expiries = [
            item
            for item in self._expiries
            if (space := self._namespaces.get(item[2])) is not None
            and (record := space.records.get(item[3])) is not None
            and record.sequence == item[1]
        ]
        heapq.heapify(self._expiries)
