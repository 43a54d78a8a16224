"""Formats of data: JSON, HTML and XML, tables, and files of settings."""

from __future__ import annotations

import re
from collections import Counter

from headroom_core.detection.base import Detection, Sample

_JSON_OPENS = re.compile(r"\{\s*(?:[\"}]|$)|\[\s*(?:[\"{\[\]]|-?\d[\d.eE+-]*\s*(?:,|\]\s*(?:\n|$)|$)|(?:true|false|null)\b|$)")
_JSON_LINE = re.compile(r"\s*(?:\{.*\}|\[.*\])\s*,?$")
_OBJECT_LINE = re.compile(r"\{\s*\"[^\"\n]{0,200}\"\s*:")
_HTML_OPENS = re.compile(r"(?:<!--.{0,200}?-->\s*)?<(?:!doctype html|html[\s>])", re.IGNORECASE | re.DOTALL)
_COMPONENT = re.compile(r"<(?:script|template|style)\b(?![^>]*\bsrc=)[^>]*>\s*$", re.IGNORECASE | re.MULTILINE)
"""How a single-file component begins, as of Svelte and Vue."""

_HTML_TAG = re.compile(
    r"</?(?:html|head|body|div|p|span|a|td|tr|th|table|ul|ol|li|script|style|img|br|h[1-6]|form|input|nav|section|article|meta"
    r"|link|b|i|em|strong|pre|code|button|header|footer|main)(?=[\s/>])",
    re.IGNORECASE,
)
_XML_OPENS = re.compile(r"<\?xml\b|<[A-Za-z_][\w.:-]*(?:\s+[\w.:-]+=[\"'][^\"'<]*[\"'])*\s*/?>")
_XML_TAG = re.compile(r"</[A-Za-z_][\w.:-]*>|/>")
_PIPES = re.compile(r"[ \t]{0,3}\|.*\|$")
_PIPE_RULE = re.compile(r"[ \t]{0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?$")
_QUOTED = re.compile(r'"[^"\n]*"')
_CLOCK_COMMA = re.compile(r"(?<=:\d\d),(?=\d{3}\b)")
"""The comma between the seconds of a clock and their fraction, which parts no cells."""

_SENTENCE = re.compile(r"[a-z,;]\s+\w+(?:\s+\w+){4}")
_SECTION = re.compile(r"\s*\[{1,2}[^\[\]\n]{1,100}\]{1,2}\s*(?:[#;].*)?$")
_SETTING = re.compile(r"\s*(?:export\s+)?[A-Za-z_@$*\"'][\w.$/@*\"' \[\]-]{0,80}?\s*=(?!=)")
_TOML_VALUE = re.compile(r"\s*[\w.\"'-]+\s*=\s*(?:\"|'|\[|\{|true$|false$|[-+]?\d[\d_.:TZ-]*$)")
_PAIRS = re.compile(
    r"(?P<first>[A-Za-z_][\w.-]{0,40})=(?:\"(?:[^\"\\]|\\.){0,300}\"|[^\s\",]{0,300}) +[A-Za-z_][\w.-]{0,40}=\S"
)
"""Two settings on one line, without anything between them."""

_REMARK = re.compile(r"\s*(?:#|;|//|!)")
_YAML_KEY = re.compile(r"\s*(?:- +)*(?:[\w./$@*-][\w ./$@*()-]{0,80}|\"[^\"]{0,80}\"|'[^']{0,80}')\s*:(?:\s|$)")
_YAML_ITEM = re.compile(r"\s*-(?: |$)")
_YAML_TOP = re.compile(r"[\w.\"'/-][\w .\"'/-]{0,80}:(?:\s|$)")

FEW = 3
"""Fewer lines are no table, and hardly settings."""


def json(sample: Sample) -> Detection | None:
    """JSON documents and JSON Lines, whole or broken off."""
    if not _JSON_OPENS.match(sample.opening):
        return None
    if len(sample.lines) >= 2 and all(_JSON_LINE.match(line) for line in sample.lines[:2]):  # noqa: PLR2004  # two lines
        return Detection("jsonl", "each line is a JSON value")
    return Detection("json", f"opens with {sample.opening[0]}")


