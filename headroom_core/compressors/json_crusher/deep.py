"""JSON nested too deep to parse by recursion: the deep parts are kept as text."""

from __future__ import annotations

import json
import re

from headroom_core.compressors.json_crusher.values import Json, Raw, integer, members

MAX_DEPTH = 48
"""Containers nested deeper than this are kept as text. Real payloads stay below 20; every recursion over values stays far from
Python's limit of 1,000 frames."""

_TOKEN = re.compile(
    r'[ \t\n\r]*(?:([\[{])|([\]}])|(,)|(:)|("(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+")'
    r"|(-?(?:0|[1-9]\d*+)(?:(?:\.\d++)?(?:[eE][+-]?\d++)?)|true|false|null|NaN|-?Infinity))",
    re.ASCII,
)
_CONSTANTS = {"true": True, "false": False, "null": None}
_SPACE_OUTSIDE_STRINGS = re.compile(r'("(?:[^"\\]|\\.)*+")|[ \t\n\r]++')
_VALUE, _VALUE_OR_END, _KEY, _KEY_OR_END, _COLON, _COMMA_OR_END = range(6)


def minified(text: str) -> str:
    """Return a JSON text without the space between its tokens."""
    return _SPACE_OUTSIDE_STRINGS.sub(lambda found: found[1] or "", text)


def parse_capped(text: str) -> Json:
    """
    Parse a JSON text of any depth without recursion; containers below `MAX_DEPTH` become `Raw`.

    Raises:
        json.JSONDecodeError: The text is not JSON.

    """
    stack: list[tuple[str, list[Json]]] = []  # opening bracket, items or (key, value) pairs
    brackets: list[str] = []  # all open brackets, those below MAX_DEPTH too
    keys: list[str] = []
    raw_from = -1
    expect = _VALUE
    position = 0
    result: Json = None
    done = False
    length = len(text)

    def fail(message: str, at: int) -> json.JSONDecodeError:
        return json.JSONDecodeError(message, text, at)

    while True:
        found = _TOKEN.match(text, position)
        if found is None or done:
            rest = text[position:].strip(" \t\n\r")
            if done and not rest:
                return result
            at = length - len(text[position:].lstrip(" \t\n\r"))
            raise fail("Extra data" if done else "Expecting value", at)
        start = found.start(found.lastindex or 0)
        position = found.end()
        opening, closing, comma, colon, string, other = found.groups()
        deep = len(brackets) > MAX_DEPTH
        if opening:
            if expect not in (_VALUE, _VALUE_OR_END):
                raise fail("Expecting property name or delimiter", start)
            if len(brackets) == MAX_DEPTH:
                raw_from = start
            elif not deep:
                stack.append((opening, []))
            brackets.append(opening)
            expect = _VALUE_OR_END if opening == "[" else _KEY_OR_END
            continue
        if comma:
            if expect != _COMMA_OR_END or not brackets:
                raise fail("Expecting value", start)
            expect = _VALUE if brackets[-1] == "[" else _KEY
            continue
        if colon:
            if expect != _COLON:
                raise fail("Expecting value", start)
            expect = _VALUE
            continue
        if string and expect in (_KEY, _KEY_OR_END):
            if not deep:
                keys.append(json.loads(string))
            expect = _COLON
            continue
        if closing:
            ends = {"[": (_VALUE_OR_END, _COMMA_OR_END), "{": (_KEY_OR_END, _COMMA_OR_END)}
            if not brackets or "[{".index(brackets[-1]) != "]}".index(closing) or expect not in ends[brackets[-1]]:
                raise fail("Expecting value", start)
            brackets.pop()
            if deep and len(brackets) > MAX_DEPTH:
                expect = _COMMA_OR_END
                continue
            if deep:
                value: Json = Raw(minified(text[raw_from:position]))
            else:
                kind, items = stack.pop()
                value = items if kind == "[" else members(items)
        else:
            if expect not in (_VALUE, _VALUE_OR_END):
                raise fail("Expecting delimiter", start)
            if deep:
                expect = _COMMA_OR_END
                continue
            value = json.loads(string) if string else _CONSTANTS.get(other, other)
            if type(value) is str and not string:
                value = integer(other) if other.lstrip("-").isdigit() else other.encode()
        if stack:
            kind, items = stack[-1]
            items.append(value if kind == "[" else (keys.pop(), value))
            expect = _COMMA_OR_END
        else:
            result, done = value, True


_BRACKETS_AND_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*+"|([\[{])|([\]}])')


def end_of(text: str, position: int) -> int:
    """Return where the container at `position` of a valid JSON text ends."""
    depth = 0
    for found in _BRACKETS_AND_STRINGS.finditer(text, position):
        depth += 1 if found[1] else -1 if found[2] else 0
        if depth == 0:
            return found.end()
    msg = "the container does not end"
    raise ValueError(msg)
