"""Tracebacks of Python, chained and grouped ones included."""

from __future__ import annotations

import re

from headroom_core.compressors.log.source import Source
from headroom_core.compressors.log.stacks import MESSAGE_LINES, READ_CHARS, Frame, Stack, bare, library_of

HEADER = "Traceback (most recent call last)"
NEEDLES = (HEADER, '  File "')
_CHAINED = (
    "During handling of the above exception, another exception occurred:",
    "The above exception was the direct cause of the following exception:",
)
_FILE = re.compile(r'File "([^"\n]{1,500})", line (\d{1,9})(?:, in (.{1,200}))?$')
_EXCEPTION = re.compile(
    r"(?:[A-Za-z_][\w.]{0,200}(?:Error|Exception|Warning|Interrupt|Exit|Group)\b|[A-Za-z_][\w.]{0,200}(?::|$))"
)
_RULE = re.compile(r"-[+-]{3,}")
FRAME_LINES = 12
"""Lines under the file and line of a frame that belong to it, at the most: the statement and its carets."""


def find(source: Source) -> list[Stack]:
    """Return the tracebacks of a text, in order."""
    stacks: list[Stack] = []
    end = 0
    for number in source.lines_with(NEEDLES):
        if number >= end:
            stack = _Reader(source, number).read()
            end = stack.end
            if any(stack.sections):
                stacks.append(stack)
    return stacks


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


class _Reader:
    """Reads one traceback, chained ones included, from its first line on."""

    def __init__(self, source: Source, first: int) -> None:
        self._lines = source.lines
        self._at = first
        self._stack = Stack(first, first + 1)
        line = source.lines[first][:READ_CHARS]
        place = line.find(HEADER)
        before = line[:place] if place > 0 else ""
        following = source.lines[first + 1] if first + 1 < len(source.lines) else ""
        # What stands before the header stands before all of it, or belongs to a line of a log.
        self._before = before if before.strip() and following.startswith(before) else ""
        self._grouped = False

    def _line(self, number: int) -> str:
        """Return a line without what stands before all lines of the traceback, the bars of groups included."""
        if number >= len(self._lines):
            return ""
        line = self._lines[number]
        line = line.removeprefix(self._before)[:READ_CHARS].rstrip("\r") if self._before else bare(line)
        if self._grouped or line.lstrip().startswith(("| ", "+-", "+ ")):
            body = line.lstrip(" ")
            if body[:1] in "|+":
                line = body[1:].removeprefix(" ")
        return line

    def read(self) -> Stack:
        """Read on as long as exceptions are chained."""
        stack = self._stack
        while True:
            self._read_one()
            stack.end = self._at
            goes_on = self._chained()
            if not goes_on:
                return stack
            stack.sections.append([])

    def _read_one(self) -> None:
        stack = self._stack
        line = self._line(self._at)
        indent = 0
        if HEADER in line:
            self._grouped |= "+ Exception Group" in self._lines[self._at] or "Exception Group Traceback" in line
            indent = _indent(line) if line.lstrip().startswith((HEADER, "Exception Group")) else 0
            stack.say(self._at)
            self._at += 1
        else:
            # The header is missing: an exception stands to the left of the first frame.
            indent = max(0, _indent(line) - 2)
        while self._frame():
            pass
        self._message(indent)

    def _frame(self) -> bool:
        line = self._line(self._at)
        found = _FILE.match(line.strip())
        if found is None:
            return False
        start, indent = self._at, _indent(line)
        self._at += 1
        for _ in range(FRAME_LINES):
            below = self._line(self._at)
            if not below.strip() or _indent(below) <= indent or _FILE.match(below.strip()):
                break
            self._at += 1
        frame = Frame(start, self._at, f"{found[1]}:{found[2]}", library_of(found[1]))
        self._stack.sections[-1].append(frame)
        if self._line(self._at).lstrip().startswith("[Previous line repeated "):
            self._stack.say(self._at)
            self._at += 1
        return True

    def _message(self, indent: int) -> None:
        """Take the exception and what its message says on more lines."""
        stack = self._stack
        line = self._line(self._at)
        if not line.strip() or _indent(line) > indent or not _EXCEPTION.match(line.strip()):
            return
        stack.say(self._at, line)
        self._at += 1
        for _ in range(MESSAGE_LINES):
            below = self._line(self._at)
            if not below.strip() or HEADER in below or _RULE.match(below.strip()):
                break
            after = self._line(self._at + 1)
            more = (
                _indent(below) > indent or line.rstrip().endswith((":", ",", "(", "[", "{")) or below.strip() in (")", "]", "}")
            )
            if not more and not (
                _indent(after) > indent and after.strip() and not _EXCEPTION.match(after.strip()) and ":" not in below
            ):
                break
            stack.say(self._at)
            line = below
            self._at += 1

    def _chained(self) -> bool:
        """Go on to the next exception of a chain or a group, if there is one."""
        at = self._at
        while at < self._at + 3 and at < len(self._lines) and not self._line(at).strip():
            at += 1
        line = self._line(at).strip()
        said = []
        if line in _CHAINED:
            said = [at]
            at += 1
            while at < len(self._lines) and at < said[0] + 4 and not self._line(at).strip():
                at += 1
        elif self._grouped:
            while at < len(self._lines) and _RULE.match(self._line(at).strip()):
                at += 1
            if not self._line(at).strip() or at == self._at:
                self._stack.end = max(self._stack.end, at)
                return False
        else:
            return False
        if HEADER not in self._line(at) and not (self._grouped and _EXCEPTION.match(self._line(at).strip())):
            return False
        self._stack.said += said
        self._at = at
        return True
