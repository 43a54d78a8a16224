"""Lines that a program wrote over and over, with a carriage return between: progress bars, counters, spinners."""

from __future__ import annotations

import re

from headroom_core.compressors.digits import without_digits

LEAST_STEPS = 3
"""Texts written over each other, from which on a line is a display of progress."""

MOST_SHAPES = 12
"""Texts of different shapes that are shown of one line, beside its last."""

SHOWN_CHARS = 400
"""Characters of such a text in which words of errors are looked for."""

ERROR_WORDS = re.compile(r"error|fail|warn|exception|fatal|denied|refused|abort|timeout|timed out")
"""Texts with one of these are shown however many shapes there are."""

_DRAWN = str.maketrans("", "", " \t#=->.|/\\%:█▉▊▋▌▍▎▏░▒▓━─╸╺⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")
"""What bars and spinners are drawn with: two states of one bar differ in nothing else, and in digits."""


def is_progress(line: str) -> bool:
    """Tell whether a line was written over several times."""
    return line.count("\r") > LEAST_STEPS - 1 and len(line) > 1


def steps_to_show(line: str) -> list[tuple[int, int]]:
    """Return start and end of the texts to show of such a line: the first of each shape, and the last."""
    places: list[tuple[int, int]] = []
    start = 0
    texts = line.split("\r")
    for text in texts:
        places.append((start, start + len(text)))
        start += len(text) + 1
    bare = without_digits(line).translate(_DRAWN).split("\r")
    filled = [number for number, text in enumerate(texts) if text.strip()]
    first = {bare[number]: number for number in reversed(filled)}
    shown = {*sorted(first.values())[:MOST_SHAPES], *filled[-1:]}
    shown.update([number for number in first.values() if ERROR_WORDS.search(texts[number][:SHOWN_CHARS].lower())][:MOST_SHAPES])
    return [places[number] for number in sorted(shown)]
