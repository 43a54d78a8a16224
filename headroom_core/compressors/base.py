"""What a compressor is given and what it hands back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from headroom_core.errors import HeadroomError
from headroom_core.payload import Format, Mode, Spans
from headroom_core.receiver import Receiver
from headroom_core.tokens.base import TokenCounter


class WorkBudgetExceededError(HeadroomError):
    """A compressor did more steps than its payload is worth. The router passes the original and says so."""

    code = "work-budget-exceeded"


class WorkBudget:
    """
    Counts a compressor's steps, so that no payload can make it run for long.

    Steps and not seconds: the same payload gives the same view on a slow machine.
    """

    __slots__ = ("left",)

    def __init__(self, units: int) -> None:
        self.left = units

    def spend(self, units: int) -> None:
        """Take `units` steps, or raise `WorkBudgetExceededError` when there are none left."""
        self.left -= units
        if self.left < 0:
            msg = "the compressor ran past its work budget"
            raise WorkBudgetExceededError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """
    What is wanted of one compression.

    Attributes:
        mode: How much may be left out.
        original_tokens: Tokens of the payload.
        target_tokens: A goal for the view's tokens, or None for what the mode finds right. A compressor may miss it.
        format: `text` for a model, `json` for a receiver that parses.
        handle: The handle of the original (see `headroom_core.markers`), or None when the view may name no references.
        counter: Counts tokens. A compressor should not need it: the router counts both sides.
        receiver: What the reader is about to do and already has.
        budget: Steps that may be taken.

    """

    mode: Mode
    counter: TokenCounter
    original_tokens: int
    target_tokens: int | None = None
    format: Format = "text"
    handle: str | None = None
    receiver: Receiver = field(default_factory=Receiver)
    budget: WorkBudget = field(default_factory=lambda: WorkBudget(1 << 62))


@dataclass(frozen=True, slots=True, kw_only=True)
class Compressed:
    """
    What a compressor hands back.

    Carries no token counts: the router counts both sides with one counter, so a compressor cannot grade its own work.
    """

    text: str
    omitted: Spans = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """The payload does not look like a compressor's kind; `reason` says what is wrong with it."""

    reason: str


@runtime_checkable
class Compressor(Protocol):
    """
    Shortens payloads of one kind.

    Pure: the same arguments give the same result. No clock, no network, no random numbers, because a framework may replay
    a step and expects the same state.
    """

    kind: str

    def compress(self, original: str, /, request: Request) -> Compressed | Refused:
        """Return the view of `original`, or why it is not of this compressor's kind."""
        ...
