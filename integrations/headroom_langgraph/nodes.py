"""Nodes around nodes: what goes in and what comes out is changed, and LangGraph sees the node's own signature."""

from __future__ import annotations

import functools
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from langchain_core.runnables import Runnable, RunnableConfig, RunnableLambda
from langgraph.errors import ParentCommand

from headroom_langgraph.noted import Noted

NodeT = TypeVar("NodeT")


@dataclass(frozen=True, slots=True)
class Step:
    """What is done to a state before a node, or to a result behind it: the same, sync and async."""

    run: Callable[[Any, Noted], Any]
    arun: Callable[[Any, Noted], Awaitable[Any]]


async def _as_it_is(value: Any, noted: Noted) -> Any:  # noqa: ARG001  # the form of a step
    return value


NOTHING = Step(lambda value, noted: value, _as_it_is)  # noqa: ARG005  # the form of a step

Given = Callable[[dict[str, Any], Noted], dict[str, Any]]
"""Changes what a function gets beside the state."""


def around(
    node: NodeT,
    *,
    before: Step = NOTHING,
    behind: Step = NOTHING,
    given: Given = lambda kwargs, noted: kwargs,  # noqa: ARG005
) -> NodeT:
    """
    Return a node that does a step before another one, and one behind it.

    Raises:
        TypeError: The node is neither a function nor a Runnable.

    """
    if isinstance(node, Runnable):
        return cast("NodeT", _around_runnable(node, before, behind))
    if not callable(node):
        msg = f"node must be a function or a Runnable, got {type(node).__name__}"
        raise TypeError(msg)
    called = _called(node)
    kind = (
        _around_async_generator
        if inspect.isasyncgenfunction(called)
        else _around_generator
        if inspect.isgeneratorfunction(called)
        else _around_async
        if inspect.iscoroutinefunction(called)
        else _around_sync
    )
    made = kind(node, before, behind, given)
    # LangGraph asks the signature and the annotations of a node what to pass beside the state: it is shown the node's own.
    functools.update_wrapper(made, node, updated=())
    made.__name__ = getattr(node, "__name__", type(node).__name__)
    made.__annotations__ = getattr(node, "__annotations__", None) or getattr(called, "__annotations__", {})
    return cast("NodeT", made)


def _around_sync(node: Callable[..., Any], before: Step, behind: Step, given: Given) -> Callable[..., Any]:
    def around_node(state: Any, *args: Any, **kwargs: Any) -> Any:
        noted = Noted()
        read = before.run(state, noted)
        with _parent_commands(behind, noted):
            return behind.run(node(read, *args, **given(kwargs, noted)), noted)

    return around_node


def _around_async(node: Callable[..., Any], before: Step, behind: Step, given: Given) -> Callable[..., Any]:
    async def around_node(state: Any, *args: Any, **kwargs: Any) -> Any:
        noted = Noted()
        read = await before.arun(state, noted)
        with _parent_commands(behind, noted):
            return await behind.arun(await node(read, *args, **given(kwargs, noted)), noted)

    return around_node


def _around_generator(node: Callable[..., Any], before: Step, behind: Step, given: Given) -> Callable[..., Any]:
    def around_node(state: Any, *args: Any, **kwargs: Any) -> Iterator[Any]:
        noted = Noted()
        for one in node(before.run(state, noted), *args, **given(kwargs, noted)):
            yield behind.run(one, noted)

    return around_node


def _around_async_generator(node: Callable[..., Any], before: Step, behind: Step, given: Given) -> Callable[..., Any]:
    async def around_node(state: Any, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        noted = Noted()
        async for one in node(await before.arun(state, noted), *args, **given(kwargs, noted)):
            yield await behind.arun(one, noted)

    return around_node


def _around_runnable(node: Runnable[Any, Any], before: Step, behind: Step) -> Runnable[Any, Any]:
    # LangGraph looks for subgraphs in what such functions close over, and so still finds one.
    def around_node(state: Any, config: RunnableConfig) -> Any:
        noted = Noted()
        read = before.run(state, noted)
        with _parent_commands(behind, noted):
            return behind.run(node.invoke(read, config), noted)

    async def around_node_async(state: Any, config: RunnableConfig) -> Any:
        noted = Noted()
        read = await before.arun(state, noted)
        with _parent_commands(behind, noted):
            return await behind.arun(await node.ainvoke(read, config), noted)

    return RunnableLambda(around_node, around_node_async, name=node.get_name())


@contextmanager
def _parent_commands(behind: Step, noted: Noted) -> Iterator[None]:
    """Do the step behind a node also with a command to the parent graph, which leaves a node as an exception."""
    try:
        yield
    except ParentCommand as leaving:
        raise ParentCommand(behind.run(leaving.args[0], noted)) from leaving


def _called(node: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function that runs when a node is called: that of a partial, or of an object's class."""
    while isinstance(node, functools.partial):
        node = node.func
    return node if inspect.isroutine(node) else type(node).__call__
