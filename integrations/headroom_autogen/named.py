"""Contexts by name, so that a component's configuration, which is JSON, can say which context it shares."""

from __future__ import annotations

from weakref import WeakSet

from headroom_autogen.transform import logger
from headroom_core import SharedContext

_live: WeakSet[SharedContext] = WeakSet()
_missed: set[str] = set()


def register(ctx: SharedContext) -> str:
    """Return the name by which this process finds a context for as long as somebody holds it: its namespace."""
    _live.add(ctx)
    return ctx.namespace


def context_named(name: str, model: str) -> SharedContext:
    """
    Return the context of that name, or a fresh one that nothing else shares, with one warning for each name.

    Contexts of one namespace over one store see the same entries, and any of them will do. Where there are several stores, a
    configuration does not say which is meant, and none of them is taken.
    """
    found = [ctx for ctx in _live if ctx.namespace == name]
    if len({id(ctx.store) for ctx in found}) == 1:
        return found[0]
    if name not in _missed:
        _missed.add(name)
        logger.warning(
            "%s of the namespace %r in this process, so what was loaded gets a fresh one that nothing else shares; make "
            "SharedContext(namespace=%r), hold it, and pass it to a component before you load",
            "several stores have contexts" if found else "there is no context",
            name,
            name,
        )
    return SharedContext(model)
