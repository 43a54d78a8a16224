"""A text as the pieces of a tokenizer, and which of them each word is made of."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from headroom_core.compressors.prose.checkpoints.spacing import is_blank, stretches


@dataclass(slots=True)
class Pieces:
    """
    The pieces of a text.

    Attributes:
        of: For each word the numbers of its pieces. A piece may be of two words; what a tokenizer leaves out has none.
        ids: The pieces, as the model knows them.
        ends: For each stretch without a space the number of pieces up to its end.
        stops: Those of the ends at which a full stop stands, or behind which a line ends.

    """

    of: list[list[int]]
    ids: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    stops: list[int] = field(default_factory=list)

    def chunks(self, room: int, *, stretches: int | None = None, at_stops: bool = False) -> Iterator[tuple[int, int]]:
        """
        Yield where each part that a model sees at once starts and ends. Together they have every piece once.

        Args:
            room: Pieces that the model takes. A stretch that has more is cut.
            stretches: Stretches that a part has at the most.
            at_stops: Whether a part ends at a stop, where it has one.

        """
        start = 0
        while start < len(self.ids):
            end = min(start + room, len(self.ids))
            if stretches is not None:
                last = min(bisect_right(self.ends, start) + stretches, len(self.ends)) - 1
                end = min(end, self.ends[last])
            if end < len(self.ids):
                end = (at_stops and _last(self.stops, start, end)) or _last(self.ends, start, end) or end
            yield start, end
            start = end


def pieces_of(words: Sequence[str], tokenizer: Any) -> Pieces:
    """Return the pieces of a text."""
    pieces = Pieces([[] for _ in words])
    groups = stretches(words)
    said = [group for group in groups if not is_blank(words[group[0]])]
    if not said:
        return pieces
    spelled = [[_encodable(words[number]) for number in group] for group in said]
    encoding = tokenizer(
        ["".join(parts) for parts in spelled],
        is_split_into_words=True,
        add_special_tokens=False,
        return_offsets_mapping=True,
        verbose=False,  # of texts that are longer than a model takes, which are cut here
    )
    pieces.ids = encoding["input_ids"]
    counts = [0] * len(said)
    starts: list[int] = []
    inside = -1
    for piece, (group, (start, end)) in enumerate(zip(encoding.word_ids(), encoding["offset_mapping"], strict=True)):
        if group != inside:
            inside = group
            starts = list(accumulate((len(part) for part in spelled[group][:-1]), initial=0))
        counts[group] += 1
        first = bisect_right(starts, start) - 1
        for place in range(first, max(first + 1, bisect_left(starts, end))):
            pieces.of[said[group][place]].append(piece)
    pieces.ends = list(accumulate(counts))
    pieces.stops = list(_stops(words, groups, pieces.ends))
    return pieces


def _stops(words: Sequence[str], groups: Sequence[Sequence[int]], ends: Sequence[int]) -> Iterator[int]:
    number = 0
    for group in groups:
        if not is_blank(words[group[0]]):
            number += 1
            if words[group[-1]] == ".":
                yield ends[number - 1]
        elif number and "\n" in words[group[0]]:
            yield ends[number - 1]


def _last(places: Sequence[int], start: int, end: int) -> int:
    """Return the last of the places behind `start` and not behind `end`; 0 where there is none."""
    found = bisect_right(places, end) - 1
    return places[found] if found >= 0 and places[found] > start else 0


def _encodable(word: str) -> str:
    """Return a word that has a form in UTF-8, as long as the word: a lone surrogate has none."""
    return word if word.isascii() else word.encode("utf-8", "replace").decode("utf-8")
