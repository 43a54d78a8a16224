"""
The exceptions that headroom-core raises.

A miss is not an error: `SharedContext.get()` and `SharedContext.read()` answer None. Every message says what was wrong,
what was given, what became of the payload, and what to do; `docs/reference/errors.md` lists the codes.
"""

from __future__ import annotations

from typing import ClassVar

NAMED_CANDIDATES = 10
"""Things that a name may mean that a message lists."""


class HeadroomError(Exception):
    """Base of every exception raised on purpose. `code` is stable across releases; the message is not."""

    code: ClassVar[str] = "headroom"


class InvalidOptionError(HeadroomError, ValueError):
    """An argument is of the right type but has a value that means nothing, e.g. `ttl=-5`."""

    code: ClassVar[str] = "invalid-option"

    def __init__(self, option: str, expected: str, got: object) -> None:
        super().__init__(f"{option} must be {expected}, got {got!r}")
        self.option = option
        self.expected = expected
        self.got = got

    def __reduce__(self) -> tuple[type[InvalidOptionError], tuple[str, str, object]]:
        return type(self), (self.option, self.expected, self.got)


class InvalidOptionTypeError(InvalidOptionError, TypeError):
    """An argument has the wrong type, e.g. `key=3`."""

    code: ClassVar[str] = "invalid-option-type"


class InvalidPayloadError(HeadroomError, TypeError):
    """The content is neither text nor something that JSON can hold. Nothing was stored."""

    code: ClassVar[str] = "invalid-payload"


class PayloadTooLargeError(HeadroomError, ValueError):
    """
    The content is larger than `max_entry_bytes`, or together with its view larger than `max_bytes`.

    Nothing was stored, and an older entry under the key is untouched.
    """

    code: ClassVar[str] = "payload-too-large"

    def __init__(self, key: str, size_bytes: int, limit_bytes: int, limit: str = "max_entry_bytes") -> None:
        what = "the payload has" if limit == "max_entry_bytes" else "the payload and its view have"
        super().__init__(
            f"{key!r}: {what} {size_bytes:,} bytes and {limit} is {limit_bytes:,}; nothing was stored; "
            f"pass the original on, or raise {limit}",
        )
        self.key = key
        self.size_bytes = size_bytes
        self.limit_bytes = limit_bytes
        self.limit = limit

    def __reduce__(self) -> tuple[type[PayloadTooLargeError], tuple[str, int, int, str]]:
        return type(self), (self.key, self.size_bytes, self.limit_bytes, self.limit)


class AmbiguousNameError(HeadroomError, LookupError):
    """
    A name of a symbol, a heading or a field means several things in an original. Nothing was read.

    `unit` is what was named. `candidates` are their full names, each with the reference that reads it:
    `("Session.get", "482913207615 lines 40-52")`.
    """

    code: ClassVar[str] = "ambiguous-name"

    def __init__(self, unit: str, name: str, candidates: tuple[tuple[str, str], ...]) -> None:
        meant = "; ".join(f"{full}: {reference}" for full, reference in candidates[:NAMED_CANDIDATES])
        more = len(candidates) - NAMED_CANDIDATES
        super().__init__(
            f"{unit} {name!r} means {len(candidates)} things; nothing was read; read one of: {meant}"
            + (f"; and {more} more" if more > 0 else "")
        )
        self.unit = unit
        self.name = name
        self.candidates = candidates

    def __reduce__(self) -> tuple[type[AmbiguousNameError], tuple[str, str, tuple[tuple[str, str], ...]]]:
        return type(self), (self.unit, self.name, self.candidates)


AmbiguousSymbolError = AmbiguousNameError
"""The name that the error had while only symbols were read by name."""


class CompressionError(HeadroomError):
    """A compressor failed under `strict=True`; `__cause__` is what it raised. Without `strict` the original passes instead."""

    code: ClassVar[str] = "compression-failed"


class StoreError(HeadroomError):
    """A store did not give back what was put into it. The put is refused, so that no view promises a lost original."""

    code: ClassVar[str] = "store-failed"


class SearchUnavailableError(HeadroomError):
    """Passages cannot be searched: the SQLite of this Python has no full-text search, or there is none. Nothing was read."""

    code: ClassVar[str] = "search-unavailable"

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"search needs the sqlite3 of Python with FTS5, as the builds of python.org have it: {problem}; read by lines or "
            "pattern instead"
        )
        self.problem = problem

    def __reduce__(self) -> tuple[type[SearchUnavailableError], tuple[str]]:
        return type(self), (self.problem,)


class VocabularyError(HeadroomError):
    """A vocabulary file of the package is missing or damaged; reinstalling headroom-core mends it."""

    code: ClassVar[str] = "vocabulary-damaged"


class MissingExtraError(HeadroomError, ModuleNotFoundError):
    """Something needs a library that comes with an extra, and it is not installed."""

    code: ClassVar[str] = "missing-extra"

    def __init__(self, what: str, extra: str, missing: str) -> None:
        super().__init__(f'{what} needs {missing!r}, which is not installed; run: pip install "headroom-core[{extra}]"')
        self.what = what
        self.extra = extra
        self.missing = missing
        self.name = missing

    def __reduce__(self) -> tuple[type[MissingExtraError], tuple[str, str, str]]:
        return type(self), (self.what, self.extra, self.missing)


class ModelFileError(HeadroomError):
    """Files of a model are missing, cannot be fetched, or are not what they should be. `place` is the folder or repository."""

    code: ClassVar[str] = "model-files"

    def __init__(self, place: str, problem: str, missing: tuple[str, ...] = ()) -> None:
        super().__init__(f"{place!r} {problem}")
        self.place = place
        self.problem = problem
        self.missing = missing

    def __reduce__(self) -> tuple[type[ModelFileError], tuple[str, str, tuple[str, ...]]]:
        return type(self), (self.place, self.problem, self.missing)
