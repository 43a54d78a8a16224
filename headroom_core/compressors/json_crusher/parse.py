"""
From JSON text to values that remember how they were written.

Values are those of `json.loads` with two exceptions. A number that Python would spell otherwise (every fraction and exponent,
`-0`, an integer of thousands of digits) is kept as `bytes`, spelled as it stands; no JSON value is bytes otherwise. An object
that names a key twice is a `Pairs`.
"""

from __future__ import annotations

import json
import re
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


def parse(text: str) -> Document:
    """
    Parse a JSON text, or JSON lines (at least two lines, each an object or an array; blank lines between them are passed over).

    Raises:
        NotJsonError: The text is neither.

    """
    text = text.removeprefix(BYTE_ORDER_MARK)
    try:
        return _parse(text, _decoder(odd_integers=_MINUS_ZERO.search(text) is not None))
    except NotJsonError:
        raise
    except ValueError:  # an integer too long for Python
        return _parse(text, _decoder(odd_integers=True))


def _parse(text: str, decoder: json.JSONDecoder) -> Document:
    try:
        return Document(decoder.decode(text), lines=False)
    except RecursionError:
        return _parse_deep(text)
    except json.JSONDecodeError as exc:
        rows = _lines(text, decoder)
        if rows is None:
            raise _not_json(text, exc) from None
        return Document(rows, lines=True)


def _parse_deep(text: str) -> Document:
    try:
        return Document(parse_capped(text), lines=False)
    except json.JSONDecodeError as exc:
        raise _not_json(text, exc) from None


def _not_json(text: str, exc: json.JSONDecodeError) -> NotJsonError:
    end = " (the end of the text)" if exc.pos >= len(text.rstrip()) else ""
    where = f"line {exc.lineno:,}, column {exc.colno:,}"
    what = exc.msg.removesuffix(" at")
    return NotJsonError(f"not valid JSON: {what[0].lower()}{what[1:]} at {where}{end}")


def _lines(text: str, decoder: json.JSONDecoder) -> list[Json] | None:
    rows = []
    for line in text.split("\n"):
        stripped = line.strip()
        if not stripped:
            continue
        if stripped[0] not in "{[":
            return None
        try:
            rows.append(decoder.decode(stripped))
        except (json.JSONDecodeError, RecursionError):
            return None
    return rows if len(rows) > 1 else None
