"""Messages of compilers, failed tests and concluding lines in a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from headroom_core.compressors.log.patterns import CARETS, PATTERNS, Level, Pattern
from headroom_core.compressors.log.source import Source
from headroom_core.compressors.log.stacks import bare, library_of, masked

LINES_BEFORE = 4
"""Lines above a message that belong to it, at the most."""

ROOTS = ("rror", "FAIL", "ERR", "arning", "Test", "tests", "ailed", "ailing", "ass", "_ ", "***", "exit", "example", "Found")
"""Parts of many needles: where one is nowhere in a text, no needle with it is looked for."""

RANK: dict[Level, int] = {"warning": 0, "error": 1, "summary": 2}


@dataclass(frozen=True, slots=True)
class Block:
    """
    A message on the lines from `start` up to `end`, counted from 0.

    Attributes:
        start: The first line.
        end: The line behind the last one.
        level: How bad it is; `summary` where it concludes.
        kept: The lines that tell: file and line, what is wrong, what was expected.
        signature: Equal for messages that say the same thing.

    """

    start: int
    end: int
    level: Level
    kept: tuple[int, ...]
    signature: str


def find_diagnostics(source: Source) -> list[Block]:
    """Return the messages of a text, in order and without overlap."""
    blocks: list[Block] = []
    absent = [root for root in ROOTS if not source.may_have(root)]
    for pattern in PATTERNS:
        needles = [needle for needle in pattern.needles if not any(root in needle for root in absent)]
        if needles and (not pattern.needs or any(map(source.may_have, pattern.needs))):
            blocks += _blocks(source, pattern, needles)
    return _joined(sorted(blocks, key=lambda block: (block.start, -block.end)))


def _blocks(source: Source, pattern: Pattern, needles: Sequence[str]) -> list[Block]:
    """Return the blocks of one form."""
    found: list[Block] = []
    end = 0
    for number in source.lines_with(needles):
        if number < end:
            continue
        match = pattern.start.match(bare(source.lines[number]))
        if match:
            level = _level(match, pattern)
            block = _section(source, pattern, number) if pattern.until else _block(source, pattern, number, end, level)
            end = block.end
            found.append(block)
    return found


def _level(match: re.Match[str], pattern: Pattern) -> Level:
    """Return how bad a message is: as its first line says, or else as its form is."""
    said = match.groupdict().get("level")
    return "error" if said == "error" else "warning" if said == "warning" else pattern.level


def _block(source: Source, pattern: Pattern, first: int, least: int, level: Level) -> Block:
    """Read a message all of whose lines are kept."""
    lines = source.lines
    start, end = first, first + 1
    if pattern.before:
        while start > max(least, first - LINES_BEFORE) and pattern.before.match(bare(lines[start - 1])):
            start -= 1
    if pattern.more:
        last = min(len(lines), first + pattern.most)
        while end < last:
            line = bare(lines[end])
            points_here = end + 1 < len(lines) and bool(CARETS.match(bare(lines[end + 1]))) and not pattern.start.match(line)
            if not pattern.more.match(line) and not points_here and not CARETS.match(line):
                break
            end += 1
    while end > first + 1 and not lines[end - 1].strip():
        end -= 1
    kept = tuple(number for number in range(start, end) if lines[number].strip())
    said = bare(lines[first])
    if level == "warning":
        # Where it stands does not make a warning another one.
        signature = masked(said[max(0, said.find("warning")) :])
    elif pattern.signed:
        signature = "\n".join(masked(bare(lines[number])) for number in kept)
    else:
        signature = "\n".join(bare(lines[number]) for number in kept)
    return Block(start, end, level, kept, signature)


def _section(source: Source, pattern: Pattern, first: int) -> Block:
    """Read a section of which some lines are kept."""
    lines = source.lines
    until, wanted, signed = pattern.until, pattern.kept, pattern.signed
    kept, said = [first], []
    own, place = [], -1
    end = first + 1
    while end < min(len(lines), first + pattern.most):
        line = bare(lines[end])
        if until and until.match(line):
            break
        if wanted and wanted.match(line):
            if library_of(line.split(": ", 1)[0]) and ".py:" in line:
                # The place in a library is told only where it is the last one.
                place = end
            else:
                place = -1
                own.append(end)
                if signed and signed.match(line):
                    said.append(masked(line) if line[:1] == "E" else line)
        end += 1
    kept += own if len(own) <= 2 * BLOCK_KEPT else own[:BLOCK_KEPT] + own[-BLOCK_KEPT:]
    if place >= 0:
        kept.append(place)
    while end > first + 1 and not lines[end - 1].strip():
        end -= 1
    return Block(first, end, pattern.level, tuple(sorted(kept)), "\n".join(said) or bare(lines[first]))


BLOCK_KEPT = 40
"""Lines of a section that are kept from its start, and from its end."""


def _joined(blocks: list[Block]) -> list[Block]:
    """Join blocks that overlap: they are one, as bad as the worst of them."""
    joined: list[Block] = []
    for block in blocks:
        if joined and block.start < joined[-1].end:
            outer = joined[-1]
            level = max(outer.level, block.level, key=lambda one: RANK[one])
            kept = tuple(sorted({*outer.kept, *block.kept}))
            joined[-1] = Block(outer.start, max(outer.end, block.end), level, kept, outer.signature)
        else:
            joined.append(block)
    return joined
