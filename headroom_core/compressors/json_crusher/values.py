"""The values that JSON texts are parsed into, beside those of `json.loads`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

Json = Any
"""A parsed value: dict, list, str, int, bool, None, `bytes` for a number kept as it was spelled, `Pairs`, or `Raw`."""

Steps = tuple[str | int, ...]
"""Keys and indexes from the document to a value."""

MAX_INT_DIGITS = 4000
"""Longer integers are kept as spelled: Python refuses to convert more than 4,300 digits (`sys.set_int_max_str_digits`)."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """The members of an object that names a key more than once, in order."""

    items: tuple[tuple[str, Json], ...]


@dataclass(frozen=True, slots=True)
class Raw:
    """A part of a JSON text kept as it stands, without the space between its tokens."""

    text: str


class RowKey(str):
    """The name of the column that holds the names of an object's like members; not a member's name itself."""

    __slots__ = ()


ROW_KEY: Final = RowKey("(key)")


class Position(RowKey):
    """The name of a column of rows that are lists: the place of the item, counted from 1, in parentheses."""

    __slots__ = ()

    @property
    def place(self) -> int:
        """The place of the item, counted from 0."""
        return int(self[1:-1]) - 1


MAX_POSITIONS = 64
POSITIONS: Final = tuple(Position(f"({place})") for place in range(1, MAX_POSITIONS + 1))


class Absent:
    """The type of `ABSENT`: a record does not have the member at all, which is not the same as null."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent()


def members(pairs: list[tuple[str, Json]]) -> Json:
    """Return an object's members as a dict, or as `Pairs` where a dict would lose one."""
    found = dict(pairs)
    return found if len(found) == len(pairs) else Pairs(tuple(pairs))


def integer(digits: str) -> int | bytes:
    """Return an integer, as it is spelled where Python would not spell it so."""
    return digits.encode() if digits == "-0" or len(digits) > MAX_INT_DIGITS else int(digits)
