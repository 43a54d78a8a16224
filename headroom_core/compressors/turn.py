"""
The compressor of a turn in a run: what the prompt of its reader says already is named, and what tells the reader little goes.

A handoff stands behind other texts in the same prompt. Lines and sentences that these have word for word are left out of any
kind of text, and named as such; of words, also those that bring no new fact and that hardly a later message will take up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

from headroom_core import markers
from headroom_core.compressors.base import Compressed, Refused, Request
from headroom_core.importance.needs import Need, needs
from headroom_core.importance.units import units_of
from headroom_core.payload import OmittedSpan

IN_WORDS = frozenset({"text", "markdown", "transcript", "terminal", "log", "build", "traceback"})
"""Kinds of which units that tell little go. Of other kinds each line is part of a record or a program."""

LEAST_RUN_CHARS = 100
"""Characters that are left out in one place, at the least: a marker takes a third of that."""

MOSTLY = 0.5
"""Share of the characters of a part from which on a marker says that most of it stands in the prompt."""

_Run = tuple[int, int]


class TurnCompressor:
    """
    Shortens any text by what its reader's prompt says already.

    Args:
        kind: The kind of the text, which says what may go.

    """

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def compress(self, original: str, /, request: Request) -> Compressed | Refused:
        """Return the view of a text, or why it stays as it is."""
        request.budget.spend(len(original) + 1)
        if request.said is None or request.mode == "lossless" or request.format != "text":
            return Refused("nothing of it may be left out for what stands in the prompt")
        units = units_of(original)
        found = needs(units, request.said, request.mode)
        runs = list(_runs(units, _gone(units, found, in_words=self.kind in IN_WORDS)))
        return _write(original, units, found, runs, request) if runs else Refused("nothing of it can be spared")


def _gone(units: Sequence[str], found: Sequence[Need], *, in_words: bool) -> list[bool]:
    """Tell of each unit whether it goes. The first and the last stay, where the prompt does not have them."""
    gone = [need is Need.SAID or (in_words and need is Need.SPARE) for need in found]
    filled = [number for number, unit in enumerate(units) if unit.strip()]
    for number in {*filled[:1], *filled[-1:]}:
        gone[number] = found[number] is Need.SAID
    for before, behind in pairwise([-1, *filled, len(units)]):
        # Blank lines go with what stands on both sides of them.
        both = (before < 0 or gone[before]) and (behind == len(units) or gone[behind])
        gone[before + 1 : behind] = [both] * (behind - before - 1)
    return gone


def _runs(units: Sequence[str], gone: Sequence[bool]) -> Iterator[_Run]:
    """Yield the runs of units that go, as the first and the one behind the last, where they are long enough."""
    start = chars = 0
    for number, (unit, going) in enumerate(zip(units, gone, strict=True)):
        if going:
            chars += len(unit)
            continue
        if chars >= LEAST_RUN_CHARS:
            yield start, number
        start, chars = number + 1, 0
    if chars >= LEAST_RUN_CHARS:
        yield start, len(units)


def _write(original: str, units: Sequence[str], found: Sequence[Need], runs: Sequence[_Run], request: Request) -> Compressed:
    starts = list(accumulate(map(len, units), initial=0))
    texts = [] if request.place.part else [markers.header(request.handle, omits=True), "\n"]
    spans: list[OmittedSpan] = []
    shown = lines = 0
    for first, end in runs:
        start, stop = starts[first], starts[end]
        lines += original.count("\n", shown, start)
        ends = original.count("\n", start, stop)
        closed = original[stop - 1] == "\n"
        if (start == 0 or original[start - 1] == "\n") and (closed or stop == len(original)):
            part = request.place.lines(lines + 1, lines + ends + (not closed))
            span = (start, stop - closed)
        else:
            part = request.place.chars(start, stop)
            span = (start, stop)
        between = "\n" if closed else " " if stop < len(original) else ""
        price = request.price(stop - start, len(original))
        marker = markers.marker(part, _note(units[first:end], found[first:end]), tokens=price)
        texts += (original[shown:start], marker, between)
        spans.append(OmittedSpan(*span, markers.reference(request.handle, part), str(part)))
        shown, lines = stop, lines + ends
    return Compressed(text="".join([*texts, original[shown:]]), omitted=tuple(spans), steps=(("receiver", "known"),))


def _note(units: Sequence[str], found: Sequence[Need]) -> str:
    """Return what a marker says of some units: whether they, or most of them, stand in the prompt."""
    chars = sum(map(len, units))
    above = sum(len(unit) for unit, need in zip(units, found, strict=True) if need is Need.SAID or not unit.strip())
    return markers.ABOVE if above == chars else f"mostly {markers.ABOVE}" if above >= MOSTLY * chars else ""
