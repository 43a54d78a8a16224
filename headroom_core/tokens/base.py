"""What a token counter is."""

from __future__ import annotations

from typing import Protocol, runtime_checkable


@runtime_checkable
class TokenCounter(Protocol):
    """
    Counts the tokens of a text.

    Attributes:
        name: How the count is made, e.g. `o200k_base`, or `cl100k_base (estimate for claude-sonnet-4-5)`.
        exact: True when the count is what the model's own tokenizer gives.
        margin: For estimates, the fraction by which the model may count more, e.g. 0.25; 0.0 when exact. Ceilings keep that
            much room.

    """

    name: str
    exact: bool
    margin: float

    def count(self, text: str) -> int:
        """Return the number of tokens of `text`, special tokens counted as ordinary text."""
        ...
