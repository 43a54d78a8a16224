"""What a compressor is given and what it hands back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Protocol, runtime_checkable

from headroom_core.errors import HeadroomError
from headroom_core.importance.said import Said
from headroom_core.markers import Range
from headroom_core.payload import Format, Mode, OmittedSpan, Spans
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
class Place:
    """
    Where a payload stands in the original that references lead into.

    A payload of its own stands at the start of it. A part of a mixed document stands behind some characters and lines of the
    original; a string inside a JSON document is named by its pointer, and its lines and characters are counted from its start.

    Attributes:
        part: Whether the payload is a part. Parts get no header: the document around them has one.
        char: Characters of the original before the part; 0 in a string.
        line: Lines of the original before the part; 0 in a string.
        path: JSON pointer of the string that the part is, or None.
        within: First and last line of the JSON document in the original, where the original holds more than that.

    """

    part: bool = False
    char: int = 0
    line: int = 0
    path: str | None = None
    within: tuple[int, int] | None = None

    def lines(self, first: int, last: int) -> Range:
        """Return the range in the original of lines of the payload, counted from 1, both ends included."""
        return Range("lines", first + self.line, last + self.line, self.path, self.within if self.path is not None else None)

    def chars(self, start: int, end: int) -> Range:
        """Return the range in the original of characters of the payload, counted from 0, the end not included."""
        return Range("chars", start + self.char, end + self.char, self.path, self.within if self.path is not None else None)

    def rows(self, first: int, last: int, path: str | None) -> Range:
        """Return the range in the original of rows of the table at `path` of the payload, a JSON document."""
        if self.path is not None:
            path = self.path + (path or "")
        return Range("rows", first, last, path, self.within)


class CompressPart(Protocol):
    """How a compressor has a part of its payload compressed as what it is."""

    def __call__(
        self,
        text: str,
        place: Place,
        /,
        *,
        target_tokens: int | None = None,
        kind: str | None = None,
        language: str | None = None,
    ) -> Compressed | None:
        """
        Return the view of a part, without header and shorter than the part, or None when it stays as it is.

        Args:
            text: The part.
            place: Where it stands in the original.
            target_tokens: A goal for the part's view.
            kind: What the part is, where that is known; else it is told from the text.
            language: The language of code, where it is known.

        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """
    What is wanted of one compression.

    Attributes:
        mode: How much may be left out.
        original_tokens: Tokens of the payload.
        target_tokens: A goal for the view's tokens, or None for what the mode finds right. A compressor may miss it.
        ceiling: Whether the goal is a limit that a caller set, and not the share of a document that a part of it gets.
        format: `text` for a model, `json` for a receiver that parses.
        handle: The handle of the original (see `headroom_core.markers`), or None when the view may name no references.
        counter: Counts tokens. A compressor should not need it: the router counts both sides.
        receiver: What the reader is about to do and already has.
        said: What the texts that the reader already has say; None where it has none.
        budget: Steps that may be taken.
        place: Where the payload stands in the original. All ranges in markers and references come from its methods.
        compress_part: Compresses a part of the payload as what it is; None where parts stay as they are.
        language: The language of code, where it is known.

    """

    mode: Mode
    counter: TokenCounter
    original_tokens: int
    target_tokens: int | None = None
    ceiling: bool = True
    format: Format = "text"
    handle: str | None = None
    receiver: Receiver = field(default_factory=Receiver)
    said: Said | None = None
    budget: WorkBudget = field(default_factory=lambda: WorkBudget(1 << 62))
    place: Place = field(default_factory=Place)
    compress_part: CompressPart | None = None
    language: str | None = None

    def price(self, chars: float, of_chars: int) -> float:
        """
        Return the tokens of some characters of the payload, which has `of_chars`, about.

        By the tokens that the whole takes. 0 where no reader can fetch them, so that no marker says a price.
        """
        return chars * self.original_tokens / max(1, of_chars) if self.handle else 0

    @property
    def firm(self) -> bool:
        """Whether the view must come under its goal, so that also what may not be missed has to be cut."""
        return self.target_tokens is not None and self.ceiling


@dataclass(frozen=True, slots=True, kw_only=True)
class Compressed:
    """
    What a compressor hands back.

    Carries no token counts: the router counts both sides with one counter, so a compressor cannot grade its own work.
    Spans are offsets into the payload, also where the payload is a part; their references lead into the original. `steps`
    names what else had a part in it, as stage and kind, such as `("words", "encoder")`: the view's transforms say so.
    """

    text: str
    omitted: Spans = ()
    notes: tuple[str, ...] = ()
    steps: tuple[tuple[str, str], ...] = ()

    def behind(self, before: str) -> Compressed:
        """Return the view of the same payload with a text before it, which is shown as it is."""

        def omitted() -> tuple[OmittedSpan, ...]:
            spans = self.omitted() if callable(self.omitted) else self.omitted
            return tuple(replace(one, start=one.start + len(before), end=one.end + len(before)) for one in spans)

        return replace(self, text=before + self.text, omitted=omitted)


@dataclass(frozen=True, slots=True)
class Refused:
    """The payload does not look like a compressor's kind; `reason` says what is wrong with it."""

    reason: str


class Kept(Refused):
    """The payload is of a compressor's kind, and stays as it is: there is no use in asking what else it may be."""


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
