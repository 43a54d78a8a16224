"""Which sentences go: those that are worth least for their tokens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from headroom_core.compressors.prose.sentences import Sentence

LEAST_SENTENCE = 5
"""Tokens of a sentence that goes alone, at the least: the sign in its place takes two."""

SIGN_TOKENS = 2
"""Tokens of the sign that stands where sentences are gone."""


def going(sentences: Sequence[Sentence], price: float) -> set[int]:
    """Return the numbers of the sentences that are worth less than `price` for each of their tokens, and are not held."""
    cheap = {number for number, one in enumerate(sentences) if not one.held and one.worth < price * one.tokens}
    return {number for number in cheap if sentences[number].tokens >= LEAST_SENTENCE or {number - 1, number + 1} & cheap}


def cheapest(sentences: Sequence[Sentence], tokens: float, *, held: bool) -> set[int]:
    """Return the numbers of the sentences that go first until `tokens` are saved; with `held`, those that are held go last."""
    order = sorted(
        (one.held, one.worth / max(1.0, one.tokens), number) for number, one in enumerate(sentences) if held or not one.held
    )
    gone: set[int] = set()
    for _, _, number in order:
        if tokens <= 0:
            break
        # Where the one before or behind is gone, the sign stands already.
        signs = len(gone & {number - 1, number + 1})
        tokens -= sentences[number].tokens - SIGN_TOKENS * (1 - signs)
        gone.add(number)
    return gone


def leave_out(sentences: Sequence[Sentence], gone: Iterable[int]) -> None:
    """Mark the sentences with some numbers as gone."""
    for number in gone:
        sentences[number].gone = True
