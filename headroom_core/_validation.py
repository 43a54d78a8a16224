"""Checks of arguments, which fail at the call and say what was wrong."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar, get_args

from headroom_core.errors import InvalidOptionError, InvalidOptionTypeError
from headroom_core.markers import Named, Part, Range, Unit
from headroom_core.payload import Format, Mode

_F = TypeVar("_F", bound=Callable[..., Any])
_T = TypeVar("_T", bound=str)
_C = TypeVar("_C")

MODES: tuple[Mode, ...] = get_args(Mode)
FORMATS: tuple[Format, ...] = get_args(Format)
SELECTORS = "lines=, rows=, symbol=, heading=, field= or pattern="
"""What goes with a key, as messages say it."""


def key(value: object) -> str:
    """Return a key: any text but the empty one."""
    return text("key", value)


def text(option: str, value: object) -> str:
    """Return a text that is not empty."""
    if not isinstance(value, str):
        raise InvalidOptionTypeError(option, "a non-empty str", value)
    if not value:
        raise InvalidOptionError(option, "a non-empty str", value)
    return value


def optional_text(option: str, value: object) -> str | None:
    """Return a text that is not empty, or None."""
    return None if value is None else text(option, value)


def optional_str(option: str, value: object) -> str | None:
    """Return a text, which may be empty, or None."""
    if value is None or isinstance(value, str):
        return value
    raise InvalidOptionTypeError(option, "a str or None", value)


def instance(option: str, value: _C, kind: type[Any]) -> _C:
    """Return an object of a class."""
    if not isinstance(value, kind):
        raise InvalidOptionTypeError(option, f"a {kind.__name__}", value)
    return value


def flag(option: str, value: object) -> bool:
    """Return a bool, and no other value that is true or false in passing."""
    if not isinstance(value, bool):
        raise InvalidOptionTypeError(option, "True or False", value)
    return value


def optional_seconds(option: str, value: object) -> float | None:
    """Return a positive, finite number of seconds, or None."""
    expected = "a positive number of seconds or None"
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidOptionTypeError(option, expected, value)
    if not (value > 0 and math.isfinite(value)):
        raise InvalidOptionError(option, expected, value)
    return value


def optional_share(option: str, value: object) -> float | None:
    """Return a share, greater than 0 and at most 1, or None."""
    expected = "a number greater than 0 and at most 1, or None"
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidOptionTypeError(option, expected, value)
    if not 0 < value <= 1:
        raise InvalidOptionError(option, expected, value)
    return value


def count(option: str, value: object, *, least: int = 1) -> int:
    """Return an int of at least `least`."""
    expected = f"an int of at least {least}"
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidOptionTypeError(option, expected, value)
    if value < least:
        raise InvalidOptionError(option, expected, value)
    return value


def optional_count(option: str, value: object) -> int | None:
    """Return an int of at least 1, or None."""
    return None if value is None else count(option, value)


def mode(value: object) -> Mode:
    """Return one of the modes."""
    return choice("mode", value, MODES)


def format_(value: object) -> Format:
    """Return one of the formats."""
    return choice("format", value, FORMATS)


def choice(option: str, value: object, choices: Sequence[_T]) -> _T:
    """Return the one of `choices` that was given."""
    for one in choices:
        if value == one:
            return one
    error = InvalidOptionError if isinstance(value, str) else InvalidOptionTypeError
    raise error(option, "one of " + ", ".join(map(repr, choices)), value)


def function(option: str, value: _F) -> _F:
    """Return something that can be called."""
    if not callable(value):
        raise InvalidOptionTypeError(option, "a callable", value)
    return value


def optional_function(option: str, value: _F | None) -> _F | None:
    """Return something that can be called, or None."""
    return None if value is None else function(option, value)


def texts(option: str, value: object) -> tuple[str, ...]:
    """Return several texts. A lone str is refused: it would count as one text for each of its characters."""
    expected = "an iterable of str, and not a single str"
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise InvalidOptionTypeError(option, expected, value)
    found = tuple(value)
    for one in found:
        if not isinstance(one, str):
            raise InvalidOptionTypeError(option, expected, one)
    return found


def selected(*, lines: object = None, rows: object = None, **names: object) -> Part | None:
    """Return the part that the one selector which is not None names; None without any. `names` are those of `markers.Named`."""
    given = {name: value for name, value in (("lines", lines), ("rows", rows), *names.items()) if value is not None}
    if len(given) > 1:
        option, expected = " and ".join(given), "one selector, not several"
        raise InvalidOptionError(option, expected, tuple(given.values()))
    if lines is not None:
        return _range("lines", lines)
    if rows is not None:
        return _range("rows", rows)
    for name, value in given.items():
        return Named(text(name, value), unit=name)  # type: ignore[arg-type]  # the callers name them
    return None


def _range(unit: Unit, value: object) -> Range:
    """Return the range of a selector such as `lines=(40, 60)`: counted from 1, both ends included."""
    expected = "a pair (first, last) of ints, counted from 1, both ends included"
    if not (isinstance(value, tuple | list) and len(value) == 2):  # noqa: PLR2004
        raise InvalidOptionTypeError(unit, expected, value)
    first, last = value
    if any(isinstance(end, bool) or not isinstance(end, int) for end in (first, last)):
        raise InvalidOptionTypeError(unit, expected, value)
    if not 1 <= first <= last:
        raise InvalidOptionError(unit, expected, value)
    return Range(unit, first, last)
