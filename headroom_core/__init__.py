"""
Compressed context handoff between LLM agents.

One agent puts a large output under a key; the next gets a short view of it, and reads the original or just the part it needs.
"""

from headroom_core import errors
from headroom_core.compression import compress
from headroom_core.context import SharedContext
from headroom_core.events import Event
from headroom_core.payload import ContextEntry, ContextStats, Hit, OmittedSpan, View
from headroom_core.report import Kept, OmittedFact, Report
from headroom_core.store.memory import MemoryStore

__all__ = [
    "ContextEntry",
    "ContextStats",
    "Event",
    "Hit",
    "Kept",
    "MemoryStore",
    "OmittedFact",
    "OmittedSpan",
    "Report",
    "SharedContext",
    "View",
    "__version__",
    "compress",
    "errors",
]


def __getattr__(name: str) -> str:
    """Return the version when it is asked for: looking it up costs more than importing the package."""
    if name == "__version__":
        from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

        try:
            return version("headroom-core")
        except PackageNotFoundError:  # a checkout that was never installed
            return "0+unknown"
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)
