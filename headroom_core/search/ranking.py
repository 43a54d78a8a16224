"""Which passages of a text are nearest to a question: those that have its rare words, by BM25."""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from typing import TYPE_CHECKING

from headroom_core.errors import SearchUnavailableError
from headroom_core.search.passages import Piece, pieces_of
from headroom_core.search.words import asked, indexed

if TYPE_CHECKING:
    import sqlite3

MOST_FOUND = 50
"""Passages that one question finds, at the most."""

REMEMBERED = 8
"""Originals whose index is remembered, those that were asked last."""

REMEMBERED_CHARS = 32_000_000
"""Characters of them, at the most. The text itself is not held, but its words are, which take about as much."""


class Index:
    """
    The words of one text, by passage.

    They are in a table of SQLite that is in memory alone: its full-text search (FTS5) counts, stems and ranks. Safe to use from
    any thread.
    """

    def __init__(self, text: str, language: str | None = None) -> None:
        self.chars = len(text)
        self._pieces = pieces_of(text, language)
        self._lock = threading.Lock()
        self._table = _table()
        weakref.finalize(self, self._table.close)
        words = ((number, indexed(text[one.start : one.end], escaped=one.escaped)) for number, one in enumerate(self._pieces))
        with self._table:
            self._table.executemany("INSERT INTO passages (rowid, words) VALUES (?, ?)", words)

    def nearest(self, question: str) -> list[Piece]:
        """Return the passages that have words of a question, the best first."""
        wanted = " OR ".join(f'"{word}"' for word in asked(question))
        if not wanted:
            return []
        query = "SELECT rowid FROM passages WHERE passages MATCH ? ORDER BY rank, rowid LIMIT ?"
        with self._lock:
            found = self._table.execute(query, (wanted, MOST_FOUND)).fetchall()
        return [self._pieces[number] for (number,) in found]


class _Indexes:
    """The indexes of the texts that were asked last, by digest."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: OrderedDict[tuple[str, str | None], Index] = OrderedDict()
        self._chars = 0

    def of(self, text: str, digest: str, language: str | None) -> Index:
        """Return the index of a text."""
        key = (digest, language)
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        made = Index(text, language)
        with self._lock:
            if key not in self._held:
                self._held[key] = made
                self._chars += made.chars
            while len(self._held) > REMEMBERED or self._chars > REMEMBERED_CHARS:
                _, gone = self._held.popitem(last=False)
                self._chars -= gone.chars
        return made


_indexes = _Indexes()


def passages_for(text: str, digest: str, question: str, language: str | None = None) -> list[Piece]:
    """
    Return the passages of a text that are nearest to a question, the best first; none where no word of it is there.

    Raises:
        SearchUnavailableError: This Python has no SQLite with full-text search.

    """
    return _indexes.of(text, digest, language).nearest(question)


def _table() -> sqlite3.Connection:
    try:
        import sqlite3  # noqa: PLC0415  # only who searches needs it, and a Python may be built without it

        table = sqlite3.connect(":memory:", check_same_thread=False)
        table.execute("CREATE VIRTUAL TABLE passages USING fts5(words, content='', tokenize='porter unicode61')")
    except ImportError as exc:
        raise SearchUnavailableError(str(exc)) from exc
    except sqlite3.OperationalError as exc:
        raise SearchUnavailableError(str(exc)) from exc
    return table
