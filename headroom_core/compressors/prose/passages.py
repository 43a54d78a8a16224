"""Which lines of a text are prose: paragraphs of English sentences, and no code, headings or lists of names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from headroom_core.compressors.prose.small_words import COMMON

LEAST_WORDS = 12
"""Words of a paragraph at the least: a shorter one is a heading, an item or a remark, and stays."""

LEAST_COMMON = 0.2
"""Share of the words of a paragraph that the commonest words of English are, at the least. In English prose it is about 0.4."""

PASSAGE_WORDS = 500
"""Words from which on a passage ends with its line, and the next one begins."""

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_CODE = re.compile(
    r"[{};]\s*$|[=<>|\\]|\w\(\w*\)|\)\.|->|::|^\s*(?:>>>|\$ |\.\. |@|#include|import |from \w+ import|def |class )"
)
"""What stands in lines of code, and seldom in sentences."""
_SPEAKER = re.compile(r"[ \t]*(?:[-*+•]|\d{1,3}[.)]|#{1,6}|>|(?:\*\*)?[A-Z][\w .'-]{0,40}(?:\*\*)?:)(?:[ \t]+|$)")


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines `start` up to `end` of a text, counted from 0: paragraphs that are prose, and blank lines between them."""

    start: int
    end: int


def passages(lines: Sequence[str]) -> Iterator[Passage]:
    """Yield the passages of a text, in order."""
    first = last = words = 0
    for start, end in _paragraphs(lines):
        if not _is_prose(lines[start:end]):
            if words:
                yield Passage(first, last)
            words = 0
            continue
        for number in range(start, end):
            first = first if words else number
            words += len(_WORD.findall(lines[number]))
            last = number + 1
            if words >= PASSAGE_WORDS:
                yield Passage(first, last)
                words = 0
    if words:
        yield Passage(first, last)


def lead(line: str) -> int:
    """Return how many characters of a line say who speaks, or that it is an item, and stay; 0 where it goes on."""
    found = _SPEAKER.match(line)
    return found.end() if found else 0


def _is_prose(lines: Sequence[str]) -> bool:
    """Tell whether a paragraph is of English sentences."""
    words = [word.lower() for line in lines for word in _WORD.findall(line)]
    if len(words) < LEAST_WORDS or sum(word in COMMON for word in words) < LEAST_COMMON * len(words):
        return False
    code = sum(bool(_CODE.search(line)) for line in lines)
    if len(lines) == 1:
        return len(_CODE.findall(lines[0])) * 12 <= len(words)
    indented = sum(line.startswith(("    ", "\t")) for line in lines)
    return code * 3 <= len(lines) and not (code and indented * 2 > len(lines))


def _paragraphs(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    start: int | None = None
    for number, line in enumerate([*lines, ""]):
        if line.strip():
            start = number if start is None else start
        elif start is not None:
            yield start, number
            start = None
