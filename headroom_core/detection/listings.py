"""Lists whose lines have one shape and are no log: each line is a fact of its own, and none is like the others."""

from __future__ import annotations

import re

from headroom_core.detection.base import Detection, Sample

_LISTINGS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("a list of commits", re.compile(r"(?:[*|/\\\\ ]{1,20} )?[0-9a-f]{7,40} (?:\([^()\n]{1,200}\) )?\S.*\s")),
    (
        "a log of commits",
        re.compile(
            r"commit [0-9a-f]{7,40}\b|(?:Author|Date|Merge|AuthorDate|Commit|CommitDate): |    "
            r"|\s\S.{0,300} \|  {0,20}\d|.*\d files? changed"
        ),
    ),
    (
        "lines with who wrote them",
        re.compile(r"\^?[0-9a-f]{7,40} (?:[^(\n]{0,200})\([^()\n]{1,100}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4} +\d+\)"),
    ),
    ("a list of files", re.compile(r"[-dlbcps][rwxsStT-]{9}[.+@]?\s+\d+\s|total \d+|\.{0,2}/?[\w./ -]{1,200}:$")),
    ("a table of timed jobs", re.compile(r"\s*(?:[\d*][\d*/,-]{0,40}\s+){3}(?:[\w*][\w*/,-]{0,40}\s+){2}\S|#|\w+=")),
    (
        "a recipe of an image",
        re.compile(
            r"(?:FROM|RUN|ENV|COPY|ADD|ARG|LABEL|WORKDIR|EXPOSE|CMD|ENTRYPOINT|USER|VOLUME|SHELL|ONBUILD|HEALTHCHECK)\s|#|    "
        ),
    ),
    (
        "settings of hosts",
        re.compile(r"(?:Host|Match|Include)\s+\S|\s+[A-Z][A-Za-z]{2,40}\s+\S|#"),
    ),
    ("changes without their context", re.compile(r"[<>](?: |$)|---$|\d+(?:,\d+)?[acd]\d+(?:,\d+)?$|(?:diff|Only in|Files) ")),
    ("changes of words", re.compile(r".*(?:\[-.*-\]|\{\+.*\+\})|@@ |diff --git |--- |\+\+\+ |index ")),
    ("matches without their numbers", re.compile(r"(?:\.{0,2}/)?[\w.@+-]{1,100}/[\w./@+-]{0,300}\.\w{1,10}:(?!\d{1,7}[:-])")),
)
"""What a list is, and what its lines look like."""

_MUST_HAVE = {
    "a list of files": re.compile(r"[-dlbcps][rwxsStT-]{9}[.+@]?\s+\d+\s"),
    "a log of commits": re.compile(r"commit [0-9a-f]{7,40}\b"),
    "a table of timed jobs": re.compile(r"\s*(?:[\d*][\d*/,-]{0,40}\s+){3}"),
    "a recipe of an image": re.compile(r"(?:FROM|ARG) \S|# (?:syntax|escape)="),
    "settings of hosts": re.compile(r"Host\s+\S"),
    "changes without their context": re.compile(r"(?:diff -|\d+(?:,\d+)?[acd]\d+(?:,\d+)?$)"),
    "changes of words": re.compile(r"(?:diff --git |@@ |--- )"),
}
"""What one of the first lines of such a list looks like, where its other lines alone could be those of something else."""

FIRST_LINES = 6

SHARE = 0.95
"""Share of the lines that must be those of a list."""

LEAST_LINES = 5


def listing(sample: Sample) -> Detection | None:
    """Lists that are shown whole, because every line of them is a fact of its own."""
    lines = sample.lines
    if len(lines) < LEAST_LINES:
        return None
    for name, pattern in _LISTINGS:
        opens = _MUST_HAVE.get(name, pattern)
        if any(map(opens.match, lines[:FIRST_LINES])) and sum(1 for line in lines if pattern.match(line)) >= SHARE * len(lines):
            return Detection("text", f"reads as {name}")
    return None
