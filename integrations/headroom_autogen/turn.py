"""One call of a client: what the model is given, and what it reads before it answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, Literal

from autogen_core import FunctionCall
from autogen_core.models import (
    AssistantMessage,
    CreateResult,
    FunctionExecutionResult,
    FunctionExecutionResultMessage,
    LLMMessage,
    RequestUsage,
)
from autogen_core.tools import Tool, ToolSchema

from headroom_autogen.tools import HeadroomReadTool
from headroom_core.handoff import LEAST_READ_TOKENS, READ_TOOL, REFUSAL
from headroom_core.tokens.base import TokenCounter

ROUNDS = 3
"""Calls of the model whose wish to read is granted, in one call of the client. A model may ask for several parts in each."""

SCHEMA: ToolSchema = HeadroomReadTool().schema
"""What a model is told of the reading tool."""

NO_MORE = f"{REFUSAL}: as much was read as one turn may. Go on with it."

ToolChoice = Tool | Literal["auto", "required", "none"]


class Reader:
    """Answers what a model asks to read in one turn, as long as there is room: three readings of the longest, in all."""

    def __init__(self, answer: Callable[[str, int], str], counter: TokenCounter, read_tokens: int) -> None:
        self._answer = answer
        self._counter = counter
        self._left = ROUNDS * read_tokens

    def read(self, call: FunctionCall) -> FunctionExecutionResult:
        """Answer a call."""
        answer = NO_MORE
        if self._left >= LEAST_READ_TOKENS:
            answer = self._answer(_reference_in(call), self._left)
            self._left -= self._tokens(answer)
        return _result(call, answer)

    def _tokens(self, answer: str) -> int:
        try:
            return self._counter.count(answer)
        except Exception:  # noqa: BLE001  # of whoever wrote the counter, and the answer is made
            return len(answer)


def _result(call: FunctionCall, answer: str = NO_MORE) -> FunctionExecutionResult:
    """Return the result of a call that reads; without an answer, that there is no more reading."""
    return FunctionExecutionResult(content=answer, name=call.name, call_id=call.id, is_error=False)


def _reference_in(call: FunctionCall) -> str:
    """Return what a call asks for; all that it says where that is not to be made out, which is no reference."""
    try:
        return str(json.loads(call.arguments)["reference"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return str(call.arguments)


class Turn:
    """
    One call of a client, which may take several calls of the model.

    What the model asks to read is answered here, because an agent would return it as its answer. Reading comes first: what a
    model calls together with it is dropped, and called again when it has read. The tools are the same in all calls of a turn,
    so that the model's cache holds.

    Args:
        shown: The messages as the model is shown them.
        tools: The tools of the caller.
        tool_choice: Which of them the caller lets the model call.
        reader: Answers what the model asks to read. None where it is not offered to.

    """

    def __init__(
        self,
        shown: Sequence[LLMMessage],
        tools: Sequence[Tool | ToolSchema],
        tool_choice: ToolChoice,
        reader: Reader | None = None,
    ) -> None:
        self._shown = shown
        self._tools = tools
        self._tool_choice = tool_choice
        self._reader = reader
        self._rounds = 0
        self._results: list[CreateResult] = []
        self.read: list[LLMMessage] = []
        self.refused = False

    @property
    def offers(self) -> bool:
        """Whether the model is offered to read."""
        return self._reader is not None

    def without_reading(self, shown: Sequence[LLMMessage]) -> None:
        """Go on as if the model had never been offered to read; what was spent on it is still told."""
        self._shown, self._reader, self.read = shown, None, []
        self.refused = True

    def arguments(self) -> dict[str, Any]:
        """Return what the next call of the model is given."""
        if self._reader is None:
            return {"messages": self._shown, "tools": self._tools, "tool_choice": self._tool_choice}
        choice = self._tool_choice
        if not self._may_call_others:
            choice = "auto" if self._rounds < ROUNDS else "none"
        return {"messages": [*self._shown, *self.read], "tools": [*self._tools, SCHEMA], "tool_choice": choice}

    def reads(self, result: CreateResult) -> bool:
        """Tell whether the model asks to read."""
        return self.offers and not isinstance(result.content, str) and any(one.name == READ_TOOL for one in result.content)

    def goes_on(self, result: CreateResult) -> bool:
        """Take what the model said, answer what it asks to read, and tell whether it is to be called again."""
        self._results.append(result)
        if self._reader is None or isinstance(result.content, str) or self._rounds > ROUNDS:
            return False
        asked = [call for call in result.content if call.name == READ_TOOL]
        if asked:
            read = self._reader.read if self._rounds < ROUNDS else _result
            self._rounds += 1
            self.read.append(AssistantMessage(content=asked, thought=result.thought, source="assistant"))
            self.read.append(FunctionExecutionResultMessage(content=[read(call) for call in asked]))
            return True
        if self._may_call_others:
            return False
        self._rounds = ROUNDS + 1  # it calls what the caller did not allow, and could not have without the tool
        return True

    def result(self) -> CreateResult:
        """Return what the model said at last, with the tokens of all calls."""
        last = self._results[-1]
        update: dict[str, Any] = {}
        if len(self._results) > 1:
            usage = RequestUsage(
                prompt_tokens=sum(one.usage.prompt_tokens for one in self._results),
                completion_tokens=sum(one.usage.completion_tokens for one in self._results),
            )
            update = {"usage": usage, "cached": all(one.cached for one in self._results)}
        if self._reader is not None and isinstance(last.content, list):
            calls = [call for call in last.content if call.name != READ_TOOL] if self._may_call_others else []
            if not calls:  # it goes on asking to read, whatever it is told
                update |= {"content": last.thought or "", "finish_reason": "stop"}
            elif calls != last.content:
                update |= {"content": calls}
        return last.model_copy(update=update) if update else last

    @property
    def _may_call_others(self) -> bool:
        return bool(self._tools) and self._tool_choice != "none"
