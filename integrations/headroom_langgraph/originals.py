"""Where originals are found: in the state of a thread, or in the graph's store under the thread's name, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from langchain_core.messages import BaseMessage, ToolMessage
from langgraph.config import get_config, get_store
from langgraph.store.base import BaseStore

from headroom_core.content import digest_and_size
from headroom_core.handoff import READ_TOOL, REFUSAL, SHORTEST_CHARS, open_to_failures
from headroom_core.markers import handle_of
from headroom_core.store.base import Miss, Original
from headroom_langgraph.messages import originals_of
from headroom_langgraph.records import NAMESPACE, is_record, label_of, logger, original_in, scope_of, text_of

MAX_DEPTH = 3
"""How deep originals are looked for in the dicts and lists of a state."""


def in_state(state: Any) -> Iterator[tuple[str, str, str | None]]:
    """Yield the texts of a state that views may have been made of: where each stands, the text, and who put it there."""
    for key, value in _values(state):
        yield from _texts(key, value, MAX_DEPTH)
        # A value that is no text is shown by its JSON.
        if not isinstance(value, str | BaseMessage) and not is_record(value) and value:
            yield key, text_of(value), None


def _values(state: Any) -> Iterable[tuple[str, Any]]:
    """Return the values of a state: of a dict, of a model, or of messages that stand for it."""
    if isinstance(state, Mapping):
        return [(str(key), value) for key, value in state.items()]
    if isinstance(state, list | tuple):
        return [("messages", state)]
    fields = getattr(type(state), "__dataclass_fields__", None) or getattr(type(state), "model_fields", {})
    return [(name, getattr(state, name, None)) for name in fields]


def _texts(key: str, value: Any, depth: int) -> Iterator[tuple[str, str, str | None]]:
    """Yield the texts in a value that are long enough to be shown as views."""
    if isinstance(value, str):
        if len(value) >= SHORTEST_CHARS:
            yield key, value, None
    elif isinstance(value, BaseMessage):
        yield from ((key, text, value.name) for text in originals_of(value))
    elif is_record(value):
        original = original_in(value)
        if original is not None:
            yield key, original, value.get("agent")
    elif depth and isinstance(value, Mapping | list | tuple):
        inner = list(value.values()) if isinstance(value, Mapping) else value
        mixed = any(map(is_record, inner))
        for one in inner:
            yield from _texts(key, one, depth - 1)
            if mixed and not isinstance(one, str) and not is_record(one) and one:
                yield key, text_of(one), None


def find_in_state(state: Any, handle: str) -> Original | Miss:
    """Return the original of a handle from a state."""
    for key, text, agent in in_state(state):
        if len(text) < SHORTEST_CHARS:
            continue
        digest, _ = digest_and_size(text)
        if handle_of(digest) == handle:
            return Original(text, digest, key, agent)
    return Miss("unknown")


def namespace_of(config: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the namespace of a run's originals in the graph's store; None where the run has no thread to tell it by."""
    thread = config.get("configurable", {}).get("thread_id")
    return None if thread is None else (NAMESPACE, label_of(str(thread)))


def item_of(text: str, key: str, agent: str | None = None) -> tuple[str, dict[str, Any]]:
    """Return key and value under which the graph's store keeps an original."""
    digest, _ = digest_and_size(text)
    return handle_of(digest), {"original": text, "digest": digest, "key": key, "agent": agent}


def original_from(item: Any) -> Original | Miss:
    """Return the original of an item of the graph's store, checked by its digest."""
    value = getattr(item, "value", None)
    text = value.get("original") if isinstance(value, Mapping) else None
    if not isinstance(text, str) or digest_and_size(text)[0] != value["digest"]:  # type: ignore[index]
        return Miss("unknown")
    return Original(text, value["digest"], str(value.get("key")), value.get("agent"))  # type: ignore[index, union-attr]


def config_here() -> Mapping[str, Any]:
    """Return the config of the run that this is called in, an empty one outside of a run."""
    try:
        return get_config()
    except (RuntimeError, KeyError):
        return {}


Place = tuple[BaseStore, tuple[str, str]]
"""A store, and a namespace in it."""


def here() -> Place | None:
    """Return the store of the run that this is called in, with the run's namespace; None where there is no such store."""
    try:
        store, namespace = get_store(), namespace_of(get_config())
    except (RuntimeError, AttributeError, KeyError):
        return None
    return None if store is None or namespace is None else (store, namespace)


def put(place: Place, handle: str, item: dict[str, Any]) -> bool:
    """Put an original into a store; tell whether it is there. A store that fails does not end a run."""
    with open_to_failures(logger, "the graph's store did not take an original"):
        place[0].put(place[1], handle, item)
        return True
    return False


def get(place: Place, handle: str) -> object:
    """Return an item of a store, or None where it has none or fails."""
    with open_to_failures(logger, "the graph's store did not answer"):
        return place[0].get(place[1], handle)
    return None


async def aget(place: Place, handle: str) -> object:
    """Do what `get` does."""
    with open_to_failures(logger, "the graph's store did not answer"):
        return await place[0].aget(place[1], handle)
    return None


async def aput(place: Place, handle: str, item: dict[str, Any]) -> bool:
    """Do what `put` does."""
    with open_to_failures(logger, "the graph's store did not take an original"):
        await place[0].aput(place[1], handle, item)
        return True
    return False


def thread_of(config: Mapping[str, Any]) -> str:
    """Return the name of the scope of a run: its thread, or that it has none."""
    thread = config.get("configurable", {}).get("thread_id")
    return scope_of(None if thread is None else str(thread))


def shown_in(state: Any) -> list[str]:
    """
    Return the texts of a state in which views may stand: what tools said, and records.

    What people and models say is not among them: a handle that somebody types opens nothing, nor does one that was refused.
    """
    return [*_shown((value for _, value in _values(state)), MAX_DEPTH)]


def _shown(values: Any, depth: int) -> Iterator[str]:
    for value in values:
        if isinstance(value, ToolMessage):
            if not (value.name == READ_TOOL and str(value.text).startswith(REFUSAL)):
                yield str(value.text)
        elif is_record(value):
            yield value["text"]
        elif depth and isinstance(value, Mapping | list | tuple):
            yield from _shown(value.values() if isinstance(value, Mapping) else value, depth - 1)
