"""Never count the same text twice."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from headroom_core.errors import InvalidOptionError

if TYPE_CHECKING:
    from headroom_core.tokens.base import TokenCounter

DEFAULT_COUNTS = 1_024

# Up to this many characters a text is its own key: it is no longer than its digest, and hashing it takes longer.
SHORT_CHARS = 64


class CountMemo:
    """
    A counter that remembers the counts of the texts it saw last, but not the texts.

    A long text is known by the SHA-256 digest of its UTF-8 bytes (lone surrogates passed through). Safe to use from
    many threads: counting happens outside the lock, so two threads with the same new text may both count it.

    Args:
        counter: Does the counting; `name`, `exact` and `margin` are its own.
        max_counts: Counts remembered; the one that was not asked for longest goes first.

    """

    def __init__(self, counter: TokenCounter, *, max_counts: int = DEFAULT_COUNTS) -> None:
        if max_counts < 1:
            option = "max_counts"
            raise InvalidOptionError(option, "1 or more", max_counts)
        self.name = counter.name
        self.exact = counter.exact
        self.margin = counter.margin
        self._counter = counter
        self._max_counts = max_counts
        self._lock = threading.Lock()
        self._counts: OrderedDict[str | bytes, int] = OrderedDict()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._counter!r}, max_counts={self._max_counts})"

    def count(self, text: str, digest: str | None = None) -> int:
        """
        Return the number of tokens of `text`.

        Args:
            text: Any text.
            digest: `hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()`, from a caller who has it. Not checked.

        Raises:
            InvalidOptionError: `digest` is not hexadecimal.

        """
        key = _key(text, digest)
        with self._lock:
            known = self._counts.get(key)
            if known is not None:
                self._counts.move_to_end(key)
                return known
        tokens = self._counter.count(text)
        with self._lock:
            self._counts[key] = tokens
            self._counts.move_to_end(key)
            while len(self._counts) > self._max_counts:
                self._counts.popitem(last=False)
        return tokens


def _key(text: str, digest: str | None) -> str | bytes:
    if len(text) <= SHORT_CHARS:
        return text
    if digest is None:
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    try:
        return bytes.fromhex(digest)
    except ValueError:
        option = "digest"
        raise InvalidOptionError(option, "a SHA-256 digest in hexadecimal", digest) from None
