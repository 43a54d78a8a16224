"""From a range to its place in an original: lines of any text, rows of a JSON document's tables, characters."""

from __future__ import annotations

from headroom_core.markers import Range

Span = tuple[int, int]


def find(original: str, part: Range) -> Span | None:
    """
    Return the code-point offsets of a part, 0-based and half-open, or None when the original has no such part.

    Lines and rows are counted from 1, both ends included; a range that goes past the end stops there. Lines end with a line
    feed, and the last one's is not part of the range. Characters are offsets, the end not included.
    """
    if part.unit == "chars":
        return (part.first, part.last) if 0 <= part.first < part.last <= len(original) else None
    if part.first < 1 or part.last < part.first:
        return None
    if part.unit == "lines":
        return _lines(original, part.first, part.last)
    from headroom_core.compressors.json_crusher.rows_at import find_rows  # noqa: PLC0415  # the parser is not needed for lines

    return find_rows(original, part.first, part.last, part.path)


def _lines(original: str, first: int, last: int) -> Span | None:
    start = 0
    for _ in range(first - 1):
        start = original.find("\n", start) + 1
        if start == 0:
            return None
    if start == len(original):
        return None
    end = start - 1
    for _ in range(last - first + 1):
        end = original.find("\n", end + 1)
        if end < 0:
            return start, len(original)
    return start, end
