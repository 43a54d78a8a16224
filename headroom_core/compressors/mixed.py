"""
The compressor of documents that hold other payloads: Markdown, conversations, terminal sessions, words around outputs.

Each part is handed to the compressor of what it is, and its view stands in its place. The words between the parts are shortened
as prose, and the lines of fences stay, with the first and the last line between them.
"""

from __future__ import annotations

from headroom_core.compressors.base import Compressed, Place, Refused, Request
from headroom_core.compressors.line_view import Lines, LineView
from headroom_core.compressors.room import LEAST_TOKENS, TARGETS, target_tokens
from headroom_core.detection import detect
from headroom_core.segments import Segment, split

LEAST_PART_TOKENS = 200
"""Parts with no more tokens than this, about, are not cut, only written shorter: several are read at a glance."""

LEAST_PART_CHARS = 400
"""Shorter parts stay as they are."""

WHOLE_KINDS = frozenset({"json", "jsonl", "html", "xml", "csv", "tsv", "table", "markdown", "traceback"})
"""Kinds whose compressors need the first line and the last, and keep them as far as they are content."""

_JSON = frozenset({"json", "jsonl"})


class MixedCompressor:
    """Shortens documents by their parts."""

    kind = "markdown"

    def compress(self, original: str, /, request: Request) -> Compressed | Refused:
        """Return the view of a document, or that no part of it gets shorter."""
        request.budget.spend(len(original))
        if request.compress_part is None:
            return Refused("there is no compressor for its parts")
        lines = Lines(original)
        view = LineView(lines, request)
        shortened = 0
        for segment in split(lines.texts, self.kind):
            shown, made = _part(lines, segment, request)
            if made is None:
                view.show(segment.start, segment.end)
                continue
            shortened += 1
            if shown.start > segment.start:
                view.show(segment.start, shown.start)
            view.part(shown.start, shown.end, made)
            if segment.end > shown.end:
                view.show(shown.end, segment.end)
        if not shortened:
            return Refused("no part of it gets shorter")
        return view.finish()


class TerminalCompressor(MixedCompressor):
    """Shortens sessions of a terminal: what was typed stays, what was printed is compressed as what it is."""

    kind = "terminal"


def _part(lines: Lines, segment: Segment, request: Request) -> tuple[Segment, Compressed | None]:
    """Return the lines of a segment that its compressor gets, and their view, or None where they stay as they are."""
    start, end = lines.span(segment.start, segment.end)
    start += segment.label
    if end - start < LEAST_PART_CHARS or request.compress_part is None:
        return segment, None
    if not segment.part and request.original_tokens <= LEAST_TOKENS.get(request.mode, 0):
        return segment, None  # of so little, words are read whole
    kind = segment.kind or (detect(lines.text[start:end]).kind if segment.part else "text")
    if segment.part and kind == "text":
        return segment, None  # what somebody quotes stays as it was said
    if segment.fenced and kind not in WHOLE_KINDS and segment.end - segment.start > 2:  # noqa: PLR2004  # a line between two
        segment = Segment(segment.start + 1, segment.end - 1, part=True, kind=kind, language=segment.language)
        start, end = lines.span(segment.start, segment.end)
    place = _place(lines, segment, kind, request.place)
    if place is None:
        return segment, None
    target = _target(end - start, lines, request)
    made = request.compress_part(lines.text[start:end], place, target_tokens=target, kind=kind, language=segment.language)
    if made is not None and segment.label:
        made = made.behind(lines.text[start - segment.label : start])
    return segment, made


def _place(lines: Lines, segment: Segment, kind: str, around: Place) -> Place | None:
    """Return where a part stands in the original, or None where its ranges could not be told."""
    char, line = around.char + lines.starts[segment.start] + segment.label, around.line + segment.start
    if around.path is not None:
        # Inside of a string, JSON that opens it could not be told from the whole string, nor behind a label from its line.
        return (
            None
            if kind in _JSON and (segment.label or not char)
            else Place(part=True, char=char, line=line, path=around.path, within=around.within)
        )
    within = (line + 1, line + segment.end - segment.start) if kind in _JSON else None
    return Place(part=True, char=char, line=line, within=within)


def _target(chars: int, lines: Lines, request: Request) -> int | None:
    """Return the tokens that the view of a part aims at; None where the whole document is short enough as it is."""
    whole = target_tokens(request)
    if whole is None or request.mode == "lossless" or request.original_tokens <= whole:
        return None
    tokens = chars * request.original_tokens / max(1, len(lines.text))
    factor, power = TARGETS[request.mode]
    usual = max(LEAST_PART_TOKENS, int(factor * tokens**power))
    if request.target_tokens is None:
        return usual
    return max(1, min(usual, int(tokens * request.target_tokens / request.original_tokens)))
