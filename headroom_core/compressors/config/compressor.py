"""The compressor of configuration files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby, islice, pairwise

from headroom_core import markers
from headroom_core.compressors.base import Compressed, Refused, Request
from headroom_core.compressors.config.repeated import choose_entries, find_entries
from headroom_core.compressors.config.syntax import Syntax, read_syntax
from headroom_core.compressors.line_view import Lines, LineView
from headroom_core.compressors.room import room_chars
from headroom_core.payload import OmittedSpan

WORTH_FOLDING = 80
"""Characters of comments that are shown rather than folded: their marker takes half of it."""

WARNED_LINES = 3
"""Lines of a comment that are kept from a warning on, up to the end of its sentence."""

VALUE_LINES = (8, 4)
"""A value of more lines than these together keeps so many of its first and of its last ones."""

OPAQUE_LINES = (1, 1)
"""The same for keys, certificates and base64, which nobody reads."""

LONG_LINE = 600
"""Characters of a line that is cut in its middle, where the file is too long."""

LINE_ENDS = (200, 60)
"""Characters of its start and of its end that such a line keeps."""

LEAST_KEPT = 6
"""Entries shown of a long list however little room there is."""

LEAST_SHARE = 3
"""The long lists together may take a third of the room, however long the rest is."""

MARKER_CHARS = 40
"""Characters of a marker with its note, about."""

MOST_DEPTHS = 8
"""Depths that are tried for an outline."""

_WARNING = re.compile(
    r"\b(?:warn(?:ing)?|caution|danger(?:ous)?|todo|fixme|hack|xxx|do not|don't|never|must|deprecated|obsolete|important"
    r"|careful|beware|unsafe|insecure|breaking|workaround|remove[ds]? (?:in|after|when|once))\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{3}")
_OPAQUE = re.compile(r"\s*(?:- )?[\"']?(?:[A-Za-z0-9+/_=-]{40,}|-----(?:BEGIN|END) [A-Z ]{1,40}-----)[\"',\\]{0,3}\s*")
_SENTENCE_ENDS = (".", "!", "?")


class ConfigCompressor:
    """
    Shortens YAML, TOML, INI, properties and environment files.

    Comments go first, save for warnings. What is still too long loses the middle of long values, then entries of long lists
    of like ones. Keys stay, with whole values.
    """

    kind = "config"

    def compress(self, original: str, /, request: Request) -> Compressed | Refused:
        """Return the view of a configuration file, or why the text is none."""
        request.budget.spend(len(original))
        lines = Lines(original)
        syntax = read_syntax(lines.texts)
        if isinstance(syntax, Refused):
            return syntax
        plan = _Plan(lines, syntax)
        room = room_chars(original, request)
        if room is not None:
            for step in (plan.fold_comments, plan.cut_opaque, plan.cut_values, plan.cut_entries):
                if plan.chars <= room:
                    break
                step(room)
            if request.firm and plan.chars > room:
                plan.outline(room)
        request.budget.spend(len(lines))
        return plan.write(request)


class _Plan:
    """What is shown of a file: `gone` says for each line why it is left out, empty for what is shown."""

    def __init__(self, lines: Lines, syntax: Syntax) -> None:
        self._lines = lines
        self._syntax = syntax
        self._gone = [""] * len(lines)
        self._lengths = [len(text) + 1 for text in lines.texts]
        self._cut_lines = False

    @property
    def chars(self) -> int:
        """Characters of the view, about."""
        shown = sum(length for length, gone in zip(self._lengths, self._gone, strict=True) if not gone)
        gaps = sum(1 for before, gone in pairwise(self._gone) if gone and not before)
        return shown + gaps * MARKER_CHARS

    def fold_comments(self, _room: int) -> None:
        """Leave out comments and the blank lines around them, but for warnings and the first words of the file."""
        for first, end in self._runs("comment"):
            kept = self._warned(first, end)
            if first == 0:
                kept.update(islice((place for place in range(end) if _WORD.search(self._lines.texts[place])), 1))
            start = first
            for stop in [*sorted(kept), end]:
                if self._lines.starts[stop] - self._lines.starts[start] >= WORTH_FOLDING:
                    self._gone[start:stop] = ["comments"] * (stop - start)
                start = stop + 1

    def cut_opaque(self, _room: int) -> None:
        """Leave out the inside of keys, certificates and base64."""
        texts = self._lines.texts
        first = None
        for place in range(len(texts) + 1):
            opaque = place < len(texts) and _OPAQUE.fullmatch(texts[place][: 2 * LONG_LINE]) is not None
            if opaque and first is None:
                first = place
            elif not opaque and first is not None:
                self._cut(first, place, OPAQUE_LINES, "encoded data")
                first = None
        self._cut_lines = True
        shortest = sum(LINE_ENDS) + MARKER_CHARS
        self._lengths = [shortest if length > LONG_LINE + 1 else length for length in self._lengths]

    def cut_values(self, _room: int) -> None:
        """Leave out the middle of values of many lines."""
        for first, end in self._runs("value"):
            self._cut(first, end, VALUE_LINES, "of this value")

    def cut_entries(self, room: int) -> None:
        """Leave out entries of long lists of like ones, those that say the least."""
        found = find_entries(self._syntax, self._lines.texts)
        sizes = [self._lines.starts[one.end] - self._lines.starts[one.starts[0]] for one in found]
        free = max(room - (self.chars - sum(sizes)), room // LEAST_SHARE)
        for one in found:
            count = len(one.starts)
            keep = max(LEAST_KEPT, free * count // max(1, sum(sizes)))
            shown = set(choose_entries(one, self._syntax, keep))
            for entry in range(count):
                if entry not in shown:
                    first, end = one.bounds(entry)
                    self._gone[first:end] = ["like entries"] * (end - first)

    def outline(self, room: int) -> None:
        """Leave out what is nested, the deepest first, until the rest fits: the names of what is there stay longest."""
        kinds, depths = self._syntax.kinds, self._syntax.depths
        before = list(self._gone)
        named = {depths[place] for place, kind in enumerate(kinds) if kind in ("key", "item", "section")}
        for depth in reversed(sorted(named)[1:MOST_DEPTHS]):
            for place, found in enumerate(depths):
                if found >= depth and not before[place]:
                    self._gone[place] = "deeper"
            if self.chars <= room:
                return

    def write(self, request: Request) -> Compressed:
        """Return the view."""
        view = LineView(self._lines, request)
        note = ""
        last = len(self._gone) - (self._lines.texts[-1] == "")
        for (gone, cut), group in groupby(range(last), key=self._form):
            places = list(group)
            if gone:
                reasons = {self._gone[place] for place in places}
                note = reasons.pop() if len(reasons) == 1 else ""
                continue
            if cut:
                for place in places:
                    view.part(place, place + 1, _shortened(self._lines, place, request), note=note)
            else:
                view.show(places[0], places[-1] + 1, note=note)
            note = ""
        return view.finish(note=note)

    def _form(self, place: int) -> tuple[bool, bool]:
        gone = self._gone[place] != ""
        return gone, not gone and self._is_cut(self._lines.texts[place])

    def _is_cut(self, text: str) -> bool:
        return self._cut_lines and len(text) > LONG_LINE

    def _cut(self, first: int, end: int, keep: tuple[int, int], why: str) -> None:
        head, tail = keep
        if end - first > head + tail:
            self._gone[first + head : end - tail] = [why] * (end - first - head - tail)

    def _runs(self, kind: str) -> Iterator[tuple[int, int]]:
        """Yield the runs of lines of a kind, with the blank lines between them: first line, and the line behind the last."""
        first = end = -1
        for place, found in enumerate(self._syntax.kinds):
            if found == kind:
                first, end = (place if first < 0 else first), place + 1
            elif first >= 0 and found != "blank":
                yield first, end
                first = -1
        if first >= 0:
            yield first, end

    def _warned(self, first: int, end: int) -> set[int]:
        """Return the lines of a comment that warn, each with the rest of its sentence."""
        kept: set[int] = set()
        for place in range(first, end):
            if not _WARNING.search(self._lines.texts[place][:LONG_LINE]):
                continue
            for line in range(place, min(end, place + WARNED_LINES)):
                kept.add(line)
                if self._lines.texts[line].rstrip().endswith(_SENTENCE_ENDS):
                    break
        return kept


def _shortened(lines: Lines, place: int, request: Request) -> Compressed:
    """Return a long line without its middle, or without its value where that is a single word."""
    text = lines.texts[place]
    head, tail = LINE_ENDS
    start = text.rfind(" ", head // 2, head)
    end = text.find(" ", len(text) - tail)
    if start < 0 or end < 0:
        end = len(text) - text.endswith("\r")
        start = max(text.find(sign, 0, head) for sign in "=:") + 1
    base = lines.starts[place]
    part = request.place.chars(base + start, base + end)
    span = OmittedSpan(start, end, markers.reference(request.handle, part), str(part))
    marker = markers.marker(part, tokens=request.price(end - start, len(lines.text)))
    return Compressed(text=f"{text[:start]} {marker}{text[end:]}", omitted=(span,))
