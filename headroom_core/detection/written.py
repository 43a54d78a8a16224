"""What people and models write: source code, documents that mix kinds, conversations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from headroom_core.detection.base import JSON_LABEL, Detection, Sample
from headroom_core.detection.languages import LANGUAGES

_STATEMENT = re.compile(r".*[;{}(,)\]:]$")
_COMMENT = re.compile(r"\s*(?://|/\*|\*(?:[ /]|$)|#(?!\w)|\"\"\"|---?(?:\s|$))")
_OPENS_WORDS = re.compile(r"\s*[rRuU]?(\"\"\"|'''|/\*|--\[\[|=begin\b|<#)")
_CLOSING = {'"""': '"""', "'''": "'''", "/*": "*/", "--[[": "]]", "=begin": "=end", "<#": "#>"}
"""What opens words of several lines that document, and what closes them."""

_OPENS_CODE = re.compile(
    r"#\s*(?:include\s*[<\"]|ifndef \w+$|pragma once)|from [\w.]+ import \w|import (?:static )?[\w.*]+;$|package [\w.]+;?$"
    r"|import .{1,200} from ['\"]|use (?:std|crate|super)::|using [\w.]+;$|<\?php"
)
"""What stands at the start of source files and nowhere else."""

_NUMBERED = re.compile(r"[ \t]{0,10}\d{1,7}(?:\t|→|: ?|\| ?|[ ]{2}|$)")
"""The number before a line, in a listing of a file."""

_SHEBANG = re.compile(r"#!.*?\b(python|node|bash|sh|ruby|perl|php)")
_PROSE = re.compile(r"(?:[-*>] |\d+[.)] )?\S*[A-Za-z,]+ (?:[\w'(),\"`-]+ ){5,}")

_FENCE = re.compile(r"[ \t>]{0,8}(?:```|~~~(?:\s*\w+)?$)")
_HEADING = re.compile(r"#{1,6} \S")
_RULE = re.compile(r"\s*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)+\|?$")
_LINK = re.compile(r".*\[[^\]\n]{1,120}\]\([^)\n]{1,300}\)")
_BULLET = re.compile(r"\s*(?:[-*+] |\d+[.)] )\S")
_WRAPPER = re.compile(
    r"\s*<(?:output|tool_result|result|file_content|document|stdout|stderr|content|response|tool_response)\b[^<>]*>$"
)
_BARE_JSON = re.compile(r"(?:[\[{]$|[\[{]\s*[\"\[{].{200,})")
_LABELLED_JSON = re.compile(JSON_LABEL + _BARE_JSON.pattern)
_OBSERVATION = re.compile(r"(?:Observation|Action|Action Input|Thought|Final Answer): ?")

_ROLE = re.compile(
    r"(?:<\|im_start\|>|#{0,4} ?\[?\**(?:user|assistant|human|ai|system|tool|bot|agent|customer|developer|Q|A)\b[^\n:]{0,30}:)",
    re.IGNORECASE,
)
_SPEAKER = re.compile(r"\[?([A-Z][\w.'-]*(?: [A-Z(][\w.'()-]*){0,4})\]?: \S")


MOST_LINES = 160
"""Lines that are held against the languages; there are many patterns."""


def code(sample: Sample) -> Detection | None:
    """Source code, with its language as far as a look at the lines tells it."""
    numbered = sum(1 for line in sample.lines if _NUMBERED.match(line))
    bare = numbered == len(sample.lines)
    lines = [_NUMBERED.sub("", line, count=1) for line in sample.lines] if bare else sample.lines
    shebang = _SHEBANG.match(sample.opening)
    if shebang:
        return Detection("code", f"opens with {shebang[0]}", {"node": "javascript", "sh": "bash"}.get(shebang[1], shebang[1]))
    if len(lines) < 4 or sample.count(_FENCE) >= 2:  # noqa: PLR2004  # too little to tell; a document
        return None
    lines = [line for line in _undocumented(lines) if not _COMMENT.match(line)][:MOST_LINES] or lines[:MOST_LINES]
    hits = {language: sum(1 for line in lines if pattern.match(line)) for language, pattern in LANGUAGES.items()}
    language, most = max(hits.items(), key=lambda item: item[1])
    statements = sum(1 for line in lines if _STATEMENT.match(line))
    prose = sum(1 for line in lines if _PROSE.match(line))
    opened = any(_OPENS_CODE.match(line) for line in lines[:30])
    if opened and statements * 2 >= len(lines) and prose * 3 < len(lines):
        return Detection(
            "code", f"opens as source files do, and {statements} of {len(lines)} lines end as statements", language
        )
    if most * 8 >= len(lines) and most + statements >= max(3, 0.35 * len(lines)) and prose * 3 < len(lines):
        return Detection("code", f"{most} of {len(lines)} lines read as {language}", language)
    return None


def _undocumented(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines that stand in no string or comment of several lines, which are words, and not code."""
    closes = ""
    for line in lines:
        if closes:
            closes = "" if closes in line else closes
            continue
        opening = _OPENS_WORDS.match(line)
        if opening is None:
            yield line
        elif _CLOSING[opening[1]] not in line[opening.end() :]:
            closes = _CLOSING[opening[1]]


