"""JSON pointers (RFC 6901) that can stand in a marker: what would break one is percent-encoded, as in the RFC's section 6."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote, unquote

from headroom_core.compressors.json_crusher.values import Json

_BREAKS_A_MARKER = re.compile(r"[\s\x00-\x20%()\[\]\x7f]")


def pointer(path: Sequence[str]) -> str:
    """Return the pointer to a value that is reached through objects; `""` is the whole document."""
    return "".join(
        "/" + _BREAKS_A_MARKER.sub(lambda found: quote(found[0], safe=""), step.replace("~", "~0").replace("/", "~1"))
        for step in path
    )


def follow(root: Json, text: str) -> tuple[tuple[str | int, ...], Json] | None:
    """Return the steps and the value that a pointer leads to, or None when it leads nowhere."""
    steps: list[str | int] = []
    value = root
    for step in text.split("/")[1:]:
        name = unquote(step).replace("~1", "/").replace("~0", "~")
        if type(value) is dict and name in value:
            steps.append(name)
            value = value[name]
        elif type(value) is list and name.isdecimal() and int(name) < len(value):
            steps.append(int(name))
            value = value[int(name)]
        else:
            return None
    return tuple(steps), value
