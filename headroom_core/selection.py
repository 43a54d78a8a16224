"""From a range to its place in an original: lines and characters of any text, rows and strings of JSON documents."""

from __future__ import annotations

from dataclasses import replace

from headroom_core.markers import Range

Span = tuple[int, int]


def find(original: str, part: Range) -> Span | None:
    """
    Return the code-point offsets of a part, 0-based and half-open, or None when the original has no such part.

    Lines and rows are counted from 1, both ends included; a range that goes past the end stops there. Lines end with a line
    feed, and the last one's is not part of the range. Characters are offsets, the end not included. Lines and characters of a
    string are those of the text it stands for; the part is then what stands for them in the original, escapes and all.
    """
    if part.within is not None:
        return _within(original, part, part.within)
    if part.unit != "rows" and part.path is None:
        return _of_text(original, part)
    # The parser is not needed for lines.
    from headroom_core.compressors.json_crusher.parts_at import find_rows, find_string  # noqa: PLC0415

    if part.unit == "rows":
        return find_rows(original, part.first, part.last, part.path) if 1 <= part.first <= part.last else None
    string = find_string(original, part.path or "")
    inner = None if string is None else _of_text(string.text, part)
    return None if string is None or inner is None else string.span(inner)


def _within(original: str, part: Range, lines: tuple[int, int]) -> Span | None:
    """Find a part of the JSON document that stands on some lines of the original."""
    document = _lines(original, *lines)
    if document is None or (part.unit != "rows" and part.path is None):
        return None
    start, end = document
    found = find(original[start:end], replace(part, within=None))
    return None if found is None else (found[0] + start, found[1] + start)


def _of_text(text: str, part: Range) -> Span | None:
    """Find lines or characters of a text, whatever the path of the range says."""
    if part.unit == "chars":
        return (part.first, part.last) if 0 <= part.first < part.last <= len(text) else None
    return _lines(text, part.first, part.last)


def _lines(text: str, first: int, last: int) -> Span | None:
    if first < 1 or last < first:
        return None
    start = 0
    for _ in range(first - 1):
        start = text.find("\n", start) + 1
        if start == 0:
            return None
    if start == len(text):
        return None
    end = start - 1
    for _ in range(last - first + 1):
        end = text.find("\n", end + 1)
        if end < 0:
            return start, len(text)
    return start, end