def json_between(sample: Sample) -> Detection | None:
    """JSON Lines with lines of another kind between them: a banner, a warning, what a program said as it died."""
    objects = sum(line[0] == "{" and line[-1] == "}" for line in sample.lines)
    if objects >= FEW and objects * 2 >= len(sample.lines) and any(map(_OBJECT_LINE.match, sample.lines)):
        return Detection("markdown", f"{objects} of {len(sample.lines)} lines are JSON objects")
    return None


def _is_component(sample: Sample) -> bool:
    return bool(_COMPONENT.match(sample.opening)) and "<body" not in sample.text


def markup(sample: Sample) -> Detection | None:
    """HTML pages and fragments, and XML."""
    if not sample.opening.startswith("<"):
        return None
    if _HTML_OPENS.match(sample.opening):
        return Detection("html", "opens as an HTML page")
    if _is_component(sample):
        return Detection("text", "opens as a component of a page, whose script is what it is about")
    tags = len(_HTML_TAG.findall(sample.text))
    if sample.opening.startswith("<?xml"):
        page = "<html" in sample.text[:2000].lower()
        return Detection("html", "an XHTML page") if page else Detection("xml", "opens with <?xml")
    closers = len(_XML_TAG.findall(sample.text))
    if closers * 400 < len(sample.text) or closers < FEW or not _XML_OPENS.match(sample.opening):
        return None
    html = tags >= closers
    return Detection("html", f"opens with a tag and has {tags} tags of HTML") if html else _xml(closers)


def _xml(closers: int) -> Detection:
    return Detection("xml", f"opens with a tag and closes {closers}")


def pipe_table(sample: Sample) -> Detection | None:
    """Markdown tables that stand alone."""
    lines = sample.lines
    if (
        len(lines) >= FEW
        and _PIPE_RULE.match(lines[1])
        and "|" in lines[0]
        and sum("|" in line for line in lines) == len(lines)
    ):
        return Detection("table", "a row of names over a rule, and a bar in every line")
    return None


def even_table(sample: Sample) -> Detection | None:
    """Tables that are plain to see: every line has the same delimiters, several, and none with a space behind it."""
    first, last = sample.lines[0], sample.lines[-1]
    for delimiter in "\t,;|":
        cells = first.count(delimiter)
        if cells > 1 and last.count(delimiter) == cells and not first.startswith((delimiter, "{", "[", " ")):
            tight = all(line.count(delimiter) == cells and delimiter + " " not in line for line in sample.lines)
            return separated(sample) if tight else None
    return None


def separated(sample: Sample) -> Detection | None:
    """Tables of cells between commas, tabs, semicolons or bars."""
    lines = [line for line in sample.lines if not line.startswith("#")]
    if len(lines) <= FEW:
        return None
    text = "\n".join(lines)
    bare = _CLOCK_COMMA.sub(".", _QUOTED.sub("", text) if '"' in text else text).split("\n")
    for delimiter, kind in (("\t", "tsv"), (",", "csv"), (";", "csv"), ("|", "csv")):
        counts = Counter(line.count(delimiter) for line in bare)
        cells, often = counts.most_common(1)[0]
        if not cells or often < 0.9 * len(bare) or (cells == 1 and (often < len(bare) or delimiter == "|")):
            continue
        if cells < len(bare[0]) and _reads_as_cells(bare, delimiter, cells):
            return Detection(kind, f"{often} of {len(bare)} lines have {cells + 1} cells between {_NAMES[delimiter]}")
    return None


_NAMES = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "bars"}


