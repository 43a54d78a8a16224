"""How a context gives originals into a store's keeping, and makes sure that they are kept."""

from __future__ import annotations

from collections.abc import Sequence

from headroom_core import markers
from headroom_core.errors import StoreError
from headroom_core.payload import ContextEntry
from headroom_core.store.base import Limits, Miss, Original, Removed, Store
from headroom_core.store.memory import MemoryStore


class Custody:
    """One namespace of a store, under one context's limits."""

    def __init__(self, store: Store, namespace: str, limits: Limits) -> None:
        self.store = store
        self.namespace = namespace
        self._limits = limits

    def keep(self, entry: ContextEntry, sequence: int) -> tuple[Sequence[Removed], bool]:
        """
        Put an entry and ask for it back; return what it displaced, and whether it is there and not something newer.

        Raises:
            StoreError: The store holds neither this entry nor a reason why not.

        """
        removed = self.store.put(self.namespace, entry, sequence=sequence, limits=self._limits)
        back = self.store.get(self.namespace, entry.key)
        if isinstance(back, Miss):
            lost, kept = back.reason == "unknown", False
        else:
            # Equal texts have equal digests, and comparing them is cheaper: a memory store gives back the same object.
            kept = back.digest == entry.digest
            lost = kept and back.original != entry.original
        if lost:
            self.store.delete(self.namespace, entry.key)
            msg = f"{entry.key!r}: the store did not give back what was put; nothing was stored; pass the original on"
            raise StoreError(msg)
        return removed, kept

    def in_memory(self, text: str, digest: str) -> str:
        """Return the equal text that a memory store holds already, if it does, so that one content is in memory once."""
        if not isinstance(self.store, MemoryStore):
            return text
        held = self.store.find(self.namespace, markers.handle_of(digest))
        return held.text if isinstance(held, Original) and held.text == text else text

    def relayed(self, text: str, own_digest: str) -> tuple[str, ...]:
        """
        Return the digests of the originals whose views stand in `text`, and in those originals in turn.

        Only handles that this namespace knows count: a header written by hand relays nothing that its writer could not read.
        """
        found: dict[str, None] = {}
        todo = [text]
        while todo:
            for handle in markers.handles_in(todo.pop()):
                original = self.store.find(self.namespace, handle)
                if isinstance(original, Original) and original.digest not in found and original.digest != own_digest:
                    found[original.digest] = None
                    todo.append(original.text)
        return tuple(found)


def original_of(entry: ContextEntry) -> Original:
    """Return an entry's original as a store's `find` would."""
    return Original(entry.original, entry.digest, entry.key, entry.agent)
