"""
What a handoff is in a graph's state: a dict of plain values, which every checkpointer can hold.

    {"v": 1, "text": "[view of 482913207615; …", "original": "…", "digest": "9f…", "agent": "researcher"}

`text` is what the next node reads. `original` is what was handed over, byte for byte; it is left out where `text` is the same,
and where `kept` says that it is elsewhere: `store` is the graph's `BaseStore`, `context` a `SharedContext`. A value that is no
such record, or one of a version that is not known here, is a payload like any other.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Literal, Protocol, TypedDict, TypeGuard

from headroom_core import SharedContext
from headroom_core.content import digest_and_size, payload_text
from headroom_core.errors import InvalidPayloadError
from headroom_core.handoff import SHORTEST_CHARS, open_to_failures
from headroom_core.markers import handle_of
from headroom_core.prompt import Prompt
from headroom_core.store.base import Original
from headroom_core.viewer import Viewer

VERSION = 1

Kept = Literal["state", "store", "context"]
"""Where originals are kept: in the record itself, in the graph's store, or in a context."""

KEPT: tuple[Literal["state", "store"], ...] = ("state", "store")
"""What an option `kept` takes."""

NAMESPACE = "headroom"
"""The first part of the namespace in the graph's store; the second is the thread's id."""

logger = logging.getLogger("headroom_langgraph")


class SupportsGet(Protocol):
    """As much of a graph's store as is needed to read from it."""

    def get(self, namespace: tuple[str, ...], key: str, /) -> Any:
        """Return an item, or None."""
        ...


class Record(TypedDict, total=False):
    """A handoff. All keys are there but `original`, `agent` and `kept`, which are left out where there is nothing to say."""

    v: int
    text: str
    digest: str
    original: str
    agent: str
    kept: Kept


def is_record(value: object) -> TypeGuard[Record]:
    """Tell whether a value is a record of a version that is known here."""
    return (
        isinstance(value, Mapping)
        and value.get("v") == VERSION
        and isinstance(value.get("text"), str)
        and isinstance(value.get("digest"), str)
    )


def original_in(record: Record) -> str | None:
    """Return the original that a record carries, or None where it is kept elsewhere."""
    return record.get("original", None if "kept" in record else record["text"])


def original_of(
    record: Record, *, store: SupportsGet | None = None, ctx: SharedContext | None = None, thread: str | None = None
) -> str | None:
    """
    Return what a record was made of, byte for byte, or None where it is not to be found.

    Args:
        record: The record.
        store: The graph's store, for a record that says that the store has its original.
        ctx: The context, for a record that says that a context has it.
        thread: The id of the thread, for both.

    """
    original = original_in(record)
    handle = handle_of(record["digest"])
    if original is None and store is not None and thread is not None:
        value = getattr(store.get((NAMESPACE, label_of(thread)), handle), "value", None) or {}
        original = value.get("original") if value.get("digest") == record["digest"] else None
    for scope in (ctx.scoped(scope_of(thread)), ctx) if original is None and ctx is not None else ():
        found = scope.store.find(scope.namespace, handle)
        if isinstance(found, Original):
            return found.text
    return original


def label_of(thread: str) -> str:
    """Return a thread's id as a label of a namespace in the graph's store, which may have no points in it and is not empty."""
    return thread.replace("%", "%25").replace(".", "%2E") or "%00"


def scope_of(thread: str | None) -> str:
    """Return the name of the scope of a thread in a context."""
    return "no thread" if thread is None else f"thread {thread}"


def text_of(value: object) -> str:
    """
    Return the text of a payload: itself, or its JSON.

    What JSON cannot hold is shown as Python shows it, so that a node's result never ends a run.
    """
    try:
        return payload_text(value)
    except InvalidPayloadError:
        return str(value)


def record_of(payload: object, viewer: Viewer, *, agent: str | None = None) -> Record:
    """Return the record of a payload, with its original. A compressor that fails costs its saving, and nothing else."""
    original = text_of(payload)
    return _record(original, shown(original, viewer), agent)


def kept_in(
    ctx: SharedContext, name: str, payload: object, viewer: Viewer, *, agent: str | None = None, prompt: Prompt | None = None
) -> Record:
    """
    Return the record of a payload whose original a context keeps.

    The key has the payload's handle in it: two threads that hand over under one name do not replace each other's. What the
    context refuses passes as it is. `prompt` is what stands before the view, where it has one reader alone.
    """
    original = text_of(payload)
    with open_to_failures(logger, "%r: the context did not take it; the original passes", name):
        ctx.put(f"{name} {handle_of(digest_and_size(original)[0])}", original, agent)
        record = _record(original, shown(original, viewer, prompt), agent)
        if record.pop("original", None) is not None:
            record["kept"] = "context"
        return record
    return _record(original, original, agent)


def _record(original: str, text: str, agent: str | None) -> Record:
    record: Record = {"v": VERSION, "text": text, "digest": digest_and_size(original)[0]}
    if text != original:
        record["original"] = original
    if agent is not None:
        record["agent"] = agent
    return record


def shown(original: str, viewer: Viewer, prompt: Prompt | None = None, *, name: str = "payload") -> str:
    """
    Return the text of a view, or the original where none can be made: a run goes on, whatever fails.

    Args:
        original: The text.
        viewer: Makes the view.
        prompt: What stands before it. None where that cannot be told, as on the write side: then nothing is known.
        name: What messages call it.

    """
    if len(original) < SHORTEST_CHARS:
        return original
    with open_to_failures(logger, "no view could be made; the original passes"):
        known, query = ((), None) if prompt is None else (prompt.before(), prompt.query)
        return viewer.view(original, name=name, known=known, query=query).text
    return original
