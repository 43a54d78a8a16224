"""
Where the parts of a JSON text stand, found by walking it once more.

Parsing keeps no positions: that would make every parse slow for the sake of the few parts that are left out. What is passed
over on the way is skipped by the C scanner of the standard library.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from headroom_core.compressors.json_crusher.deep import end_of
from headroom_core.compressors.json_crusher.parse import BYTE_ORDER_MARK

Span = tuple[int, int]

_SPACE = re.compile(r"[ \t\n\r]*")
_ESCAPE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.", re.ASCII)
_scan = json.JSONDecoder(parse_float=str, parse_int=str).scan_once  # type: ignore[attr-defined]  # not in typeshed
_scan_string = json.decoder.scanstring  # type: ignore[attr-defined]  # the C scanner, documented as py_scanstring's twin


@dataclass(slots=True)
class Wanted:
    """
    What to look for in one value; keys and indexes in `inside` lead on, `each` leads on for all other members.

    Attributes:
        whole: Where to put the span of the value itself, `"key": value` for a member of an object.
        value: Where to put the span of the value itself, for a member of an object without its key.
        runs: First and last index (0-based, inclusive) of items or members, and where to put the span of such a run.
        chars: Characters of the text that a string stands for, from one up to another, and where to put their span.

    """

    inside: dict[str | int, Wanted] = field(default_factory=dict)
    each: Wanted | None = None
    whole: list[object] = field(default_factory=list)
    value: list[object] = field(default_factory=list)
    runs: list[tuple[int, int, object]] = field(default_factory=list)
    chars: list[tuple[int, int, object]] = field(default_factory=list)

    def at(self, path: tuple[str | int, ...]) -> Wanted:
        """Return what is wanted at `path`, made on the way."""
        here = self
        for step in path:
            here = here.inside.setdefault(step, Wanted())
        return here


def locate(text: str, wanted: Wanted, *, lines: bool = False) -> list[tuple[Span, object]]:
    """Return the spans that are wanted, each with its mark, in the order in which the walk leaves them."""
    found: list[tuple[Span, object]] = []
    if lines:
        _walk_lines(text, wanted, found)
    else:
        start = _skip_space(text, int(text.startswith(BYTE_ORDER_MARK)))
        _walk(text, start, start, wanted, found)
    return found


def _skip_space(text: str, position: int) -> int:
    return _SPACE.match(text, position).end()  # type: ignore[union-attr]  # the pattern matches everywhere


def _end(text: str, position: int) -> int:
    try:
        return _scan(text, position)[1]  # type: ignore[no-any-return]
    except RecursionError:
        return end_of(text, position)


class _Runs:
    """Collects the spans of runs of items while the items go by."""

    __slots__ = ("_ends", "_firsts", "_found", "_starts")

    def __init__(self, wanted: Wanted, found: list[tuple[Span, object]]) -> None:
        self._found = found
        self._firsts = {first for first, _, _ in wanted.runs}
        self._ends: dict[int, list[tuple[int, object]]] = {}
        for first, last, mark in wanted.runs:
            self._ends.setdefault(last, []).append((first, mark))
        self._starts: dict[int, int] = {}

    def item(self, index: int, start: int, end: int) -> None:
        if index in self._firsts:
            self._starts[index] = start
        for first, mark in self._ends.get(index, ()):
            self._found.append(((self._starts[first], end), mark))


class _Members:
    """Joins the wanted members of one container that stand side by side into one span."""

    __slots__ = ("_found", "_last", "_mark", "_start")

    def __init__(self, found: list[tuple[Span, object]]) -> None:
        self._found = found
        self._start = self._last = -1
        self._mark: object = None

    def omit(self, start: int, end: int, mark: object) -> None:
        if self._start < 0:
            self._start, self._mark = start, mark
        self._last = end

    def close(self) -> None:
        if self._start >= 0:
            self._found.append(((self._start, self._last), self._mark))
            self._start = -1


def _walk_lines(text: str, wanted: Wanted, found: list[tuple[Span, object]]) -> None:
    runs = _Runs(wanted, found)
    index = position = 0
    for line in text.split("\n"):
        start = position + len(line) - len(line.lstrip().removeprefix(BYTE_ORDER_MARK).lstrip())
        end = position + len(line.rstrip())
        position += len(line) + 1
        if end <= start:
            continue
        inner = wanted.inside.get(index, wanted.each)
        if inner is not None:
            _walk(text, start, start, inner, found)
        runs.item(index, start, end)
        index += 1


def _walk(text: str, outer: int, position: int, wanted: Wanted, found: list[tuple[Span, object]]) -> int:
    """Visit the value at `position`, whose member starts at `outer`; return where it ends."""
    opening = text[position]
    if opening == "[" and (wanted.inside or wanted.each or wanted.runs):
        end = _walk_items(text, position, wanted, found)
    elif opening == "{" and (wanted.inside or wanted.each or wanted.runs):
        end = _walk_members(text, position, wanted, found)
    else:
        end = _end(text, position)
        if opening == '"' and wanted.chars:
            found.extend(_spans_in_string(text, position + 1, end - 1, wanted.chars))
    found.extend(((outer, end), mark) for mark in wanted.whole)
    found.extend(((position, end), mark) for mark in wanted.value)
    return end


def _walk_items(text: str, position: int, wanted: Wanted, found: list[tuple[Span, object]]) -> int:
    runs = _Runs(wanted, found) if wanted.runs else None
    position = _skip_space(text, position + 1)
    index = 0
    while text[position] != "]":
        start = position
        inner = wanted.inside.get(index, wanted.each)
        end = _end(text, position) if inner is None else _walk(text, start, start, inner, found)
        if runs is not None:
            runs.item(index, start, end)
        index += 1
        position = _skip_space(text, end)
        if text[position] == ",":
            position = _skip_space(text, position + 1)
    return position + 1


def _walk_members(text: str, position: int, wanted: Wanted, found: list[tuple[Span, object]]) -> int:
    runs = _Runs(wanted, found) if wanted.runs else None
    members = _Members(found)
    position = _skip_space(text, position + 1)
    index = 0
    while text[position] != "}":
        start = position
        key, position = _scan_string(text, position + 1, False)  # noqa: FBT003  # it takes no keywords
        position = _skip_space(text, _skip_space(text, position) + 1)
        inner = wanted.inside.get(key, wanted.each)
        if inner is None:
            end = _end(text, position)
            members.close()
        elif inner.whole:
            end = _end(text, position)
            members.omit(start, end, inner.whole[0])
        else:
            members.close()
            end = _walk(text, start, position, inner, found)
        if runs is not None:
            runs.item(index, start, end)
        index += 1
        position = _skip_space(text, end)
        if text[position] == ",":
            position = _skip_space(text, position + 1)
    members.close()
    return position + 1


def _spans_in_string(text: str, first: int, last: int, chars: list[tuple[int, int, object]]) -> Iterator[tuple[Span, object]]:
    """Yield the spans of characters that the inside of a string literal, from `first` to `last`, stands for."""
    where: dict[int, int] = {}
    offsets = sorted({offset for start, end, _ in chars for offset in (start, end)}, reverse=True)
    more = first
    """How much further on than in the text it stands for a character stands."""
    for escape in _ESCAPE.finditer(text, first, last) if text.find("\\", first, last) >= 0 else ():
        while offsets and offsets[-1] + more <= escape.start():
            offset = offsets.pop()
            where[offset] = offset + more
        if not offsets:
            break
        more += escape.end() - escape.start() - 1
    where.update((offset, offset + more) for offset in offsets)
    for start, end, mark in chars:
        yield (where[start], where[end]), mark
