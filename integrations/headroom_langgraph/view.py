"""The read side: a node that reads views, while the state keeps the originals."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, TypeVar

from langchain_core.messages import BaseMessage
from langgraph.runtime import Runtime

from headroom_core import _validation as check
from headroom_core.errors import InvalidOptionError
from headroom_core.handoff import THREAD_CHARS, off_loop, open_to_failures, viewer_for
from headroom_core.payload import Mode
from headroom_core.prompt import Prompt
from headroom_core.tokens.counters import CounterLike
from headroom_core.viewer import DEFAULT_MODEL, Viewer
from headroom_langgraph.messages import task_in, told_by, with_views
from headroom_langgraph.nodes import Step, around
from headroom_langgraph.noted import Noted, with_values
from headroom_langgraph.originals import aput, here, item_of, put
from headroom_langgraph.records import KEPT, is_record, logger, shown, text_of
from headroom_langgraph.stored import ViewedStore

NodeT = TypeVar("NodeT")


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
    known: Iterable[str] = (),
    query: str | None = None,
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
        known: Keys of the state that the node writes into its prompt before what else it reads, in this order. The views of
            `keys` may leave out what these say. Of messages under a key, each knows those before it without being told.
        query: The node's task. What a person said first in the messages that it reads, or under `messages`, when None.

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
    query = check.optional_str("query", query)
    views, fields = _Views(keys, check.texts("known", known), query, naming, plain, kept), tuple(store_fields)

    def given(kwargs: dict[str, Any], noted: Noted) -> dict[str, Any]:
        """Return what a function gets, with a store that shows views."""
        store, runtime = kwargs.get("store"), kwargs.get("runtime")
        if store is not None and fields:
            kwargs = {**kwargs, "store": ViewedStore(store, fields, plain, noted, query)}
        if isinstance(runtime, Runtime) and runtime.store is not None and fields:
            shown_store = ViewedStore(runtime.store, fields, plain, noted, query)
            kwargs = {**kwargs, "runtime": dataclasses.replace(runtime, store=shown_store)}
        return kwargs

    return around(node, before=Step(views.of, views.aof), behind=Step(_given_back, _agiven_back), given=given)


def _given_back(result: Any, noted: Noted) -> Any:
    return noted.given_back(result)


async def _agiven_back(result: Any, noted: Noted) -> Any:
    return noted.given_back(result)


class _Views:
    """Makes views of some keys of a state, and notes what each was made of."""

    def __init__(
        self, keys: tuple[str, ...], known: tuple[str, ...], query: str | None, naming: Viewer, plain: Viewer, kept: str
    ) -> None:
        self._keys = keys
        self._known = known
        self._query = query
        self._naming = naming
        self._plain = plain
        self._kept = kept

    def of(self, state: Any, noted: Noted) -> Any:
        """Return a copy of a state with views in it."""
        found = self._found(state)
        made = self._made(state, found, self._naming, noted)
        if self._kept == "store" and made.omitting:
            place = here()
            if place is None or not all(put(place, *item_of(text, key)) for key, text in made.omitting):
                made = self._made(state, found, self._plain, noted)
        return with_values(state, made.shown) if found else state

    async def aof(self, state: Any, noted: Noted) -> Any:
        """Return what `of` does, in a thread where it takes long, so that other runs go on meanwhile."""
        found = self._found(state)
        chars = sum(_chars(_value(state, key)) for key in {*found, *self._known})
        made = await off_loop(chars, self._made, state, found, self._naming, noted)
        if self._kept == "store" and made.omitting:
            place = here()
            if place is None or not all([await aput(place, *item_of(text, key)) for key, text in made.omitting]):
                made = self._made(state, found, self._plain, noted)
        return with_values(state, made.shown) if found else state

    def _found(self, state: Any) -> dict[str, Any]:
        return {key: value for key in self._keys if (value := _value(state, key)) is not None}

    def _made(self, state: Any, found: Mapping[str, Any], viewer: Viewer, noted: Noted) -> _Making:
        """Make the views of some values: those that stand before others first, the others each as if it were the only one."""
        made, prompt = _Making(viewer, noted), Prompt(self._query or self._task(state))
        for key in self._known:
            if key in found:
                made.show(key, found[key], prompt)
            else:
                with open_to_failures(logger, "what stands under %r could not be told; views know nothing of it", key):
                    prompt.add(*_said(_value(state, key)))
        for key in found:
            if key not in self._known:
                made.show(key, found[key], prompt.branch())
        return made

    def _task(self, state: Any) -> str | None:
        values = (_value(state, key) for key in (*self._known, *self._keys, "messages"))
        return next((task for value in values if isinstance(value, list | tuple) and (task := task_in(value))), None)


class _Making:
    """
    Makes the views of one call.

    Attributes:
        shown: What a node reads, by key.
        omitting: Key and text of the originals that views were made of.

    """

    def __init__(self, viewer: Viewer, noted: Noted) -> None:
        self._viewer = viewer
        self._noted = noted
        self.shown: dict[str, Any] = {}
        self.omitting: list[tuple[str, str]] = []

    def show(self, key: str, value: Any, prompt: Prompt) -> None:
        """Make the views of a value, which go on with a prompt."""
        self.shown[key] = self._shown(value, key, prompt)

    def _shown(self, value: Any, key: str, prompt: Prompt) -> Any:
        """Return what a node reads of a value."""
        if is_record(value):  # shown as it was stored, and not made again
            prompt.add(value["text"])
            return self._noted.text(key, value["text"], value)
        items = list(value.values()) if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else [value]
        if all(one is None for one in items):  # nothing was written, or all of it was deleted
            return value
        if isinstance(value, Mapping) and any(map(is_record, items)):
            named = {name: self._shown(one, f"{key}.{name}", prompt.branch()) for name, one in value.items() if one is not None}
            prompt.add(*_said(list(named.values())))
            return named
        if isinstance(value, list | tuple) and any(isinstance(one, BaseMessage) for one in value):
            return [self._message(one, key, prompt) for one in value]
        if isinstance(value, list | tuple) and any(map(is_record, items)):
            listed = [self._shown(one, key, prompt.branch()) for one in value]
            prompt.add(*_said(listed))
            return listed
        view = self._view(text_of(value), key, prompt)
        prompt.add(view)
        return self._noted.text(key, view, value)

    def _view(self, text: str, key: str, prompt: Prompt) -> str:
        view = shown(text, self._viewer, prompt, name=key)
        if view != text:
            self.omitting.append((key, text))
        return view

    def _message(self, message: Any, key: str, prompt: Prompt) -> Any:
        view = with_views(message, lambda text: self._view(text, key, prompt), prompt)
        return self._noted.message(view, message) if isinstance(message, BaseMessage) else view


def _said(value: Any) -> Iterator[str]:
    """Yield what a value says to whoever reads it as it is."""
    inside = list(value.values()) if isinstance(value, Mapping) else value
    if is_record(value):
        yield value["text"]
    elif isinstance(value, BaseMessage):
        yield from told_by(value)
    elif isinstance(inside, list | tuple) and any(isinstance(one, str | BaseMessage) or is_record(one) for one in inside):
        for one in inside:
            yield from _said(one)
    elif value is not None:
        yield text_of(value)


def _value(state: Any, key: str) -> Any:
    return state.get(key) if isinstance(state, Mapping) else getattr(state, key, None)


def _chars(value: Any) -> int:
    """Return about how long a value is as text, without making it one."""
    if isinstance(value, str):
        return len(value)
    return 0 if value is None or is_record(value) else THREAD_CHARS
