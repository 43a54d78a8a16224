"""From a text to its kind, with the reason."""

from __future__ import annotations

from dataclasses import dataclass

_LOOKS_LIKE_JSON = ("{", "[")


@dataclass(frozen=True, slots=True)
class Detection:
    """The kind of a payload, why, and the language where the kind is code or a format of several."""

    kind: str
    reason: str
    language: str | None = None


def detect(text: str) -> Detection:
    """
    Return the kind of a text: `json` for what opens like an object or an array, `text` for everything else.

    A wrong guess is harmless: the compressor refuses what is not its kind, and the view says where it breaks.
    """
    opening = text.lstrip(" \t\n\r\ufeff")[:1]
    if opening in _LOOKS_LIKE_JSON:
        return Detection("json", f"opens with {opening}")
    return Detection("text", "no compressor takes this kind yet")
