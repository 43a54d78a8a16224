"""Texts that differ in nothing but digits are alike."""

from __future__ import annotations

_DIGITS = b"0123456789"


def without_digits(text: str) -> str:
    """Return a text without its digits: lines that differ in nothing else become equal, at the speed of a copy."""
    # Bytes, because a text with one character beyond ASCII is translated thirty times slower.
    return text.encode("utf-8", "surrogatepass").translate(None, _DIGITS).decode("utf-8", "surrogatepass")
