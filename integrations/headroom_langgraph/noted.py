"""What a node read as views, in one call, and putting originals back where it passes views on as it read them."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Mapping
from typing import Any

from langchain_core.messages import BaseMessage
from langgraph.types import Command, Send

MAX_DEPTH = 3
"""How deep views are looked for in what a node returns."""


class Noted:
    """The views that were shown in one call of a node, and what each was made of."""

    def __init__(self) -> None:
        self._by_key: dict[tuple[str, str], Any] = {}
        self._by_view: dict[str, Any] = {}
        self._messages: dict[tuple[str | None, str], BaseMessage] = {}

    def text(self, key: str, view: str, value: Any) -> str:
        """Take note of the view of a value, and return it."""
        if view != value:
            self._by_key[key, view] = value
            self._by_view.setdefault(view, value)
        return view

    def message(self, view: BaseMessage, message: BaseMessage) -> BaseMessage:
        """Take note of the view of a message, and return it."""
        if view is not message:
            self._messages[view.id, str(view.content)] = message
        return view

    def given_back(self, result: Any, key: str = "", depth: int = MAX_DEPTH) -> Any:
        """
        Return what a node returned with originals in the place of views that it passes on as it read them.

        A node that returns what it only read, such as a subgraph whose schema has it or one that returns all messages, would
        else put the view in the original's place. `key` is what the result stands under.
        """
        if depth < 0 or not (self._by_view or self._messages):
            return result
        if isinstance(result, str):
            return self._by_key.get((key, result), self._by_view.get(result, result))
        if isinstance(result, BaseMessage):
            return self._messages.get((result.id, str(result.content)), result)
        return self._inside(result, key, depth)

    def _inside(self, result: Any, key: str, depth: int) -> Any:
        back = self.given_back
        if isinstance(result, Command):
            result = dataclasses.replace(result, update=back(result.update, key, depth), goto=back(result.goto, key, depth))
        elif isinstance(result, Send):
            result = Send(result.node, back(result.arg, key, depth))
        elif type(result) is dict:
            result = {name: back(value, str(name), depth - 1) for name, value in result.items()}
        elif type(result) is list:
            result = [back(value, key, depth - 1) for value in result]
        elif type(result) is tuple:
            # A pair may be a channel and a write to it.
            under = result[0] if result and isinstance(result[0], str) else key
            result = tuple(back(value, under, depth - 1) for value in result)
        elif not isinstance(result, type) and (dataclasses.is_dataclass(result) or hasattr(result, "model_copy")):
            values = {name: back(value, name, depth - 1) for name, value in vars(result).items()}
            changed = {name: value for name, value in values.items() if value is not getattr(result, name)}
            result = with_values(result, changed) if changed else result
        return result


def with_values(state: Any, values: Mapping[str, Any]) -> Any:
    """Return a copy of a state with some values changed; those of pydantic and dataclasses are not validated again."""
    if isinstance(state, Mapping):
        return {**state, **values}
    if not (dataclasses.is_dataclass(state) or hasattr(state, "model_copy")):
        return state
    copied = state.model_copy() if hasattr(state, "model_copy") else copy.copy(state)
    for key, value in values.items():
        object.__setattr__(copied, key, value)
    return copied
