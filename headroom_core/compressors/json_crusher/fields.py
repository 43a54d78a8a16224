"""Where the value stands that a reader names by its way from the root of a JSON document: `a.b[3]`, or the pointer `/a/b/3`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from headroom_core.compressors.json_crusher.locate import Span
from headroom_core.compressors.json_crusher.parts_at import find_value, parsed
from headroom_core.compressors.json_crusher.pointer import MAX_DIGITS, lead, names_in, pointer
from headroom_core.compressors.json_crusher.values import Json, Pairs

_STEP = re.compile(rf"\.?(?:\[(?P<index>\d{{1,{MAX_DIGITS}}})\]|(?P<name>[^.\[\]]+))")
_ROOT = re.compile(r"\$(?=[.\[])")

MOST_FIELDS = 10
"""Values that are looked for by one way: more than one only where names have points in them."""


@dataclass(frozen=True, slots=True)
class Field:
    """A value of a JSON document: the pointer to it, and where it stands."""

    pointer: str
    span: Span


def fields(original: str, said: str) -> list[Field]:
    """Return the values that a way means: one as a rule, several where names have points in them."""
    found = []
    for names in _ways(original, said):
        span = find_value(original, names)
        if span is not None:
            found.append(Field(pointer(names), span))
    return found


def names_near(original: str, said: str) -> list[str]:
    """Return the ways from where a way leads no further."""
    document = parsed(original)
    if document is None:
        return []
    names = names_in(said) if said.startswith("/") else [str(step) for step in _steps(said) or ()]
    steps, value, _ = lead(document.root, names)
    inside = list(value) if type(value) is dict else [name for name, _ in value.items] if type(value) is Pairs else []
    if type(value) is list and value:
        inside = [str(len(value) - 1)]
    return [pointer([*map(str, steps), name]) for name in inside]


def _ways(original: str, said: str) -> Iterator[list[str]]:
    """Yield the names that lead to what is meant, each way once, the ones with the shortest names first."""
    if said.startswith("/"):
        yield names_in(said)
        return
    steps, document = _steps(said), parsed(original)
    if steps is None or document is None:
        return
    told = 0
    waiting: list[tuple[Json, int, list[str]]] = [(document.root, 0, [])]
    while waiting and told < MOST_FIELDS:
        value, place, way = waiting.pop()
        if place == len(steps):
            told += 1
            yield way
            continue
        inner = parsed(value) if type(value) is str else None
        if inner is not None:
            value = inner.root
        following = [(below, place + taken, [*way, name]) for name, taken, below in _below(value, steps[place:])]
        waiting.extend(reversed(following))


def _below(value: Json, steps: list[str | int]) -> Iterator[tuple[str, int, Json]]:
    """Yield what the first steps lead to from a value: the name, how many steps it is made of, and the value there."""
    if isinstance(steps[0], int) and type(value) is not list:
        return
    name = ""
    for taken, step in enumerate(steps, start=1):
        if taken > 1 and isinstance(step, int):
            return
        name = str(step) if taken == 1 else f"{name}.{step}"
        _, below, more = lead(value, [name])
        if not more:
            yield name, taken, below


def _steps(said: str) -> list[str | int] | None:
    """Return the names and indexes of a way such as `a.b[3]`, or None when it is none."""
    found: list[str | int] = []
    at = _ROOT.match(said)
    place = at.end() if at else 0
    while place < len(said):
        step = _STEP.match(said, place)
        if step is None:
            return None
        found.append(step["name"] if step["index"] is None else int(step["index"]))
        place = step.end()
    return found or None
