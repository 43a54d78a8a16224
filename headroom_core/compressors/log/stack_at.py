"""Stack traces whose frames are lines with `at`: Java, Kotlin, Scala, JavaScript, TypeScript, C#."""

from __future__ import annotations

import re

from headroom_core.compressors.log.source import Source
from headroom_core.compressors.log.stacks import Frame, Stack, bare, library_of, masked, package_of

NEEDLES = ("\tat ", "  at ", "\n at ")
LOOK_BACK = 10
"""Lines above the first frame in which its exception is looked for: messages of several lines are rarely longer."""
OBJECT_LINES = 20
"""Lines of the properties that Node.js prints behind an error, at the most."""

_FRAME = re.compile(
    r"\s{0,40}at (?P<what>(?:async |new )?(?P<symbol>\S{1,400})[^\n]{0,400}?)(?:~?\[[^\]\n]{0,200}\])?(?P<open> \{)?\s*$"
)
_PLACE = re.compile(r"\(.{0,400}\)|:\d+(?::\d+)?$|<anonymous>| in .{1,300}:line \d+")
_EXCEPTION = re.compile(
    r"(?:^|[\s\[(\"':|])(?:[\w$]{1,80}\.){0,15}[\w$]{0,80}(?:Exception|Error|Throwable|Failure|Fault)\b|^Uncaught\b|^Unhandled\b"
)
_MORE = re.compile(r"\s{0,40}\.\.\. \d+ (?:more|common frames)")
_CAUSE = re.compile(r"\s{0,40}(?:Caused by: |Suppressed: |\[cause\]: |\[errors\]: |Wrapped by: |---> |--- End of )")
_CARET = re.compile(r"\s{0,200}[\^~]+\s*$")
_EXCERPT = re.compile(r"\S{1,300}:\d+$")


def find(source: Source) -> list[Stack]:
    """Return the stack traces of a text, in order."""
    stacks: list[Stack] = []
    end = 0
    for number in source.lines_with(NEEDLES):
        if number >= end and _frame(bare(source.lines[number])):
            stack = _read(source, number, end)
            end = stack.end
            if len(stack.frames()) > 1 or stack.signed:
                stacks.append(stack)
    return stacks


def _frame(line: str) -> re.Match[str] | None:
    found = _FRAME.match(line)
    return found if found and _PLACE.search(found["what"]) else None


def _read(source: Source, first: int, least: int) -> Stack:
    """Read a trace from its first frame on, with its exception above it."""
    lines = source.lines
    stack = Stack(first, first, innermost_first=True)
    _head(source, stack, first, least)
    at = first
    while at < len(lines):
        line = bare(lines[at])
        found = _frame(line)
        if found:
            what = found["what"].strip()
            stack.sections[-1].append(Frame(at, at + 1, what, package_of(found["symbol"]) or library_of(what)))
            at += 1
            if found["open"]:
                at = _properties(source, stack, at)
        elif _MORE.match(line):
            stack.say(at)
            at += 1
        elif _CAUSE.match(line):
            at = _cause(source, stack, at)
        else:
            break
    stack.end = at
    return stack


def _head(source: Source, stack: Stack, first: int, least: int) -> None:
    """Find the exception above the first frame, and the excerpt of the source above that."""
    lines = source.lines
    header = -1
    for number in range(first - 1, max(least, first - LOOK_BACK) - 1, -1):
        line = bare(lines[number])
        if not line.strip():
            break
        if _EXCEPTION.search(line):
            header = number
            break
    if header < 0:
        if first - 1 >= least and lines[first - 1].strip():
            stack.start = first - 1
            stack.say(first - 1)
        return
    stack.start = header
    if header - 2 >= least and not lines[header - 1].strip() and _CARET.match(bare(lines[header - 2])):
        for number in range(header - 3, max(least, header - 6) - 1, -1):
            if _EXCERPT.match(bare(lines[number])):
                stack.start = number
                break
    stack.said += range(stack.start, first)
    stack.signed.append(_said(bare(lines[header])))


def _said(line: str) -> str:
    """Return an exception without what a log wrote before it."""
    found = _EXCEPTION.search(line)
    return masked(line[found.start() :].strip() if found else line.strip())


def _cause(source: Source, stack: Stack, at: int) -> int:
    """Take an exception that caused the one above, with a message of several lines; return the line behind it."""
    lines = source.lines
    line = bare(lines[at])
    stack.say(at, "" if "--- End of " in line else line)
    stack.sections.append([])
    for number in range(at + 1, min(len(lines), at + LOOK_BACK)):
        line = bare(lines[number])
        if _frame(line) or _MORE.match(line) or _CAUSE.match(line):
            stack.said += range(at + 1, number)
            return number
        if not line.strip():
            break
    return at + 1


def _properties(source: Source, stack: Stack, at: int) -> int:
    """Take the properties of an error that stand behind it in braces; return the line behind them."""
    lines = source.lines
    for number in range(at, min(len(lines), at + OBJECT_LINES)):
        line = bare(lines[number])
        if _CAUSE.match(line) or _frame(line):
            stack.said += range(at, number)
            return number
        if line.startswith("}"):
            stack.said += range(at, number + 1)
            return number + 1
    return at
