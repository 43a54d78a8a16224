"""Views of originals that somebody else keeps, such as the state of a framework."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from headroom_core import _validation as check
from headroom_core.compressors.base import Compressor
from headroom_core.content import digest_and_size
from headroom_core.payload import Format, Mode, View
from headroom_core.receiver import Receiver
from headroom_core.router import Router, ViewOptions
from headroom_core.tokens.base import TokenCounter
from headroom_core.tokens.counters import CounterLike, CountMemo, counter_for

DEFAULT_MODEL = "claude-sonnet-4-5-20250929"

REMEMBERED_FROM = 1_000
"""Characters of the shortest text whose view is remembered; shorter ones take less to make than to look up many."""

REMEMBERED = 4_096
"""Views that are remembered, so that a step that a framework runs again costs nothing."""

REMEMBERED_CHARS = 32_000_000
"""Characters of their originals, at the most, which are held with them; as a rule the framework holds the same ones."""


_Key = tuple[str, ViewOptions, bytes]
"""The text, the options but for what is known, and the digest of that: so that a key holds no text but its own."""


class Viewer:
    """
    Makes views, and keeps nothing but the last ones.

    A view is a pure function of its text and of the options, so it does not matter who asks, how often, or after which restart.
    Safe to use from any thread.

    Args:
        model: The model whose tokens are counted.
        mode: How much may be left out: `lossless`, `balanced` or `compact`.
        max_tokens: Tokens that each view may have at the most.
        aim: Share of an original's tokens that its view aims at, 0 to 1. Where what may not be missed takes more, and in kinds
            that cannot be shortened so far, it has more. What the mode finds right when None.
        references: Whether views name references. False where their readers cannot read omitted parts.
        counter: Counts tokens, instead of the model's own counter.
        strict: Whether a failing compressor raises `CompressionError`. Otherwise the original passes, and the view says so.
        compressors: Compressors by the kind they are for, instead of those that come with the package.
        remembered: Views that are remembered.

    """

    def __init__(
        self,
        model: str = DEFAULT_MODEL,
        *,
        mode: Mode = "balanced",
        max_tokens: int | None = None,
        aim: float | None = None,
        references: bool = True,
        counter: CounterLike | None = None,
        strict: bool = False,
        compressors: Mapping[str, Compressor] | None = None,
        remembered: int = REMEMBERED,
    ) -> None:
        self._plain_counter = counter_for(check.text("model", model), counter)
        self._counter = CountMemo(self._plain_counter)
        self._router = Router(counter=self._counter, strict=check.flag("strict", strict), compressors=compressors)
        self._mode = check.mode(mode)
        self._max_tokens = check.optional_count("max_tokens", max_tokens)
        self._aim = check.optional_share("aim", aim)
        self._references = check.flag("references", references)
        self._remembered = check.count("remembered", remembered, least=0)
        # By the text itself: Python keeps the hash of a str, so one that comes again is found without a look at its characters.
        self._views: OrderedDict[_Key, View] = OrderedDict()
        self._chars = 0
        self._lock = threading.Lock()

    @property
    def counter(self) -> TokenCounter:
        """What counts tokens."""
        return self._plain_counter

    @property
    def kinds(self) -> tuple[str, ...]:
        """What `kind=` accepts."""
        return self._router.kinds

    def view(
        self,
        text: str,
        *,
        name: str = "payload",
        kind: str | None = None,
        language: str | None = None,
        known: Iterable[str] = (),
        query: str | None = None,
        format: Format = "text",  # noqa: A002  # the word users know
    ) -> View:
        """
        Return the view of a text.

        Args:
            text: The original.
            name: What messages call it.
            kind: The kind of the text, where it is known. Detected when None.
            language: The language of code, where it is known.
            known: Texts that precede the view in the same prompt, as they were shown, oldest first.
            query: The reader's task.
            format: `text` for a model, `json` for a receiver that parses.

        Raises:
            CompressionError: A compressor failed, and the viewer is strict.

        """
        options = ViewOptions(
            mode=self._mode,
            format=format,
            references=self._references,
            max_tokens=self._max_tokens,
            aim=self._aim,
            kind=kind,
            language=language,
            receiver=Receiver(query=query),
        )
        texts = tuple(known)
        key = (text, options, self._router.prompts.said_by(texts).digest if texts else b"")
        with self._lock:
            found = self._views.get(key)
            if found is not None:
                self._views.move_to_end(key)
                return found
        options = replace(options, receiver=Receiver(known=texts, query=query))
        digest, _ = digest_and_size(text)
        tokens = self._counter.count(text, digest=digest)
        view = self._router.route(text, digest=digest, options=options, name=name, original_tokens=tokens)
        if len(text) >= REMEMBERED_FROM:
            self._remember(key, view)
        return view

    def _remember(self, key: _Key, view: View) -> None:
        with self._lock:
            if key not in self._views:
                self._chars += len(key[0])
                self._views[key] = view
            while len(self._views) > self._remembered or self._chars > REMEMBERED_CHARS:
                (gone, *_), _ = self._views.popitem(last=False)
                self._chars -= len(gone)
