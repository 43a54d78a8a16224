"""
A text as passages that a reader can be given alone: rows, declarations, paragraphs, or else runs of lines.

Every character but blank lines is in one of them. Each is named by a range, so that it can be read again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from headroom_core.compressors.code.languages import LANGUAGES
from headroom_core.compressors.code.symbols import symbols
from headroom_core.compressors.json_crusher.parts_at import rows_of
from headroom_core.detection import detect
from headroom_core.markers import Range
from headroom_core.segments import split

AIM_CHARS = 400
"""Characters of a passage that is put together from lines: about 100 tokens, a short paragraph."""

ROWS_CHARS = 200
"""Characters of rows that are put together, where single ones are shorter."""

LONGEST_CHARS = 800
"""Characters of the longest passage. A longer paragraph, row or line is cut."""

_MIXED = frozenset({"markdown", "terminal", "text", "transcript"})
_ROWS = frozenset({"json", "jsonl"})
_SENTENCE_END = re.compile(r"[.!?][\"')\]\u201d]*\s+|[\u3002\uff01\uff1f]")
_SOFT_END = re.compile(r"[,;}\]]\s*|\\n|\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage: the range that names it, its place in the text, and whether it is of JSON, with the escapes that JSON has."""

    part: Range
    start: int
    end: int
    escaped: bool = False


def pieces_of(text: str, language: str | None = None) -> list[Piece]:
    """Return the passages of a text, in order."""
    kind = "code" if language in LANGUAGES else detect(text).kind
    if kind in _ROWS:
        rows = rows_of(text)
        if rows:
            return list(_of_rows(text, rows))
    return list(_of_lines(text, kind, language))


def _of_rows(text: str, rows: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    """Yield a passage for each row of the main table, or a few short ones, and for what stands around the table."""
    yield from _of_span(text, 0, rows[0][0], escaped=True)
    begun = 0
    for number, (first, last) in enumerate(rows):
        if number > begun and last - rows[begun][0] > ROWS_CHARS:
            yield Piece(Range("rows", begun + 1, number), rows[begun][0], rows[number - 1][1], escaped=True)
            begun = number
        if last - first > LONGEST_CHARS:
            yield from _of_span(text, first, last, escaped=True)
            begun = number + 1
    if begun < len(rows):
        yield Piece(Range("rows", begun + 1, len(rows)), rows[begun][0], rows[-1][1], escaped=True)
    yield from _of_span(text, rows[-1][1], len(text), escaped=True)


def _of_lines(text: str, kind: str, language: str | None) -> Iterator[Piece]:
    lines = text.split("\n")
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    for first, end, escaped in _blocks(lines, kind, language):
        yield from _of_block(text, starts, first, end, escaped=escaped)


def _of_block(text: str, starts: Sequence[int], first: int, end: int, *, escaped: bool) -> Iterator[Piece]:
    """Yield the passages of lines that belong together, counted from 0: runs of them, and parts of long ones."""
    begun = first
    for number in range(first, end):
        length = starts[number + 1] - 1 - starts[number]
        if length > LONGEST_CHARS:
            yield from _run(text, starts, begun, number, escaped=escaped)
            yield from _of_span(text, starts[number], starts[number + 1] - 1, escaped=escaped)
            begun = number + 1
        elif starts[number + 1] - 1 - starts[begun] > AIM_CHARS and number > begun:
            yield from _run(text, starts, begun, number, escaped=escaped)
            begun = number
    yield from _run(text, starts, begun, end, escaped=escaped)


def _run(text: str, starts: Sequence[int], first: int, end: int, *, escaped: bool) -> Iterator[Piece]:
    """Yield lines as a passage, without blank ones around them."""
    while end > first and not text[starts[end - 1] : starts[end] - 1].strip():
        end -= 1
    while first < end and not text[starts[first] : starts[first + 1] - 1].strip():
        first += 1
    if first < end:
        yield Piece(Range("lines", first + 1, end), starts[first], starts[end] - 1, escaped)


def _of_span(text: str, start: int, end: int, *, escaped: bool) -> Iterator[Piece]:
    """Yield parts of a long line, cut behind sentences where there are some."""
    while start < end:
        last = end
        if end - start > LONGEST_CHARS:
            last = _cut(text, start + AIM_CHARS // 2, start + AIM_CHARS) or start + AIM_CHARS
        if any(letter.isalnum() for letter in text[start:last]):
            yield Piece(Range("chars", start, last), start, last, escaped)
        start = last


def _cut(text: str, least: int, most: int) -> int:
    """Return the last good place for a cut between two places, or 0 where there is none."""
    for ends in (_SENTENCE_END, _SOFT_END):
        found = 0
        for one in ends.finditer(text, least, most):
            found = one.end()
        if found:
            return found
    return 0


def _blocks(lines: Sequence[str], kind: str, language: str | None) -> Iterator[tuple[int, int, bool]]:
    """Yield runs of lines that belong together, counted from 0, and whether they are of JSON."""
    if kind == "code":
        yield from ((*block, False) for block in _declarations(lines, 0, language))
    elif kind in _MIXED:
        for segment in split(lines, "terminal" if kind == "terminal" else "markdown"):
            if segment.part and segment.kind == "code":
                yield from (
                    (*block, False)
                    for block in _declarations(lines[segment.start : segment.end], segment.start, segment.language)
                )
            elif segment.part:
                yield segment.start, segment.end, segment.kind in _ROWS
            else:
                yield from ((*block, False) for block in _paragraphs(lines, segment.start, segment.end))
    else:
        yield 0, len(lines), kind in _ROWS


def _declarations(lines: Sequence[str], base: int, language: str | None) -> Iterator[tuple[int, int]]:
    """Yield the lines of code from one declaration to the next."""
    declared = {one.rows[0] for one in symbols("\n".join(lines), language)}
    ends = [0, *sorted(row for row in declared if 0 < row < len(lines)), len(lines)]
    yield from ((base + first, base + end) for first, end in pairwise(ends))


def _paragraphs(lines: Sequence[str], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield paragraphs; short ones with what follows them up to the next heading, as headings themselves are."""
    first, chars = start, 0
    for number in range(start, end):
        line = lines[number]
        opens = number > start and line.strip() and not lines[number - 1].strip()
        length = _paragraph_chars(lines, number, end) if opens else 0
        if opens and (chars + length > AIM_CHARS or line.startswith("#")) and chars > 0:
            yield first, number
            first, chars = number, 0
        chars += len(line)
    yield first, end


def _paragraph_chars(lines: Sequence[str], number: int, end: int) -> int:
    """Return the characters of a paragraph, as far as it matters."""
    chars = 0
    while number < end and lines[number].strip() and chars <= AIM_CHARS:
        chars += len(lines[number])
        number += 1
    return chars
