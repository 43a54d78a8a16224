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
from headroom_autogen.turn import Reader, ToolChoice, Turn
from headroom_autogen.views import Views, ViewsConfig, options_in
from headroom_core import SharedContext
from headroom_core import _validation as check
from headroom_core.handoff import READ_TOKENS, READ_TOOL, off_loop, open_to_failures
from headroom_core.payload import Mode
from headroom_core.tokens.counters import CounterLike
from headroom_core.viewer import DEFAULT_MODEL

REFUSALS = (400, 422)
"""What an API answers a request that it refuses for what stands in it."""

Json = bool | type[BaseModel] | None


class HeadroomClientConfig(ViewsConfig):
    """The configuration of a `HeadroomChatCompletionClient`."""

    client: ComponentModel
    references: bool = True


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
        exempt: Names of agents and tools that are shown as they are; `EXEMPT` has the default.
        references: Whether the model is offered to read what views leave out, where its client allows it.
        ctx: A context to share with other agents, teams or frameworks: what views leave out is put there, in its scope
            `autogen`, and what a message names is found there. Nothing is shared when None; the model then reads what its own
            prompt was made of.
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
        references: bool = True,
        ctx: SharedContext | None = None,
        read_tokens: int = READ_TOKENS,
    ) -> None:
        self._client = check.instance("client", client, ChatCompletionClient)
        self._references = check.flag("references", references)
        self._readings = Readings()
        self._refused: set[tuple[bool, bool]] = set()
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
            try:
                result = await self._client.create(
                    **turn.arguments(),
                    json_output=json_output,
                    extra_create_args=extra_create_args,
                    cancellation_token=cancellation_token,
                )
            except Exception as exc:
                if not (turn.offers and _is_refusal(exc)):
                    raise
                self._go_without(turn, exc, messages)
                continue
            if not await self._goes_on(turn, result, messages, cancellation_token):
                return self._result(turn, messages, tools, json_output)

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
            result, said = None, False
            try:
                async with aclosing(stream):
                    async for chunk in stream:
                        if isinstance(chunk, CreateResult):
                            result = chunk
                        else:
                            said = True
                            yield chunk
            except Exception as exc:
                if said or not (turn.offers and _is_refusal(exc)):
                    raise
                self._go_without(turn, exc, messages)
                continue
            if result is None:  # the caller says what a stream without an end is to it
                return
            if not await self._goes_on(turn, result, messages, cancellation_token):
                yield self._result(turn, messages, tools, json_output)
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
        return self._client.count_tokens(**self._as_given(messages, tools))

    def remaining_tokens(self, messages: Sequence[LLMMessage], *, tools: Sequence[Tool | ToolSchema] = ()) -> int:
        """Return the tokens that are left beside what the model would be given."""
        return self._client.remaining_tokens(**self._as_given(messages, tools))

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
            if shown.originals or len(given) > len(messages) or self._views.names_kept(shown.messages):
                return Turn(shown.messages, tools, tool_choice, self._reader(given, shown.messages))
            return Turn(shown.messages, tools, tool_choice)
        return Turn(messages, tools, tool_choice)

    def _reader(self, given: Sequence[LLMMessage], shown: Sequence[LLMMessage]) -> Reader:
        def answer(reference: str, max_tokens: int) -> str:
            return self._views.answer(reference, given, shown, max_tokens=max_tokens)

        return Reader(answer, self._views.counter, self._views.read_tokens)

    def _may_read(self, tools: Sequence[Tool | ToolSchema], tool_choice: ToolChoice, json_output: Json) -> bool:
        """Tell whether the model can be offered to read in a call: its answer must come out as the caller asked for it."""
        info = self._client.model_info
        if not (self._references and info.get("function_calling")) or _shape(tools, json_output) in self._refused:
            return False
        # Gemini refuses a call that asks for JSON and offers tools.
        if json_output and not tools and ModelFamily.is_gemini(info.get("family", "")):
            return False
        if tools:
            return tool_choice in ("auto", "required") and all(_name(tool) != READ_TOOL for tool in tools)
        return tool_choice in ("auto", "none")  # what is read is answered here, so that no call reaches the caller

    def _go_without(self, turn: Turn, exc: Exception, messages: Sequence[LLMMessage]) -> None:
        """Go on as the caller asked, because the client of the model, or its provider, refuses a call that offers to read."""
        logger.warning("a call that offers to read was refused; it is made again without: %s", exc)
        shown = messages
        with open_to_failures(logger, "no views could be made; the model is given all of it"):
            shown = self._views.show(messages, references=False).messages
        turn.without_reading(shown)

    async def _goes_on(
        self, turn: Turn, result: CreateResult, messages: Sequence[LLMMessage], cancellation_token: CancellationToken | None
    ) -> bool:
        goes_on = await off_loop(chars_in(messages) if turn.reads(result) else 0, turn.goes_on, result)
        if goes_on and cancellation_token is not None and cancellation_token.is_cancelled():
            raise asyncio.CancelledError
        return goes_on

    def _result(
        self, turn: Turn, messages: Sequence[LLMMessage], tools: Sequence[Tool | ToolSchema], json_output: Json
    ) -> CreateResult:
        result = turn.result()
        if turn.read:
            self._readings.note(messages, result.content, turn.read)
        if turn.refused:
            self._refused.add(_shape(tools, json_output))
        return result

    def _as_given(self, messages: Sequence[LLMMessage], tools: Sequence[Tool | ToolSchema]) -> dict[str, Any]:
        arguments = self._turn(messages, tools, "auto", None).arguments()
        return {"messages": arguments["messages"], "tools": arguments["tools"]}

    def _to_config(self) -> HeadroomClientConfig:
        views = self._views.config().model_dump()
        return HeadroomClientConfig(client=self._client.dump_component(), references=self._references, **views)

    @classmethod
    def _from_config(cls, config: HeadroomClientConfig) -> Self:
        client = ChatCompletionClient.load_component(config.client)
        return cls(client, references=config.references, **options_in(config))


def _name(tool: Tool | ToolSchema) -> str:
    return tool.name if isinstance(tool, Tool) else tool["name"]


def _shape(tools: Sequence[Tool | ToolSchema], json_output: Json) -> tuple[bool, bool]:
    """Return what providers tell calls apart by that they refuse: whether it has tools, and whether it asks for JSON."""
    return bool(tools), bool(json_output)


def _is_refusal(exc: Exception) -> bool:
    """Tell whether a client, or the provider behind it, refuses a call for what it asks, and not for who asks or how often."""
    return isinstance(exc, ValueError | TypeError | NotImplementedError) or getattr(exc, "status_code", 0) in REFUSALS
