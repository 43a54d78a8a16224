"""Nodes around nodes: what goes in and what comes out is changed, and LangGraph sees the node's own signature."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from langchain_core.runnables import Runnable, RunnableLambda

NodeT = TypeVar("NodeT")


@dataclass(frozen=True, slots=True)
class Step:
    """What is done to a state before a node, or to a result behind it: the same, sync and async."""

    run: Callable[[Any], Any]
    arun: Callable[[Any], Awaitable[Any]]

    def runnable(self) -> Runnable[Any, Any]:
        """Return the step as a Runnable."""
        return RunnableLambda(self.run, self.arun)


async def _as_it_is(value: Any) -> Any:
    return value


NOTHING = Step(lambda value: value, _as_it_is)


def around(
    node: NodeT, *, before: Step = NOTHING, behind: Step = NOTHING, given: Callable[[dict[str, Any]], dict[str, Any]] = dict
) -> NodeT:
    """
    Return a node that does a step before another one, and one behind it; `given` changes what a function gets beside the state.

    Raises:
        TypeError: The node is neither a function nor a Runnable.

    """
    if isinstance(node, Runnable):
        # A sequence, in which LangGraph still finds a subgraph.
        sequence: Runnable[Any, Any] = node if before is NOTHING else before.runnable() | node
        return cast("NodeT", sequence if behind is NOTHING else sequence | behind.runnable())
    if not callable(node):
        msg = f"node must be a function or a Runnable, got {type(node).__name__}"
        raise TypeError(msg)
    # LangGraph asks the signature and the annotations of a node what to pass beside the state: `wraps` shows it the node's own.
    if _is_async(node):

        @functools.wraps(node, updated=())
        async def around_node(state: Any, *args: Any, **kwargs: Any) -> Any:
            return await behind.arun(await node(await before.arun(state), *args, **given(kwargs)))

        return cast("NodeT", around_node)

    @functools.wraps(node, updated=())
    def around_node_sync(state: Any, *args: Any, **kwargs: Any) -> Any:
        return behind.run(node(before.run(state), *args, **given(kwargs)))

    return cast("NodeT", around_node_sync)


def _is_async(node: Callable[..., Any]) -> bool:
    while isinstance(node, functools.partial):
        node = node.func
    return inspect.iscoroutinefunction(node) or inspect.iscoroutinefunction(type(node).__call__)
