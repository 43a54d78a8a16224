"""
How values are written in a view: as minified JSON, or bare in a table cell where nothing can be mistaken.

Every value has one spelling and every spelling stands for one value, so cells can be compared in place of values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from json.encoder import encode_basestring

from headroom_core.compressors.json_crusher.values import ABSENT, Absent, Json, Pairs, Raw, RowKey

_SURROGATES = re.compile("[\ud800-\udfff]")
_UNSAFE = re.compile('[",()\x00-\x1f\x7f\ud800-\udfff]')
_MISLEADS = re.compile(r" omitted\]|\[view|^(?:table|list)(?: /\S*)?: \d+ rows", re.ASCII)
"""Strings that would read as a marker, a header or the title of a table."""

_FIRST_OF_OTHERS = frozenset("-0123456789tfnNI")
_LIKE_ANOTHER = re.compile(r"-?(?:0|[1-9]\d*+)(?:\.\d++)?(?:[eE][+-]?\d++)?|true|false|null|NaN|-?Infinity", re.ASCII)
_NEVER_FIRST = frozenset(" =~[{")
SHORT_LIST = 6
"""Items; the encoder of the standard library takes longer to start than to write so few."""

_WORDS = {None: "null", True: "true", False: "false"}
_HASHABLE = frozenset({str, int, bytes, bool, type(None), Absent})
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def quote(text: str) -> str:
    """Return a JSON string literal, characters beyond ASCII as they are, lone surrogates escaped."""
    quoted = encode_basestring(text)
    if not quoted.isascii():
        quoted = _SURROGATES.sub(_escape, quoted)
    return quoted


def dump(value: Json) -> str:  # noqa: PLR0911  # one for each type of value
    """Return the minified JSON text of a value, numbers as they were spelled."""
    kind = type(value)
    if kind is str:
        return quote(value)
    if kind is int:
        return repr(value)
    if kind is bytes:
        return value.decode()  # type: ignore[no-any-return]
    if kind is list or kind is dict:
        if kind is list and len(value) > 1 and type(value[0]) is bytes and set(map(type, value)) == {bytes}:
            return f"[{b','.join(value).decode()}]"
        if (kind is list and len(value) <= SHORT_LIST) or _begins_with_spelled(value):
            return _dump_container(value)
        try:
            text = _encode(value)
        except TypeError:  # it holds what only we know: numbers kept as spelled, keys named twice
            return _dump_container(value)
        return text if text.isascii() else _SURROGATES.sub(_escape, text)
    if kind is Pairs or kind is Raw:
        return _dump_container(value)
    return _WORDS[value]


def _begins_with_spelled(value: Json) -> bool:
    """Tell whether the first plain value in a container is a number as spelled, which the encoder cannot write."""
    while value and type(value) in (list, dict):
        value = value[0] if type(value) is list else next(iter(value.values()))
    return type(value) is bytes


def _dump_container(value: Json) -> str:
    if type(value) is list:
        return f"[{','.join(map(dump, value))}]"
    if type(value) is Raw:
        return value.text
    items = value.items() if type(value) is dict else value.items
    return "{" + ",".join([f"{quote(key)}:{dump(item)}" for key, item in items]) + "}"


def _escape(surrogate: re.Match[str]) -> str:
    return f"\\u{ord(surrogate[0]):04x}"


def is_bare(text: str) -> bool:
    """Tell whether a string may stand in a cell without quotes."""
    if not text or text[0] in _NEVER_FIRST or text[-1] == " " or _UNSAFE.search(text):
        return False
    if _may_mislead(text) and _MISLEADS.search(text):
        return False
    return text[0] not in _FIRST_OF_OTHERS or not _LIKE_ANOTHER.fullmatch(text)


def _may_mislead(text: str) -> bool:
    return " omitted]" in text or "[view" in text or " rows" in text


def cell(value: Json) -> str:
    """Return the spelling of a value in a table cell; `ABSENT` is the empty cell."""
    if type(value) is str:
        return value if is_bare(value) else quote(value)
    return "" if value is ABSENT else dump(value)


def cells(values: Sequence[Json]) -> list[str]:
    """Return the spelling of each value of a column. The same as `cell` for each, and faster."""
    kinds = set(map(type, values))
    if len(kinds) == 1:
        kind = next(iter(kinds))
        if kind is int:
            return list(map(repr, values))
        if kind is bytes:
            return list(map(bytes.decode, values))
        if kind is str and _all_bare(values):
            return list(values)
    if kinds <= _HASHABLE and not (bool in kinds and int in kinds):  # True == 1: one key of a dict
        distinct = set(values)
        spelled = _spelled(distinct) if kinds == {str} else {value: cell(value) for value in distinct}
        return [spelled[value] for value in values]
    return list(map(cell, values))


def _spelled(texts: set[str]) -> dict[str, str]:
    """Return the spelling of each string; one that is plainly bare is not looked at twice."""
    joined = "".join(texts)
    if _may_mislead(joined):
        return {text: cell(text) for text in texts}
    plain = _PLAIN.fullmatch
    return {text: text if plain(text) else cell(text) for text in texts}


_PLAIN = re.compile('[A-HJ-Za-z/_.:#@][^",()\x00-\x1f\x7f\ud800-\udfff]*[^",() \x00-\x1f\x7f\ud800-\udfff]{5}')
"""Strings that need no quotes: they start like no number, and are longer than the words of JSON but `Infinity`."""


def _all_bare(values: Sequence[str]) -> bool:
    """Tell whether every string of a column is bare, by looking at all of them at once; False may be wrong."""
    joined = "".join(values)
    if not joined.isprintable() or '"' in joined or "," in joined or "(" in joined or ")" in joined:
        return False
    if _may_mislead(joined):
        return False
    firsts = {value[:1] for value in values}
    if "" in firsts or not firsts.isdisjoint(_NEVER_FIRST) or " " in {value[-1] for value in values}:
        return False
    return firsts.isdisjoint(_FIRST_OF_OTHERS) or not any(map(_LIKE_ANOTHER.fullmatch, values))


def name(key: str) -> str:
    """Return the spelling of a member's name in a table's header."""
    if isinstance(key, RowKey) or key.isidentifier():
        return key
    return key if key and not _NAME_UNSAFE.search(key) and is_bare(key) else quote(key)


_NAME_UNSAFE = re.compile(r"[.={}\[\]~\s]")
