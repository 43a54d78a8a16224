"""The write side, in the node: records made before reducers see them, so that no reducer keeps an event loop waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal, TypeVar

from langgraph.types import Command

from headroom_core import SharedContext
from headroom_core import _validation as check
from headroom_core.errors import InvalidOptionError
from headroom_core.handoff import viewer_for
from headroom_core.payload import Mode
from headroom_core.tokens.counters import CounterLike
from headroom_core.viewer import DEFAULT_MODEL, Viewer
from headroom_langgraph.nodes import Step, around
from headroom_langgraph.noted import Noted
from headroom_langgraph.originals import aput, config_here, here, item_of, put, thread_of
from headroom_langgraph.records import KEPT, Record, is_record, kept_in, record_of

NodeT = TypeVar("NodeT")
Placed = tuple[str, Record]
"""The name of a handoff, and its record."""


def handing_over(
    node: NodeT,
    *keys: str,
    agent: str | None = None,
    kept: Literal["state", "store"] = "state",
    ctx: SharedContext | None = None,
    model: str = DEFAULT_MODEL,
    mode: Mode = "balanced",
    max_tokens: int | None = None,
    counter: CounterLike | None = None,
    references: bool = True,
) -> NodeT:
    """
    Return a node whose results under some keys are records.

    For `builder.add_node("researcher", handing_over(researcher, "research"))`. The reducer of the channel takes records as they
    are. In an async node they are made in a thread, so that other runs go on meanwhile; a reducer makes them on the event loop.

    Args:
        node: A function, sync or async, or a Runnable; it returns a dict or a `Command`.
        keys: The keys of its result. `"handoffs.*"` stands for every name in the dict under `handoffs`.
        agent: Who hands over; readers are told.
        kept: Where originals are kept: in the state, or in the graph's store, in the namespace of the thread. What a graph
            without a store, or a run without a thread, hands over stays in the state.
        ctx: The context that keeps originals instead, in the scope of the thread. They live as long as its entries do.
        model: The model whose tokens are counted.
        mode: How much views leave out: `lossless`, `balanced` or `compact`.
        max_tokens: Tokens that each view may have at the most.
        counter: Counts tokens, instead of the model's own counter.
        references: Whether views name references. False where no reader has the reading tool.

    Raises:
        InvalidOptionError: An option that means nothing.
        TypeError: The node is neither a function nor a Runnable.

    """
    check.choice("kept", kept, KEPT)
    if not keys or (ctx is not None and kept != "state"):
        option, expected = "keys and kept", "one key of the result at least, and no kept= beside ctx="
        raise InvalidOptionError(option, expected, (keys, kept))
    agent = check.optional_str("agent", agent)
    viewer = viewer_for(model, mode=mode, max_tokens=max_tokens, counter=counter, references=references)
    made = _Records(keys, viewer, agent, ctx)

    def run(result: Any, noted: Noted) -> Any:  # noqa: ARG001  # the form of a step
        changed, placed = made.of(result)
        if kept == "store" and (place := here()) is not None:
            for handle, item, record in _moved(placed):
                if put(place, handle, item):
                    _forget(record)
        return changed

    async def arun(result: Any, noted: Noted) -> Any:  # noqa: ARG001  # the form of a step
        changed, placed = await asyncio.to_thread(made.of, result)
        if kept == "store" and (place := here()) is not None:
            for handle, item, record in _moved(placed):
                if await aput(place, handle, item):
                    _forget(record)
        return changed

    return around(node, behind=Step(run, arun))


class _Records:
    """Makes records of what stands under some keys of a node's result."""

    def __init__(self, keys: tuple[str, ...], viewer: Viewer, agent: str | None, ctx: SharedContext | None) -> None:
        self._keys = keys
        self._viewer = viewer
        self._agent = agent
        self._ctx = ctx

    def of(self, result: Any) -> tuple[Any, list[Placed]]:
        """Return a result with records in it, and those that carry their originals."""
        placed: list[Placed] = []
        scope = None if self._ctx is None else self._ctx.scoped(thread_of(config_here()))

        def make(name: str, value: Any) -> Any:
            if value is None or is_record(value):
                return value
            if scope is not None:
                return kept_in(scope, name, value, self._viewer, agent=self._agent)
            record = record_of(value, self._viewer, agent=self._agent)
            placed.append((name, record))
            return record

        return _over(result, self._keys, make), placed


def _moved(placed: list[Placed]) -> Iterator[tuple[str, dict[str, Any], Record]]:
    """Yield handle and item of each original that goes to the store, with its record."""
    for name, record in placed:
        if "original" in record:
            handle, item = item_of(record["original"], name, record.get("agent"))
            yield handle, item, record


def _forget(record: Record) -> None:
    """Say that an original is in the store. Not before it is there."""
    del record["original"]
    record["kept"] = "store"


def _over(result: Any, keys: tuple[str, ...], make: Callable[[str, Any], Any]) -> Any:
    """Return a node's result with what stands under some keys made something else."""
    if isinstance(result, Command):
        return replace(result, update=_over(result.update, keys, make)) if result.update is not None else result
    if isinstance(result, list):
        return [_over(one, keys, make) for one in result]
    if isinstance(result, tuple) and len(result) == 2 and isinstance(result[0], str):  # noqa: PLR2004  # a channel, and a write to it
        return (result[0], _over({result[0]: result[1]}, keys, make)[result[0]])
    if not isinstance(result, Mapping):
        return result
    changed = dict(result)
    for key in keys:
        channel, star, _ = key.partition(".*")
        value = changed.get(channel)
        if star and isinstance(value, Mapping):
            changed[channel] = {name: make(str(name), one) for name, one in value.items()}
        elif not star and value is not None:
            changed[channel] = make(channel, value)
    return changed
