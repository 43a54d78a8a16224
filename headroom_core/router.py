"""From a payload to its view: detection, the compressor of its kind, and the rules that hold for every view."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from headroom_core import markers
from headroom_core.compressors.base import Compressed, Compressor, Kept, Place, Refused, Request, WorkBudget
from headroom_core.compressors.code.languages import known_language
from headroom_core.content import utf8_bytes
from headroom_core.detection import Detection, detect
from headroom_core.errors import CompressionError, InvalidOptionTypeError
from headroom_core.importance.said import Indexes, Said
from headroom_core.payload import Format, Mode, Transform, View
from headroom_core.receiver import Receiver
from headroom_core.tokens.base import TokenCounter

logger = logging.getLogger("headroom_core")

SMALL_PAYLOAD_TOKENS = 200
"""Payloads under this pass unchanged: a view's header alone takes about 18 tokens, and so little is read whole."""

WORK_UNITS_PER_CHARACTER = 64
"""Steps a compressor may take for each character of its payload; SmartCrusher takes one, and one for each cell it writes."""

CEILING_ATTEMPTS = 8
"""How often a view is made again, smaller, to come under `max_tokens`, before it is reduced to its header."""

LEAST_SHARE = 0.3
"""A compressor is asked for this share of the tokens it was asked for before, at the least; where that is no use, no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewOptions:
    """
    What decides, beside the payload, how a view reads.

    `aim` is a share of the payload's tokens that the view aims at; where what may not be missed takes more, it has more.
    """

    mode: Mode = "balanced"
    format: Format = "text"
    references: bool = True
    max_tokens: int | None = None
    aim: float | None = None
    kind: str | None = None
    language: str | None = None
    receiver: Receiver = field(default_factory=Receiver)


COMPRESSORS: Mapping[str, str] = {
    "json": "headroom_core.compressors.json_crusher:SmartCrusher",
    "jsonl": "headroom_core.compressors.json_crusher:SmartCrusher",
    "csv": "headroom_core.compressors.text_table:TableCompressor",
    "tsv": "headroom_core.compressors.text_table:TableCompressor",
    "table": "headroom_core.compressors.text_table:TableCompressor",
    "yaml": "headroom_core.compressors.config:ConfigCompressor",
    "toml": "headroom_core.compressors.config:ConfigCompressor",
    "ini": "headroom_core.compressors.config:ConfigCompressor",
    "log": "headroom_core.compressors.log:LogCompressor",
    "xml": "headroom_core.compressors.log:LogCompressor",
    "build": "headroom_core.compressors.log:LogCompressor",
    "traceback": "headroom_core.compressors.traceback:TracebackCompressor",
    "search": "headroom_core.compressors.search:SearchCompressor",
    "diff": "headroom_core.compressors.diff:DiffCompressor",
    "code": "headroom_core.compressors.code:CodeCompressor",
    "html": "headroom_core.compressors.html:HtmlCompressor",
    "text": "headroom_core.compressors.prose:ProseCompressor",
    "markdown": "headroom_core.compressors.mixed:MixedCompressor",
    "transcript": "headroom_core.compressors.mixed:MixedCompressor",
    "terminal": "headroom_core.compressors.mixed:TerminalCompressor",
}
"""The compressor of each kind, as module and class: imported when a payload of the kind comes, and not before."""

LEAST_AIM_TOKENS = 1_500
"""Tokens that a view aims at, at the least: so much is read whole."""

SMALLEST_PART_CHARS = 400
"""Shorter parts of a mixed document stay as they are."""

DOCUMENTS = frozenset({"markdown", "transcript", "terminal"})
"""Kinds that refuse because no part of them gets shorter, not because they are something else."""

MOST_KINDS = 3
"""Kinds that are tried, one after the other, of a text whose compressors refuse it."""

PARSED = frozenset({"code"})
"""Kinds whose views still parse, which no line can be taken from."""

LOOSE = frozenset({"text", "markdown", "transcript", "terminal"})
"""Kinds of which each passage can be shown alone, so that what a query asks for is worth more than what a compressor leaves."""

MAX_DEPTH = 4
"""How deep parts are taken out of parts."""


class _Failed(Refused):
    """A compressor raised. The original passes: no other compressor is asked, for the text may be what made it fail."""


class Router:
    """
    Chooses a compressor by kind and holds its view to the promises.

    The view never has more tokens or bytes than its original; a compressor that fails costs its one saving, and the view
    says so. Safe to use from any thread; keeps nothing of a payload.

    Args:
        counter: Counts tokens.
        strict: Whether a failing compressor raises `CompressionError`.
        compressors: Compressors by the kind they are for. They take the place of those that come with the package.
        packaged: Whether those that come with the package are used for other kinds.
        on_failure: Is told of a compressor that failed: the payload's name, the kind, and what was raised.

    """

    def __init__(
        self,
        *,
        counter: TokenCounter,
        strict: bool = False,
        compressors: Mapping[str, Compressor] | None = None,
        packaged: bool = True,
        on_failure: Callable[[str, str, BaseException], None] | None = None,
    ) -> None:
        self._counter = counter
        self._strict = strict
        self._compressors = _by_kind({} if compressors is None else compressors)
        self._names = dict(COMPRESSORS) if packaged else {}
        self._on_failure = on_failure
        self._prompts = Indexes()

    @property
    def prompts(self) -> Indexes:
        """What the prompts say that views were made for."""
        return self._prompts

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that have a compressor, and `text`, which are what `kind=` accepts."""
        return tuple(dict.fromkeys((*self._names, *self._compressors, "text")))

    def route(
        self,
        original: str,
        *,
        digest: str,
        options: ViewOptions,
        name: str = "payload",
        original_tokens: int | None = None,
    ) -> View:
        """
        Return the view of `original` under `options`.

        Args:
            original: The payload.
            digest: SHA-256 of its UTF-8 bytes, in hexadecimal.
            options: What decides how the view reads.
            name: What log messages and errors call the payload, its key for one.
            original_tokens: Tokens of the payload, where they have been counted.

        Raises:
            CompressionError: A compressor failed, and the router is strict.

        """
        if original_tokens is None:
            original_tokens = self._counter.count(original)
        ceiling = self._ceiling(options)
        too_long = ceiling is not None and original_tokens > ceiling
        asked: Sequence[tuple[int, int]] | None = None
        if markers.is_view(original):
            view = _unchanged(original, original_tokens, "view", ("a view passes as it is",))
        elif original_tokens < SMALL_PAYLOAD_TOKENS and not too_long:
            notes = (f"a payload under {SMALL_PAYLOAD_TOKENS} tokens passes as it is",)
            view = _unchanged(original, original_tokens, "text", notes)
        else:
            found = self._told(options) or detect(original)
            view = self._view(original, found, self._aimed(original_tokens, digest, options), name)
            if ceiling is not None and view.tokens > ceiling:
                asked = _asked_for(original, digest, options) if found.kind in LOOSE else None
                if not asked:
                    view = self._fit(original, found, self._request(original_tokens, digest, options, ceiling), view, name)
        if ceiling is not None and view.tokens > ceiling:
            # The index of a text that is not loose takes longer than asking its compressor: it is made for a cut alone.
            asked = _asked_for(original, digest, options) if asked is None else asked
            view = self._cut(original, self._request(original_tokens, digest, options, ceiling), view, asked)
        return view

    def _ceiling(self, options: ViewOptions) -> int | None:
        """Return the tokens a view may have by this counter, with room for what an estimate may be off."""
        return None if options.max_tokens is None else max(1, int(options.max_tokens / (1 + self._counter.margin)))

    def _told(self, options: ViewOptions) -> Detection | None:
        """Return what a payload is where somebody said so; a language that has a grammar says that it is code."""
        kind = options.kind or ("code" if options.language and known_language(options.language) else None)
        return Detection(kind, "as told", options.language, told=True) if kind in self.kinds else None

    def _aimed(self, original_tokens: int, digest: str, options: ViewOptions) -> Request:
        """Return a request that goes by what the view aims at."""
        request = self._request(original_tokens, digest, options, None)
        if options.aim is None:
            return request
        return replace(request, target_tokens=max(LEAST_AIM_TOKENS, int(options.aim * original_tokens)), ceiling=False)

    def _request(self, original_tokens: int, digest: str, options: ViewOptions, target: int | None) -> Request:
        return Request(
            mode=options.mode,
            counter=self._counter,
            original_tokens=original_tokens,
            target_tokens=target,
            format=options.format,
            handle=markers.handle_of(digest) if options.references else None,
            receiver=options.receiver,
            said=self._said(options),
            language=options.language,
        )

    def _said(self, options: ViewOptions) -> Said | None:
        """Return what the reader's prompt says, where a view may go by it: not where all is shown, nor for a program."""
        if not options.receiver.known or options.mode == "lossless" or options.format == "json":
            return None
        return self._prompts.said_by(options.receiver.known)

    def _compressor(self, kind: str) -> Compressor | None:
        compressor = self._compressors.get(kind)
        if compressor is None and kind in self._names:
            module, _, name = self._names[kind].partition(":")
            compressor = self._compressors[kind] = getattr(importlib.import_module(module), name)()
        return compressor

    def _view(self, original: str, found: Detection, request: Request, name: str) -> View:
        """Return the view by the compressor of the kind, or the original where that fails or would be worse."""
        found, compressed = self._best(original, found, request, name, 1)
        compressed = self._for_reader(original, found, compressed, request, name)
        if isinstance(compressed, Compressed) and request.said is not None and request.said.has([markers.HOW_TO_READ]):
            compressed = replace(compressed, text=markers.without_how_to_read(compressed.text))
        if compressed is None:
            return _unchanged(original, request.original_tokens, found.kind, (found.reason,))
        if isinstance(compressed, Refused):
            notes = (f"{compressed.reason}; the original passes",)
            return _unchanged(original, request.original_tokens, "text", notes)
        return self._judge(original, request, compressed, found.kind)

    def _for_reader(
        self, original: str, found: Detection, compressed: Compressed | Refused | None, request: Request, name: str
    ) -> Compressed | Refused | None:
        """Return the shorter one of a view and of what the reader's prompt leaves to be said."""
        if request.said is None or found.kind in PARSED or isinstance(compressed, _Failed):
            return compressed
        from headroom_core.compressors.known import KnownCompressor  # noqa: PLC0415  # few views need it

        made = self._run(KnownCompressor(found.kind), original, found, request, name)
        if isinstance(made, Refused) or (isinstance(compressed, Compressed) and len(compressed.text) <= len(made.text)):
            return compressed
        return made

    def _best(
        self, original: str, found: Detection, request: Request, name: str, depth: int
    ) -> tuple[Detection, Compressed | Refused | None]:
        """Return what the compressor of the kind makes of a text; where it refuses, what the next likely kind makes of it."""
        compressed = self._compress(original, found, request, name, depth)
        sure = found.told or found.kind in DOCUMENTS
        if sure or not isinstance(compressed, Refused) or isinstance(compressed, _Failed | Kept):
            return found, compressed
        tried = {found.kind}
        for _ in range(MOST_KINDS - 1):
            likely = detect(original, without=tried)
            other = None if likely.kind in tried else self._compress(original, likely, request, name, depth)
            if other is None or isinstance(other, _Failed):
                break
            if isinstance(other, Compressed):
                return likely, replace(other, notes=(f"{compressed.reason}; shown as {likely.kind}", *other.notes))
            tried.add(likely.kind)
        return found, compressed

    def _compress(
        self, original: str, found: Detection, request: Request, name: str, depth: int
    ) -> Compressed | Refused | None:
        """Return what the compressor of the kind makes of a payload or of a part; None where the kind has none."""
        compressor = self._compressor(found.kind)
        return None if compressor is None else self._run(compressor, original, found, request, name, depth)

    def _run(
        self, compressor: Compressor, original: str, found: Detection, request: Request, name: str, depth: int = 1
    ) -> Compressed | Refused:
        """Return what a compressor makes of a payload or of a part, or that it failed."""
        budget = WorkBudget(WORK_UNITS_PER_CHARACTER * len(original) + 1_000_000)
        steps: dict[tuple[str, str], None] = {}
        language = request.language or found.language

        def compress_part(
            text: str,
            place: Place,
            /,
            *,
            target_tokens: int | None = None,
            kind: str | None = None,
            language: str | None = None,
        ) -> Compressed | None:
            if len(text) < SMALLEST_PART_CHARS or depth == MAX_DEPTH:
                return None
            inner = Detection(kind, "as its document says", language, told=True) if kind else detect(text)
            # Counting each part would take as long as compressing it; the whole tells about how many tokens it has.
            tokens = max(1, len(text) * request.original_tokens // max(1, len(original)))
            asked = replace(
                request,
                original_tokens=tokens,
                target_tokens=target_tokens,
                ceiling=request.firm,
                place=place,
                language=language,
            )
            _, made = self._best(text, inner, asked, name, depth + 1)
            if not isinstance(made, Compressed) or len(made.text) >= len(text):
                return None
            steps.update(dict.fromkeys(made.steps))
            return made

        asked = replace(request, budget=budget, language=language, compress_part=compress_part)
        try:
            compressed = compressor.compress(original, asked)
        except Exception as exc:
            if self._on_failure is not None:
                self._on_failure(name, found.kind, exc)
            if self._strict:
                msg = f"{name!r}: the {found.kind} compressor failed with {type(exc).__name__}: {exc}; nothing was stored"
                raise CompressionError(msg) from exc
            logger.warning("%r: the %s compressor failed, the original passes", name, found.kind, exc_info=True)
            return _Failed(f"the {found.kind} compressor failed ({type(exc).__name__})")
        return (
            replace(compressed, steps=(*compressed.steps, *steps))
            if steps and isinstance(compressed, Compressed)
            else compressed
        )

    def _judge(self, original: str, request: Request, compressed: Compressed, kind: str) -> View:
        tokens = self._counter.count(compressed.text)
        if tokens >= request.original_tokens or utf8_bytes(compressed.text) > utf8_bytes(original):
            notes = ("the view would not be shorter; the original passes",)
            return _unchanged(original, request.original_tokens, kind, notes)
        kept = tokens / request.original_tokens
        return View(
            text=compressed.text,
            tokens=tokens,
            omitted=compressed.omitted,
            transforms=(Transform("router", kind, kept), *(Transform(*step, kept) for step in compressed.steps)),
            notes=compressed.notes,
        )

    def _fit(self, original: str, found: Detection, request: Request, view: View, name: str) -> View:
        """Ask the compressor for less and less until its view comes under the ceiling, or gets no shorter."""
        ceiling = target = request.target_tokens or 0
        since, before = target, request.original_tokens
        for _ in range(CEILING_ATTEMPTS):
            tried = self._view(original, found, replace(request, target_tokens=target), name)
            if tried.tokens <= ceiling:
                return tried
            if tried.tokens < before:
                since, before = target, tried.tokens
            elif tried.tokens == request.original_tokens or target <= LEAST_SHARE * since:
                break
            target = int(target * max(LEAST_SHARE, min(0.8, ceiling / tried.tokens)))
        return view

    def _cut(self, original: str, request: Request, view: View, asked: Sequence[tuple[int, int]]) -> View:
        from headroom_core.ceiling import cut_to_fit  # noqa: PLC0415  # few views need it, and it takes long to import

        ceiling, original_tokens = request.target_tokens or 0, request.original_tokens
        cut = cut_to_fit(original, request, ceiling, asked)
        tokens = self._counter.count(cut.text)
        notes = (*view.notes, f"cut to come under {ceiling:,} tokens", *cut.notes)
        if tokens > ceiling:
            notes = (*notes, f"the shortest view has {tokens:,}")
        if tokens >= original_tokens:
            return _unchanged(original, original_tokens, "text", notes)
        steps = (Transform("ceiling", "text", tokens / original_tokens),)
        return View(text=cut.text, tokens=tokens, omitted=cut.omitted, transforms=steps, notes=notes)


def _asked_for(original: str, digest: str, options: ViewOptions) -> tuple[tuple[int, int], ...]:
    """Return where the passages stand that a reader asks for, the nearest first."""
    from headroom_core.ceiling import asked_for  # noqa: PLC0415  # few views need it, and it takes long to import

    return asked_for(original, digest, options.receiver.query, options.language)


def _by_kind(compressors: object) -> dict[str, Compressor]:
    """Return compressors by the kind they are for."""
    if not isinstance(compressors, Mapping) or not all(
        isinstance(kind, str) and isinstance(one, Compressor) for kind, one in compressors.items()
    ):
        option, expected = "compressors", "a mapping from kinds to compressors, which have `kind` and `compress`, or None"
        raise InvalidOptionTypeError(option, expected, compressors)
    return dict(compressors)


def _unchanged(original: str, original_tokens: int, kind: str, notes: tuple[str, ...]) -> View:
    return View(text=original, tokens=original_tokens, transforms=(Transform("router", kind, 1.0),), notes=notes)
