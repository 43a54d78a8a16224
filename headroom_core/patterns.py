"""The lines of a text that a regular expression matches, found in bounded time and memory whatever the expression is."""

from __future__ import annotations

import time
from collections.abc import Iterator

from headroom_core.errors import InvalidOptionError
from headroom_core.markers import Range

Span = tuple[int, int]

PATTERN_CHARS = 1_000
"""Characters of an expression, at the most."""

PATTERN_SECONDS = 2.0
"""Seconds that one expression may take over one text. Expressions that people write take a hundredth of it for 10 MB."""

PIECE_CHARS = 1_000
"""Characters of a piece of a line that is longer than two of them: of such a line not all is read for the sake of one word."""

OVERLAP_CHARS = 200
"""Characters that a piece has in common with the next one, so that what is no longer is found also where two pieces meet."""

_MEMORY_BYTES = 8 << 20
_CLOCK_LINES = 64
"""Lines between two looks at the clock."""


def matching(text: str, pattern: str) -> list[tuple[Range, Span]]:
    """
    Return the lines of a text in which an expression is found, as runs of lines with the place of each, in order.

    Of a line that is very long the pieces in which it is found are returned, as characters. The expression is in the syntax of
    RE2, which is that of `re` without what can take for ever: no look-around and no references back.

    Raises:
        InvalidOptionError: The expression is too long, is none, or takes too long.

    """
    import re2  # noqa: PLC0415  # only readers who ask for a pattern need it

    if len(pattern) > PATTERN_CHARS:
        _refuse(f"an expression of at most {PATTERN_CHARS} characters", f"{pattern[:40]}…")
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    options.max_mem = _MEMORY_BYTES
    try:
        search = re2.compile(pattern, options).search
    except (re2.error, UnicodeError) as exc:
        _refuse(f"a regular expression in the syntax of RE2 ({_why(exc)})", pattern)
    found: list[tuple[Range, Span]] = []
    until = time.monotonic() + PATTERN_SECONDS
    for number, (part, (start, end)) in enumerate(_pieces(text)):
        # Lone surrogates have no UTF-8; another character stands in for one.
        if search(text[start:end].encode("utf-8", "replace")):
            last, (begun, _) = found[-1] if found else (None, (0, 0))
            if last is not None and last.unit == part.unit and last.last + (part.unit == "lines") >= part.first:
                found[-1] = Range(part.unit, last.first, part.last), (begun, end)
            else:
                found.append((part, (start, end)))
        if number % _CLOCK_LINES == 0 and time.monotonic() > until:
            _refuse(f"an expression that takes less than {PATTERN_SECONDS:g} seconds; say it with fewer repetitions", pattern)
    return found


def _pieces(text: str) -> Iterator[tuple[Range, Span]]:
    """Yield the lines of a text, and where they stand; of lines that are very long, pieces that overlap."""
    start = number = 0
    while start < len(text):
        number += 1
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if end - start <= 2 * PIECE_CHARS:
            yield Range("lines", number, number), (start, end)
        else:
            for first in range(start, end - OVERLAP_CHARS, PIECE_CHARS - OVERLAP_CHARS):
                last = min(first + PIECE_CHARS, end)
                yield Range("chars", first, last), (first, last)
        start = end + 1


def _why(exc: Exception) -> str:
    said = exc.args[0] if exc.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(exc)


def _refuse(expected: str, got: str) -> None:
    option = "pattern"
    raise InvalidOptionError(option, expected, got)
