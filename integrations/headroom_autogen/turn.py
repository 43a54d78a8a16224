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
from headroom_core.handoff import READ_TOOL

ROUNDS = 3
"""Calls of the model that may ask to read, in one call of the client. A model may ask for several parts in each."""

SCHEMA: ToolSchema = HeadroomReadTool().schema
"""What a model is told of the reading tool."""

ToolChoice = Tool | Literal["auto", "required", "none"]


class Turn:
    """
    One call of a client, which may take several calls of the model.

    What the model asks to read is answered here, because an agent would return it as its answer. Reading comes first: what a
    model calls together with it is dropped, and called again when it has read.

    Args:
        shown: The messages as the model is shown them.
        tools: The tools of the caller.
        tool_choice: Which of them the caller lets the model call.
        answer: Returns what a reference leads to. None where the model is not offered to read.

    """

    def __init__(
        self,
        shown: Sequence[LLMMessage],
        tools: Sequence[Tool | ToolSchema],
        tool_choice: ToolChoice,
        answer: Callable[[str], str] | None = None,
    ) -> None:
        self._shown = shown
        self._tools = tools
        self._tool_choice = tool_choice
        self._answer = answer
        self._rounds = ROUNDS if answer is not None else 0
        self._results: list[CreateResult] = []
        self.read: list[LLMMessage] = []

    def arguments(self) -> dict[str, Any]:
        """Return what the next call of the model is given."""
        tools, choice = self._tools, self._tool_choice
        if self._rounds:
            tools, choice = [*tools, SCHEMA], "auto" if choice == "none" else choice
        elif self.read and not tools:
            choice = "none"  # some clients offer again what was called before
        return {"messages": [*self._shown, *self.read], "tools": tools, "tool_choice": choice}

    def goes_on(self, result: CreateResult) -> bool:
        """Take what the model said, answer what it asks to read, and tell whether it is to be called again."""
        self._results.append(result)
        if not self._rounds or isinstance(result.content, str):
            return False
        asked = [call for call in result.content if call.name == READ_TOOL]
        if asked:
            self._rounds -= 1
            self.read.append(AssistantMessage(content=asked, thought=result.thought, source="assistant"))
            self.read.append(FunctionExecutionResultMessage(content=[self._answered(call) for call in asked]))
            return True
        if self._may_call_others:
            return False
        self._rounds = 0  # a call that the caller did not allow, and that the model could not have made without the tool
        return True

    def result(self) -> CreateResult:
        """Return what the model said at last, with the tokens of all calls."""
        last = self._results[-1]
        usage = RequestUsage(
            prompt_tokens=sum(one.usage.prompt_tokens for one in self._results),
            completion_tokens=sum(one.usage.completion_tokens for one in self._results),
        )
        cached = all(one.cached for one in self._results)
        update: dict[str, Any] = {"usage": usage, "cached": cached} if len(self._results) > 1 else {}
        if self._answer is not None and isinstance(last.content, list):
            calls = [call for call in last.content if call.name != READ_TOOL and self._may_call_others]
            if not calls:  # it asked to read once more than it may
                update |= {"content": last.thought or "", "finish_reason": "stop"}
            elif calls != last.content:
                update |= {"content": calls}
        return last.model_copy(update=update) if update else last

    @property
    def _may_call_others(self) -> bool:
        return bool(self._tools) and self._tool_choice != "none"

    def _answered(self, call: FunctionCall) -> FunctionExecutionResult:
        try:
            reference = json.loads(call.arguments)["reference"]
        except (ValueError, TypeError, KeyError):
            reference = call.arguments  # which the answer names as no reference
        answer = self._answer(str(reference)) if self._answer is not None else ""
        return FunctionExecutionResult(content=answer, name=call.name, call_id=call.id, is_error=False)