def _reads_as_cells(lines: list[str], delimiter: str, cells: int) -> bool:
    """Tell cells from the parts of sentences, and from code, that are divided by the same character."""
    if delimiter == "\t":
        # Indented lines, and listings such as `12<tab>code`, have tabs, too.
        return sum(line.startswith("\t") for line in lines) * 2 < len(lines)
    # Objects of JSON behind the name of what printed them have commas, too.
    if sum(line[-1:] == "}" and "{" in line for line in lines) * 2 > len(lines):
        return False
    # A delimiter with a space behind it belongs to a sentence or to a call.
    spaced = sum(line.count(delimiter + " ") for line in lines)
    every = sum(line.count(delimiter) for line in lines)
    if delimiter == ";" and cells == 1:
        return False
    if delimiter != "|" and spaced * 2 > every and (cells < 3 or sum(map(len, lines)) > 60 * every):  # noqa: PLR2004
        return False
    ends = "{)" if delimiter == ";" else "{;)"
    if sum(line[-1:] in ends for line in lines) * 2 > len(lines) or sum(map(_ends_sentence, lines)) * 2 > len(lines):
        return False
    sentences = sum(bool(_SENTENCE.search(line)) for line in lines)
    return sentences * 2 < len(lines) or cells > 2  # noqa: PLR2004  # a column of texts among others


def _ends_sentence(line: str) -> bool:
    return line.endswith(".") and " " in line


def labelled(sample: Sample) -> Detection | None:
    """Logs of `name=value` (logfmt): every line has several, and the same names again and again."""
    named = [found for found in map(_PAIRS.match, sample.lines) if found]
    if len(named) < FEW or len(named) * 10 < len(sample.lines) * 8:
        return None
    first, often = Counter(found["first"] for found in named).most_common(1)[0]
    if often * 2 < len(named):
        return None
    return Detection("log", f"{often} of {len(sample.lines)} lines open with {first}= and name more")


def settings(sample: Sample) -> Detection | None:
    """TOML, INI and files of `name=value`."""
    lines = [line for line in sample.lines if not _REMARK.match(line)]
    if len(lines) < FEW:
        return None
    sections = sum(bool(_SECTION.match(line)) for line in lines)
    named = sum(bool(_SETTING.match(line)) for line in lines)
    code = sum(line.endswith((";", "{", "(", ":", "\\")) or line.startswith(("def ", "import ", "from ")) for line in lines)
    nested = sum(line.lstrip().startswith(('"', "'", "]", "}", "{", "-", "[")) or line[:1] == " " for line in lines)
    if code * 8 > len(lines) or named < FEW or (sections + named) * 10 < (len(lines) - nested * bool(sections)) * 9:
        return None
    typed = sum(bool(_TOML_VALUE.match(line)) for line in lines)
    if sections and typed * 10 >= named * 7:
        return Detection("toml", f"{sections} sections, and values that are typed", "toml")
    spaced = sum(" " in line.partition("=")[0].strip() for line in lines)
    if sections or spaced * 4 < len(lines):
        return Detection("ini", f"{named} of {len(lines)} lines are name = value", "ini")
    return None


def yaml(sample: Sample) -> Detection | None:
    """YAML documents."""
    lines = [line for line in sample.lines if not line.lstrip().startswith("#")]
    if len(lines) <= FEW:
        return None
    keys = sum(bool(_YAML_KEY.match(line)) for line in lines)
    items = sum(bool(_YAML_ITEM.match(line)) and not _YAML_KEY.match(line) for line in lines)
    deep = sum(line.startswith("  ") for line in lines)
    top = sum(bool(_YAML_TOP.match(line)) for line in lines)
    code = sum(line.endswith((";", "{", "(", ")", "}")) and not line.endswith("}}") for line in lines)
    sentences = sum(bool(_SENTENCE.search(line)) or "**" in line for line in lines)
    if code * 8 > len(lines) or sentences * 4 > len(lines) or not (deep or items) or keys < FEW or keys * 4 < len(lines):
        return None
    marked = lines[0].startswith("---")
    if (keys + items + (deep - keys if deep > keys else 0) // 2) * 10 >= len(lines) * (7 if marked else 8) and (top or items):
        return Detection("yaml", f"{keys} of {len(lines)} lines name a value", "yaml")
    return None
