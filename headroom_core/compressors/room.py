"""How long a view may be: the one rule for all kinds."""

from __future__ import annotations

from headroom_core.compressors.base import Request
from headroom_core.payload import Mode

TARGETS: dict[Mode, tuple[float, float]] = {"balanced": (1.9, 0.8), "compact": (0.9, 0.8)}
"""Tokens a view aims at: factor times tokens of the original to a power below 1, so that long payloads keep a smaller share."""

LEAST_TOKENS: dict[Mode, int] = {"balanced": 1500, "compact": 400}
"""A view that has no more tokens than this, about, is not cut: little would be spared, and one fetch costs as much."""


def target_tokens(request: Request) -> int | None:
    """Return the tokens a view aims at, or None where nothing may be left out."""
    target = request.target_tokens
    if request.mode == "lossless":
        return target
    factor, power = TARGETS[request.mode]
    usual = max(LEAST_TOKENS[request.mode], int(factor * max(1, request.original_tokens) ** power))
    return usual if target is None else min(target, usual)


def chars_for(tokens: float, original: str, request: Request) -> int:
    """Return the characters of a text that take so many tokens, by the tokens that the whole text takes."""
    return int(tokens * len(original) / max(1, request.original_tokens))


def room_chars(original: str, request: Request) -> int | None:
    """Return the characters a view of a text aims at, by the tokens the text takes, or None where nothing may be left out."""
    target = target_tokens(request)
    return None if target is None else chars_for(target, original, request)
