"""Parts of originals: finding them, and cutting them where a reader has no room for the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headroom_core.errors import AmbiguousNameError
from headroom_core.markers import Named, Part, Range, handle_of
from headroom_core.payload import Hit
from headroom_core.selection import candidates, find, matches
from headroom_core.store.base import Original
from headroom_core.tokens.base import TokenCounter

_CHARACTERS_PER_TOKEN = 4
"""Where the search for a cut begins; a wrong guess costs a few more counts and changes no result."""


@dataclass(frozen=True, slots=True)
class Passage:
    """
    A part of a live original.

    Attributes:
        original: The original, with its key and the agent that stored it.
        part: What was asked for; the range of what was named, where a name was asked for and found.
        span: Its code-point offsets in the original, half-open; None where the original has no such part.

    """

    original: Original
    part: Part
    span: tuple[int, int] | None

    @property
    def text(self) -> str | None:
        """The part, exactly as it stands in the original."""
        return None if self.span is None else self.original.text[slice(*self.span)]

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The part as the one thing that was found, or nothing."""
        return () if self.span is None else (hit_at(self.original, self.part, self.span),)


@dataclass(frozen=True, slots=True)
class Passages:
    """
    Several parts of a live original, which one pattern or one question found.

    Attributes:
        original: The original, with its key and the agent that stored it.
        part: What was asked for.
        hits: What was found: in the order of the original for a pattern, the best first for a question.

    """

    original: Original
    part: Named
    hits: tuple[Hit, ...]

    @property
    def text(self) -> str | None:
        """All parts, each below its reference and exactly as it stands in the original; None where there are none."""
        return said_of(self.hits) if self.hits else None


def passage_in(original: Original, part: Part, language: str | None = None) -> Passage | Passages:
    """
    Return a part of an original, or several for a pattern or a question; `language` is the original's, where it is known.

    Raises:
        AmbiguousNameError: The part is a name that means several things.
        InvalidOptionError: The part is a pattern that is none, or that takes too long.

    """
    if isinstance(part, Range):
        return Passage(original, part, find(original.text, part))
    if part.unit == "pattern":
        found = matches(original.text, part)
        return Passages(original, part, tuple(hit_at(original, one, span) for one, span in found))
    if part.unit == "search":
        from headroom_core.search import passages_for  # noqa: PLC0415  # who reads what is named needs none of it

        near = passages_for(original.text, original.digest, part.name, language)
        return Passages(original, part, tuple(hit_at(original, one.part, (one.start, one.end)) for one in near))
    meant = candidates(original.text, part, language)
    if len(meant) > 1:
        handle = handle_of(original.digest)
        raise AmbiguousNameError(part.unit, part.name, tuple((one.name, f"{handle} {one.part}") for one in meant))
    if not meant:
        return Passage(original, part, None)
    return Passage(original, meant[0].part, find(original.text, meant[0].part))


def hit_at(original: Original, part: Part, span: tuple[int, int]) -> Hit:
    """Return a part of an original as something that was found."""
    return Hit(*span, f"{handle_of(original.digest)} {part}", original.text[slice(*span)])


def said_of(hits: Sequence[Hit]) -> str:
    """Return what was found as one text, each part below its reference."""
    return "\n\n".join(f"{hit.reference}\n{hit.text}" for hit in hits)


def best_within(hits: Sequence[Hit], max_tokens: int, counter: TokenCounter) -> tuple[Hit, ...]:
    """
    Return the first of the hits that together have at most `max_tokens` tokens, references included.

    One that has no room is passed over; where none has, the start of the first one is cut out.
    """
    room = room_for(max_tokens, counter)
    shown: list[Hit] = []
    taken = 0
    for hit in hits:
        tokens = counter.count(f"{said_of([hit])}\n\n")
        if taken + tokens <= room:
            shown.append(hit)
            taken += tokens
    # Tokens may merge where two texts meet, so the sum of their counts is a start and the whole decides.
    while shown and counter.count(said_of(shown)) > room:
        shown.pop()
    if shown or not hits:
        return tuple(shown)
    first, left = hits[0], room
    while left > 0:
        text = longest_prefix(first.text, left, counter)
        part = Range("chars", first.start, first.start + len(text))
        cut = Hit(part.first, part.last, f"{first.reference.partition(' ')[0]} {part}", text)
        over = counter.count(said_of([cut])) - room
        if text and over <= 0:
            return (cut,)
        left -= max(1, over)
    return ()


def room_for(max_tokens: int, counter: TokenCounter) -> int:
    """Return how many tokens of this counter may be used, so that the model's own count stays within `max_tokens`."""
    return max(1, int(max_tokens / (1 + counter.margin)))


def longest_prefix(text: str, room_tokens: int, counter: TokenCounter) -> str:
    """
    Return as much of the start of `text` as has at most `room_tokens` tokens: whole lines where one fits, else characters.

    Counts only what comes near the limit, so a long text costs no more than a short one.
    """
    fits, fits_tokens = 0, 0
    size = min(len(text), max(1, room_tokens * _CHARACTERS_PER_TOKEN))
    while (size_tokens := counter.count(text[:size])) <= room_tokens:
        if size == len(text):
            return text
        fits, fits_tokens, size = size, size_tokens, min(len(text), 2 * size)
    guess = True
    while size - fits > 1 and fits_tokens < room_tokens:
        # Where tokens are evenly long a proportional guess is nearly right; halving in between bounds the worst case.
        share = (room_tokens - fits_tokens) / (size_tokens - fits_tokens) if guess else 0.5
        middle = min(max(fits + int((size - fits) * share), fits + 1), size - 1)
        tokens = counter.count(text[:middle])
        if tokens <= room_tokens:
            fits, fits_tokens = middle, tokens
        else:
            size, size_tokens = middle, tokens
        guess = not guess
    # A shorter text may have one token more than a longer one, where the cut splits a token: so the line end is counted too.
    line_end = text.rfind("\n", 0, fits) + 1
    while line_end and counter.count(text[:line_end]) > room_tokens:
        line_end = text.rfind("\n", 0, line_end - 1) + 1
    return text[: line_end or fits]
