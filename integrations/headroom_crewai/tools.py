"""The tool by which an agent of a crew reads what a view left out, and the callback that keeps what tasks say."""

from __future__ import annotations

from typing import Any

from crewai.tools import BaseTool
from pydantic import BaseModel, Field

from headroom_core.handoff import (
    LEAST_READ_TOKENS,
    READ_TOKENS,
    READ_TOOL,
    READ_TOOL_SAYS,
    REFERENCE_SAYS,
    REFUSAL,
    open_to_failures,
    read_for_agent,
)
from headroom_crewai.handoffs import current, logger, run


class Part(BaseModel):
    """The part to read."""

    reference: str = Field(description=REFERENCE_SAYS)


class HeadroomReadTool(BaseTool):
    """
    Reads what a view left out: give it to the agents that are to be able to.

    It finds what the crew that its agent works for has handed over, and nothing of any other crew. Outside of
    `compressed_handoffs` there is nothing to read.
    """

    name: str = READ_TOOL
    description: str = READ_TOOL_SAYS
    args_schema: type[BaseModel] = Part
    max_tokens: int = Field(default=READ_TOKENS, ge=LEAST_READ_TOKENS)

    def _run(self, reference: str) -> str:
        running = run.get()
        if running is None:
            return f"{REFUSAL}: no task before this one handed anything over. Go on without it."
        return read_for_agent(running.scope, reference, max_tokens=self.max_tokens)


def headroom_task_callback(output: Any) -> None:
    """
    Keep what a task said, in the context of the block that it runs in: `Task(callback=…)` or `Crew(task_callback=…)`.

    This is the put side alone, for reading with `ctx.scoped(…)` afterwards. Outside of `compressed_handoffs` it does nothing.
    """
    handoffs = current()
    if handoffs is not None:
        with open_to_failures(logger, "the output of a task was not kept; the run goes on"):
            handoffs.keep(output)
