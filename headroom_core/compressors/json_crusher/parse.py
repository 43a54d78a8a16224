"""
From JSON text to values that remember how they were written.

Values are those of `json.loads` with two exceptions. A number that Python would spell otherwise (every fraction and exponent,
`-0`, an integer of thousands of digits) is kept as `bytes`, spelled as it stands; no JSON value is bytes otherwise. An object
that names a key twice is a `Pairs`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from headroom_core.compressors.json_crusher.deep import parse_capped
from headroom_core.compressors.json_crusher.values import Json, integer, members

_MINUS_ZERO = re.compile(r"-0(?![\d.eE])")


BYTE_ORDER_MARK = "\ufeff"
"""Not JSON, yet some tools begin their files with it; readers of JSON may pass over it (RFC 8259, section 8.1)."""


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed payload. `lines` is True for JSON lines; `root` is then the list of the lines' values."""

    root: Json
    lines: bool


class NotJsonError(ValueError):
    """The text is neither JSON nor JSON lines; the message says where it breaks."""


def _decoder(*, odd_integers: bool) -> json.JSONDecoder:
    return json.JSONDecoder(
        parse_float=str.encode,
        parse_int=integer if odd_integers else None,
        parse_constant=str.encode,
        object_pairs_hook=members,
    )


def parse(text: str, *, capped: bool = False) -> Document:
    """
    Parse a JSON text, or JSON lines (at least two lines, each an object or an array; blank lines between them are passed over).

    Args:
        text: The text; a byte order mark before it is passed over.
        capped: Keep what is nested deeper than `deep.MAX_DEPTH` as text, so that recursions over the values end. Slow. What the
            C scanner cannot take for its depth is parsed so in any case.

    Raises:
        NotJsonError: The text is neither.

    """
    text = text.removeprefix(BYTE_ORDER_MARK)
    load = parse_capped if capped else _load
    try:
        return Document(load(text), lines=False)
    except json.JSONDecodeError as exc:
        rows = _lines(text, load)
        if rows is None:
            raise NotJsonError(_where(exc, text)) from None
        return Document(rows, lines=True)


def _load(text: str) -> Json:
    try:
        return _decoder(odd_integers=_MINUS_ZERO.search(text) is not None).decode(text)
    except json.JSONDecodeError:
        raise
    except ValueError:  # an integer too long for Python
        return _decoder(odd_integers=True).decode(text)
    except RecursionError:
        return parse_capped(text)


def _lines(text: str, load: Callable[[str], Json]) -> list[Json] | None:
    """Return the values of JSON lines, or None when the text is not even meant as such."""
    rows: list[Json] = []
    for number, line in enumerate(text.split("\n"), start=1):
        stripped = line.strip()
        if not stripped:
            continue
        try:
            rows.append(load(stripped))
        except json.JSONDecodeError as exc:
            if len(rows) < 2:  # noqa: PLR2004  # one value and then something else is no list of lines
                return None
            raise NotJsonError(_where(exc, stripped, line=number)) from None
        if stripped[0] not in "{[":
            return None
    return rows if len(rows) > 1 else None


def _where(exc: json.JSONDecodeError, text: str, *, line: int = 0) -> str:
    """Say where a text stops being JSON; `line` is the number of its line among JSON lines."""
    what = exc.msg.removesuffix(" at")
    end = " (the end of the text)" if exc.pos >= len(text.rstrip()) and not line else ""
    place = f"line {line or exc.lineno:,}, column {exc.colno:,}"
    return f"not valid JSON{' lines' if line else ''}: {what[0].lower()}{what[1:]} at {place}{end}"
