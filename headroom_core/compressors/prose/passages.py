"""Which lines of a text are prose: paragraphs of English sentences, and no code, headings or lists of names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from headroom_core.compressors.prose.small_words import ENGLISH, ENGLISH_ALONE

LEAST_WORDS = 8
"""Words of a paragraph at the least: a shorter one is a heading, an item or a remark, and stays."""

LEAST_ENGLISH = 0.2
"""Share of the words of a paragraph that are common in English, at the least. In English prose it is more than a third."""

DIFFERENT = 2
"""How many different ones that no language beside English has there are, at the least."""

WORDS_PER_SENTENCE = 80
"""Words for which there is the end of a sentence, at the least: lists of names and poems have fewer."""

PASSAGE_WORDS = 500
"""Words from which on a passage ends with the sentence that ends a line, and the next one begins."""

LONGEST_PASSAGE = 1500
"""Words from which on it ends with any line."""

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_END = r"[.!?\u2026][)\]\"'\u201d\u2019*_]{0,3}"
_SENTENCE_END = re.compile(rf"{_END}(?:\s|$)")
_LINE_END = re.compile(rf"{_END}\s*$")
_CODE = re.compile(
    r"[{};]\s*$|[=<>|\\]|\w\(\w*\)|\)\.|->|::|\bis (?:not )?null\b|\bselect\b.{0,200}\bfrom\b"
    r"|^\s*(?:>>>|\$ |\.\. |@|#include|import |from \w+ import|def |class |set \w+ to )",
    re.IGNORECASE,
)
"""What stands in lines of code, and seldom in sentences."""

_SAID = re.compile(r"\"[^\"]{1,200}\"|\u201c[^\u201d]{1,200}\u201d")
"""Quotations, and titles of books, may be in English where the text is not."""

_NAMED = re.compile(r"`{1,2}[^`]+`{1,2}|\]\([^()\s]*\)|<?https?://[^\s>]+>?")
"""What sentences name, between backticks or as a link: it does not make code of them."""

_KEY = re.compile(r"\s*(?:[-*] )?[\w.-]{1,40}:(?:\s|$)")
_SPEAKER = re.compile(r"[ \t]*(?:[-*+\u2022]|\d{1,3}[.)]|(?:\*\*)?[A-Z][\w .'-]{0,40}(?:\*\*)?:)(?:[ \t]+|$)")
_VERBATIM = re.compile(r"[ \t]*(?:#|>|//|/\*|\*/|\* {2}|\.\. |:\w[\w-]*:|\||<|\[\^?[^\]]*\]:)|\t")
"""How lines begin that are headings, quotations, comments, directives, tables, tags or definitions, or stand behind a tab."""


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
            ended = number + 1 == end or bool(_LINE_END.search(lines[number]))
            if words >= (PASSAGE_WORDS if ended else LONGEST_PASSAGE):
                yield Passage(first, last)
                words = 0
    if words:
        yield Passage(first, last)


def is_verbatim(line: str) -> bool:
    """Tell whether a line of a passage stays as it is: a heading, a quotation, a comment, a directive."""
    return not line.strip() or bool(_VERBATIM.match(line))


def lead(line: str) -> int:
    """Return how many characters of a line say who speaks, or that it is an item, and stay; 0 where it goes on."""
    found = _SPEAKER.match(line)
    return found.end() if found else 0


def _is_prose(lines: Sequence[str]) -> bool:
    """Tell whether a paragraph is of English sentences."""
    said = _SAID.sub(" ", "\n".join(line for line in lines if not is_verbatim(line)))
    words = [word.lower() for word in _WORD.findall(said)]
    english = [word for word in words if word in ENGLISH]
    if len(words) < LEAST_WORDS or len(english) < LEAST_ENGLISH * len(words):
        return False
    if len(ENGLISH_ALONE.intersection(english)) < DIFFERENT:
        return False
    if sum(len(_SENTENCE_END.findall(line)) for line in lines) * WORDS_PER_SENTENCE < len(words):
        return False
    if sum(bool(_KEY.match(line)) for line in lines) * 2 > len(lines) > 1 and not any(map(lead, lines)):
        return False
    named = [_NAMED.sub("it", line) for line in lines]
    code = sum(bool(_CODE.search(line)) for line in named)
    if len(lines) == 1:
        return len(_CODE.findall(named[0])) * 12 <= len(words)
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
