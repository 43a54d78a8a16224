"""Code whose lines have numbers before them, as tools that read files return it."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[ \t]{0,10}(\d{1,7})(?:\t|→|: ?|\| ?|[ ]{2}|$)")

FEWEST = 4
"""Lines of the shortest text that is taken for a listing."""


def unnumbered(text: str) -> str | None:
    """Return a listing without its numbers, line for line; None where not every line has the next number."""
    lines = text.split("\n")
    end = len(lines) - (lines[-1] == "")
    first = _NUMBER.match(lines[0])
    if end < FEWEST or first is None:
        return None
    plain = []
    for place, line in enumerate(lines[:end], int(first[1])):
        found = _NUMBER.match(line)
        if found is None or int(found[1]) != place:
            return None
        plain.append(line[found.end() :])
    return "\n".join([*plain, *lines[end:]])


def without_numbers(view: str) -> str:
    """Return a view of a listing without the numbers of the lines that it shows."""
    return "\n".join(_NUMBER.sub("", line, count=1) if _NUMBER.match(line) else line for line in view.split("\n"))
