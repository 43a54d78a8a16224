"""The reading tool: a schema that the client offers and answers itself, and a tool for agents with a model context of ours."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, Self
from weakref import WeakValueDictionary

from autogen_core import CancellationToken, Component
from autogen_core.tools import BaseTool
from pydantic import BaseModel, ConfigDict, Field

from headroom_core.handoff import READ_TOOL, READ_TOOL_SAYS, REFERENCE_SAYS, REFUSAL


class Part(BaseModel):
    """The part to read."""

    model_config = ConfigDict(extra="forbid")  # which strict schemas ask for, as structured output does

    reference: str = Field(description=REFERENCE_SAYS)


class HeadroomReadToolConfig(BaseModel):
    """Which context the tool reads for, among those that are loaded with it."""

    pair: str


class _Loaded(threading.local):
    """The tools that one thread has loaded, and whose contexts are still to come: AutoGen loads an agent's tools first."""

    def __init__(self) -> None:
        self.waiting: WeakValueDictionary[str, HeadroomReadTool] = WeakValueDictionary()


_loaded = _Loaded()


class HeadroomReadTool(BaseTool[Part, BaseModel], Component[HeadroomReadToolConfig]):
    """Reads what a view left out. `HeadroomChatCompletionContext.read_tool()` makes it; it reads what that context showed."""

    component_config_schema = HeadroomReadToolConfig
    component_provider_override = "headroom_autogen.HeadroomReadTool"

    def __init__(self, *, pair: str | None = None) -> None:
        super().__init__(Part, str, READ_TOOL, READ_TOOL_SAYS, strict=True)  # type: ignore[arg-type]  # as for a FunctionTool
        self._answer: Callable[[str], Awaitable[str]] | None = None
        self._pair = pair or uuid.uuid4().hex

    @property
    def pair(self) -> str:
        """What the configurations of this tool and of its context have in common."""
        return self._pair

    def read_for(self, answer: Callable[[str], Awaitable[str]]) -> None:
        """Read by `answer` from now on."""
        self._answer = answer

    async def run(self, args: Part, cancellation_token: CancellationToken) -> Any:  # noqa: ARG002  # as AutoGen calls it
        """Return the part, between fences, or why nothing was read."""
        if self._answer is None:
            return f"{REFUSAL}: the agent that has this tool has no context that shows views. Go on without it."
        return await self._answer(args.reference)

    def _to_config(self) -> HeadroomReadToolConfig:
        return HeadroomReadToolConfig(pair=self._pair)

    @classmethod
    def _from_config(cls, config: HeadroomReadToolConfig) -> Self:
        tool = cls(pair=config.pair)
        _loaded.waiting[config.pair] = tool
        return tool


def loaded_tool(pair: str) -> HeadroomReadTool | None:
    """Take the tool that was loaded with the context that asks. One that is loaded later is of another agent."""
    return _loaded.waiting.pop(pair, None)
