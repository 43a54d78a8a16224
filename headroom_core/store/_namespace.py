"""What the memory store keeps for one namespace. Its methods are called under the store's lock."""

from __future__ import annotations

import heapq
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from itertools import islice

from headroom_core.payload import ContextEntry
from headroom_core.store.base import Miss, MissReason, Original, Removed

REMEMBERED_REMOVALS = 1_024
"""Keys, and handles, whose removal is remembered: enough to answer an agent's next steps, at about 200 bytes each."""


@dataclass(slots=True)
class Record:
    """An entry and what the store knows about it. `holds` are the digests of the originals that it keeps alive."""

    entry: ContextEntry
    sequence: int
    expires_at: float
    view_bytes: int
    holds: tuple[str, ...] = ()


@dataclass(slots=True)
class Held:
    """An original, kept while an entry holds or relays it."""

    text: str
    bytes: int
    handle: str
    key: str
    agent: str | None
    references: int = 0
    holders: dict[str, int] = field(default_factory=dict)  # key -> sequence, in order of sequence


class Namespace:
    """Entries by key and originals by digest, with the order in which they go."""

    __slots__ = ("_ages", "_by_handle", "_bytes", "_expired", "_floor", "_gone_handles", "_gone_keys", "originals", "records")

    def __init__(self) -> None:
        self.records: dict[str, Record] = {}
        self.originals: dict[str, Held] = {}
        self._by_handle: dict[str, dict[str, None]] = {}
        self._ages: list[tuple[int, str]] = []
        self._bytes = 0
        self._floor = 0
        # The number beside the reason ends every put of the key that was called before it.
        self._gone_keys: OrderedDict[str, tuple[MissReason, int]] = OrderedDict()
        self._gone_handles: OrderedDict[str, MissReason] = OrderedDict()
        self._expired: deque[str] = deque(maxlen=REMEMBERED_REMOVALS)

    def is_late(self, key: str, sequence: int) -> bool:
        """Tell whether a put was called before the one that its key holds, or before its key was removed."""
        record = self.records.get(key)
        if record is not None:
            return sequence <= record.sequence
        return sequence <= max(self._floor, self._gone_keys.get(key, ("unknown", 0))[1])

    def note_late(self, key: str) -> None:
        """See to it that the key of a late put is not `unknown`: only a clear can have ended the put of such a key."""
        if key not in self.records and key not in self._gone_keys:
            self._forget(key, "deleted", self._floor)

    def why_gone(self, key: str) -> MissReason:
        """Return why there is no entry under `key`."""
        return self._gone_keys.get(key, ("unknown", 0))[0]

    def find(self, handle: str) -> Original | Miss:
        """Return the original with this handle, or why there is none."""
        digests = self._by_handle.get(handle)
        if not digests:
            return Miss(self._gone_handles.get(handle, "unknown"))
        if len(digests) > 1:
            return Miss("ambiguous")
        (digest,) = digests
        held = self.originals[digest]
        if not held.holders:
            return Original(held.text, digest, held.key, held.agent)
        newest = self.records[next(reversed(held.holders))].entry
        return Original(held.text, digest, newest.key, newest.agent)

    def add(self, record: Record, original_bytes: int, handle: str, max_bytes: int) -> None:
        """Keep a record, its original, and those of the originals it relays that fit beside it."""
        entry = record.entry
        room = max_bytes - original_bytes - record.view_bytes
        holds = [entry.digest]
        for digest in dict.fromkeys(entry.relayed):
            relayed = self.originals.get(digest)
            if relayed is not None and digest != entry.digest and relayed.bytes <= room:
                room -= relayed.bytes
                relayed.references += 1
                holds.append(digest)
        held = self.originals.get(entry.digest)
        if held is None:
            held = self.originals[entry.digest] = Held(entry.original, original_bytes, handle, entry.key, entry.agent)
            self._by_handle.setdefault(handle, {})[entry.digest] = None
            self._gone_handles.pop(handle, None)
            self._bytes += original_bytes
        held.references += 1
        _note_holder(held, entry.key, record.sequence)
        record.holds = tuple(holds)
        self._bytes += record.view_bytes
        self.records[entry.key] = record
        self._gone_keys.pop(entry.key, None)
        heapq.heappush(self._ages, (record.sequence, entry.key))
        if len(self._ages) > 2 * len(self.records) + 64:  # a key put again and again leaves one each time
            self._ages = [(one.sequence, key) for key, one in self.records.items()]
            heapq.heapify(self._ages)

    def make_room(self, max_entries: int, max_bytes: int) -> list[str]:
        """Remove the oldest entries until the rest is within the limits; return their keys."""
        evicted = []
        while len(self.records) > max_entries or self._bytes > max_bytes:
            sequence, key = heapq.heappop(self._ages)
            record = self.records.get(key)
            if record is None or record.sequence != sequence:
                continue
            self.remove(key, "evicted", sequence)
            evicted.append(key)
        return evicted

    def remove(self, key: str, reason: MissReason, floor: int) -> None:
        """Remove the entry under `key`, and end the puts of it that were called before `floor`."""
        self.release(self.records.pop(key), reason)
        self._forget(key, reason, floor)

    def expire(self, key: str, sequence: int) -> None:
        """Remove the entry under `key`, whose time is over, and note it for the next put to tell."""
        self.remove(key, "expired", sequence)
        self._expired.append(key)

    def take_expired(self) -> list[Removed]:
        """Return what expired since this was asked last."""
        expired = [Removed(key, "expired") for key in self._expired]
        self._expired.clear()
        return expired

    def forbid(self, key: str, floor: int) -> None:
        """End the puts of `key` that were called before `floor`; there is no entry under it now."""
        reason, before = self._gone_keys.get(key, ("deleted", 0))
        self._forget(key, reason, max(floor, before))

    def release(self, record: Record, reason: MissReason) -> None:
        """Give up what a record holds. Originals that nothing holds any more go."""
        self._bytes -= record.view_bytes
        for digest in record.holds:
            held = self.originals[digest]
            held.references -= 1
            if held.holders.get(record.entry.key) == record.sequence:
                del held.holders[record.entry.key]
                held.key, held.agent = record.entry.key, record.entry.agent
            if held.references:
                continue
            del self.originals[digest]
            self._bytes -= held.bytes
            namesakes = self._by_handle[held.handle]
            del namesakes[digest]
            if not namesakes:
                del self._by_handle[held.handle]
                self._gone_handles[held.handle] = reason
                if len(self._gone_handles) > REMEMBERED_REMOVALS:
                    self._gone_handles.popitem(last=False)

    def cleared(self, floor: int) -> Namespace:
        """Return an empty namespace that remembers what was in this one, and ends the puts called before `floor`."""
        after = Namespace()
        after._floor = floor
        after._gone_keys, after._gone_handles = self._gone_keys, self._gone_handles
        for key in islice(reversed(self.records), REMEMBERED_REMOVALS):
            after._forget(key, "deleted", floor)
        for held in islice(reversed(self.originals.values()), REMEMBERED_REMOVALS):
            after._gone_handles[held.handle] = "deleted"
        while len(after._gone_handles) > REMEMBERED_REMOVALS:
            after._gone_handles.popitem(last=False)
        return after

    def _forget(self, key: str, reason: MissReason, floor: int) -> None:
        self._gone_keys[key] = (reason, floor)
        self._gone_keys.move_to_end(key)
        if len(self._gone_keys) > REMEMBERED_REMOVALS:
            self._gone_keys.popitem(last=False)


def _note_holder(held: Held, key: str, sequence: int) -> None:
    """Put a holder in its place, which is the last one unless a slow put comes after newer ones."""
    holders = held.holders
    holders.pop(key, None)
    late = bool(holders) and holders[next(reversed(holders))] > sequence
    holders[key] = sequence
    if late:
        held.holders = dict(sorted(holders.items(), key=lambda item: item[1]))
