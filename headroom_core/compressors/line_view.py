"""A view of a text by its lines: some shown whole, some written shorter, and a marker for each run of others."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import accumulate

from headroom_core import markers
from headroom_core.compressors.base import Compressed, Request
from headroom_core.payload import OmittedSpan

WORTH_A_MARKER = 32
"""Characters that a marker such as `[lines 120-134 omitted]` takes, with its line end: fewer are shown instead."""


NEAR_CHARS = 100
"""Characters in which a place between two words is looked for, where a line is cut."""


def word_end_before(text: str, place: int) -> int:
    """Return the end of the last whole word before `place`, or `place` itself where none is near."""
    found = max(text.rfind(" ", place - NEAR_CHARS, place), text.rfind(",", place - NEAR_CHARS, place))
    return found + 1 if found > 0 else place


class Lines:
    """
    The lines of a text, with the place of each.

    Lines end with a line feed, which is not part of them; a carriage return before it is. A text that ends with a line feed
    has one more line, which is empty.
    """

    __slots__ = ("starts", "text", "texts")

    def __init__(self, text: str) -> None:
        self.text = text
        self.texts = text.split("\n")
        self.starts = list(accumulate((len(line) + 1 for line in self.texts), initial=0))

    def __len__(self) -> int:
        """Return the number of lines."""
        return len(self.texts)

    def span(self, first: int, end: int) -> tuple[int, int]:
        """Return the code-point offsets of the lines from `first` up to `end`, counted from 0, without the last line end."""
        return self.starts[first], self.starts[end] - 1


class LineView:
    """
    Writes the view of a text from top to bottom.

    Lines are named by number, counted from 0. What `show` and `rewrite` pass over is left out, with a marker and a span, save
    for runs that are shorter than their marker.
    """

    def __init__(self, lines: Lines, request: Request) -> None:
        self._lines = lines
        self._request = request
        self._parts: list[str] = []
        self._spans: list[OmittedSpan] = []
        self._next = 0
        self._told: set[int] = set()

    def show(self, first: int, end: int | None = None, *, note: str = "") -> None:
        """Show the lines from `first` up to `end`, one line without it; `note` says what was left out before them."""
        self._close(first, note)
        self._next = first + 1 if end is None else end
        self._parts.extend(self._lines.texts[first : self._next])

    def rewrite(self, first: int, end: int, text: str, *, note: str = "") -> None:
        """Put `text`, which tells all that the lines from `first` up to `end` do, in their place."""
        self._close(first, note)
        self._next = end
        self._parts.append(text)

    def told(self, numbers: Iterable[int]) -> None:
        """Take note of lines that other lines of the view tell: on their own they need neither place nor marker."""
        self._told.update(numbers)

    def part(self, first: int, end: int, view: Compressed, *, note: str = "") -> None:
        """Put the view of a part, the whole lines from `first` up to `end`, in its place."""
        self.rewrite(first, end, view.text, note=note)
        base = self._lines.starts[first]
        spans = view.omitted() if callable(view.omitted) else view.omitted
        self._spans.extend(OmittedSpan(s.start + base, s.end + base, s.reference, s.label) for s in spans)

    def skip_to(self, first: int, *, note: str = "") -> None:
        """Leave out what stands before line `first`, unless it is shorter than a marker; `note` says what it is."""
        self._close(first, note)

    def omit(self, first: int, end: int, *, note: str = "", before: str = "") -> None:
        """
        Leave out the lines from `first` up to `end`, with a marker of their own; `note` says what they are.

        `before` is what stands before the marker: the sign of a comment, in code.
        """
        self._close(first, "")
        self._close(end, note, always=True, before=before)

    def say(self, text: str) -> None:
        """Add a summary line at this place. It must not copy what a reader could take for an instruction."""
        self._parts.append(text)

    def finish(self, *, note: str = "", notes: tuple[str, ...] = (), before: str = "") -> Compressed:
        """
        Return the view; `note` says what was left out at the end, `notes` go to the view's notes.

        `before` is what stands before the header, as in `omit`, where lines that must stay the first go before it.
        """
        # The last line end belongs to the last line and needs no marker.
        whole = len(self._lines) - (self._lines.texts[-1] == "")
        self._close(whole, note)
        if self._next < len(self._lines):
            self._parts.append("")
        body = "\n".join(self._parts)
        spans = tuple(self._spans)
        if self._request.place.part:
            text = body
        else:
            header = markers.header(self._request.handle, omits=bool(spans))
            if self._request.format == "json":
                text = json.dumps([header, body], ensure_ascii=False)
            else:
                opening = markers.OPENING_LINES.match(body) if before else None
                start = opening.end() if opening else 0
                text = f"{body[:start]}{before}{header}\n{body[start:]}"
        return Compressed(text=text, omitted=spans, notes=notes)

    def _close(self, first: int, note: str, *, always: bool = False, before: str = "") -> None:
        """Leave out what stands before line `first`."""
        last, told = first, self._told
        while self._next in told and self._next < last:
            self._next += 1
        while last - 1 in told and last > self._next:
            last -= 1
        if last > self._next:
            start, end = self._lines.span(self._next, last)
            if end - start < WORTH_A_MARKER + len(note) and not always:
                self._parts.extend(self._lines.texts[number] for number in range(self._next, last) if number not in told)
            elif end > start:
                part = self._request.place.lines(self._next + 1, last)
                reference = markers.reference(self._request.handle, part)
                self._spans.append(OmittedSpan(start, end, reference, str(part)))
                price = self._request.price(end - start, len(self._lines.text))
                self._parts.append(f"{before}{markers.marker(part, note, tokens=price)}")
        self._next = max(self._next, first)
