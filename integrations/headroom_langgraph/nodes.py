"""Nodes around nodes: what goes in and what comes out is changed, and LangGraph sees the node's own signature."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from langchain_core.runnables import Runnable, RunnableConfig, RunnableLambda

NodeT = TypeVar("NodeT")

Noted = dict[str, Any]
"""What the step before a node notes for the one behind it, in one call."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is done to a state before a node, or to a result behind it: the same, sync and async."""

    run: Callable[[Any, Noted], Any]
    arun: Callable[[Any, Noted], Awaitable[Any]]


async def _as_it_is(value: Any, noted: Noted) -> Any:  # noqa: ARG001  # the form of a step
    return value


NOTHING = Step(lambda value, noted: value, _as_it_is)  # noqa: ARG005  # the form of a step


def around(
    node: NodeT, *, before: Step = NOTHING, behind: Step = NOTHING, given: Callable[[dict[str, Any]], dict[str, Any]] = dict
) -> NodeT:
    """
    Return a node that does a step before another one, and one behind it; `given` changes what a function gets beside the state.

    Raises:
        TypeError: The node is neither a function nor a Runnable.

    """
    if isinstance(node, Runnable):
        return cast("NodeT", _around_runnable(node, before, behind))
    if not callable(node):
        msg = f"node must be a function or a Runnable, got {type(node).__name__}"
        raise TypeError(msg)
    # LangGraph asks the signature and the annotations of a node what to pass beside the state: `wraps` shows it the node's own.
    if _is_async(node):

        @functools.wraps(node, updated=())
        async def around_node(state: Any, *args: Any, **kwargs: Any) -> Any:
            noted: Noted = {}
            return await behind.arun(await node(await before.arun(state, noted), *args, **given(kwargs)), noted)

        return cast("NodeT", around_node)

    @functools.wraps(node, updated=())
    def around_node_sync(state: Any, *args: Any, **kwargs: Any) -> Any:
        noted: Noted = {}
        return behind.run(node(before.run(state, noted), *args, **given(kwargs)), noted)

    return cast("NodeT", around_node_sync)


def _around_runnable(node: Runnable[Any, Any], before: Step, behind: Step) -> Runnable[Any, Any]:
    # LangGraph looks for subgraphs in what such functions close over, and so still finds one.
    def around_node(state: Any, config: RunnableConfig) -> Any:
        noted: Noted = {}
        return behind.run(node.invoke(before.run(state, noted), config), noted)

    async def around_node_async(state: Any, config: RunnableConfig) -> Any:
        noted: Noted = {}
        return await behind.arun(await node.ainvoke(await before.arun(state, noted), config), noted)

    return RunnableLambda(around_node, around_node_async)


def _is_async(node: Callable[..., Any]) -> bool:
    while isinstance(node, functools.partial):
        node = node.func
    return inspect.iscoroutinefunction(node) or inspect.iscoroutinefunction(type(node).__call__)
