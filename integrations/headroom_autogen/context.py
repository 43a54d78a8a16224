"""A model context around another one: it keeps what was said, and shows views of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Self

from autogen_core import Component, ComponentModel
from autogen_core.model_context import ChatCompletionContext, UnboundedChatCompletionContext
from autogen_core.models import LLMMessage

from headroom_autogen.messages import EXEMPT, chars_in
from headroom_autogen.tools import HeadroomReadTool, loaded_tool
from headroom_autogen.views import Views, ViewsConfig, options_in
from headroom_core import SharedContext
from headroom_core import _validation as check
from headroom_core.handoff import READ_TOKENS, off_loop
from headroom_core.payload import Mode
from headroom_core.tokens.counters import CounterLike
from headroom_core.viewer import DEFAULT_MODEL


class HeadroomContextConfig(ViewsConfig):
    """The configuration of a `HeadroomChatCompletionContext`."""

    inner: ComponentModel
    pair: str | None = None


class HeadroomChatCompletionContext(ChatCompletionContext, Component[HeadroomContextConfig]):
    """
    Shows a model views of what other agents and tools said, and keeps all of it.

    `AssistantAgent("writer", client, model_context=HeadroomChatCompletionContext())`, and for whatever else takes a model
    context, such as a SelectorGroupChat for its own prompt. Messages, threads, results and saved states hold the originals. A
    context brings no tool, so its views name no references unless the agent is given the one that `read_tool()` returns.

    Args:
        inner: The context that keeps the messages and chooses among them; an unbounded one when None. One that counts tokens
            by a client counts originals, unless that client is a `HeadroomChatCompletionClient`.
        model: The model whose tokens are counted.
        mode: How much views leave out: `lossless`, `balanced` or `compact`.
        max_tokens: Tokens that each view may have at the most.
        counter: Counts tokens, instead of the counter of `ctx`, or of the model.
        exempt: Names of agents and tools that are shown as they are; `EXEMPT` has the default.
        ctx: A context to share with other agents, teams or frameworks: what views leave out is put there, in its scope
            `autogen`, and the reading tool finds there what messages name. Nothing is shared when None.
        read_tokens: Tokens of one reading at the most, 200 at the least.

    Raises:
        InvalidOptionError: An option that means nothing.

    """

    component_config_schema = HeadroomContextConfig
    component_provider_override = "headroom_autogen.HeadroomChatCompletionContext"

    def __init__(
        self,
        inner: ChatCompletionContext | None = None,
        *,
        model: str = DEFAULT_MODEL,
        mode: Mode = "balanced",
        max_tokens: int | None = None,
        counter: CounterLike | None = None,
        exempt: Iterable[str] = EXEMPT,
        ctx: SharedContext | None = None,
        read_tokens: int = READ_TOKENS,
    ) -> None:
        super().__init__()
        inner = UnboundedChatCompletionContext() if inner is None else inner
        self._inner = check.instance("inner", inner, ChatCompletionContext)
        self._given: list[LLMMessage] = []
        self._shown: list[LLMMessage] = []
        self._tool: HeadroomReadTool | None = None
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
    def inner(self) -> ChatCompletionContext:
        """The context that keeps the messages."""
        return self._inner

    def read_tool(self) -> HeadroomReadTool:
        """
        Return the tool that reads what this context's views leave out, always the same one.

        From now on views name references, so give it to the agent that has this context: `AssistantAgent(…, tools=[tool],
        max_tool_iterations=4)`. With one iteration, AutoGen's default, an agent returns what it read as its answer.
        """
        return self._tool or self._reading_by(HeadroomReadTool())

    async def get_messages(self) -> list[LLMMessage]:
        """Return the messages of the inner context with views in them. Those with views are copies."""
        self._given = list(await self._inner.get_messages())
        self._shown = await off_loop(chars_in(self._given), self._show, self._given)
        return list(self._shown)

    async def add_message(self, message: LLMMessage) -> None:
        """Keep a message."""
        await self._inner.add_message(message)

    async def clear(self) -> None:
        """Forget all messages."""
        self._given = self._shown = []
        await self._inner.clear()

    async def save_state(self) -> Mapping[str, Any]:
        """Return the state of the inner context, which holds the originals."""
        return await self._inner.save_state()

    async def load_state(self, state: Mapping[str, Any]) -> None:
        """Load what `save_state` returned, of this context or of one like the inner one."""
        await self._inner.load_state(state)

    def _reading_by(self, tool: HeadroomReadTool) -> HeadroomReadTool:
        tool.read_for(self._answer)
        self._tool = tool
        return tool

    def _show(self, messages: list[LLMMessage]) -> list[LLMMessage]:
        return self._views.show(messages, references=self._tool is not None).messages

    async def _answer(self, reference: str) -> str:
        # What was shown last is what the model asks about; a buffer may have let go of it since.
        given, shown = self._given, self._shown
        return await off_loop(chars_in(given), self._views.answer, reference, given, shown)

    def _to_config(self) -> HeadroomContextConfig:
        return HeadroomContextConfig(
            inner=self._inner.dump_component(),
            pair=None if self._tool is None else self._tool.pair,
            **self._views.config().model_dump(),
        )

    @classmethod
    def _from_config(cls, config: HeadroomContextConfig) -> Self:
        context = cls(ChatCompletionContext.load_component(config.inner), **options_in(config))
        tool = None if config.pair is None else loaded_tool(config.pair)
        if tool is not None:
            context._reading_by(tool)
        return context
