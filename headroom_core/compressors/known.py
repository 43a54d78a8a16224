"""
The compressor of what stands behind other texts in a prompt: what they say already is named, and what tells little beside goes.

A handoff stands behind other texts in the same prompt. Lines and sentences that these have word for word are left out of any
kind of text, and named as such; of words, also those that bring no new fact and that hardly a later message will take up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

from headroom_core import markers
from headroom_core.compressors.base import Compressed, Refused, Request
from headroom_core.importance.needs import Need, needs
from headroom_core.importance.units import units_of
from headroom_core.payload import OmittedSpan

IN_WORDS = frozenset({"text", "markdown", "transcript", "terminal", "log", "build", "traceback"})
"""Kinds of which units that tell little go. Of other kinds each line is part of a record or a program."""

HEADED = frozenset({"csv", "tsv", "table"})
"""Kinds whose lines mean what their first line says."""

LEAST_RUN_CHARS = 60
"""Characters that are left out in one place, at the least: a marker takes a third of that."""

LEAST_BLOCK_CHARS = 400
"""The same where each line is part of a record: a few lines of one may stand in another record of the prompt."""

LEAD_CHARS = 160
"""Characters of a line, at the most, that stays because it introduces what is shown."""

_FENCE = re.compile(r"[ \t>]{0,12}(?:`{3,}|~{3,})")
_ITEM = re.compile(r"[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]")

_Run = tuple[int, int]


class KnownCompressor:
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
        if request.said is None:
            return Refused("its reader has nothing that is known")
        units = units_of(original)
        if self.kind in HEADED and not request.said.has(units[:1]):
            return Refused("its columns are others than those of a table in the prompt")
        in_words = self.kind in IN_WORDS
        found = needs(units, request.said, request.mode)
        gone = _gone(units, found, in_words=in_words)
        if in_words:
            _keep_company(units, gone, found)
            _keep_fences(units, gone)
            _keep_leads(units, gone, found)
        runs = list(_runs(units, gone, LEAST_RUN_CHARS if in_words else LEAST_BLOCK_CHARS))
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


def _keep_company(units: Sequence[str], gone: list[bool], found: Sequence[Need]) -> None:
    """Keep the shorter line beside one of a single word, such as the title of a link: alone it tells nothing."""
    filled = [number for number, unit in enumerate(units) if unit.strip()]
    for before, number, behind in zip(filled, filled[1:], filled[2:], strict=False):
        if found[number] is Need.NEEDED and len(units[number].split()) == 1 and gone[before] and gone[behind]:
            gone[min(before, behind, key=lambda beside: len(units[beside]))] = False


def _keep_fences(units: Sequence[str], gone: list[bool]) -> None:
    """Keep both fences around a block of which something is shown, and both or neither of any other."""
    opened = -1
    for number, unit in enumerate(units):
        if not _FENCE.match(unit):
            continue
        if opened < 0:
            opened = number
            continue
        if not all(gone[opened : number + 1]):
            gone[opened] = gone[number] = False
        opened = -1


def _keep_leads(units: Sequence[str], gone: list[bool], found: Sequence[Need]) -> None:
    """Keep the lines that say what shown lines are about: the item or the key above them, less far to the right."""
    above: list[tuple[int, int]] = []  # how far to the right a line begins, and its number
    for number, unit in enumerate(units):
        bare = unit.strip()
        if not bare or (number and not units[number - 1].endswith("\n")):
            continue
        depth = len(unit) - len(unit.lstrip()) + (0 if bare[0] == "#" else 1)
        while above and above[-1][0] >= depth:
            above.pop()
        if found[number] is Need.NEEDED:
            for _, lead in above[-1:]:
                gone[lead] = False
            above = above[:-1]
        if len(bare) <= LEAD_CHARS and (bare[0] == "#" or bare.endswith(":") or _ITEM.match(unit)):
            above.append((depth, number))


def _runs(units: Sequence[str], gone: Sequence[bool], least: int) -> Iterator[_Run]:
    """Yield the runs of units that go, as the first and the one behind the last, where they are long enough."""
    start = chars = 0
    for number, (unit, going) in enumerate(zip(units, gone, strict=True)):
        if going:
            chars += len(unit)
            continue
        if chars >= least:
            yield start, number
        start, chars = number + 1, 0
    if chars >= least:
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
    """Return what a marker says of some units: whether all of them stand in the prompt."""
    above = all(need is Need.SAID or not unit.strip() for unit, need in zip(units, found, strict=True))
    return markers.ABOVE if above else ""
