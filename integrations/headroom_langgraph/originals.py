"""Where originals are found: in the state of a thread, or in the graph's store under the thread's name, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from langchain_core.messages import BaseMessage, ToolMessage
from langgraph.config import get_config, get_store
from langgraph.store.base import BaseStore

from headroom_core.content import digest_and_size
from headroom_core.markers import handle_of
from headroom_core.store.base import Miss, Original
from headroom_langgraph.messages import original_of
from headroom_langgraph.records import NAMESPACE, is_record, logger, original_in, scope_of, text_of

MAX_DEPTH = 3
"""How deep originals are looked for in the dicts and lists of a state."""


def in_state(state: Any) -> Iterator[tuple[str, str, str | None]]:
    """Yield the texts of a state that views may have been made of: where each stands, the text, and who put it there."""
    values = state.items() if isinstance(state, Mapping) else vars(state).items() if hasattr(state, "__dict__") else ()
    for key, value in values:
        yield from _texts(str(key), value, MAX_DEPTH)


def _texts(key: str, value: Any, depth: int) -> Iterator[tuple[str, str, str | None]]:
    if isinstance(value, BaseMessage):
        said = original_of(value)
        if said is not None:
            yield key, said, value.name
        return
    if is_record(value):
        original = original_in(value)
        if original is not None:
            yield key, original, value.get("agent")
        return
    if value is None:
        return
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    if depth and not isinstance(value, str):
        for one in inner:
            yield from _texts(key, one, depth - 1)
        if any(isinstance(one, BaseMessage) or is_record(one) for one in inner):
            return
    yield key, text_of(value), None


def find_in_state(state: Any, handle: str) -> Original | Miss:
    """Return the original of a handle from a state."""
    for key, text, agent in in_state(state):
        digest, _ = digest_and_size(text)
        if handle_of(digest) == handle:
            return Original(text, digest, key, agent)
    return Miss("unknown")


def namespace_of(config: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the namespace of a run's originals in the graph's store; None where the run has no thread to tell it by."""
    thread = config.get("configurable", {}).get("thread_id")
    return None if thread is None else (NAMESPACE, str(thread))


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
    try:
        place[0].put(place[1], handle, item)
    except Exception:  # noqa: BLE001  # of whatever store it is
        logger.warning("the graph's store did not take an original", exc_info=True)
        return False
    return True


async def aput(place: Place, handle: str, item: dict[str, Any]) -> bool:
    """Do what `put` does."""
    try:
        await place[0].aput(place[1], handle, item)
    except Exception:  # noqa: BLE001  # of whatever store it is
        logger.warning("the graph's store did not take an original", exc_info=True)
        return False
    return True


def thread_of(config: Mapping[str, Any]) -> str:
    """Return the name of the scope of a run: its thread, or that it has none."""
    thread = config.get("configurable", {}).get("thread_id")
    return scope_of(None if thread is None else str(thread))


def shown_in(state: Any) -> list[str]:
    """
    Return the texts of a state in which views may stand: what tools said, and records.

    What people and models say is not among them: a handle that somebody types opens nothing.
    """
    return [*_shown(state.values() if isinstance(state, Mapping) else vars(state).values(), MAX_DEPTH)]


def _shown(values: Any, depth: int) -> Iterator[str]:
    for value in values:
        if isinstance(value, ToolMessage):
            yield str(value.text)
        elif is_record(value):
            yield value["text"]
        elif depth and isinstance(value, Mapping | list | tuple):
            yield from _shown(value.values() if isinstance(value, Mapping) else value, depth - 1)
