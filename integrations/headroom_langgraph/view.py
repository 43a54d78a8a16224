"""The read side: a node that reads views, while the state keeps the originals."""

from __future__ import annotations

import asyncio
import copy
import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, TypeVar

from langchain_core.messages import BaseMessage
from langgraph.runtime import Runtime
from langgraph.types import Command

from headroom_core import _validation as check
from headroom_core.errors import InvalidOptionError
from headroom_core.handoff import viewer_for
from headroom_core.payload import Mode
from headroom_core.tokens.counters import CounterLike
from headroom_core.viewer import DEFAULT_MODEL, Viewer
from headroom_langgraph.messages import with_view
from headroom_langgraph.nodes import Noted, Step, around
from headroom_langgraph.originals import MAX_DEPTH, aput, here, in_state, item_of, put
from headroom_langgraph.records import KEPT, is_record, shown, text_of
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
    is resumed or forked shows the same ones. What the node passes on as it read it, goes on as the original.

    Args:
        node: A function, sync or async, with whatever LangGraph passes it beside the state; or a Runnable, such as a subgraph.
        keys: The keys of the state. Those that a state does not have are passed over.
        model: The model whose tokens are counted.
        mode: How much may be left out: `lossless`, `balanced` or `compact`.
        max_tokens: Tokens that each view may have at the most.
        counter: Counts tokens, instead of the model's own counter.
        references: Whether views name references. Only for nodes whose agent has the reading tool, see `headroom_read_tool`.
            Records are shown as they were made.
        kept: Where the reading tool finds originals: in the state of its graph, which is this one; or in the graph's store, for
            an agent that has a state of its own. They are put there, in the namespace of the thread, when they are shown.
        store_fields: Fields of items of the graph's store that are shown as views, where a function gets the store as `store`
            or in its `runtime`.

    Raises:
        InvalidOptionError: An option that means nothing.
        TypeError: The node is neither a function nor a Runnable.

    """
    check.choice("kept", kept, KEPT)
    if not keys and not store_fields:
        option, expected = "keys", "one key of the state at least, or store_fields"
        raise InvalidOptionError(option, expected, keys)
    options = {"mode": mode, "max_tokens": max_tokens, "counter": counter}
    plain = viewer_for(model, references=False, **options)  # type: ignore[arg-type]  # as they were given
    naming = viewer_for(model, **options) if references else plain  # type: ignore[arg-type]
    views, fields = _Views(keys, naming, plain, kept), tuple(store_fields)

    def given(kwargs: dict[str, Any]) -> dict[str, Any]:
        """Return what a function gets, with a store that shows views."""
        store, runtime = kwargs.get("store"), kwargs.get("runtime")
        if store is not None:
            kwargs = {**kwargs, "store": ViewedStore(store, fields, plain)}
        if isinstance(runtime, Runtime) and runtime.store is not None:
            kwargs = {**kwargs, "runtime": dataclasses.replace(runtime, store=ViewedStore(runtime.store, fields, plain))}
        return kwargs

    return around(node, before=Step(views.of, views.aof), behind=Step(given_back, agiven_back), given=given if fields else dict)


class _Views:
    """Makes views of some keys of a state, and notes what each was made of."""

    def __init__(self, keys: tuple[str, ...], naming: Viewer, plain: Viewer, kept: str) -> None:
        self._keys = keys
        self._naming = naming
        self._plain = plain
        self._kept = kept

    def of(self, state: Any, noted: Noted) -> Any:
        """Return a copy of a state with views in it."""
        found = self._found(state)
        stored = self._kept == "state"
        if not stored and (place := here()) is not None:
            stored = all(put(place, handle, item) for handle, item in _items(found))
        return self._changed(state, found, noted, stored=stored)

    async def aof(self, state: Any, noted: Noted) -> Any:
        """Return what `of` does, in a thread where it takes long, so that other runs go on meanwhile."""
        found = self._found(state)
        stored = self._kept == "state"
        if not stored and (place := here()) is not None:
            stored = all([await aput(place, handle, item) for handle, item in _items(found)])
        if sum(map(_chars, found.values())) < THREAD_CHARS:
            return self._changed(state, found, noted, stored=stored)
        return await asyncio.to_thread(self._changed, state, found, noted, stored=stored)

    def _found(self, state: Any) -> dict[str, Any]:
        return {key: value for key in self._keys if (value := _value(state, key)) is not None}

    def _changed(self, state: Any, found: dict[str, Any], noted: Noted, *, stored: bool) -> Any:
        making = _Making(self._naming if stored else self._plain, noted)
        return _with(state, {key: making.shown(value, key) for key, value in found.items()}) if found else state


class _Making:
    """Makes the views of one call, and notes what each was made of."""

    def __init__(self, viewer: Viewer, noted: Noted) -> None:
        self._viewer = viewer
        self._noted = noted

    def shown(self, value: Any, key: str) -> Any:
        """Return what a node reads of a value."""
        if is_record(value):  # shown as it was stored, and not made again
            return self._note(value["text"], value)
        if isinstance(value, list | tuple) and any(isinstance(one, BaseMessage) for one in value):
            return [self._message(one) for one in value]
        if isinstance(value, Mapping) and any(is_record(one) for one in value.values()):
            return {name: self.shown(one, str(name)) for name, one in value.items() if one is not None}
        if isinstance(value, list | tuple) and any(is_record(one) for one in value):
            return [self.shown(one, key) for one in value]
        return self._note(shown(text_of(value), self._viewer, name=key), value)

    def _message(self, message: Any) -> Any:
        view = with_view(message, self._viewer)
        if view is not message:
            self._noted[view.content] = message
        return view

    def _note(self, view: str, value: Any) -> str:
        if view != value:
            self._noted[view] = value
        return view


def given_back(result: Any, noted: Noted, depth: int = MAX_DEPTH) -> Any:
    """
    Return a node's result with originals in the place of views that it passes on as it read them.

    A node that returns what it only read, such as a subgraph whose schema has it or one that returns all messages, would else
    put the view in the original's place.
    """
    if not noted or depth < 0:
        return result
    if isinstance(result, str):
        result = noted.get(result, result)
    elif isinstance(result, BaseMessage):
        original = noted.get(result.content) if isinstance(result.content, str) else None
        result = original if isinstance(original, BaseMessage) and original.id == result.id else result
    elif isinstance(result, Command):
        result = dataclasses.replace(result, update=given_back(result.update, noted, depth))
    elif isinstance(result, dict):
        result = {key: given_back(value, noted, depth - 1) for key, value in result.items()}
    elif isinstance(result, list):
        result = [given_back(value, noted, depth - 1) for value in result]
    return result


async def agiven_back(result: Any, noted: Noted) -> Any:
    """Do what `given_back` does."""
    return given_back(result, noted)


def _items(found: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield handle and item of each text that views are made of."""
    for key, text, agent in in_state(found):
        yield item_of(text, key, agent)


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
