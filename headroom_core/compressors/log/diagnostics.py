"""What compilers and test runners say about what is wrong: blocks of lines, and the lines that conclude."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

Level = Literal["error", "warning", "summary"]

BLOCK_LINES = 400
"""Lines that a block has at the most."""

READ_CHARS = 400
"""Characters of a line that are read."""

_NUMBER = re.compile(r"\d+")
_COLOUR = re.compile(r"\x1b\[[0-9;]{0,12}m")


@dataclass(frozen=True, slots=True)
class Block:
    """Lines `start` up to `end`, counted from 0, those of them that tell, and what makes two blocks the same."""

    start: int
    end: int
    level: Level
    kept: tuple[int, ...]
    signature: str


@dataclass(frozen=True, slots=True)
class Rule:
    """
    How a tool writes a block.

    Attributes:
        words: One of these stands in every text that has such a block.
        level: How bad it is.
        opens: The first line.
        kept: The lines of it to show, beside the first; None for all.
        goes_on: The lines that belong to it.
        stops: The lines that do not, though they seem to.

    """

    words: tuple[str, ...]
    level: Level
    opens: re.Pattern[str]
    goes_on: re.Pattern[str]
    kept: re.Pattern[str] | None = None
    stops: re.Pattern[str] | None = None


_ANY = re.compile("")
_NONE = re.compile(r"(?!)")
_INDENTED = re.compile(r"\s+\S")

RULES = (
    # pytest: a failed test with its source, its assertion and the place of it.
    Rule(
        (" FAILURES =", " ERRORS ="),
        "error",
        re.compile(r"^_{3,} .{1,200} _{3,}$", re.MULTILINE),
        _ANY,
        kept=re.compile(r"E  |>  |\S+:\d+: |\S+:\d+: in "),
        stops=re.compile(r"_{3,} .{1,200} _{3,}$|={5,} "),
    ),
    # unittest and Django: a failed test with its traceback, which is looked at as one.
    Rule(
        ("\nFAIL: ", "\nERROR: "),
        "error",
        re.compile(r"^(?:FAIL|ERROR): \S{1,200} \([\w.]+\)", re.MULTILINE),
        _ANY,
        kept=_NONE,
        stops=re.compile(r"={70}|Ran \d+ tests?|-{70}$"),
    ),
    # rustc and cargo: a message, its place, and the source with its marks.
    Rule(
        ("error[E", "error: ", "\nwarning: "),
        "error",
        re.compile(r"^error(?:\[E\d+\])?: ", re.MULTILINE),
        re.compile(r"\s+(?:-->|\||=|\d+ \||:::)|\d+ +\|"),
    ),
    # gcc and clang: a message with the source and a caret below it.
    Rule(
        (": error: ", ": fatal error: "),
        "error",
        re.compile(r"^[^\s:]{1,300}:\d+(?::\d+)?: (?:fatal )?error: ", re.MULTILINE),
        _INDENTED,
    ),
)

SUMMARIES = re.compile(
    r"^(?:=+ .{0,120}\b(?:passed|failed|errors?)\b.{0,120} =+$|FAILED \(|OK(?: \(.{0,80}\))?$|Ran \d+ tests? in "
    r"|test result: "
    r"|(?:\[\w+\] )?BUILD (?:SUCCESS|FAIL)|(?:\[\w+\] )?Tests run: \d+, Fail.{0,200}$|Finished: [A-Z]+$"
    r"|Tests: +\d|Test Suites: +\d"
    r"|(?:FAILED|ERROR) \S+::\S|make(?:\[\d+\])?: \*\*\* |npm (?:ERR!|error) code |\d+ (?:errors?|warnings?) generated)",
    re.MULTILINE,
)
"""Lines that conclude a run."""

_CONCLUDING = (
    "passed",
    "failed",
    "FAILED",
    "Ran ",
    "test result",
    "BUILD ",
    "Tests",
    "Finished:",
    "*** ",
    "npm ERR!",
    "npm error",
    "generated",
)


def find_diagnostics(text: str, lines: Sequence[str]) -> list[Block]:
    """Return the blocks of a text, given with its lines, in order and without overlap."""
    rules = [rule for rule in RULES if any(word in text for word in rule.words)]
    concluded = any(word in text for word in _CONCLUDING)
    if not rules and not concluded:
        return []
    if "\x1b" in text or "\r" in text:
        text = _COLOUR.sub("", text).replace("\r\n", "\n")
        lines = text.split("\n")
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    found = [block for rule in rules for block in _blocks(rule, text, lines, starts)]
    if concluded:
        numbers = [bisect_right(starts, match.start()) - 1 for match in SUMMARIES.finditer(text)]
        found += [Block(number, number + 1, "summary", (number,), lines[number][:READ_CHARS]) for number in numbers]
    found.sort(key=lambda block: (block.start, -block.end))
    apart: list[Block] = []
    for block in found:
        if not apart or block.start >= apart[-1].end:
            apart.append(block)
    return apart


def _blocks(rule: Rule, text: str, lines: Sequence[str], starts: Sequence[int]) -> list[Block]:
    found = []
    behind = 0
    for opened in rule.opens.finditer(text):
        number = bisect_right(starts, opened.start()) - 1
        if number < behind:
            continue
        kept, said = [number], [lines[number][:READ_CHARS]]
        end = number + 1
        while end < len(lines) and end - number < BLOCK_LINES:
            line = lines[end][:READ_CHARS].rstrip()
            if not rule.goes_on.match(line) or (rule.stops is not None and rule.stops.match(line)):
                break
            if rule.kept is None or rule.kept.match(line):
                kept.append(end)
                said.append(line)
            end += 1
        found.append(Block(number, end, rule.level, tuple(kept), _NUMBER.sub("#", "\n".join(said))))
        behind = end
    return found
