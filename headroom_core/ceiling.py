"""
Views under a hard ceiling, when no compressor comes under it.

What the reader's query asks for first, in up to about half of the room; then errors, then head and tail. Works on any text, by
lines where it has them, by characters where it has not. Where there is no room for any of the text, the header alone is shown,
then one that names no handle, then a sign that something is left out: so there is a view for each ceiling.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence

from headroom_core import markers
from headroom_core.alarms import ERROR
from headroom_core.compressors.base import Compressed, Request
from headroom_core.content import utf8_bytes
from headroom_core.errors import SearchUnavailableError
from headroom_core.payload import OmittedSpan

LINES_FROM = 8
"""Texts with fewer lines are cut by characters."""

TAIL_SHARE = 4
"""One character in four that is kept is kept at the end."""

BEFORE_CHARS = 20
"""Characters shown before a word that tells of an error."""

ERROR_CHARS = 80
"""Characters shown behind it, up to the end of its line or object."""

_SAID = re.compile(r"[^\n}]+")

MAX_ERRORS = 200
"""Different errors that are looked for in a text that is cut by characters."""

_CLOSER = 12
"""Steps of the search for the most that fits: 2**12 lengths are told apart."""

MARKER_CHARS = 30
"""Characters that a gap between two passages costs, about."""

LEFT_OUT = "[\u2026]"
"""What is shown where there is no room for a header."""

Span = tuple[int, int]
Cut = Callable[[int], Compressed]


def asked_for(original: str, digest: str, query: str | None, language: str | None) -> tuple[Span, ...]:
    """Return where the passages stand that are nearest to a query, the nearest first; none where no word of it is there."""
    if not query:
        return ()
    from headroom_core.search import passages_for  # noqa: PLC0415  # few readers have a query and a ceiling

    try:
        return tuple((one.start, one.end) for one in passages_for(original, digest, query, language))
    except SearchUnavailableError:
        return ()  # a view is made for each ceiling, also by a Python that cannot search


def cut_to_fit(original: str, request: Request, ceiling_tokens: int, asked: Sequence[Span] = ()) -> Compressed:
    """
    Return the longest cut of a text that has at most `ceiling_tokens`, and no more bytes than the text.

    `asked` are the passages to show first, the nearest one before the others. Where no cut fits, it is the shortest.
    """
    lines = original.split("\n")
    by_lines = request.format == "text" and len(lines) >= LINES_FROM and max(map(len, lines)) <= max(80, ceiling_tokens)
    cut: Cut = _LineCut(lines, request, asked) if by_lines else _CharacterCut(original, request, asked)
    most_bytes = utf8_bytes(original)

    def fits(made: Compressed) -> bool:
        return request.counter.count(made.text) <= ceiling_tokens and utf8_bytes(made.text) <= most_bytes

    best = cut(0)
    if not fits(best):
        # The last one is the shortest there is.
        shorter = _without_room(original, request)
        return next(filter(fits, shorter), shorter[-1])
    low, high = 0, min(len(original), 16 * ceiling_tokens)
    for _ in range(_CLOSER):
        if high - low < 2:  # noqa: PLR2004
            break
        middle = (low + high) // 2
        tried = cut(middle)
        if fits(tried):
            best, low = tried, middle
        else:
            high = middle
    return best


def _without_room(original: str, request: Request) -> list[Compressed]:
    """Return the views that show nothing of a text, the shortest last."""
    headers = [markers.header(request.handle, omits=True), markers.header(None, omits=True)]
    if request.format == "json":
        texts = [*(json.dumps([one], ensure_ascii=False) for one in headers), '""']
    else:
        texts = [*headers, LEFT_OUT, ""]
    part = markers.Range("chars", 0, len(original))
    omitted = (OmittedSpan(0, len(original), markers.reference(request.handle, part), str(part)),)
    notes = ("no room for any of the payload",)
    return [Compressed(text=text, omitted=omitted, notes=notes) for text in texts]


def _nearest(asked: Sequence[Span], kept: int) -> Iterator[Span]:
    """Yield the passages that have room in half of what is kept; the first one that is shown may take all of it."""
    room, shown = kept, False
    for start, end in asked:
        chars = end - start + MARKER_CHARS
        if chars <= room:
            yield start, end
            room -= chars if shown else chars + kept // 2
            shown = True


class _CharacterCut:
    """What is asked for, each different error with what stands around it, then head and tail; with a marker for each gap."""

    def __init__(self, original: str, request: Request, asked: Sequence[Span]) -> None:
        self._original = original
        self._request = request
        self._asked = asked
        lowered = original.lower() if len(original.lower()) == len(original) else original
        kinds: dict[str, tuple[int, int]] = {}
        for found in ERROR.finditer(lowered):
            said = _SAID.match(lowered, found.start(), found.end() + ERROR_CHARS)
            end = said.end() if said else found.end()
            kinds.setdefault(re.sub(r"\d+", "0", lowered[found.start() : end]), (max(0, found.start() - BEFORE_CHARS), end))
            if len(kinds) == MAX_ERRORS:
                break
        self._errors = list(kinds.values())

    def __call__(self, kept: int) -> Compressed:
        original, handle = self._original, self._request.handle
        length = len(original)
        parts = list(_nearest(self._asked, kept))
        room = kept - sum(end - start + MARKER_CHARS for start, end in parts)
        for start, end in self._errors:
            if room < end - start:
                break
            parts.append((start, end))
            room -= end - start + MARKER_CHARS
        if room > 0:
            tail = room // TAIL_SHARE
            parts.extend([(0, _word_edge(original, room - tail, -1)), (_word_edge(original, length - tail, 1), length)])
        texts, spans = [], []
        position = 0
        for start, end in [*_joined(parts), (length, length)]:
            if start > position:
                part = markers.Range("chars", position, start)
                spans.append(OmittedSpan(position, start, markers.reference(handle, part), str(part)))
                texts.append(markers.marker(part, tokens=self._request.price(start - position, length)))
            texts.append(original[start:end])
            position = end
        header = markers.header(handle, omits=True)
        body = "".join(texts)
        if self._request.format == "json":
            return Compressed(text=json.dumps([header, body], ensure_ascii=False), omitted=tuple(spans))
        return Compressed(text=f"{header}\n{body}", omitted=tuple(spans))


def _joined(parts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return ranges in order, those that touch or nearly do made one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(parts):
        if joined and start <= joined[-1][1] + MARKER_CHARS:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif end > start:
            joined.append((start, end))
    return joined


class _LineCut:
    """What is asked for, lines that speak of errors, first and last lines; with a marker for each run of others."""

    def __init__(self, lines: list[str], request: Request, asked: Sequence[Span]) -> None:
        self._request = request
        self._lines = lines
        self._starts = [0]
        for line in lines:
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._asked = [self._whole_lines(span) for span in asked]
        count = len(lines)
        errors = [i for i, line in enumerate(lines) if ERROR.search(line.lower())]
        kinds = {re.sub(r"\d+", "0", lines[i]): i for i in reversed(errors)}
        ends = [place for i in range((count + 1) // 2) for place in ((i, count - 1 - i) if i % 3 == 0 else (i,))]
        # Each different error once, then the lines from both ends inwards: what is said again and again tells little.
        self._order = list(dict.fromkeys([*sorted(kinds.values()), *ends, *range(count)]))

    def _whole_lines(self, span: Span) -> Span:
        """Return the lines that a passage stands on, their last line end included."""
        first = bisect_right(self._starts, span[0]) - 1
        return self._starts[first], self._starts[bisect_left(self._starts, span[1], first + 1)]

    def __call__(self, kept: int) -> Compressed:
        chosen: set[int] = set()
        room = kept
        for start, end in _nearest(self._asked, kept):
            chosen.update(range(bisect_left(self._starts, start), bisect_left(self._starts, end)))
            room -= end - start + MARKER_CHARS
        for place in self._order:
            if place in chosen:
                continue
            room -= len(self._lines[place]) + 1 + 12  # a line apart from the others costs a marker as well
            if room < 0:
                break
            chosen.add(place)
        handle = self._request.handle
        parts = [markers.header(handle, omits=True)]
        spans = []
        expected = 0
        for place in [*sorted(chosen), len(self._lines)]:
            if place > expected:
                part = markers.Range("lines", expected + 1, place)
                start, end = self._starts[expected], self._starts[place] - 1
                if end > start:
                    spans.append(OmittedSpan(start, end, markers.reference(handle, part), str(part)))
                    parts.append(markers.marker(part, tokens=self._request.price(end - start, self._starts[-1] - 1)))
            if place < len(self._lines):
                parts.append(self._lines[place])
            expected = place + 1
        return Compressed(text="\n".join(parts), omitted=tuple(spans))


def _word_edge(text: str, at: int, step: int) -> int:
    """Return the nearest place at or beyond `at` where no word is cut, at most 40 characters away, else `at`."""
    for place in range(at, max(0, at - 40) if step < 0 else min(len(text), at + 40), step):
        if 0 < place < len(text) and not (text[place - 1].isalnum() and text[place].isalnum()):
            return place
    return at
