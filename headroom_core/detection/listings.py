"""Lists whose lines have one shape and are no log: each line is a fact of its own, and none is like the others."""

from __future__ import annotations

import re
from typing import NamedTuple

from headroom_core.detection.base import Detection, Sample


class _Listing(NamedTuple):
    """What a list is, what its lines look like, and what one of its first lines must where the others tell too little."""

    name: str
    line: re.Pattern[str]
    opens: re.Pattern[str] | None = None


_LISTINGS = (
    _Listing(
        "lines with who wrote them",
        re.compile(r"\^?[0-9a-f]{7,40} (?:[^(\n]{0,200})\([^()\n]{1,100}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4} +\d+\)"),
    ),
    _Listing("a list of commits", re.compile(r"(?:[*|/\\\\ ]{1,20} )?[0-9a-f]{7,40} (?:\([^()\n]{1,200}\) )?\S.*\s")),
    _Listing(
        "a log of commits",
        re.compile(
            r"commit [0-9a-f]{7,40}\b|(?:Author|Date|Merge|AuthorDate|Commit|CommitDate): |    "
            r"|\s\S.{0,300} \|  {0,20}\d|.*\d files? changed"
        ),
        re.compile(r"commit [0-9a-f]{7,40}\b"),
    ),
    _Listing(
        "a list of files",
        re.compile(r"[-dlbcps][rwxsStT-]{9}[.+@]?\s+\d+\s|total \d+|\.{0,2}/?[\w./ -]{1,200}:$"),
        re.compile(r"[-dlbcps][rwxsStT-]{9}[.+@]?\s+\d+\s"),
    ),
    _Listing(
        "a table of timed jobs",
        re.compile(r"\s*(?:[\d*][\d*/,-]{0,40}\s+){3}(?:[\w*][\w*/,-]{0,40}\s+){2}\S|#|\w+="),
        re.compile(r"\s*(?:[\d*][\d*/,-]{0,40}\s+){3}"),
    ),
    _Listing(
        "a recipe of an image",
        re.compile(
            r"(?:FROM|RUN|ENV|COPY|ADD|ARG|LABEL|WORKDIR|EXPOSE|CMD|ENTRYPOINT|USER|VOLUME|SHELL|ONBUILD|HEALTHCHECK)\s|#|    "
        ),
        re.compile(r"(?:FROM|ARG) \S|# (?:syntax|escape)="),
    ),
    _Listing(
        "settings of hosts", re.compile(r"(?:Host|Match|Include)\s+\S|\s+[A-Z][A-Za-z]{2,40}\s+\S|#"), re.compile(r"Host\s+\S")
    ),
    _Listing(
        "changes without their context",
        re.compile(r"[<>](?: |$)|---$|\d+(?:,\d+)?[acd]\d+(?:,\d+)?$|(?:diff|Only in|Files) "),
        re.compile(r"(?:diff -|\d+(?:,\d+)?[acd]\d+(?:,\d+)?$)"),
    ),
    _Listing(
        "changes of words",
        re.compile(r".*(?:\[-.*-\]|\{\+.*\+\})|@@ |diff --git |--- |\+\+\+ |index "),
        re.compile(r"(?:diff --git |@@ |--- )"),
    ),
    _Listing(
        "matches without their numbers", re.compile(r"(?:\.{0,2}/)?[\w.@+-]{1,100}/[\w./@+-]{0,300}\.\w{1,10}:(?!\d{1,7}[:-])")
    ),
)

FIRST_LINES = 6
"""Lines, from the first, one of which opens a list: a command, or its exit code, may stand before it."""

SHARE = 0.95
"""Share of the lines that must be those of a list."""

LEAST_LINES = 5


def listing(sample: Sample) -> Detection | None:
    """Lists that are shown whole, because every line of them is a fact of its own."""
    lines = sample.lines
    if len(lines) < LEAST_LINES:
        return None
    for row in _LISTINGS:
        opens = row.opens or row.line
        if any(map(opens.match, lines[:FIRST_LINES])) and sample.count(row.line) >= SHARE * len(lines):
            return Detection("text", f"reads as {row.name}")
    return None
