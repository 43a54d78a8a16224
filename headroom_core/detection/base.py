"""What detection says, and what it looks at."""

from __future__ import annotations

import re
from dataclasses import dataclass

HEAD_CHARS = 8_000
"""Characters looked at from the start of a text; what it is shows there, as a rule."""

PIECE_CHARS = 2_000
"""Characters looked at in the middle and at the end of longer texts."""

LINE_CHARS = 400
"""Characters looked at of each line."""


JSON_LABEL = r"[^\n\[\]{}\"]{1,200}?[:=][ \t]*"
"""What may stand before JSON on its line and says what it is, as in `Result: [{"id": 1}]`."""

_COLOURS = re.compile(r"\x1b\[[0-9;]{0,12}[mK]")


@dataclass(frozen=True, slots=True)
class Detection:
    """
    The kind of a payload, why, and the language where the kind is code or a format of several.

    `told` says that nobody guessed: the caller, or the document around the payload, says what it is.
    """

    kind: str
    reason: str
    language: str | None = None
    told: bool = False


class Sample:
    """
    The lines of a text that detection looks at: the first ones, and some from the middle and the end.

    Attributes:
        text: The lines, joined; long ones are cut.
        lines: The lines, without those that are blank.
        opening: The first characters of the text that are no white space.

    """

    __slots__ = ("blank", "lines", "opening", "text")

    def __init__(self, text: str) -> None:
        pieces = text[:HEAD_CHARS]
        if len(text) > HEAD_CHARS:
            middle = max(HEAD_CHARS, len(text) // 2)
            pieces = "\n".join(
                [
                    _whole_or_long(pieces),
                    _whole_lines(text[middle : middle + PIECE_CHARS]),
                    text[max(middle, len(text) - PIECE_CHARS) :].partition("\n")[2],
                ]
            )
        if "\x1b[" in pieces:
            pieces = _COLOURS.sub("", pieces)
        lines = [line.rstrip()[:LINE_CHARS] for line in pieces.split("\n")]
        self.lines = [line for line in lines if line]
        self.blank = len(lines) - len(self.lines)
        self.text = "\n".join(lines)
        self.opening = pieces[:HEAD_CHARS].lstrip(" \t\n\r\ufeff")[:200]

    def count(self, pattern: re.Pattern[str]) -> int:
        """Return how many lines a pattern matches at their start."""
        match = pattern.match
        return sum(1 for line in self.lines if match(line))


def _whole_or_long(piece: str) -> str:
    """Return a piece of a text without the broken line at its end, unless there is more of that line than is looked at."""
    whole, _, broken = piece.rpartition("\n")
    return whole if len(broken) < LINE_CHARS else piece


def _whole_lines(piece: str) -> str:
    """Return a piece of a text without the broken lines at its ends."""
    return piece.partition("\n")[2].rpartition("\n")[0]
