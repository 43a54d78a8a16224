"""JSON nested too deep to parse by recursion: the deep parts are kept as text."""

from __future__ import annotations

import json
import re
from typing import NoReturn

from headroom_core.compressors.json_crusher.values import Json, Raw, integer, members

MAX_DEPTH = 48
"""Containers nested deeper than this are kept as text. Real payloads stay below 20; every recursion over values stays far from
Python's limit of 1,000 frames."""

_SPACE = " \t\n\r"
_TOKEN = re.compile(
    r"[ \t\n\r]*(?:(?P<opening>[\[{])|(?P<closing>[\]}])|(?P<comma>,)|(?P<colon>:)"
    r'|(?P<string>"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+")'
    r"|(?P<word>true|false|null)|(?P<number>-?(?:0|[1-9]\d*+)(?:\.\d++)?(?:[eE][+-]?\d++)?|NaN|-?Infinity))",
    re.ASCII,
)
_VALUE = frozenset({"opening", "string", "word", "number"})
_NEXT = frozenset({"comma", "closing"})
_CONSTANTS = {"true": True, "false": False, "null": None}
_CLOSES = {"[": "]", "{": "}"}
_SPACE_OUTSIDE_STRINGS = re.compile(r'("(?:[^"\\]|\\.)*+")|[ \t\n\r]++')


def minified(text: str) -> str:
    """Return a JSON text without the space between its tokens."""
    return _SPACE_OUTSIDE_STRINGS.sub(lambda found: found[1] or "", text)


def parse_capped(text: str) -> Json:
    """
    Parse a JSON text of any depth without recursion; containers below `MAX_DEPTH` become `Raw`.

    Raises:
        json.JSONDecodeError: The text is not JSON.

    """
    return _Parser(text).parse()


class _Parser:
    """Reads token after token; `_expected` are the kinds of tokens that may come next."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[str] = []
        """All open brackets, from the outside in."""
        self._items: list[list[Json]] = []
        """What the open containers down to `MAX_DEPTH` hold so far; objects hold pairs."""
        self._keys: list[str] = []
        self._raw_from = 0
        self._expected = _VALUE
        self._result: Json = None

    def parse(self) -> Json:
        position = 0
        while self._expected:
            found = _TOKEN.match(self._text, position)
            if found is None or found.lastgroup not in self._expected:
                self._fail("Unexpected token", position)
            position = found.end()
            getattr(self, f"_{found.lastgroup}")(found)
        if self._text[position:].strip(_SPACE):
            self._fail("Extra data", position)
        return self._result

    def _fail(self, message: str, position: int) -> NoReturn:
        rest = self._text[position:]
        raise json.JSONDecodeError(message, self._text, position + len(rest) - len(rest.lstrip(_SPACE)))

    @property
    def _is_deep(self) -> bool:
        return len(self._open) > MAX_DEPTH

    def _opening(self, found: re.Match[str]) -> None:
        bracket = found["opening"]
        if len(self._open) == MAX_DEPTH:
            self._raw_from = found.start("opening")
        elif not self._is_deep:
            self._items.append([])
        self._open.append(bracket)
        self._expected = _VALUE | {"closing"} if bracket == "[" else frozenset({"string", "closing"})

    def _closing(self, found: re.Match[str]) -> None:
        if not self._open or found["closing"] != _CLOSES[self._open[-1]]:
            self._fail("Expecting ',' delimiter", found.start("closing"))
        was_deep = self._is_deep
        bracket = self._open.pop()
        if self._is_deep:
            self._expected = _NEXT
        elif was_deep:
            self._add(Raw(minified(self._text[self._raw_from : found.end()])))
        else:
            items = self._items.pop()
            self._add(items if bracket == "[" else members(items))

    def _comma(self, _: re.Match[str]) -> None:
        self._expected = _VALUE if self._open[-1] == "[" else frozenset({"string"})

    def _colon(self, _: re.Match[str]) -> None:
        self._expected = _VALUE

    def _string(self, found: re.Match[str]) -> None:
        is_key = "number" not in self._expected
        if is_key:
            self._expected = frozenset({"colon"})
            if not self._is_deep:
                self._keys.append(json.loads(found["string"]))
        else:
            self._add(None if self._is_deep else json.loads(found["string"]))

    def _number(self, found: re.Match[str]) -> None:
        digits = found["number"]
        self._add(integer(digits) if digits.lstrip("-").isdigit() else digits.encode())

    def _word(self, found: re.Match[str]) -> None:
        self._add(_CONSTANTS[found["word"]])

    def _add(self, value: Json) -> None:
        self._expected = _NEXT if self._open else frozenset()
        if self._is_deep:
            return
        if not self._open:
            self._result = value
        elif self._open[-1] == "[":
            self._items[-1].append(value)
        else:
            self._items[-1].append((self._keys.pop(), value))


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
