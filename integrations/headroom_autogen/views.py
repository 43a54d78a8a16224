"""What a client and a model context have in common: views of messages, readings of what they left out, and their options."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from autogen_core.models import LLMMessage
from pydantic import BaseModel

from headroom_autogen.messages import EXEMPT, Said, find_original, told_in
from headroom_autogen.named import context_named, register
from headroom_autogen.transform import HeadroomMessageTransform, Shown, logger
from headroom_core import SharedContext, markers
from headroom_core import _validation as check
from headroom_core.content import digest_and_size
from headroom_core.handoff import LEAST_READ_TOKENS, READ_TOKENS, REFUSAL, open_to_failures, read_for_agent, read_from
from headroom_core.payload import Mode
from headroom_core.store.base import Miss, Original
from headroom_core.tokens.base import TokenCounter
from headroom_core.tokens.counters import CounterLike
from headroom_core.viewer import DEFAULT_MODEL

SCOPE = "autogen"
"""The scope of a shared context in which originals of messages are put, so that they take no room of what its owner puts."""

REMEMBERED = 4_096
"""Originals that are known to have been put. One that the context has let go of since is not put again in every call."""


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
    return {**options, "ctx": None if config.context is None else context_named(config.context, config.model)}


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
        exempt = check.texts("exempt", exempt)
        ctx = None if ctx is None else check.instance("ctx", ctx, SharedContext)
        counts = ctx.counter if counter is None and ctx is not None else counter
        self._naming, self._plain = (
            HeadroomMessageTransform(
                model=model, mode=mode, max_tokens=max_tokens, counter=counts, exempt=exempt, references=references
            )
            for references in (True, False)
        )
        self._contexts: tuple[SharedContext, ...] = () if ctx is None else (ctx.scoped(SCOPE), ctx)
        self._put: OrderedDict[str, None] = OrderedDict()
        self._has_counter = counter is not None
        self._config = ViewsConfig(
            model=model,
            mode=mode,
            max_tokens=max_tokens,
            exempt=list(exempt),
            read_tokens=check.count("read_tokens", read_tokens, least=LEAST_READ_TOKENS),
            context=None if ctx is None else register(ctx),
        )

    @property
    def counter(self) -> TokenCounter:
        """What counts tokens."""
        return self._naming.counter

    @property
    def read_tokens(self) -> int:
        """Tokens of one reading at the most."""
        return self._config.read_tokens

    def config(self) -> ViewsConfig:
        """Return the options, as far as a configuration can hold them."""
        if self._has_counter:
            logger.warning("a counter cannot be part of a component's configuration; what is loaded counts by its ctx or model")
        return self._config

    def show(self, messages: Sequence[LLMMessage], *, references: bool) -> Shown:
        """Return messages as a model is shown them, and put what views leave out into the context, where there is one."""
        shown = (self._naming if references else self._plain).show(messages)
        for said in shown.originals if self._contexts else ():
            with open_to_failures(logger, "the context did not take what %r said", said.by):
                self._keep(said)
        return shown

    def _keep(self, said: Said) -> None:
        """Put what was said into the context, the first time that a view of it is shown."""
        handle = markers.handle_of(digest_and_size(said.text)[0])
        if handle not in self._put:
            self._contexts[0].put(f"{said.by} {handle}", said.text, said.by)
        self._put[handle] = None
        self._put.move_to_end(handle)
        while len(self._put) > REMEMBERED:
            self._put.popitem(last=False)

    def names_kept(self, shown: Iterable[LLMMessage]) -> bool:
        """Tell whether messages name an original that the context has, such as a view that came with the task."""
        return bool(self._contexts) and any(
            self._holder(handle) is not None
            for handle in {one for text in told_in(shown) for one in markers.handles_named_in(text)}
        )

    def answer(
        self, reference: str, given: Sequence[LLMMessage], shown: Sequence[LLMMessage], *, max_tokens: int | None = None
    ) -> str:
        """
        Return what the reading tool answers a model. Nothing that fails is raised.

        Args:
            reference: What the model asks for.
            given: The messages that it was shown views of.
            shown: The same, as it was shown them.
            max_tokens: Tokens of the answer at the most, where it is less than `read_tokens`.

        """
        limit = self.read_tokens if max_tokens is None else min(max_tokens, self.read_tokens)
        with open_to_failures(logger, "%r could not be read; the run goes on", reference[:80]):
            parsed = markers.parse_reference(reference)
            found = find_original(given, parsed[0], self._naming.exempt) if parsed else Miss("unknown")
            holder = None if parsed is None or isinstance(found, Original) else self._holder(parsed[0])
            if holder is not None:
                return read_for_agent(holder, reference, max_tokens=limit, allowed=told_in(shown))
            return read_from(lambda _: found, reference, counter=self.counter, max_tokens=limit)
        return f"{REFUSAL}: reading failed. Go on without it, or ask the agent that produced it."

    def _holder(self, handle: str) -> SharedContext | None:
        """Return the context that has, or had, an original; None where none has heard of it."""
        for ctx in self._contexts:
            found = ctx.store.find(ctx.namespace, handle)
            if isinstance(found, Original) or found.reason != "unknown":
                return ctx
        return None
