"""Where entries and their originals are kept."""

from headroom_core.store.base import Limits, Miss, MissReason, Original, Removed, Store
from headroom_core.store.memory import MemoryStore

__all__ = ["Limits", "MemoryStore", "Miss", "MissReason", "Original", "Removed", "Store"]
