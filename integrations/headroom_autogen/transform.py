"""The message transform: what a model is given in the place of what other agents and tools said."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from autogen_core.models import LLMMessage

from headroom_autogen.messages import EXEMPT, Said, task_in, with_views
from headroom_core import _validation as check
from headroom_core.handoff import SHORTEST_CHARS, open_to_failures, viewer_for
from headroom_core.payload import Mode
from headroom_core.prompt import Prompt
from headroom_core.tokens.base import TokenCounter
from headroom_core.tokens.counters import CounterLike
from headroom_core.viewer import DEFAULT_MODEL

logger = logging.getLogger("headroom_autogen")


class Shown(NamedTuple):
    """Messages as a model is given them, and the originals of those views in them that leave something out."""

    messages: list[LLMMessage]
    originals: list[Said]


class HeadroomMessageTransform:
    """
    Shows messages to a model: `transform(messages)` returns a list with views of what other agents and tools said.

    Messages that are given are not changed: those with views in them are copies. A view knows the task, which is what a user
    said first, and what stands before it in the same prompt, as it is shown. It depends on nothing behind it, so a conversation
    that grows keeps its start byte for byte, and a model's cache with it. A text of which no view can be made passes as it is.

    Args:
        model: The model whose tokens are counted.
        mode: How much views leave out: `lossless`, `balanced` or `compact`.
        max_tokens: Tokens that each view may have at the most.
        counter: Counts tokens, instead of the model's own counter.
        references: Whether views name references. Only where their reader can read omitted parts.
        exempt: Names of agents and tools that are shown as they are; `EXEMPT` has the default.

    Raises:
        InvalidOptionError: An option that means nothing.

    """

    def __init__(
        self,
        *,
        model: str = DEFAULT_MODEL,
        mode: Mode = "balanced",
        max_tokens: int | None = None,
        counter: CounterLike | None = None,
        references: bool = False,
        exempt: Iterable[str] = EXEMPT,
    ) -> None:
        self._viewer = viewer_for(model, mode=mode, max_tokens=max_tokens, counter=counter, references=references)
        self._exempt = frozenset(check.texts("exempt", exempt))

    @property
    def counter(self) -> TokenCounter:
        """What counts tokens."""
        return self._viewer.counter

    @property
    def exempt(self) -> frozenset[str]:
        """Names of agents and tools that are shown as they are."""
        return self._exempt

    def __call__(self, messages: Sequence[LLMMessage]) -> list[LLMMessage]:
        """Return messages with views in the place of what other agents and tools said."""
        return self.show(messages).messages

    def show(self, messages: Sequence[LLMMessage]) -> Shown:
        """Return the same, and the originals of views that leave something out."""
        omitting: list[Said] = []
        prompt = Prompt(task_in(messages))

        def view_of(said: Said) -> str:
            if len(said.text) < SHORTEST_CHARS:
                return said.text
            with open_to_failures(logger, "no view could be made of what %r said; all of it passes", said.by):
                known = prompt.before()
                view = self._viewer.view(said.text, name=said.by, known=known, query=prompt.query)
                if view.omitted:
                    omitting.append(said)
                return said.text if view.text == said.text else view.text
            return said.text

        return Shown([with_views(message, view_of, self._exempt, prompt) for message in messages], omitting)
