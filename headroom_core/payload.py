"""The frozen values that travel through the package: spans, transforms, views, entries, statistics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from headroom_core.report import Report

Mode = Literal["lossless", "balanced", "compact"]
"""How much a view may leave out: nothing (re-encodings only), what matters least (the default), or more than that."""

Format = Literal["text", "json"]
"""The form of a view: text for a model, or JSON for a receiver that parses."""

VIEW_VERSION = 2
"""Version of the view format. It changes when a view of the same payload under the same options would read differently."""


@dataclass(frozen=True, slots=True)
class OmittedSpan:
    """
    A part of the original that a view leaves out.

    `start` and `end` are code-point offsets into the original, 0-based and half-open, so `original[start:end]` is the part.
    `reference` is what `SharedContext.read()` takes to return exactly that part; None where the view names no references.
    `label` says in a few words what went, e.g. `rows 12-604 of /features`.
    """

    start: int
    end: int
    reference: str | None
    label: str


@dataclass(frozen=True, slots=True)
class Hit:
    """
    A passage of an original that was found: by a question, or by a pattern.

    `start` and `end` are code-point offsets into the original, 0-based and half-open; `text` is `original[start:end]`.
    `reference` is what `SharedContext.read()` takes to return exactly that.
    """

    start: int
    end: int
    reference: str
    text: str


Spans = tuple[OmittedSpan, ...] | Callable[[], tuple[OmittedSpan, ...]]
"""Omitted spans, or how to find them when somebody asks: finding them means walking the original once more."""


@dataclass(frozen=True, slots=True)
class Transform:
    """One step that was applied to a payload. `kept` is the fraction of tokens that is left, 0 to 1."""

    stage: str
    kind: str
    kept: float

    def __str__(self) -> str:
        return f"{self.stage}:{self.kind}:{self.kept:.2f}"


class View:
    """
    The short text a reader gets, with what it leaves out. Immutable.

    Attributes:
        text: What the reader sees.
        tokens: Tokens of `text`, counted by the context's counter.
        notes: Why the view is as it is, where that is not plain, e.g. that the payload is not valid JSON, and where it breaks.
        version: Version of the view format, see `VIEW_VERSION`.

    """

    __slots__ = ("_omitted", "_transforms", "notes", "text", "tokens", "version")

    text: str
    tokens: int
    notes: tuple[str, ...]
    version: int

    def __init__(
        self,
        *,
        text: str,
        tokens: int,
        omitted: Spans = (),
        transforms: tuple[Transform, ...] = (),
        notes: tuple[str, ...] = (),
        version: int = VIEW_VERSION,
    ) -> None:
        for name, value in (
            ("text", text),
            ("tokens", tokens),
            ("_omitted", omitted),
            ("_transforms", transforms),
            ("notes", notes),
            ("version", version),
        ):
            object.__setattr__(self, name, value)

    @property
    def omitted(self) -> tuple[OmittedSpan, ...]:
        """What the view leaves out, ordered and disjoint. Found on first access, at the cost of one parse of the original."""
        found = self._omitted  # type: ignore[attr-defined]
        if callable(found):
            found = found()
            object.__setattr__(self, "_omitted", found)
        return found  # type: ignore[no-any-return]

    @property
    def transforms(self) -> list[str]:
        """The steps that were applied, e.g. `["router:json:0.20"]`; the last field is the fraction of tokens kept."""
        return [str(step) for step in self._transforms]  # type: ignore[attr-defined]

    def report(self, original: str) -> Report:
        """
        Return which numbers, identifiers, paths, errors and negations of the original the view shows, and which it does not.

        Pure: nothing is read from a store. `original` is what the view was made of. It takes some three to five times as long
        as counting the tokens of the original once, and longer where most of it is prose.
        """
        # Most views are never asked for it.
        from headroom_core.report import report_on  # noqa: PLC0415

        return report_on(original, self, {step.kind for step in self._transforms})  # type: ignore[attr-defined]

    def __setattr__(self, name: str, value: object) -> None:
        msg = f"a View is frozen: cannot set {name!r}"
        raise AttributeError(msg)

    def __delattr__(self, name: str) -> None:
        msg = f"a View is frozen: cannot delete {name!r}"
        raise AttributeError(msg)

    def _identity(self) -> tuple[object, ...]:
        return self.text, self.tokens, tuple(self.transforms), self.notes, self.version

    def __eq__(self, other: object) -> bool:
        return self._identity() == other._identity() if isinstance(other, View) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._identity())

    def __repr__(self) -> str:
        return f"View(tokens={self.tokens}, transforms={self.transforms}, text={self.text[:60]!r}…)"

    def __reduce__(self) -> tuple[Callable[..., View], tuple[dict[str, Any]]]:
        # Spans still to be found hold the original; a pickle carries them found.
        state = {name: getattr(self, name) for name in ("text", "tokens", "omitted", "notes", "version")}
        return _view_from, ({**state, "transforms": self._transforms},)  # type: ignore[attr-defined]


def _view_from(state: dict[str, Any]) -> View:
    return View(**state)


@dataclass(frozen=True)
class ContextEntry:
    """
    What is stored under a key.

    Attributes:
        key: The key given to `put`.
        agent: Who stored it, or None.
        original_tokens: Tokens of the original.
        timestamp: When it was put, in seconds since the Unix epoch.
        digest: SHA-256 of the original's UTF-8 bytes, 64 hexadecimal digits.
        view: The default view, the one that `get(key)` shows.
        original: What was put, byte for byte.
        relayed: Digests of other originals whose views stand in this one; they live as long as this entry does.
        kind: The kind that `put` was told, or None where it was detected. A view made later goes by it too.
        language: The language that `put` was told, or None.

    """

    key: str
    agent: str | None
    original_tokens: int
    timestamp: float
    digest: str
    view: View
    original: str = field(repr=False, compare=False)
    relayed: tuple[str, ...] = field(default=(), repr=False)
    kind: str | None = field(default=None, repr=False)
    language: str | None = field(default=None, repr=False)

    @property
    def compressed(self) -> str:
        """The text of the default view."""
        return self.view.text

    @property
    def compressed_tokens(self) -> int:
        """Tokens of the default view."""
        return self.view.tokens

    @property
    def savings_percent(self) -> float:
        """Share of the original's tokens that the default view saves, 0 to 100."""
        return savings_percent(self.original_tokens, self.compressed_tokens)

    @property
    def transforms(self) -> list[str]:
        """The steps that made the default view, see `View.transforms`."""
        return self.view.transforms

    @property
    def omitted(self) -> tuple[OmittedSpan, ...]:
        """What the default view leaves out, see `View.omitted`."""
        return self.view.omitted

    def report(self) -> Report:
        """Return which facts of the original the default view shows, see `View.report`."""
        return self.view.report(self.original)


@dataclass(frozen=True, slots=True)
class ContextStats:
    """Sums over the live entries of one context."""

    entries: int
    total_original_tokens: int
    total_compressed_tokens: int

    @property
    def total_tokens_saved(self) -> int:
        """Tokens that readers of the default views do not pay."""
        return self.total_original_tokens - self.total_compressed_tokens

    @property
    def savings_percent(self) -> float:
        """Share of the tokens saved, 0 to 100; 0.0 when there is nothing."""
        return savings_percent(self.total_original_tokens, self.total_compressed_tokens)


def savings_percent(original_tokens: int, compressed_tokens: int) -> float:
    """Share of `original_tokens` that is saved, 0 to 100; 0.0 for an empty original."""
    return 100.0 * (original_tokens - compressed_tokens) / original_tokens if original_tokens else 0.0
