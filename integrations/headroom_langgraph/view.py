"""The read side: a node that reads views, while the state keeps the originals."""

from __future__ import annotations

import asyncio
import copy
import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, TypeVar

from langchain_core.messages import BaseMessage
from langgraph.runtime import Runtime
from langgraph.store.base import BaseStore

from headroom_core.handoff import viewer_for
from headroom_core.payload import Mode
from headroom_core.tokens.counters import CounterLike
from headroom_core.viewer import DEFAULT_MODEL, Viewer
from headroom_langgraph.messages import shown_messages
from headroom_langgraph.nodes import Step, around
from headroom_langgraph.originals import here, in_state, item_of
from headroom_langgraph.records import is_record, shown, text_of
from headroom_langgraph.stored import ViewedStore

NodeT = TypeVar("NodeT")

THREAD_CHARS = 20_000
"""Characters of what a node reads from which on an async node's views are made in a thread: below, they take a millisecond."""


def compressed_view(
    node: NodeT,
    *keys: str,
    model: str = DEFAULT_MODEL,
    mode: Mode = "balanced",
    max_tokens: int | None = None,
    counter: CounterLike | None = None,
    references: bool = False,
    kept: Literal["state", "store"] = "state",
    store_fields: Iterable[str] = (),
) -> NodeT:
    """
    Return a node that reads views of some keys of the state.

    For `builder.add_node("writer", compressed_view(writer, "research"))`. The state keeps the originals, and what the node
    returns is not touched. A text is shown as its view, other values as the view of their JSON; of a record (see `records`) its
    text, of a dict of records the text of each, of messages those of tools. Views are a function of the state alone: a run that
    is resumed or forked shows the same ones.

    Args:
        node: A function, sync or async, with whatever LangGraph passes it beside the state; or a Runnable, such as a subgraph.
        keys: The keys of the state. Those that a state does not have are passed over.
        model: The model whose tokens are counted.
        mode: How much may be left out: `lossless`, `balanced` or `compact`.
        max_tokens: Tokens that each view may have at the most.
        counter: Counts tokens, instead of the model's own counter.
        references: Whether views name references. Only for nodes whose agent has the reading tool, see `headroom_read_tool`.
        kept: Where the reading tool finds originals: in the state of its graph, which is this one; or in the graph's store, for
            an agent that has a state of its own. They are put there, in the namespace of the thread, when they are shown.
        store_fields: Fields of items of the graph's store that are shown as views, where a function gets the store as `store`
            or in its `runtime`.

    """
    viewer = viewer_for(model, mode=mode, max_tokens=max_tokens, counter=counter, references=references)
    views, fields = _Views(keys, viewer, kept), tuple(store_fields)

    def given(kwargs: dict[str, Any]) -> dict[str, Any]:
        """Return what a function gets, with a store that shows views."""
        store, runtime = kwargs.get("store"), kwargs.get("runtime")
        if store is not None:
            kwargs = {**kwargs, "store": ViewedStore(store, fields, viewer)}
        if isinstance(runtime, Runtime) and runtime.store is not None:
            kwargs = {**kwargs, "runtime": dataclasses.replace(runtime, store=ViewedStore(runtime.store, fields, viewer))}
        return kwargs

    return around(node, before=Step(views.of, views.aof), given=given if fields else dict)


class _Views:
    """Makes views of some keys of a state."""

    def __init__(self, keys: tuple[str, ...], viewer: Viewer, kept: Literal["state", "store"]) -> None:
        self._keys = keys
        self._viewer = viewer
        self._kept = kept

    def of(self, state: Any) -> Any:
        """Return a copy of a state with views in it."""
        found = self._found(state)
        for place, handle, item in self._to_keep(found):
            place[0].put(place[1], handle, item)
        return self._changed(state, found)

    async def aof(self, state: Any) -> Any:
        """Return what `of` does, in a thread where it takes long, so that other runs go on meanwhile."""
        found = self._found(state)
        for place, handle, item in self._to_keep(found):
            await place[0].aput(place[1], handle, item)
        if sum(map(_chars, found.values())) < THREAD_CHARS:
            return self._changed(state, found)
        return await asyncio.to_thread(self._changed, state, found)

    def _found(self, state: Any) -> dict[str, Any]:
        return {key: value for key in self._keys if (value := _value(state, key)) is not None}

    def _changed(self, state: Any, found: dict[str, Any]) -> Any:
        return _with(state, {key: self._shown(value, key) for key, value in found.items()}) if found else state

    def _to_keep(self, found: dict[str, Any]) -> Iterator[tuple[tuple[BaseStore, tuple[str, str]], str, dict[str, Any]]]:
        place = here() if self._kept == "store" else None
        if place is not None:
            for key, text, agent in in_state(found):
                yield (place, *item_of(text, key, agent))

    def _shown(self, value: Any, key: str) -> Any:
        if is_record(value):
            return value["text"]
        if isinstance(value, list | tuple) and any(isinstance(one, BaseMessage) for one in value):
            return shown_messages(value, self._viewer)
        if isinstance(value, Mapping) and any(is_record(one) for one in value.values()):
            return {name: self._shown(one, str(name)) for name, one in value.items() if one is not None}
        if isinstance(value, list | tuple) and any(is_record(one) for one in value):
            return [self._shown(one, key) for one in value]
        return shown(text_of(value), self._viewer, name=key)


def _value(state: Any, key: str) -> Any:
    return state.get(key) if isinstance(state, Mapping) else getattr(state, key, None)


def _chars(value: Any) -> int:
    """Return about how long a value is as text, without making it one."""
    if isinstance(value, str):
        return len(value)
    return 0 if value is None or is_record(value) else THREAD_CHARS


def _with(state: Any, views: dict[str, Any]) -> Any:
    """Return a copy of a state with some values changed; those of pydantic and dataclasses are not validated again."""
    if isinstance(state, Mapping):
        return {**state, **views}
    if dataclasses.is_dataclass(state) or hasattr(state, "model_copy"):
        copied = state.model_copy() if hasattr(state, "model_copy") else copy.copy(state)
        for key, value in views.items():
            object.__setattr__(copied, key, value)
        return copied
    return state
