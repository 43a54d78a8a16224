"""The times that log lines carry."""

from __future__ import annotations

import re

TIME_CHARS = 120
"""A line's own time stands in its first characters; those further on belong to what it tells."""

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_CLOCK = r"\d\d:\d\d:\d\d(?:[.,]\d{1,9})?"
_TIME = re.compile(
    # Every alternative opens with one of these, which spares most places a closer look.
    r"(?=[0-9JFMASONDTW])(?:"
    r"(?<!\d)\d{4}[-/.]\d\d[-/.]\d\d(?:[T _-]\d\d[:.]\d\d(?:[:.]\d\d(?:[.,]\d{1,9})?)?)?(?:Z\b|[+-]\d\d:?\d\d\b)?"
    rf"|(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?{_MONTH} {{1,2}}\d{{1,2}},? {_CLOCK}(?: \d{{4}})?"
    rf"|\d\d?/{_MONTH}/\d{{4}}:{_CLOCK}(?: [+-]\d{{4}})?"
    r"|(?<![\d.])\d\d?[-/.]\d\d?(?:[-/.]\d{2,4})? \d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?"
    rf"|(?<![\d:]){_CLOCK}(?![\d:])"
    r"|\b\d{6} \d{6}\b|(?<![\w.-])1\d{9}(?:\.\d{1,9}|\d{3})?\b)"
)


def times_of(line: str) -> list[str]:
    """Return the times that stand in a line."""
    return [found[0] for found in _TIME.finditer(line[:TIME_CHARS])]


def last_time(first: str, last: str) -> str:
    """Return the time in the line `last` that tells when it was written: one that differs from that of the line `first`."""
    before = times_of(first)
    after = times_of(last)
    if not after:
        return ""
    changed = [now for now, then in zip(after, before, strict=False) if now != then] or after
    # Seconds since 1970 are read with more trouble than any other time beside them.
    return next((time for time in changed if not time.isdigit()), changed[0])


def time_words(line: str) -> set[int]:
    """Return the places of the words of a line that are, or touch, its times."""
    places: set[int] = set()
    for found in _TIME.finditer(line[:TIME_CHARS]):
        before = len(line[: found.start()].split())
        # A time that starts inside a word, as behind a bracket, counts that word as before it.
        if found.start() and not line[found.start() - 1].isspace():
            before -= 1
        places.update(range(before, before + len(found[0].split())))
    return places
