"""The context that agents share: one puts an output under a key, another gets a short view of it and reads what it needs."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn, TypeVar

from headroom_core import _validation as check
from headroom_core import markers
from headroom_core._custody import Custody, original_of
from headroom_core._reporting import Reporter
from headroom_core.compressors.base import Compressor
from headroom_core.content import digest_and_size, payload_text, utf8_bytes
from headroom_core.errors import (
    AmbiguousNameError,
    InvalidOptionError,
    InvalidOptionTypeError,
    PayloadTooLargeError,
)
from headroom_core.events import Event
from headroom_core.payload import ContextEntry, ContextStats, Format, Hit, Mode, View
from headroom_core.reading import Passage, Passages, best_within, longest_prefix, passage_in, room_for, said_of
from headroom_core.receiver import Receiver
from headroom_core.router import Router, ViewOptions
from headroom_core.store.base import Limits, Miss, Original, Store
from headroom_core.store.memory import MemoryStore
from headroom_core.tokens.base import TokenCounter
from headroom_core.tokens.counters import CounterLike, CountMemo, counter_for
from headroom_core.viewer import DEFAULT_MODEL

MIB = 1024 * 1024

SEARCH_TOKENS = 800
"""Tokens of what one search returns, where the caller sets no other number: half a dozen passages."""

_T = TypeVar("_T")


class SharedContext:
    """
    Compressed handoff between agents: a short view for the reader, and the original, whole or in part, on demand.

    Safe to use from any thread; compression runs outside any lock. The async methods do the same in a thread. A copy or
    deepcopy is the same context, because frameworks copy agents that are meant to share one; pickling is refused.

    Args:
        model: The model whose tokens are counted.
        ttl: Seconds an entry stays readable after its put, None for ever. An entry whose age equals `ttl` is expired. Measured
            on `clock`, which is monotonic, so that setting the computer's time changes nothing.
        max_entries: Entries kept at the most. Beyond it expired ones go first, then the oldest; reading does not make younger.
        mode: How much views leave out: `lossless`, `balanced` or `compact`.
        references: Whether views name references. False where their readers cannot read omitted parts.
        store: Where entries are kept; a `MemoryStore` of its own when None, which never touches the disk.
        namespace: Name of the part of the store that this context sees; a random one when None.
        max_bytes: UTF-8 bytes kept at the most, originals and views together.
        max_entry_bytes: UTF-8 bytes of one original at the most; a longer one is refused with `PayloadTooLargeError`.
        counter: Counts tokens, instead of the model's own counter.
        strict: Whether a failing compressor raises `CompressionError`. Otherwise the original passes, and the view says so.
        compressors: Compressors by the kind they are for, instead of those that come with the package, such as
            `{"text": ProseCompressor(rate=0.5)}`.
        on_event: Called with an `Event` for each put, view, read, miss, failure and eviction.
        clock: Seconds on a clock that never goes back; also measures how long calls take.
        wall_clock: Seconds since the Unix epoch, for `ContextEntry.timestamp`.

    """

    def __init__(
        self,
        model: str = DEFAULT_MODEL,
        ttl: float | None = 3600,
        max_entries: int = 100,
        *,
        mode: Mode = "balanced",
        references: bool = True,
        store: Store | None = None,
        namespace: str | None = None,
        max_bytes: int = 256 * MIB,
        max_entry_bytes: int = 64 * MIB,
        counter: CounterLike | None = None,
        strict: bool = False,
        compressors: Mapping[str, Compressor] | None = None,
        on_event: Callable[[Event], object] | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self._model = check.text("model", model)
        self._limits = Limits(
            ttl=check.optional_seconds("ttl", ttl),
            max_entries=check.count("max_entries", max_entries),
            max_bytes=check.count("max_bytes", max_bytes),
        )
        self._mode = check.mode(mode)
        self._references = check.flag("references", references)
        self._max_entry_bytes = check.count("max_entry_bytes", max_entry_bytes)
        self._clock = check.function("clock", clock)
        self._wall_clock = check.function("wall_clock", wall_clock)
        if store is not None and not isinstance(store, Store):
            option, expected = "store", "a headroom_core.store.Store or None"
            raise InvalidOptionTypeError(option, expected, store)
        self._store = MemoryStore(clock=clock) if store is None else store
        self._plain_counter = counter_for(self._model, counter)
        self._counter = CountMemo(self._plain_counter)
        self._strict = check.flag("strict", strict)
        self._compressors = compressors
        self._on_event = check.optional_function("on_event", on_event)
        self._open(check.optional_text("namespace", namespace) or os.urandom(16).hex())

    def _open(self, namespace: str) -> None:
        self._namespace = namespace
        self._custody = Custody(self._store, namespace, self._limits)
        self._events = Reporter(self._on_event, self._clock, namespace)
        self._router = Router(
            counter=self._counter, strict=self._strict, compressors=self._compressors, on_failure=self._events.fail
        )

    def scoped(self, name: str) -> SharedContext:
        """
        Return a context over the same store, with the same settings, that sees the entries of `name` alone.

        For many runs over one store: one scope for each thread, crew or user. A scope and this context see nothing of each
        other, nor do two scopes. The limits hold for each of them.

        Args:
            name: Any text but the empty one; the same name is the same scope.

        """
        scope = object.__new__(type(self))
        scope.__dict__.update(self.__dict__)
        scope._open(f"{self._namespace}/{check.text('name', name)}")  # of this class
        return scope

    @property
    def namespace(self) -> str:
        """The part of the store that this context sees. A context with the same store and namespace sees the same entries."""
        return self._namespace

    @property
    def store(self) -> Store:
        """Where the entries are kept."""
        return self._store

    @property
    def counter(self) -> TokenCounter:
        """What counts this context's tokens."""
        return self._plain_counter

    def put(
        self, key: str, content: object, agent: str | None = None, *, kind: str | None = None, language: str | None = None
    ) -> ContextEntry:
        """
        Keep `content` under `key` and return the entry, with its default view.

        An entry already under the key is replaced, unless it was put by a call that began later: the later call wins,
        however long each takes.

        Args:
            key: Any text but the empty one.
            content: A str, or something JSON can hold (dict, list, tuple, dataclass, pydantic model), whose JSON text is
                then the original: compact, not escaped, in insertion order.
            agent: Who puts it; readers are told.
            kind: The payload's kind, e.g. `json`, where it is known. Detected when None.
            language: The language of code or prose, where it is known.

        Raises:
            InvalidPayloadError: The content is neither text nor something that JSON can hold.
            PayloadTooLargeError: The original is longer than `max_entry_bytes`, or with its view than `max_bytes`.
            CompressionError: A compressor failed, and the context is strict.
            StoreError: The store did not give back what was put.

        """
        check.key(key)
        agent = check.optional_str("agent", agent)
        kind = None if kind is None else check.choice("kind", kind, self._router.kinds)
        language = check.optional_text("language", language)
        since = self._events.start()
        sequence = self._store.sequence(self._namespace)
        text = payload_text(content)
        digest, size_bytes = digest_and_size(text)
        if size_bytes > self._max_entry_bytes:
            raise PayloadTooLargeError(key, size_bytes, self._max_entry_bytes)
        text = self._custody.in_memory(text, digest)
        original_tokens = self._counter.count(text, digest=digest)
        options = ViewOptions(mode=self._mode, references=self._references, kind=kind, language=language)
        entry = ContextEntry(
            key=key,
            agent=agent,
            original_tokens=original_tokens,
            timestamp=self._wall_clock(),
            digest=digest,
            view=self._router.route(text, digest=digest, options=options, name=key, original_tokens=original_tokens),
            original=text,
            relayed=self._custody.relayed(text, digest),
            kind=kind,
            language=language,
        )
        removed, kept = self._custody.keep(entry, sequence)
        self._events.put(since, entry, size_bytes, kept=kept)
        for one in removed:
            self._events.emit("evict", since, key=one.key, reason=one.reason)
        return entry

    def get(self, key: str, full: bool = False) -> str | None:
        """Return the default view's text, or with `full=True` the original; None when there is no live entry under `key`."""
        since = self._events.start()
        entry = self._entry(key, since)
        if entry is None:
            return None
        if full:
            self._report_read(since, entry.key, entry.agent, "original", entry.original)
            return entry.original
        self._events.view(since, entry, entry.view)
        return entry.view.text

    def view(
        self,
        key: str,
        *,
        known: Iterable[str] = (),
        query: str | None = None,
        max_tokens: int | None = None,
        mode: Mode | None = None,
        format: Format = "text",  # noqa: A002  # the word users know
        references: bool | None = None,
    ) -> View | None:
        """
        Return a view of what is under `key` made for one reader, or None when there is no live entry.

        Args:
            key: The key.
            known: Texts that precede this view in the same prompt, as they were shown, oldest first.
            query: The reader's task; never a later message, which would change a view that was shown.
            max_tokens: Tokens the view may have at the most.
            mode: How much may be left out; the context's mode when None.
            format: `text` for a model, `json` for a receiver that parses.
            references: Whether the view names references; as the context does when None.

        Raises:
            CompressionError: A compressor failed, and the context is strict.

        """
        receiver = Receiver(known=check.texts("known", known), query=check.optional_str("query", query))
        max_tokens = check.optional_count("max_tokens", max_tokens)
        mode = self._mode if mode is None else check.mode(mode)
        format = check.format_(format)  # noqa: A001
        references = self._references if references is None else check.flag("references", references)
        since = self._events.start()
        entry = self._entry(key, since)
        if entry is None:
            return None
        view = entry.view
        options = ViewOptions(
            mode=mode,
            format=format,
            references=references,
            max_tokens=max_tokens,
            kind=entry.kind,
            language=entry.language,
            receiver=receiver,
        )
        if options != ViewOptions(mode=self._mode, references=self._references, kind=entry.kind, language=entry.language):
            view = self._router.route(
                entry.original, digest=entry.digest, options=options, name=key, original_tokens=entry.original_tokens
            )
        self._events.view(since, entry, view)
        return view

    def get_entry(self, key: str) -> ContextEntry | None:
        """Return the entry under `key`, or None when there is no live one. It is frozen: nobody edits the store by it."""
        return self._entry(key, self._events.start())

    def read(
        self,
        reference: str,
        *,
        lines: tuple[int, int] | None = None,
        rows: tuple[int, int] | None = None,
        symbol: str | None = None,
        heading: str | None = None,
        field: str | None = None,
        pattern: str | None = None,
        max_tokens: int | None = None,
    ) -> str | None:
        """
        Return a part of an original exactly as it stands there, or None when there is no live entry or no such part.

        Args:
            reference: A reference that a view names, e.g. `482913207615 rows 12-604`; or a key, with one selector.
            lines: First and last line, counted from 1, both included.
            rows: First and last row of the main table, counted from 1, both included.
            symbol: Name of a function, a class or whatever else code declares, alone or behind those of what holds it:
                `request`, `Session.request`. Read with its decorators and the comment right above.
            heading: What the heading of a section in a Markdown document says, alone or behind those of the sections that
                hold it: `Results`, `Methods > Results`. Case and spaces do not count. Read from the heading up to the next one
                of the same or a higher level.
            field: The way to a value of JSON, with items of lists counted from 0: `items[3].name`, in JSON lines `[3].name`. Or
                its JSON pointer: `/items/3/name`. Read as it is spelled, quotes and all.
            pattern: A regular expression in the syntax of RE2, looked for line by line: `(?i)timed? ?out`. The one selector
                whose answer is not one part: each run of lines that match stands below its own reference, a blank line
                between them. Of lines longer than 2,000 characters the pieces that match are read.
            max_tokens: Cut the part so that it has no more tokens, after a whole line where one fits. Whole when None.

        Raises:
            InvalidOptionError: Not a reference, and not a key with exactly one selector; or a pattern that is no regular
                expression, or takes too long.
            AmbiguousNameError: The name of a symbol, a heading or a field means several things.

        """
        max_tokens = check.optional_count("max_tokens", max_tokens)
        since = self._events.start()
        passage = self.passage(reference, lines=lines, rows=rows, symbol=symbol, heading=heading, field=field, pattern=pattern)
        if isinstance(passage, Passages) and passage.part.unit == "search":
            option, expected = "reference", "a reference to a part; search() answers questions"
            raise InvalidOptionError(option, expected, reference)
        text = None if isinstance(passage, Miss) else passage.text
        if isinstance(passage, Miss) or text is None:
            return None
        if max_tokens is not None:
            text = longest_prefix(text, room_for(max_tokens, self._plain_counter), self._plain_counter)
        self._report_read(since, passage.original.key, passage.original.agent, passage.part.unit, text)
        return text

    def search(self, key: str, question: str, *, max_tokens: int = SEARCH_TOKENS) -> tuple[Hit, ...] | None:
        """
        Return the passages of an original that are nearest to a question, the best first, or None when there is no live entry.

        Nearness is a matter of words (BM25): passages that have the rare words of the question come first, identifiers are also
        found by their parts, and in English words by their stems. The tuple is empty where no word of the question is there.

        Args:
            key: The key.
            question: A question, or a few words.
            max_tokens: Tokens that the passages with their references have at the most, all together.

        Raises:
            SearchUnavailableError: The SQLite of this Python has no full-text search.

        """
        asked = markers.Named(check.text("question", question), unit="search")
        max_tokens = check.count("max_tokens", max_tokens)
        since = self._events.start()
        passage = self._passage(check.key(key), asked)
        if isinstance(passage, Miss):
            return None
        hits = best_within(passage.hits, max_tokens, self._counter)
        if hits:
            self._report_read(since, passage.original.key, passage.original.agent, "search", said_of(hits))
        return hits

    def passage(
        self,
        reference: str,
        *,
        lines: tuple[int, int] | None = None,
        rows: tuple[int, int] | None = None,
        symbol: str | None = None,
        heading: str | None = None,
        field: str | None = None,
        pattern: str | None = None,
    ) -> Passage | Passages | Miss:
        """
        Return what `read` takes its text from, with where it comes from, or why there is none.

        That is a part, or for a pattern, and for a reference with a question, the parts that were found.

        Raises:
            InvalidOptionError: Not a reference, and not a key with exactly one selector; or a pattern that is no regular
                expression, or takes too long.
            AmbiguousNameError: The name of a symbol, a heading or a field means several things.

        """
        selected = check.selected(lines=lines, rows=rows, symbol=symbol, heading=heading, field=field, pattern=pattern)
        return self._passage(check.text("reference", reference), selected)

    def _passage(self, reference: str, selected: markers.Part | None) -> Passage | Passages | Miss:
        """Return a part of what is under a key, or without one what a reference names, or why there is none."""
        since = self._events.start()
        original: Original | Miss
        language = None
        if selected is not None:
            name, part = reference, selected
            entry = self._store.get(self._namespace, reference)
            original = entry if isinstance(entry, Miss) else original_of(entry)
            language = None if isinstance(entry, Miss) else entry.language
        else:
            parsed = markers.parse_reference(reference)
            if parsed is None:
                expected = f"a reference such as '482913207615 rows 12-604', or a key with {check.SELECTORS}"
                option = "reference"
                raise InvalidOptionError(option, expected, reference)
            name, part = parsed
            original = self._store.find(self._namespace, name)
        if isinstance(original, Miss):
            self._events.emit("miss", since, key=name, kind=part.unit, reason=original.reason)
            return original
        miss = {"key": original.key, "agent": original.agent, "kind": part.unit}
        try:
            passage = passage_in(original, part, language)
        except AmbiguousNameError:
            self._events.emit("miss", since, **miss, reason="several of that name")
            raise
        if not passage.hits:
            self._events.emit("miss", since, **miss, reason="no such part")
        return passage

    def note_read(self, passage: Passage | Passages, shown: str) -> None:
        """Report that a part of a passage was shown by other means than `read`, as the adapters' reading tools do."""
        original = passage.original
        self._report_read(self._events.start(), original.key, original.agent, passage.part.unit, shown)

    def delete(self, key: str) -> bool:
        """
        Remove the entry under `key`; return whether a live one was there. Ends puts of the key that are under way, too.

        An entry that relays a view of its original still holds the original, see `ContextEntry.relayed`.
        """
        return self._store.delete(self._namespace, check.key(key))

    def keys(self) -> list[str]:
        """Return the keys of the live entries, oldest put first."""
        return [entry.key for entry in self._store.entries(self._namespace)]

    def stats(self) -> ContextStats:
        """Return sums over the live entries."""
        entries = self._store.entries(self._namespace)
        return ContextStats(
            entries=len(entries),
            total_original_tokens=sum(entry.original_tokens for entry in entries),
            total_compressed_tokens=sum(entry.compressed_tokens for entry in entries),
        )

    def clear(self) -> None:
        """Remove all entries and the originals they held, and what is known of prompts. Ends puts that are under way, too."""
        self._store.clear(self._namespace)
        self._router.prompts.clear()

    def __len__(self) -> int:
        """Return the number of live entries."""
        return len(self._store.entries(self._namespace))

    def __bool__(self) -> bool:
        """Return True also without entries, so that `context or SharedContext()` keeps an empty context that was passed."""
        return True

    def __contains__(self, key: object) -> bool:
        """Tell whether there is a live entry under `key`."""
        return isinstance(key, str) and isinstance(self._store.get(self._namespace, key), ContextEntry)

    def __repr__(self) -> str:
        """Name what tells contexts apart."""
        return f"SharedContext(model={self._model!r}, namespace={self._namespace!r}, entries={len(self)})"

    def __copy__(self) -> SharedContext:
        """Return this context: whoever copies an agent wants the copy to share it."""
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> SharedContext:
        """Return this context, as `copy` does."""
        return self

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled: the other process would get a context that shares nothing."""
        msg = "a SharedContext cannot be pickled: its store lives in this process; pickle its entries (get_entry) instead"
        raise TypeError(msg)

    async def aput(
        self, key: str, content: object, agent: str | None = None, *, kind: str | None = None, language: str | None = None
    ) -> ContextEntry:
        """Do what `put` does, in a thread."""
        return await in_thread(self.put, key, content, agent, kind=kind, language=language)

    async def aget(self, key: str, full: bool = False) -> str | None:
        """Do what `get` does, in a thread."""
        return await in_thread(self.get, key, full)

    async def aview(
        self,
        key: str,
        *,
        known: Iterable[str] = (),
        query: str | None = None,
        max_tokens: int | None = None,
        mode: Mode | None = None,
        format: Format = "text",  # noqa: A002  # as view
        references: bool | None = None,
    ) -> View | None:
        """Do what `view` does, in a thread."""
        return await in_thread(
            self.view,
            key,
            known=known,
            query=query,
            max_tokens=max_tokens,
            mode=mode,
            format=format,
            references=references,
        )

    async def asearch(self, key: str, question: str, *, max_tokens: int = SEARCH_TOKENS) -> tuple[Hit, ...] | None:
        """Do what `search` does, in a thread."""
        return await in_thread(self.search, key, question, max_tokens=max_tokens)

    async def aread(
        self,
        reference: str,
        *,
        lines: tuple[int, int] | None = None,
        rows: tuple[int, int] | None = None,
        symbol: str | None = None,
        heading: str | None = None,
        field: str | None = None,
        pattern: str | None = None,
        max_tokens: int | None = None,
    ) -> str | None:
        """Do what `read` does, in a thread."""
        return await in_thread(
            self.read,
            reference,
            lines=lines,
            rows=rows,
            symbol=symbol,
            heading=heading,
            field=field,
            pattern=pattern,
            max_tokens=max_tokens,
        )

    def _report_read(self, since: float, key: str, agent: str | None, kind: str, text: str) -> None:
        if self._events.wanted:  # what was shown is counted for nobody else
            tokens = self._counter.count(text)
            self._events.emit("read", since, key=key, agent=agent, kind=kind, tokens=tokens, bytes=utf8_bytes(text))

    def _entry(self, key: str, since: float) -> ContextEntry | None:
        found = self._store.get(self._namespace, check.key(key))
        if isinstance(found, ContextEntry):
            return found
        self._events.emit("miss", since, key=key, reason=found.reason)
        return None


async def in_thread(call: Callable[..., _T], *args: object, **options: object) -> _T:
    """Return what a call returns, made in a thread."""
    import asyncio  # noqa: PLC0415  # takes a third of the package's import time, and only async callers need it

    return await asyncio.to_thread(call, *args, **options)
