"""Contexts by name, so that a component's configuration, which is JSON, can say which context it shares."""

from __future__ import annotations

from weakref import WeakValueDictionary

from headroom_autogen.transform import logger
from headroom_core import SharedContext

_live: WeakValueDictionary[str, SharedContext] = WeakValueDictionary()
_missed: set[str] = set()


def name_of(ctx: SharedContext) -> str:
    """Return the name by which this process finds a context for as long as somebody holds it: its namespace."""
    _live[ctx.namespace] = ctx
    return ctx.namespace


def context_named(name: str) -> SharedContext:
    """Return the context of that name, or a fresh one that nothing else shares, with one warning for each name."""
    found = _live.get(name)
    if found is not None:
        return found
    if name not in _missed:
        _missed.add(name)
        logger.warning(
            "no context of the namespace %r is held in this process, so what was loaded gets a fresh one that nothing else "
            "shares; make SharedContext(namespace=%r), hold it, and pass it to a component before you load",
            name,
            name,
        )
    return SharedContext()
