"""
Where the parts of a mixed document stand: fenced blocks, tables, front matter, JSON and outputs between words.

Splitting only looks at lines. What a part is worth, and how it is written, is for its compressor to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from headroom_core.detection import detect
from headroom_core.detection.base import JSON_LABEL

_FENCE = re.compile(
    r"(?P<before>[ \t>]{0,12}(?:(?:[-*+]|\d{1,3}[.)])[ \t]{1,4})?)"
    r"(?P<ticks>`{3,}|~{3,})[ \t]*(?P<info>[^`\n]{0,200})$"
)
_TABLE_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*\r?$")
_JSON_OPENS = re.compile(r"\{[ \t]*(?:[\"}]|\r?$)|\[[ \t]*(?:[\"{\[\d-]|\r?$)")
_LABEL_OF_JSON = re.compile(rf"{JSON_LABEL}(?={_JSON_OPENS.pattern})", re.MULTILINE)
_WRAPPER = re.compile(
    r"[ \t]*<(?P<name>output|outputs|tool_result|tool_response|function_results?|result|results|file|file_content|document"
    r"|stdout|stderr|content|response|observation|context|source|log|logs|diff)(?:[ \t][^<>\n]{0,300})?>[ \t]*\r?$",
    re.IGNORECASE,
)
_JSON_ENDS = tuple("{}[]")
_DIGIT = re.compile(r"\d")
_OPENINGS = ("Traceback (", "diff --git ", "--- ", "Exception in ", "panic: ", "thread '", "=====", "[INFO]", "[ERROR]")
_PROMPT = re.compile(
    r"(?:\$ \S|>>> ?|\.\.\. |In \[\d+\]: |PS [A-Za-z]:\\[^>\n]{0,200}> ?|[A-Za-z]:\\[^>\n]{0,200}>"
    r"|(?:\([\w.-]{1,60}\) )?[\w.-]{1,60}@[\w.-]{1,60}[: ][^#$\n]{0,80}[#$] ?\S|(?:bash|sh)-[\d.]{1,8}[#$] )"
)

LEAST_BLOCK_LINES = 8
"""Fewer lines between blank ones are taken for prose without a look."""

FRONT_MATTER_LINES = 300
"""Lines in which front matter must end."""

KIND_OF_LANGUAGE = {
    "json": "json", "json5": "json", "jsonc": "json", "geojson": "json", "jsonl": "jsonl", "ndjson": "jsonl",
    "yaml": "yaml", "yml": "yaml", "toml": "toml", "ini": "ini", "cfg": "ini", "conf": "ini", "properties": "ini", "env": "ini",
    "dotenv": "ini", "csv": "csv", "tsv": "tsv", "diff": "diff", "patch": "diff", "html": "html", "xhtml": "html", "xml": "xml",
    "svg": "xml", "markdown": "markdown", "md": "markdown", "log": "log", "logs": "log", "traceback": "traceback",
    "pytb": "traceback", "console": "terminal", "shell-session": "terminal", "sh-session": "terminal", "terminal": "terminal",
    "pycon": "terminal", "ps1con": "terminal", "": None, "text": None, "txt": None, "plaintext": None, "plain": None,
    "output": None, "none": None, "raw": None, "stdout": None,
}  # fmt: skip
"""What the word behind a fence says about the block; None where only its text can tell. All other words are languages."""

FOUND_BETWEEN_WORDS = frozenset({"log", "traceback", "diff", "search", "csv", "tsv", "build"})
"""Kinds that stand in documents without a fence around them."""


@dataclass(frozen=True, slots=True)
class Segment:
    """
    Lines `start` up to `end` of a document, counted from 0.

    Attributes:
        start: The first line.
        end: The line behind the last.
        part: Whether it is a payload of its own; if not, words between payloads, or lines around one.
        kind: What a part is, where the document says so; None where its text must tell.
        language: The language of code.
        fenced: Whether a part is all that stands between two fences.
        label: Characters of the first line that stand before the part, as in `Result: [{"id": 1}]`.

    """

    start: int
    end: int
    part: bool = False
    kind: str | None = None
    language: str | None = None
    fenced: bool = False
    label: int = 0


def json_label(text: str) -> int:
    """Return how many characters of a text stand before JSON on its first line, as a label; 0 where none do."""
    label = _LABEL_OF_JSON.match(text)
    return label.end() if label else 0


def split(texts: Sequence[str], kind: str) -> list[Segment]:
    """
    Return the segments of a document, given by its lines: in order, every line in one of them.

    `kind` is what the document is: `terminal` is split at its prompts, all others are split as Markdown.
    """
    found: list[Segment] = []
    if kind == "terminal":
        _terminal(texts, found)
    else:
        _Markdown(texts, found).split()
    return found


def _terminal(texts: Sequence[str], found: list[Segment]) -> None:
    start = 0
    for number in [*(i for i, text in enumerate(texts) if _PROMPT.match(text)), len(texts)]:
        if number > start:
            found.append(Segment(start, number, part=True))
        if number < len(texts):
            found.append(Segment(number, number + 1))
        start = number + 1


class _Markdown:
    """Splits one document of words and payloads."""

    def __init__(self, texts: Sequence[str], found: list[Segment]) -> None:
        self._texts = texts
        self._found = found
        self._prose = 0  # the first line that no segment holds yet
        closes_json = re.compile(r"[}\]][ \t]*[,;]?[ \t]*\r?$")
        self._json_ends = _next(texts, lambda text: bool(closes_json.match(text)))
        self._wrapper_ends: dict[str, list[int]] = {}

    def split(self) -> None:
        """Find all segments."""
        number = self._front_matter()
        while number < len(self._texts):
            number = self._at(number)
        self._close(len(self._texts))

    def _at(self, number: int) -> int:
        """Take what starts at a line; return the line behind it."""
        text = self._texts[number]
        opening = text.lstrip(" \t>-*+0123456789.)")[:1]
        if opening in ("`", "~"):
            fence = _FENCE.match(text.rstrip("\r"))
            if fence:
                return self._fence(number, fence)
        if "|" in text and number + 1 < len(self._texts) and "-" in self._texts[number + 1]:
            end = self._table_end(number)
            if end:
                return self._take(number, end, "table")
        end = self._json(number, text)
        if end:
            return end
        if opening == "<" or text.lstrip(" \t")[:1] == "<":
            wrapper = _WRAPPER.match(text)
            if wrapper:
                return self._wrapped(number, wrapper["name"])
        return number + 1

    def _json(self, number: int, text: str) -> int:
        """Take JSON that starts on a line, alone or behind a label; return the line behind it, or 0 when none does."""
        last = text.rstrip("\r ,;")[-1:]
        alone = text[:1] in ("{", "[") and bool(_JSON_OPENS.match(text))
        if alone:
            end = self._objects_end(number)
            if end > number + 1:
                return self._take(number, end, "jsonl")
        label = json_label(text) if not alone and last in _JSON_ENDS else 0
        if not alone and not label:
            return 0
        closed = last in ("}", "]") and len(text) - label > 2  # noqa: PLR2004  # more than a pair of brackets
        end = number + 1 if closed else self._json_ends[number] + 1
        if not number < end <= len(self._texts):
            return 0
        return self._take(number, end, "json", label=label)

    def _objects_end(self, number: int) -> int:
        """Return the line behind those from a line on that are one JSON object each, as far as a look at their ends tells."""
        end = number
        while end < len(self._texts) and self._texts[end][:1] == "{" and self._texts[end].rstrip("\r ")[-1:] == "}":
            end += 1
        return end

    def _front_matter(self) -> int:
        """Take what stands between two rules at the start of a document."""
        for rule, kind in (("---", "yaml"), ("+++", "toml")):
            if self._texts and self._texts[0].rstrip() == rule:
                for number in range(1, min(len(self._texts), FRONT_MATTER_LINES)):
                    if self._texts[number].rstrip() == rule:
                        return self._take(1, number, kind) if number > 1 else number
        return 0

    def _fence(self, number: int, fence: re.Match[str]) -> int:
        ticks = fence["ticks"]
        end = number + 1
        while end < len(self._texts):
            text = self._texts[end].strip(" \t>\r")
            if text.startswith(ticks) and not text.strip(ticks[0]):
                break
            end += 1
        word = re.match(r"[\w+#.-]*", fence["info"].strip("{} .").lower())
        language = word[0] if word else ""
        kind = KIND_OF_LANGUAGE.get(language, "code")
        quoted = ">" in fence["before"]
        if end > number + 1 and not quoted:
            self._take(number + 1, end, kind, language if kind == "code" else None, fenced=True)
        return end + 1

    def _table_end(self, number: int) -> int:
        """Return the line behind a table that starts at a line, or 0 when none does."""
        if not _TABLE_RULE.match(self._texts[number + 1]) or self._texts[number + 1].count("|") + 1 < self._texts[number].count(
            "|"
        ):
            return 0
        end = number + 2
        while end < len(self._texts) and "|" in self._texts[end]:
            end += 1
        return end

    def _wrapped(self, number: int, name: str) -> int:
        ends = self._wrapper_ends.get(name)
        if ends is None:
            closing = re.compile(rf"[ \t]*</{name}>[ \t]*\r?$", re.IGNORECASE)
            ends = self._wrapper_ends[name] = _next(self._texts, lambda text: bool(closing.match(text)))
        end = ends[number]
        return self._take(number + 1, end, None) if number + 1 < end < len(self._texts) else number + 1

    def _take(
        self, start: int, end: int, kind: str | None, language: str | None = None, *, fenced: bool = False, label: int = 0
    ) -> int:
        self._close(start)
        self._found.append(Segment(start, end, part=True, kind=kind, language=language, fenced=fenced, label=label))
        self._prose = end
        return end

    def _close(self, end: int) -> None:
        """Take the lines before `end` that no segment holds as words, and the outputs between them."""
        start = first = self._prose
        while first < end:
            behind = first
            while behind < end and self._texts[behind].strip():
                behind += 1
            if behind - first >= LEAST_BLOCK_LINES and _printed(self._texts[first:behind]):
                kind = detect("\n".join(self._texts[first:behind])).kind
                if kind in FOUND_BETWEEN_WORDS:
                    if first > start:
                        self._found.append(Segment(start, first))
                    self._found.append(Segment(first, behind, part=True, kind=kind))
                    start = behind
            first = behind + 1
        if end > start:
            self._found.append(Segment(start, end))
        self._prose = end


def _printed(texts: Sequence[str]) -> bool:
    """Tell whether lines may be printed by a tool: most have a digit near their start, or one opens in a way that is known."""
    with_digits = sum(bool(_DIGIT.search(text, 0, 40)) for text in texts)
    return with_digits * 2 >= len(texts) or any(text.startswith(_OPENINGS) for text in texts[:3])


def _next(texts: Sequence[str], wanted: Callable[[str], bool]) -> list[int]:
    """Return for each line the number of the next one, or of itself, that is wanted; the number of lines where none is."""
    found = [0] * len(texts)
    place = len(texts)
    for number in range(len(texts) - 1, -1, -1):
        if wanted(texts[number]):
            place = number
        found[number] = place
    return found
