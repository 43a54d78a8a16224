"""What a client and a model context have in common: views of messages, readings of what they left out, and their options."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from autogen_core.models import LLMMessage
from pydantic import BaseModel

from headroom_autogen.messages import EXEMPT, Said, find_original, told_in
from headroom_autogen.named import context_named, name_of
from headroom_autogen.transform import HeadroomMessageTransform, Shown, logger
from headroom_core import SharedContext, markers
from headroom_core import _validation as check
from headroom_core.content import digest_and_size
from headroom_core.handoff import LEAST_READ_TOKENS, READ_TOKENS, REFUSAL, open_to_failures, read_for_agent, read_from
from headroom_core.payload import Mode
from headroom_core.store.base import Miss, Original
from headroom_core.tokens.counters import CounterLike
from headroom_core.viewer import DEFAULT_MODEL


class ViewsConfig(BaseModel):
    """The options of views in the configuration of a component. `context` is the namespace of a context that is shared."""

    model: str = DEFAULT_MODEL
    mode: Literal["lossless", "balanced", "compact"] = "balanced"
    max_tokens: int | None = None
    exempt: list[str] = list(EXEMPT)
    read_tokens: int = READ_TOKENS
    context: str | None = None


def options_in(config: ViewsConfig) -> dict[str, Any]:
    """Return the options of a configuration, as the classes that have it take them."""
    options = config.model_dump(include=ViewsConfig.model_fields.keys() - {"context"})
    return {**options, "ctx": None if config.context is None else context_named(config.context)}


class Views:
    """
    Shows messages, with references or without, and reads what was left out: from the same messages, then from a context.

    Without a context nothing is kept: what a model is shown was made of messages that its agent or team keeps anyway.
    """

    def __init__(
        self,
        *,
        model: str,
        mode: Mode,
        max_tokens: int | None,
        counter: CounterLike | None,
        exempt: Iterable[str],
        ctx: SharedContext | None,
        read_tokens: int,
    ) -> None:
        ctx = None if ctx is None else check.instance("ctx", ctx, SharedContext)
        counts = ctx.counter if counter is None and ctx is not None else counter
        exempt = check.texts("exempt", exempt)
        self._naming, self._plain = (
            HeadroomMessageTransform(
                model=model, mode=mode, max_tokens=max_tokens, counter=counts, exempt=exempt, references=references
            )
            for references in (True, False)
        )
        self._ctx = ctx
        self._counted = counter is not None
        self._config = ViewsConfig(
            model=model,
            mode=mode,
            max_tokens=max_tokens,
            exempt=list(exempt),
            read_tokens=check.count("read_tokens", read_tokens, least=LEAST_READ_TOKENS),
            context=None if ctx is None else name_of(ctx),
        )

    def config(self) -> ViewsConfig:
        """Return the options, as far as a configuration can hold them."""
        if self._counted:
            logger.warning("a counter cannot be part of a component's configuration; what is loaded counts by its model")
        return self._config

    def show(self, messages: Sequence[LLMMessage], *, references: bool) -> Shown:
        """Return messages as a model is shown them, and put what views leave out into the context, where there is one."""
        shown = (self._naming if references else self._plain).show(messages)
        ctx = self._ctx
        if ctx is not None:
            for said in shown.omitting:
                with open_to_failures(logger, "the context did not take what %r said", said.by):
                    _keep(ctx, said)
        return shown

    def names_kept(self, messages: Iterable[LLMMessage]) -> bool:
        """Tell whether messages name an original that the context has, such as a view that came with the task."""
        ctx = self._ctx
        if ctx is None:
            return False
        handles = {handle for message in messages for text in told_in(message) for handle in markers.handles_named_in(text)}
        return any(isinstance(ctx.store.find(ctx.namespace, handle), Original) for handle in handles)

    def answer(self, reference: str, messages: Sequence[LLMMessage]) -> str:
        """Return what the reading tool answers a model that was given views of these messages. Nothing that fails is raised."""
        with open_to_failures(logger, "%r could not be read; the run goes on", reference):
            parsed = markers.parse_reference(reference)
            found = find_original(messages, parsed[0], self._naming.exempt) if parsed else Miss("unknown")
            limit = self._config.read_tokens
            if self._ctx is None or isinstance(found, Original):
                return read_from(lambda _: found, reference, counter=self._naming.counter, max_tokens=limit)
            allowed = [text for message in self._naming(messages) for text in told_in(message)]
            return read_for_agent(self._ctx, reference, max_tokens=limit, allowed=allowed)
        return f"{REFUSAL}: reading failed. Go on without it, or ask the agent that produced it."


def _keep(ctx: SharedContext, said: Said) -> None:
    """Put what was said into a context, unless it is there."""
    handle = markers.handle_of(digest_and_size(said.text)[0])
    if isinstance(ctx.store.find(ctx.namespace, handle), Miss):  # never put, or gone meanwhile
        ctx.put(f"{said.by} {handle}", said.text, said.by)
