"""What the reader of a view is about to do, and what already stands in its prompt."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Receiver:
    """
    The reader that a view is made for.

    Attributes:
        known: Texts that precede the view in the same prompt, as they were shown, oldest first.
        query: The task of the reader, or None.

    """

    known: tuple[str, ...] = ()
    query: str | None = None
