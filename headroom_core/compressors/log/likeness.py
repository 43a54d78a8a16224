"""Whether a text is a log: lines of one shape again and again, or levels, or what builds print when they fail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from headroom_core.compressors.log.events import Event
from headroom_core.compressors.log.progress import is_progress
from headroom_core.compressors.log.templates import Mined

OFTEN = 3
"""Lines of one shape that make it a repeated one."""

REPEATED_SHARE = 0.3
"""Share of the lines that have a repeated shape in a log, at the least. Dates alone do not make one."""

LEVEL_SHARE = 0.3
"""Share of the lines that have a level in a log whose lines are all different."""

TABLE_SHARE = 0.95
"""Share of the lines with the same number of separators in a table."""

DIFF_STARTS = "+- @dinors\\"
"""What lines of a diff start with: its signs, and its headers (diff, index, new, old, rename, similarity)."""

CODE_ENDS = (";", "{", "}", "(")
CODE_SHARE = 0.4
"""Share of the lines that end like statements and blocks in source code."""

SAMPLED_LINES = 200
"""Lines that are looked at to tell a table."""


def why_no_log(mined: Mined, events: Sequence[Event], lines: Sequence[str]) -> str:
    """Return why a text is no log, or an empty text when it is one."""
    filled = repeated = leveled = 0
    for template in mined.templates:
        count = len(template.lines)
        if not template.shape:
            continue
        filled += count
        if count >= OFTEN and any(map(str.isalpha, "".join(template.shape))):
            repeated += count
        if template.level:
            leveled += count
    if not filled:
        return "no lines with words"
    if leveled < LEVEL_SHARE * filled:
        sample = [line for line in lines[:SAMPLED_LINES] if line.strip()]
        other = _other_kind(sample, lines[-1] or lines[-2])
        if other:
            return other
    if repeated >= REPEATED_SHARE * filled or leveled >= LEVEL_SHARE * filled or events:
        return ""
    if any(map(is_progress, lines)):
        return ""
    return "its lines neither repeat a shape nor have levels"


def _other_kind(sample: Sequence[str], last: str) -> str:
    """Return what a text is that repeats shapes without being a log, or an empty text."""
    first = sample[0].lstrip("\ufeff \t").rstrip() if sample else ""
    looks = (
        (_is_json(first, last), "it is JSON over several lines"),
        (first[:14].lower() == "<!doctype html" or first[:5].lower() == "<html", "it is a page of HTML"),
        (_is_diff(sample), "its lines are those of a diff"),
        (_is_code(sample), "its lines are those of source code"),
        (_is_markdown(sample), "it is Markdown"),
        (_is_table(sample), "its lines are rows of a table"),
    )
    return next((reason for holds, reason in looks if holds), "")


def _is_json(first: str, last: str) -> bool:
    return first[:1] in ("{", "[") and first[-1:] not in ("}", "]") and last.rstrip()[-1:] in ("}", "]")


def _is_diff(sample: Sequence[str]) -> bool:
    has_hunk = any(line.startswith("@@ -") for line in sample)
    return has_hunk and _share(sample, lambda line: line[0] in DIFF_STARTS) >= TABLE_SHARE


def _is_code(sample: Sequence[str]) -> bool:
    # A line of code behind the name of a tool in brackets is quoted by a log, and an object of JSON is a record.
    return (
        _share(sample, lambda line: line.rstrip()[-1:] in CODE_ENDS and line.lstrip()[:1] != "[" and '{"' not in line)
        >= CODE_SHARE
    )


def _is_markdown(sample: Sequence[str]) -> bool:
    return any(line.startswith("# ") for line in sample) and any(line.startswith("```") for line in sample)


def _share(lines: Sequence[str], holds: Callable[[str], bool]) -> float:
    return sum(map(holds, lines)) / max(1, len(lines))


def _is_table(sample: Sequence[str]) -> bool:
    """Tell whether almost all lines have the same separators, with no blanks beside them, as many as blanks or more."""
    for separator in ",;|":
        most, even = Counter([line.count(separator) for line in sample]).most_common(1)[0]
        if most > 1 and even >= TABLE_SHARE * len(sample):
            rows = [line for line in sample if line.count(separator) == most]
            tight = [line for line in rows if line.count(" ") <= 2 * most and separator + " " not in line]
            if len(tight) >= TABLE_SHARE * len(sample):
                return True
    return False
