"""The compressor of prose: what a telegram leaves out goes, and all other words stay, in their order and on their lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from headroom_core import markers
from headroom_core.compressors.base import Compressed, Kept, Refused, Request
from headroom_core.compressors.line_view import Lines, LineView
from headroom_core.compressors.prose.passages import Passage, is_verbatim, lead, passages
from headroom_core.compressors.prose.telegraph import leaves_out
from headroom_core.compressors.prose.units import CLOSING, Unit, quotations, units_of
from headroom_core.compressors.room import LEAST_TOKENS
from headroom_core.payload import OmittedSpan
from headroom_core.segments import split

LEAST_SAVED = 0.03
"""Share of a passage that must go, so that its marker is worth its place."""


class ProseCompressor:
    """
    Shortens prose in English.

    Articles go; in the mode `compact`, and where a ceiling asks for it, also forms of "be" and other words that carry no
    meaning. Numbers, identifiers, paths, quotations, negations, modals, and every word that says something stay. So do
    headings, lists, what is no prose, and prose in other languages. Each passage ends with a marker that names its lines.
    """

    kind = "text"

    def compress(self, original: str, /, request: Request) -> Compressed | Refused:
        """Return the view of a text, or why there is none."""
        request.budget.spend(len(original) + 1)
        if request.mode == "lossless":
            return Refused("words of prose can only be left out")
        if not request.place.part and not request.firm and request.original_tokens <= LEAST_TOKENS[request.mode]:
            return Kept("so little prose is read whole")
        if request.firm:
            request = replace(request, mode="compact")
        lines = Lines(original)
        view = LineView(lines, request)
        at = 0
        for passage in _between_parts(lines.texts, part=request.place.part):
            made = _Telegram(lines, request, passage).view()
            if made is not None:
                view.show(at, passage.start)
                view.part(passage.start, passage.end, made)
                at = passage.end
        if not at:
            return Kept("no paragraph of it is English prose whose words can be spared")
        view.show(at, len(lines))
        return view.finish()


def _between_parts(texts: Sequence[str], *, part: bool) -> Iterator[Passage]:
    """
    Yield the passages of a text that stand outside of fences, tables and the like.

    A document that begins with much prose is taken for prose, whatever follows. A part of one has no parts of its own.
    """
    if part:
        yield from passages(texts)
        return
    for segment in split(texts, "markdown"):
        if not segment.part:
            for one in passages(texts[segment.start : segment.end]):
                yield Passage(one.start + segment.start, one.end + segment.start)


class _Telegram:
    """Writes one passage."""

    def __init__(self, lines: Lines, request: Request, passage: Passage) -> None:
        self._lines = lines
        self._request = request
        self._passage = passage

    def view(self) -> Compressed | None:
        """Return the view of the passage with its marker, or None where it would hardly be shorter."""
        start, end = self._lines.span(self._passage.start, self._passage.end)
        part = self._request.place.lines(self._passage.start + 1, self._passage.end)
        said = [line for run in self._runs() for line in self._said(run)]
        text = "\n".join([*said, markers.words_marker(part)])
        if len(text) > (1 - LEAST_SAVED) * (end - start):
            return None
        reference = markers.reference(self._request.handle, part)
        return Compressed(text=text, omitted=(OmittedSpan(0, end - start, reference, f"words of {part}"),))

    def _runs(self) -> Iterator[range]:
        """Yield the lines that go on from each other: up to one that stays as it is, an item, or another speaker."""
        first = self._passage.start
        for number in range(first + 1, self._passage.end):
            line, before = self._lines.texts[number], self._lines.texts[number - 1]
            if lead(line) or is_verbatim(line) or is_verbatim(before):
                yield range(first, number)
                first = number
        yield range(first, self._passage.end)

    def _said(self, run: range) -> Iterator[str]:
        """Yield what stays of each line of a run. A word at the end of a line is judged by the one that begins the next."""
        text, lines = self._lines.text, self._lines
        if is_verbatim(lines.texts[run.start]):
            yield from (lines.texts[number] for number in run)
            return
        starts = [lines.starts[number] + lead(lines.texts[number]) for number in run]
        ends = [lines.span(number, number + 1)[1] for number in run]
        quoted = quotations(text, starts[0], ends[-1])
        found = [list(units_of(text, start, end, quoted)) for start, end in zip(starts, ends, strict=True)]
        units = [unit for line in found for unit in line]
        self._request.budget.spend(len(units))
        letters = any(len(unit.text) == 1 and unit.text.isalpha() and unit.text not in "aAI" for unit in units)
        at = 0
        for number, line in zip(run, found, strict=True):
            kept = [
                (letters and unit.low == "a") or not leaves_out(units, at + place, self._request.mode)
                for place, unit in enumerate(line)
            ]
            at += len(line)
            if any(kept):
                start, end = lines.span(number, number + 1)
                yield text[start : line[0].start] + _joined(text, line, kept) + text[line[-1].end : end]
            else:
                yield lines.texts[number]


def _joined(text: str, units: Sequence[Unit], kept: Sequence[bool]) -> str:
    """Return the words that stay, apart where they stood apart."""
    said: list[str] = []
    last = -1
    for number, unit in enumerate(units):
        if not kept[number]:
            continue
        if last >= 0:
            between = text[units[number - 1].end : unit.start]
            opened = units[last].opens and units[last + 1].start == units[last].end
            said.append(between if last == number - 1 or unit.text in CLOSING else "" if opened else between or " ")
        said.append(unit.text)
        last = number
    return "".join(said)
