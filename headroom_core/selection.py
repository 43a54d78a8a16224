"""From what is named of an original to its place in it: lines, characters, rows and strings of JSON, and what code declares."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from headroom_core.markers import Named, Part, Range

if TYPE_CHECKING:
    from headroom_core.compressors.code.symbols import Symbol

Span = tuple[int, int]

_HOLDING_CODE = frozenset({"markdown", "terminal"})
_HOLDING_STRINGS = frozenset({"json"})
_NO_CODE = frozenset({"jsonl", "html", "csv", "tsv"})

MOST_STRINGS = 100
"""Strings of a JSON document that are looked at for code."""

LEAST_LINES = 3
"""Line ends of a string that may be code."""

NEAR_NAMES = 5
"""Names that are told of those that come near to one that is not there."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that a name may mean: its full name, and the lines that it stands on."""

    name: str
    part: Range


def find(original: str, part: Part) -> Span | None:
    """
    Return the code-point offsets of a part, 0-based and half-open, or None when the original has no such part.

    A name is a part when it means one thing; see `candidates`.

    Lines and rows are counted from 1, both ends included; a range that goes past the end stops there. Lines end with a line
    feed, and the last one's is not part of the range. Characters are offsets, the end not included. Lines and characters of a
    string are those of the text it stands for; the part is then what stands for them in the original, escapes and all.
    """
    if isinstance(part, Named):
        meant = candidates(original, part)
        return find(original, meant[0].part) if len(meant) == 1 else None
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
    document = _document(original, lines)
    if document is None or (part.unit != "rows" and part.path is None):
        return None
    start, end = document
    found = find(original[start:end], replace(part, within=None))
    return None if found is None else (found[0] + start, found[1] + start)


def _document(original: str, lines: tuple[int, int]) -> Span | None:
    """Return where the JSON document of some lines stands: from the first one, behind its label if it has one, to the last."""
    from headroom_core.segments import json_label  # noqa: PLC0415  # as in find

    span = _lines(original, *lines)
    return None if span is None else (span[0] + json_label(original[slice(*span)]), span[1])


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


def candidates(original: str, named: Named, language: str | None = None) -> list[Candidate]:
    """
    Return what a name may mean in an original: nothing, one thing, or several where it is not clear.

    Code is looked at whole, in documents between fences, and in JSON in its strings. `language` is the language of the
    original, where it is known.
    """
    from headroom_core.compressors.code.symbols import matching  # noqa: PLC0415  # as in find

    return [
        Candidate(one.name, replace(part, first=part.first + one.rows[0], last=part.first + one.rows[1]))
        for part, found in _declared(original, named, language)
        for one in matching(found, named.name)
    ]


def near_names(original: str, named: Named, language: str | None = None) -> list[str]:
    """Return names in an original that come near to one that is not there."""
    from headroom_core.compressors.code.symbols import nearest  # noqa: PLC0415  # as in find

    declared = [one for _, found in _declared(original, named, language) for one in found]
    return nearest(declared, named.name, NEAR_NAMES)


def _declared(original: str, named: Named, language: str | None) -> Iterator[tuple[Range, list[Symbol]]]:
    """Yield the code that is looked at, by the line that it starts on, with what it declares."""
    text, start = original, Range("lines", 1, 1, named.path, named.within)
    if named.within is not None:
        span = _document(original, named.within)
        text = "" if span is None else original[slice(*span)]
    if named.path is not None:
        from headroom_core.compressors.json_crusher.parts_at import find_string  # noqa: PLC0415  # as in find

        string = find_string(text, named.path)
        text = "" if string is None else string.text
    elif named.within is not None:
        start = Range("lines", named.within[0], named.within[0])
    yield from _code_in(text, start, language)


def _code_in(text: str, start: Range, language: str | None) -> Iterator[tuple[Range, list[Symbol]]]:
    from headroom_core.compressors.code.symbols import symbols  # noqa: PLC0415  # as in find
    from headroom_core.detection import detect  # noqa: PLC0415

    kind = "code" if language else detect(text).kind
    if kind in _HOLDING_CODE:
        from headroom_core.segments import split  # noqa: PLC0415

        lines = text.split("\n")
        for segment in split(lines, kind):
            if segment.part and segment.kind == "code":
                code = "\n".join(lines[segment.start : segment.end])
                yield replace(start, first=start.first + segment.start), symbols(code, segment.language)
    elif kind in _HOLDING_STRINGS:
        for pointer, string in _strings(text):
            if detect(string).kind == "code":
                yield replace(start, path=(start.path or "") + pointer), symbols(string)
    elif kind not in _NO_CODE:
        yield start, symbols(text, language)


def _strings(text: str) -> Iterator[tuple[str, str]]:
    """Yield the longer strings of a JSON document that have lines, each with its pointer, the first ones."""
    from headroom_core.compressors.json_crusher.pointer import pointer  # noqa: PLC0415  # as in find

    try:
        waiting: list[tuple[tuple[str | int, ...], object]] = [((), json.loads(text))]
    except (ValueError, RecursionError):
        return
    told = 0
    while waiting and told < MOST_STRINGS:
        steps, value = waiting.pop()
        if isinstance(value, str) and value.count("\n") >= LEAST_LINES:
            told += 1
            yield pointer([str(step) for step in steps]) or "/", value
        elif isinstance(value, dict):
            waiting.extend(((*steps, key), one) for key, one in reversed(value.items()))
        elif isinstance(value, list):
            waiting.extend(((*steps, place), one) for place, one in reversed([*enumerate(value)]))
