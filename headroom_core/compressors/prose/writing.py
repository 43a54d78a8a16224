"""Writes a passage: what stays of its sentences, a sign where some are gone, and a marker behind it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

from headroom_core import markers
from headroom_core.compressors.base import Compressed, Request
from headroom_core.compressors.line_view import Lines
from headroom_core.compressors.prose.passages import Passage
from headroom_core.compressors.prose.runs import Run
from headroom_core.compressors.prose.telegraph import leaves_out
from headroom_core.compressors.prose.units import CLOSING, Unit
from headroom_core.payload import OmittedSpan

LEAST_SAVED = 0.03
"""Share of a passage that must go, so that its marker is worth its place."""

GONE = "[\u2026]"
"""What stands where sentences are gone."""


class PassageWriter:
    """Writes one passage of a text."""

    def __init__(self, lines: Lines, request: Request, noise: Collection[str]) -> None:
        self._lines = lines
        self._request = request
        self._noise = noise

    def view(self, passage: Passage, runs: Sequence[Run]) -> Compressed | None:
        """Return the view of a passage with its marker, or None where it would hardly be shorter."""
        start, end = self._lines.span(passage.start, passage.end)
        part = self._request.place.lines(passage.start + 1, passage.end)
        label = markers.words_label(part, sentences=sum(one.gone for run in runs for one in run.sentences))
        shown = _settled([line for run in runs for line in self._run(run)])
        if shown and shown[-1].strip() == GONE:
            shown.pop()  # the marker says so
        price = self._request.price(end - start, len(self._lines.text))
        text = "\n".join([*shown, markers.marker(label, tokens=price)])
        if len(text) > (1 - LEAST_SAVED) * (end - start):
            return None
        reference = markers.reference(self._request.handle, part)
        omitted = (OmittedSpan(0, end - start, reference, label),)
        return Compressed(text=text, omitted=omitted)

    def _run(self, run: Run) -> list[str]:
        """Return what stays of the lines of a run."""
        if not run.units:
            return [self._lines.texts[number] for number in run.lines]
        units = run.units
        left_out = [one for one in run.sentences if one.gone]
        signed = {one.start for one in left_out} - {one.end for one in left_out}
        gone = {number for one in left_out for number in range(one.start, one.end)}
        letters = any(len(unit.text) == 1 and unit.text.isalpha() and unit.text not in "aAI" for unit in units)
        stays = [
            number not in gone
            and not self._is_noise(units, number)
            and ((letters and unit.low == "a") or not leaves_out(units, number))
            for number, unit in enumerate(units)
        ]
        said = []
        for number, (first, last) in zip(run.lines, pairwise([0, *run.ends]), strict=True):
            begins = run.lead if number == run.lines.start and any(stays[last:]) else 0
            line = self._line(number, units[first:last], stays[first:last], {place - first for place in signed}, begins)
            if line is not None:
                said.append(line)
        return said

    def _is_noise(self, units: Sequence[Unit], number: int) -> bool:
        """Tell whether a unit is a sign or a sound that goes, or a comma behind one. Behind a number it may be a measure."""
        unit = units[number]
        if unit.text == ",":
            return number > 0 and units[number - 1].low in self._noise and self._is_noise(units, number - 1)
        return unit.low in self._noise and not (number and units[number - 1].text[-1].isdigit())

    def _line(
        self, number: int, units: Sequence[Unit], stays: Sequence[bool], signed: Collection[int], begins: int
    ) -> str | None:
        """
        Return what stays of a line, or None where nothing does.

        `begins` is how many characters say who speaks, where other lines of the run stay.
        """
        text = self._lines.text
        start, end = self._lines.span(number, number + 1)
        if not any(stay and unit.word for unit, stay in zip(units, stays, strict=True)):
            ending = "\r" if text[start:end].endswith("\r") else ""
            gone = GONE if any(0 <= place < len(units) for place in signed) else ""
            return f"{text[start : start + begins]}{gone}{ending}" if begins or gone else None
        return text[start : units[0].start] + _joined(text, units, stays, signed) + text[units[-1].end : end]


def _joined(text: str, units: Sequence[Unit], stays: Sequence[bool], signed: Collection[int]) -> str:
    """Return the words that stay, apart where they stood apart, with the sign at the places where sentences are gone."""
    said: list[str] = []
    last = -1
    for number, unit in enumerate(units):
        if number in signed:
            said.append(f" {GONE}" if said else GONE)
        if not stays[number]:
            continue
        if said:
            between = text[units[number - 1].end : unit.start]
            opened = last >= 0 and units[last].opens and units[last + 1].start == units[last].end
            said.append(between if last == number - 1 or unit.text in CLOSING else "" if opened else between or " ")
        said.append(unit.text)
        last = number
    return "".join(said)


def _settled(said: Sequence[str]) -> list[str]:
    """Return the lines without a sign or a blank line behind another one."""
    found: list[str] = []
    signed = False  # whether a sign stands before, with nothing but blanks behind it
    for line in said:
        shown = line
        if signed and line.startswith(GONE):
            shown = line.removeprefix(GONE).lstrip(" ")
            if not shown.strip():
                continue
        if not shown.strip():
            if not found or found[-1].strip():
                found.append(shown)
            continue
        found.append(shown)
        signed = shown.rstrip().endswith(GONE)
    while found and signed and not found[-1].strip():
        found.pop()
    return found
