"""Middleware for `langchain.agents.create_agent`: the model reads views of what tools said, the state keeps all of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from langchain.agents.middleware import AgentMiddleware
from langchain.agents.middleware.types import ModelRequest, ModelResponse

from headroom_core import SharedContext
from headroom_core.handoff import READ_TOKENS, off_loop, viewer_for
from headroom_core.payload import Mode
from headroom_core.tokens.counters import CounterLike
from headroom_core.viewer import DEFAULT_MODEL
from headroom_langgraph.messages import chars_in, shown_messages
from headroom_langgraph.tools import headroom_read_tool


class HeadroomMiddleware(AgentMiddleware):
    """
    Shows the model views of large tool results, and brings the tool that reads what they leave out.

    `create_agent(model, tools, middleware=[HeadroomMiddleware()])`. The state keeps what tools said; so do checkpoints and the
    agent's result. What the reading tool returned is shown as it is. A view is made for its reader: it knows the task, which is
    what a person said first, and the messages before it, as they are shown. Earlier messages are shown the same in every
    call, so that the model's cache holds.

    Args:
        model: The model whose tokens are counted.
        mode: How much may be left out: `lossless`, `balanced` or `compact`.
        max_tokens: Tokens that each view may have at the most.
        counter: Counts tokens, instead of the model's own counter.
        read_tokens: Tokens of one reading at the most, 200 at the least.
        ctx: The context in which `handoff_tool` keeps what other agents hand over, where one does.

    """

    def __init__(
        self,
        *,
        model: str = DEFAULT_MODEL,
        mode: Mode = "balanced",
        max_tokens: int | None = None,
        counter: CounterLike | None = None,
        read_tokens: int = READ_TOKENS,
        ctx: SharedContext | None = None,
    ) -> None:
        super().__init__()
        self._viewer = viewer_for(model, mode=mode, max_tokens=max_tokens, counter=counter)
        self.tools = [headroom_read_tool(ctx=ctx, model=model, counter=counter, max_tokens=read_tokens)]

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        """Call the model with views."""
        return handler(request.override(messages=shown_messages(request.messages, self._viewer)))

    async def awrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]]
    ) -> ModelResponse[Any]:
        """Call the model with views, made in a thread where that takes long."""
        messages = await off_loop(chars_in(request.messages), shown_messages, request.messages, self._viewer)
        return await handler(request.override(messages=messages))