FEW_LINKS = 3
"""Links, and items of lists, from which on they tell of Markdown without a heading."""


FEW_LABELLED = 3
"""Lines of JSON behind a label, up to which it is what somebody hands over; more are a log's."""


def document(sample: Sample) -> Detection | None:
    """Markdown with fences, tables or headings."""
    lines = sample.lines
    fences, headings = sample.count(_FENCE), sample.count(_HEADING)
    rules = sum("|" in line and bool(_RULE.match(line)) for line in lines)
    if fences >= 2 or rules or (fences and (headings or _FENCE.match(sample.opening))):  # noqa: PLR2004  # one to close
        return Detection("markdown", f"{fences // 2} fenced blocks and {rules} tables")
    linked = sample.count(_LINK) if "](" in sample.text else 0
    if not headings and linked < FEW_LINKS:
        return None
    bullets, prose = sample.count(_BULLET), sample.count(_PROSE)
    if prose * 5 < len(lines):
        return None
    if headings >= 2 or (headings and (linked or bullets)) or (linked and bullets >= FEW_LINKS):  # noqa: PLR2004  # one may be a remark
        return Detection("markdown", f"{headings} headings, {bullets} items of lists, {linked} lines with links")
    return None


def wrapped(sample: Sample) -> Detection | None:
    """Texts with outputs of tools between their words."""
    if sample.count(_WRAPPER) or sample.count(_OBSERVATION) >= 2:  # noqa: PLR2004  # a turn and its answer
        return Detection("markdown", "a text with outputs between its words")
    if sample.count(_BARE_JSON) or 0 < sum(map(_labels_json, sample.lines, [*sample.lines[1:], ""])) <= FEW_LABELLED:
        return Detection("markdown", "a text with JSON between its words")
    return None


def _labels_json(line: str, following: str) -> bool:
    """Tell whether JSON begins behind a label on a line, long there or going on in the following line."""
    return bool(_LABELLED_JSON.match(line)) and (line[-1] not in "[{" or following.lstrip()[:1] in tuple('"{['))


def transcript(sample: Sample) -> Detection | None:
    """Conversations, one turn behind the other, each opened by who speaks."""
    roles = sample.count(_ROLE)
    if roles >= 3 and _ROLE.match(sample.lines[0]):  # noqa: PLR2004  # one answer to another
        return Detection("transcript", f"{roles} turns of a conversation")
    speakers = Counter(match[1] for match in map(_SPEAKER.match, sample.lines) if match and not match[1].isupper())
    turns = sum(speakers.values())
    if turns * 2 >= len(sample.lines) and turns >= 4 and len(speakers) * 2 <= turns:  # noqa: PLR2004
        return Detection("transcript", f"{turns} turns of {len(speakers)} speakers")
    return None
