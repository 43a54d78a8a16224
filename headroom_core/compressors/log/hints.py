"""
What the words of a line tell about how bad it is, and the level it was written at.

Known words are a hint: they decide what is shown first, never what is left out. What nobody has heard of stays because it is
rare.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from headroom_core.compressors.log.masks import Shape
from headroom_core.compressors.log.source import numbers_with

PLAIN, WARNING, ERROR = 0, 1, 2
"""Severities."""

HEARD_CHARS = 400
"""Characters of a line in which words are looked for: an error stands in the first sentence."""

LEVEL_WORDS = 14
"""Words of a line among which its level is looked for, behind its time, its host and its thread."""

BAD_WORDS = (
    "err", "fail", "exception", "fatal", "crit", "severe", "panic", "denied", "refused", "timeout", "timed", "crash", "abort",
    "emerg", "alert", "unable", "cannot", "traceback", "segfault", "killed", "corrupt", "unreachable", "invalid", "rejected",
    "deadlock", "overflow", "out of memory",
)  # fmt: skip
"""What a line holds that sounds bad, in small letters: no line without one of them is an error."""

_ERROR = re.compile(
    r"(?<![\w./-])(?:[\w.$]{0,80}(?:error|exception)s?|err|fail(?:ed|ure|ures|ing|s)?|fatal|crit(?:ical)?|severe|panic(?:ked)?"
    r"|denied|refused|timeout|timed[ -]out|crash(?:ed)?|abort(?:ed|ing)?|emerg(?:ency)?|alert|unable|cannot|traceback|segfault"
    r"|killed|corrupt(?:ed|ion)?|unreachable|invalid|rejected|deadlock|\w{0,20}overflow|out of memory)(?![\w/-]|\.\w)"
)
_NOT_BAD = re.compile(
    r"(?<![\w.])(?:0|no|zero|without|any)[ -](?:\w{1,20} )?(?:error|fail|exception|warning)\w*"
    r"|(?:errors?|failures?|failed|exceptions?|warnings?|err)[\"']?(?:=|:[ ]?)[\"']?(?:0\b|none|null|false)"
    r"|\b(?:throws|extends|class|import|new|catch|except) \(?[\w.$]{1,80}"
)
_WARN = ("warn", "deprecat", "retry")
_WARNING = re.compile(r"(?<![\w./-])(?:\w{0,40}warn(?:ing|ings)?|deprecat(?:ed|ion)|retry(?:ing)?)(?![\w/-]|\.\w)")
_LEVELS = {
    "trace": PLAIN, "debug": PLAIN, "info": PLAIN, "notice": PLAIN, "warn": WARNING, "warning": WARNING, "err": ERROR,
    "error": ERROR, "severe": ERROR, "crit": ERROR, "critical": ERROR, "fatal": ERROR, "alert": ERROR, "emerg": ERROR,
    "emergency": ERROR, "panic": ERROR,
}  # fmt: skip
_AROUND = (
    "{}",
    "{}:",
    "{},",
    "{};",
    "{}]",
    "[{}",
    "[{}]",
    "[{}]:",
    "({})",
    "({}):",
    "<{}>",
    "<{}>:",
    "|{}|",
    "{{{}}}",
    "-{}-",
    "*{}*",
)
_NAMED = ("{0}={1}", '{0}="{1}"', '{0}="{1}",', "{0}={1},", "{0}:{1}", '"{0}":"{1}",', '{{"{0}":"{1}",', '"{0}":"{1}"}}')


def _spellings() -> Iterator[tuple[str, str]]:
    """Yield every way in which a level is written as a word of a line, with the level."""
    for name in _LEVELS:
        for level in (name, name.capitalize(), name.upper()):
            for form in _AROUND:
                word = form.format(level)
                # In small letters a level is told by its brackets, or by a colon at the start of a line.
                if level.isupper() or word[0] in "[(<|{" or word == f"{level}:":
                    yield word, level
            for form in _NAMED:
                for key in ("level", "lvl", "severity", "log.level", "Level"):
                    yield form.format(key, level), level


_SPELLINGS = dict(_spellings())
_KNOWN = frozenset(_SPELLINGS)
_ONLY_FIRST = frozenset(word for word, level in _SPELLINGS.items() if word == f"{level}:" and not level.isupper())


def judge(lines: Sequence[str], shapes: Sequence[Shape]) -> list[tuple[int, str]]:
    """Return for each line, given with its shape, how bad it sounds and its level, or an empty text."""
    heard = [_level(shape) for shape in shapes]
    severities = [_LEVELS[level.lower()] if level else PLAIN for level in heard]
    text = "\n".join([line[:HEARD_CHARS] for line in lines]).lower()
    lower = text.split("\n")
    starts = list(accumulate(map(len, lower), lambda start, length: start + length + 1, initial=0))
    for number in _lines_with(_WARN, text, starts):
        if not heard[number] and _WARNING.search(_NOT_BAD.sub("", lower[number])):
            severities[number] = WARNING
    for number in _lines_with(BAD_WORDS, text, starts):
        # A line that says itself that it is information is no error, whatever its words are.
        if (not heard[number] or severities[number] == PLAIN) and _ERROR.search(_NOT_BAD.sub("", lower[number])):
            severities[number] = WARNING if heard[number] else ERROR
    return list(zip(severities, heard, strict=True))


def _level(words: Shape) -> str:
    if _KNOWN.isdisjoint(words):
        return ""
    for place, word in enumerate(words[:LEVEL_WORDS]):
        level = _SPELLINGS.get(word, "")
        if level and (place == 0 or word not in _ONLY_FIRST):
            return level
    return ""


def _lines_with(words: Sequence[str], text: str, starts: Sequence[int]) -> list[int]:
    """Return the numbers of the lines, which start at `starts`, that hold one of the words."""
    return sorted({number for word in words for number in numbers_with(word, text, starts)})
