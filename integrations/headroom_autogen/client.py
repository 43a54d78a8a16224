"""A client around another one: the model reads views, and may read what they leave out before it answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import aclosing
from typing import Any, Self

from autogen_core import CancellationToken, Component, ComponentModel
from autogen_core.models import (
    ChatCompletionClient,
    CreateResult,
    LLMMessage,
    ModelCapabilities,
    ModelFamily,
    ModelInfo,
    RequestUsage,
)
from autogen_core.tools import Tool, ToolSchema
from pydantic import BaseModel

from headroom_autogen.messages import EXEMPT, chars_in
from headroom_autogen.readings import Readings
from headroom_autogen.transform import logger
from headroom_autogen.turn import ToolChoice, Turn
from headroom_autogen.views import Views, ViewsConfig, options_in
from headroom_core import SharedContext
from headroom_core import _validation as check
from headroom_core.handoff import READ_TOKENS, READ_TOOL, off_loop, open_to_failures
from headroom_core.payload import Mode
from headroom_core.tokens.counters import CounterLike
from headroom_core.viewer import DEFAULT_MODEL

Json = bool | type[BaseModel] | None


class HeadroomClientConfig(ViewsConfig):
    """The configuration of a `HeadroomChatCompletionClient`."""

    client: ComponentModel


class HeadroomChatCompletionClient(ChatCompletionClient, Component[HeadroomClientConfig]):
    """
    Gives a model views of what other agents and tools said, and lets it read what they leave out.

    `AssistantAgent("writer", HeadroomChatCompletionClient(client))`, and for whatever else takes a client. What agents and
    teams keep and return does not change. Where a view leaves something out and the model can call tools, it is offered
    `headroom_read`; what it asks for is answered inside the call, so that no agent sees it, and the result has the tokens of
    all calls. Whatever fails of this costs its saving: the model is then given all of it.

    Args:
        client: The client of the model.
        model: The model whose tokens are counted.
        mode: How much views leave out: `lossless`, `balanced` or `compact`.
        max_tokens: Tokens that each view may have at the most.
        counter: Counts tokens, instead of the counter of `ctx`, or of the model.
        exempt: Names of agents and tools that are shown as they are. By default the user, and the manager of a
            MagenticOneGroupChat, whose messages are instructions.
        ctx: A context to share with other agents, teams or frameworks: what views leave out is put there, and what a message
            names is found there. Nothing is shared when None; the model then reads what its own prompt was made of.
        read_tokens: Tokens of one reading at the most, 200 at the least.

    Raises:
        InvalidOptionError: An option that means nothing.

    """

    component_type = "model"
    component_config_schema = HeadroomClientConfig
    component_provider_override = "headroom_autogen.HeadroomChatCompletionClient"

    def __init__(
        self,
        client: ChatCompletionClient,
        *,
        model: str = DEFAULT_MODEL,
        mode: Mode = "balanced",
        max_tokens: int | None = None,
        counter: CounterLike | None = None,
        exempt: Iterable[str] = EXEMPT,
        ctx: SharedContext | None = None,
        read_tokens: int = READ_TOKENS,
    ) -> None:
        self._client = check.instance("client", client, ChatCompletionClient)
        self._readings = Readings()
        self._views = Views(
            model=model,
            mode=mode,
            max_tokens=max_tokens,
            counter=counter,
            exempt=exempt,
            ctx=ctx,
            read_tokens=read_tokens,
        )

    @property
    def client(self) -> ChatCompletionClient:
        """The client of the model."""
        return self._client

    async def create(
        self,
        messages: Sequence[LLMMessage],
        *,
        tools: Sequence[Tool | ToolSchema] = (),
        tool_choice: ToolChoice = "auto",
        json_output: Json = None,
        extra_create_args: Mapping[str, Any] = {},
        cancellation_token: CancellationToken | None = None,
    ) -> CreateResult:
        """Return what the model says, given views, after what it reads of them."""
        turn = await off_loop(chars_in(messages), self._turn, messages, tools, tool_choice, json_output)
        while True:
            result = await self._client.create(
                **turn.arguments(),
                json_output=json_output,
                extra_create_args=extra_create_args,
                cancellation_token=cancellation_token,
            )
            if not await self._goes_on(turn, result, messages, cancellation_token):
                return self._result(turn, messages)

    async def create_stream(
        self,
        messages: Sequence[LLMMessage],
        *,
        tools: Sequence[Tool | ToolSchema] = (),
        tool_choice: ToolChoice = "auto",
        json_output: Json = None,
        extra_create_args: Mapping[str, Any] = {},
        cancellation_token: CancellationToken | None = None,
    ) -> AsyncGenerator[str | CreateResult, None]:
        """Yield what the model says as it comes, and the result at last; what it says before it reads is yielded, too."""
        turn = await off_loop(chars_in(messages), self._turn, messages, tools, tool_choice, json_output)
        while True:
            stream = self._client.create_stream(
                **turn.arguments(),
                json_output=json_output,
                extra_create_args=extra_create_args,
                cancellation_token=cancellation_token,
            )
            result = None
            async with aclosing(stream):
                async for chunk in stream:
                    if isinstance(chunk, CreateResult):
                        result = chunk
                    else:
                        yield chunk
            if result is None:  # the caller says what a stream without an end is to it
                return
            if not await self._goes_on(turn, result, messages, cancellation_token):
                yield self._result(turn, messages)
                return

    async def close(self) -> None:
        """Close the client of the model."""
        await self._client.close()

    def actual_usage(self) -> RequestUsage:
        """Return what the client of the model says."""
        return self._client.actual_usage()

    def total_usage(self) -> RequestUsage:
        """Return what the client of the model says."""
        return self._client.total_usage()

    def count_tokens(self, messages: Sequence[LLMMessage], *, tools: Sequence[Tool | ToolSchema] = ()) -> int:
        """Return the tokens of what the model would be given, views and the reading tool counted."""
        return self._client.count_tokens(**self._counted(messages, tools))

    def remaining_tokens(self, messages: Sequence[LLMMessage], *, tools: Sequence[Tool | ToolSchema] = ()) -> int:
        """Return the tokens that are left beside what the model would be given."""
        return self._client.remaining_tokens(**self._counted(messages, tools))

    @property
    def capabilities(self) -> ModelCapabilities:
        """What the client of the model says."""
        return self._client.capabilities

    @property
    def model_info(self) -> ModelInfo:
        """What the client of the model says."""
        return self._client.model_info

    def _turn(
        self, messages: Sequence[LLMMessage], tools: Sequence[Tool | ToolSchema], tool_choice: ToolChoice, json_output: Json
    ) -> Turn:
        """Return how the model is called. Where no views can be made, it is called as the caller says."""
        with open_to_failures(logger, "no views could be made; the model is given all of it"):
            if not self._may_read(tools, tool_choice, json_output):
                return Turn(self._views.show(messages, references=False).messages, tools, tool_choice)
            given = self._readings.inserted(messages)
            shown = self._views.show(given, references=True)
            if shown.omitting or self._views.names_kept(shown.messages):
                return Turn(shown.messages, tools, tool_choice, lambda reference: self._views.answer(reference, given))
            return Turn(shown.messages, tools, tool_choice)
        return Turn(messages, tools, tool_choice)

    def _may_read(self, tools: Sequence[Tool | ToolSchema], tool_choice: ToolChoice, json_output: Json) -> bool:
        """Tell whether the model can be offered to read in a call: its answer must come out as the caller asked for it."""
        info = self._client.model_info
        if not info.get("function_calling") or any(_name(tool) == READ_TOOL for tool in tools):
            return False
        # Gemini refuses a call that asks for JSON and offers tools.
        if json_output and not tools and ModelFamily.is_gemini(info.get("family", "")):
            return False
        return isinstance(tool_choice, str) and tool_choice in {"auto", "required" if tools else "none"}

    async def _goes_on(
        self, turn: Turn, result: CreateResult, messages: Sequence[LLMMessage], cancellation_token: CancellationToken | None
    ) -> bool:
        asks = not isinstance(result.content, str)
        goes_on = await off_loop(chars_in(messages) if asks else 0, turn.goes_on, result)
        if goes_on and cancellation_token is not None and cancellation_token.is_cancelled():
            raise asyncio.CancelledError
        return goes_on

    def _result(self, turn: Turn, messages: Sequence[LLMMessage]) -> CreateResult:
        result = turn.result()
        if turn.read:
            self._readings.note(messages, result.content, turn.read)
        return result

    def _counted(self, messages: Sequence[LLMMessage], tools: Sequence[Tool | ToolSchema]) -> dict[str, Any]:
        arguments = self._turn(messages, tools, "auto", None).arguments()
        return {"messages": arguments["messages"], "tools": arguments["tools"]}

    def _to_config(self) -> HeadroomClientConfig:
        return HeadroomClientConfig(client=self._client.dump_component(), **self._views.config().model_dump())

    @classmethod
    def _from_config(cls, config: HeadroomClientConfig) -> Self:
        return cls(ChatCompletionClient.load_component(config.client), **options_in(config))


def _name(tool: Tool | ToolSchema) -> str:
    return tool.name if isinstance(tool, Tool) else tool["name"]
