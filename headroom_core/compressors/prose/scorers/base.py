"""What a scorer of words is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

DIGITS = 3
"""Places behind the point that scores of ours have. Processors differ in the ones behind them, and views should not."""


@runtime_checkable
class WordScorer(Protocol):
    """
    Says how likely each word of a text is to be what its reader needs.

    Safe to use from any thread; the same words give the same scores.

    Attributes:
        name: What transforms and notes call it.

    """

    name: str

    def scores(self, texts: Sequence[Sequence[str]], /) -> list[list[float]]:
        """Return for each word and mark of each text a number from 0 (goes first) to 1 (stays longest)."""
        ...
