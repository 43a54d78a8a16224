"""The lines of a passage as runs of words: what one sentence may go over, up to a heading, an item or another speaker."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from headroom_core.compressors.line_view import Lines
from headroom_core.compressors.prose.passages import Passage, is_verbatim, lead
from headroom_core.compressors.prose.sentences import Sentence
from headroom_core.compressors.prose.units import Unit, quotations, units_of

_ENDED = re.compile(r"[.!?:;,\u2026)\]\"'\u201d\u2019*_-]\s*$")
"""How a line ends, behind which an item or a speaker may begin; a wrapped line may begin with a number, too."""


@dataclass(frozen=True, slots=True)
class Run:
    """
    Lines that go on from each other.

    Attributes:
        lines: Their numbers, counted from 0.
        units: The words and marks of all of them, in order; none where the line stays as it is.
        ends: For each line, how many of the units stand on it and on the ones before.
        lead: Characters that stand before the first unit and say who speaks, or that it is an item.
        quoted: Where quotations and the like stand in the text.
        sentences: The sentences that the units are, once somebody judged them.

    """

    lines: range
    units: list[Unit]
    ends: list[int]
    lead: int = 0
    quoted: Sequence[tuple[int, int]] = ()
    sentences: list[Sentence] = field(default_factory=list)


def runs_of(lines: Lines, passage: Passage) -> Iterator[Run]:
    """Yield the runs of a passage."""
    first = passage.start
    for number in range(first + 1, passage.end):
        line, before = lines.texts[number], lines.texts[number - 1]
        if is_verbatim(line) or is_verbatim(before) or (lead(line) and (lead(before) or _ENDED.search(before))):
            yield _run(lines, range(first, number))
            first = number
    yield _run(lines, range(first, passage.end))


def _run(lines: Lines, numbers: range) -> Run:
    if is_verbatim(lines.texts[numbers.start]):
        return Run(numbers, [], [])
    begins = lead(lines.texts[numbers.start])
    starts = [lines.starts[number] + (begins if number == numbers.start else 0) for number in numbers]
    ends = [lines.span(number, number + 1)[1] for number in numbers]
    quoted = quotations(lines.text, starts[0], ends[-1])
    run = Run(numbers, [], [], begins, quoted)
    for start, end in zip(starts, ends, strict=True):
        run.units.extend(units_of(lines.text, start, end, quoted))
        run.ends.append(len(run.units))
    return run
