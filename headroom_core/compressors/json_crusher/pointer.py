"""JSON pointers (RFC 6901) that can stand in a marker: what would break one is percent-encoded, as in the RFC's section 6."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote, unquote

from headroom_core.compressors.json_crusher.values import Json, Pairs, Steps

MAX_DIGITS = 12
"""Digits of an index; no list is longer, and Python takes long to read thousands of digits, or refuses."""

_BREAKS_A_MARKER = re.compile(r"[\s\x00-\x20%()\[\]\x7f]")


def pointer(path: Sequence[str]) -> str:
    """Return the pointer to a value that is reached through objects; `""` is the whole document."""
    return "".join(
        "/" + _BREAKS_A_MARKER.sub(lambda found: quote(found[0], safe=""), step.replace("~", "~0").replace("/", "~1"))
        for step in path
    )


def follow(root: Json, text: str) -> tuple[Steps, Json] | None:
    """Return the steps and the value that a pointer leads to, or None when it leads nowhere."""
    steps, value, more = lead(root, names_in(text))
    return None if more else (steps, value)


def names_in(text: str) -> list[str]:
    """Return the names of a pointer, in order; indexes of lists are names too."""
    return [unquote(step).replace("~1", "/").replace("~0", "~") for step in text.split("/")[1:]]


def lead(root: Json, names: list[str]) -> tuple[Steps, Json, list[str]]:
    """Go from a value by names, as far as they lead; return the steps, the value there, and the names that are left."""
    steps: list[str | int] = []
    value = root
    for place, name in enumerate(names):
        if type(value) is dict and name in value:
            steps.append(name)
            value = value[name]
        elif type(value) is list and len(name) <= MAX_DIGITS and name.isdecimal() and int(name) < len(value):
            steps.append(int(name))
            value = value[int(name)]
        elif type(value) is Pairs and [key for key, _ in value.items].count(name) == 1:
            steps.append(name)
            value = next(item for key, item in value.items if key == name)
        else:
            return tuple(steps), value, names[place:]
    return tuple(steps), value, []
