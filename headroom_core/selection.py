"""
From what is named of an original to its place in it.

Lines, characters, rows and strings of JSON; what code declares, sections of documents, values of JSON, and lines that match.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from headroom_core.markers import Named, Part, Range

if TYPE_CHECKING:
    from headroom_core.compressors.code.symbols import Symbol
    from headroom_core.headings import Section

Span = tuple[int, int]

_HOLDING_CODE = frozenset({"markdown", "terminal"})
_HOLDING_STRINGS = frozenset({"json"})
_HOLDING_FIELDS = frozenset({"json", "jsonl"})
_NO_CODE = frozenset({"jsonl", "html", "csv", "tsv"})

MOST_STRINGS = 100
"""Strings of a JSON document that are looked at for code."""

LEAST_LINES = 3
"""Line ends of a string that may be code."""

NEAR_NAMES = 5
"""Names that are told of those that come near to one that is not there."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that a name may mean: its full name, and the range that it stands on."""

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
    Return what the name of a symbol, a heading or a field may mean: nothing, one thing, or several where it is not clear.

    Code is looked at whole, in documents between fences, and in JSON in its strings. Headings are those of a whole document, or
    of the strings of JSON. Fields are those of a JSON document, or of those that stand in a text. `language` is the language of
    the original, where it is known.
    """
    if named.unit == "symbol":
        from headroom_core.compressors.code.symbols import matching as symbols_of  # noqa: PLC0415  # as in find

        return [
            Candidate(one.name, replace(part, first=part.first + one.rows[0], last=part.first + one.rows[1]))
            for part, found in _declared(original, named, language)
            for one in symbols_of(found, named.name)
        ]
    if named.unit == "heading":
        from headroom_core.headings import matching as sections_of  # noqa: PLC0415  # as in find

        return [
            Candidate(one.name, replace(part, first=one.first + 1, last=one.last + 1))
            for part, found in _headed(original)
            for one in sections_of(found, named.name)
        ]
    if named.unit == "field":
        from headroom_core.compressors.json_crusher.fields import fields  # noqa: PLC0415  # as in find

        return [
            Candidate(one.pointer, Range("chars", start + one.span[0], start + one.span[1]))
            for start, document in _documents(original)
            for one in fields(document, named.name)
        ]
    return []


def matches(original: str, named: Named) -> list[tuple[Range, Span]]:
    """
    Return the lines of an original that a pattern matches, as runs of lines; of very long lines, pieces.

    A name of another kind matches nothing.

    Raises:
        InvalidOptionError: The pattern is too long, is no regular expression, or takes too long.

    """
    from headroom_core.patterns import matching  # noqa: PLC0415  # as in find

    return matching(original, named.name) if named.unit == "pattern" else []


def near_names(original: str, named: Named, language: str | None = None) -> list[str]:
    """Return names in an original that come near to one that is not there."""
    if named.unit == "heading":
        return _nearest([one.name for _, found in _headed(original) for one in found], named.name, _last_heading)
    if named.unit == "field":
        from headroom_core.compressors.json_crusher.fields import names_near  # noqa: PLC0415  # as in find

        near = [name for _, document in _documents(original) for name in names_near(document, named.name)]
        return _nearest(near, named.name, _last_step) or near[:NEAR_NAMES]
    if named.unit == "symbol":
        from headroom_core.compressors.code.captures import plain_name  # noqa: PLC0415  # as in find

        declared = [one.name for _, found in _declared(original, named, language) for one in found]
        return _nearest(declared, plain_name(named.name), _last_name)
    return []


def _nearest(names: Iterable[str], said: str, last_of: Callable[[str], str]) -> list[str]:
    """Return the names that come nearest to one that nothing has: alike in their last part, or with it in theirs."""
    import difflib  # noqa: PLC0415  # only who misses a name needs it

    by_last: dict[str, list[str]] = {}
    for name in names:
        by_last.setdefault(last_of(name).casefold(), []).append(name)
    last = last_of(said).casefold()
    holding = [name for name in by_last if last and last in name]
    near = dict.fromkeys([*difflib.get_close_matches(last, by_last, NEAR_NAMES, 0.6), *holding])
    return list(dict.fromkeys(name for one in near for name in by_last[one]))[:NEAR_NAMES]


def _last_name(name: str) -> str:
    return name.rpartition(".")[2]


def _last_heading(name: str) -> str:
    return name.rpartition(">")[2].strip()


def _last_step(name: str) -> str:
    return re.split(r"[./]", name)[-1].partition("[")[0]


def _headed(original: str) -> Iterator[tuple[Range, list[Section]]]:
    """Yield the documents that are looked at for headings, each as a range of the string that it is."""
    from headroom_core.headings import sections  # noqa: PLC0415  # as in find

    whole = Range("lines", 1, 1)
    strings = list(_strings(original)) if original.lstrip()[:1] in ("{", "[", '"') else []
    if not strings:
        yield whole, sections(original)
    for pointer, string in strings:
        yield replace(whole, path=pointer), sections(string)


def _documents(original: str) -> Iterator[tuple[int, str]]:
    """Yield the JSON documents of a text, each with the place where it starts: the whole, or those that stand in it."""
    from headroom_core.compressors.json_crusher.parts_at import parsed  # noqa: PLC0415  # as in find

    if parsed(original) is not None:
        yield 0, original
        return
    from headroom_core.segments import split  # noqa: PLC0415  # as in find

    lines = original.split("\n")
    start = number = 0
    for segment in split(lines, "markdown"):
        start += sum(len(line) + 1 for line in lines[number : segment.start])
        number = segment.start
        if segment.part and segment.kind in _HOLDING_FIELDS:
            document = "\n".join(lines[segment.start : segment.end])[segment.label :]
            if parsed(document) is not None:
                yield start + segment.label, document


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
