"""What each line of a configuration file is, told without a parser: a file that breaks somewhere is read up to its end."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from headroom_core.compressors.base import Refused

Kind = Literal["key", "item", "section", "comment", "value", "blank", "other"]
"""`item` is an item of a list, `value` a further line of a value, `section` a header in brackets or the start of a document."""

MOST_LINE_CHARS = 400
"""Characters of a line that are looked at."""

LEAST_KEYS = 3
"""Keys that make a configuration file."""

KEYS_SHARE = 0.15
"""Share of the lines that have to be keys, those of values and comments left aside."""

OTHER_SHARE = 0.05
"""Share of the lines that may be none of what a configuration file has."""

DISTINCT_SHARE = 0.4
"""Share of the keys at the left margin, or of all where none is nested, that have to differ: `INFO:` on each line is a log."""

QUOTED_LINES = 1_000
"""Lines further on where the end of a quoted value is looked for."""

BRACKET_LINES = 5_000
"""Lines further on where the end of a value in brackets is looked for."""

_YAML_KEY = re.compile(r"""[\w./$~@<{(*&+%^-][\w./$~@<>{}()*+%,^|=-]*(?: [\w./$@<>{}()*+%,&-]+){0,3}""")
_ASSIGNED_KEY = re.compile(r"""(?:export )?[\w.$@*/:"'\[\]-]+(?: [\w./-]+){0,3}""")
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
_SECTION = re.compile(r"\[{1,2}[^\[\]=,{}]+\]{1,2}\s*(?:[#;].*)?")
_CLOSING = {"[": "]", "{": "}"}
_BLOCK = re.compile(r"(?:&\S+ |!\S+ )*[|>][-+0-9]{0,2}(?: +#.*)?")
_CODE = re.compile(
    r"(?:def|class|import|from|function|const|let|var|public|private|return|package|use|fn|func|#include) ?\S|```|</"
)


@dataclass(slots=True)
class Syntax:
    """
    The lines of a configuration file.

    Attributes:
        kinds: What each line is.
        depths: How deep each line is: its indentation, or 0 for sections and 1 for the keys in them.
        unclosed: By opening sign, the line up to which its end was looked for in vain.
        names: By line, the name of its key.
        values: By line, the value behind its key or its dash.
        indented: Whether depth is said by indentation, as in YAML.

    """

    indented: bool
    kinds: list[Kind] = field(default_factory=list)
    depths: list[int] = field(default_factory=list)
    unclosed: dict[str, int] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    values: dict[int, str] = field(default_factory=dict)


def read_syntax(texts: list[str]) -> Syntax | Refused:
    """Return what the lines of a configuration file are, or why the text is none."""
    indented = _is_indented(texts)
    made = Syntax(indented)
    place = code = 0
    while place < len(texts):
        text = texts[place][:MOST_LINE_CHARS].rstrip()
        bare = text.lstrip(" \t")
        depth = len(text) - len(bare)
        kind, name, value = _read_line(bare, indented=indented)
        if kind == "other" and place and made.kinds[place - 1] in ("key", "item", "value") and _continues(made, place, depth):
            kind, depth = "value", made.depths[place - 1]
        elif kind == "other" or bare.startswith("```"):
            code += bool(_CODE.match(bare))
        if kind == "key":
            made.names[place] = name
        if kind in ("key", "item"):
            made.values[place] = value
        if kind != "value":
            depth = depth if indented else int(kind not in ("section", "blank"))
        made.kinds.append(kind)
        made.depths.append(depth)
        place += 1
        further = _further_lines(texts, place, depth, value, made) if kind in ("key", "item") else 0
        made.kinds.extend(["value"] * further)
        made.depths.extend([depth] * further)
        place += further
    return _refusal(made, code) or made


def _is_indented(texts: list[str]) -> bool:
    """Tell YAML from the formats that assign: by which of `key: value` and `key = value` there is more of."""
    colons = equals = 0
    for text in texts[:2_000]:
        bare = text[:MOST_LINE_CHARS].strip()
        if bare.startswith(("#", ";", "//")):
            continue
        colon, equal = bare.find(":"), bare.find("=")
        if bare.startswith("- ") or (colon > 0 and (equal < 0 or colon < equal) and bare[colon + 1 : colon + 2] in ("", " ")):
            colons += 1
        elif equal > 0 or _SECTION.fullmatch(bare):
            equals += 1
    return colons > equals


def _read_line(bare: str, *, indented: bool) -> tuple[Kind, str, str]:
    """Return the kind of a line, and the name and the value that stand on it."""
    if not bare:
        return "blank", "", ""
    if bare[0] == "#" or (not indented and bare[0] in ";!"):
        return "comment", "", ""
    if not indented:
        return _read_assignment(bare)
    if bare.startswith(("---", "%YAML")) or bare == "...":
        return "section", "", ""
    item = False
    while bare.startswith("- ") or bare == "-":
        item, bare = True, bare[1:].lstrip()
    name, value = _yaml_key(bare)
    if item:
        return "item", name, bare
    return ("key", name, value) if name else ("other", "", "")


def _yaml_key(bare: str) -> tuple[str, str]:
    quoted = _QUOTED.match(bare)
    if quoted:
        rest = bare[quoted.end() :].lstrip()
        return (quoted.group(), rest[1:].strip()) if rest.startswith(":") and rest[1:2] in ("", " ") else ("", "")
    end = bare.find(": ")
    if end < 0:
        end = len(bare) - 1 if bare.endswith(":") else bare.find(":\t")
    name = bare[:end].rstrip()
    return (name, bare[end + 1 :].strip()) if end > 0 and _YAML_KEY.fullmatch(name) else ("", "")


def _read_assignment(bare: str) -> tuple[Kind, str, str]:
    if bare[0] == "[" and _SECTION.fullmatch(bare):
        return "section", "", ""
    for sign in ("=", ":"):
        name, found, value = bare.partition(sign)
        if found and (sign == "=" or value[:1] in ("", " ", "\t")) and _ASSIGNED_KEY.fullmatch(name.rstrip()):
            return "key", name.rstrip(), value.strip()
    return "other", "", ""


def _continues(made: Syntax, place: int, depth: int) -> bool:
    """Tell whether a line that is nothing else goes on with the value before it: it is indented further."""
    if made.indented:
        return depth > made.depths[place - 1]
    return depth > 0


def _further_lines(texts: list[str], place: int, depth: int, value: str, made: Syntax) -> int:
    """Return how many lines from `place` on belong to a value that opened on the line before."""
    if made.indented and _BLOCK.fullmatch(value.rpartition(": ")[2]):
        return _block_lines(texts, place, depth)
    sign = _opening(value)
    if sign and place >= made.unclosed.get(sign, 0):
        most = BRACKET_LINES if sign in _CLOSING else QUOTED_LINES
        found = _bracket_lines(texts, place, value) if sign in _CLOSING else _lines_to(texts, place, sign, most)
        if not found:
            made.unclosed[sign] = place + most
        return found
    if not made.indented:
        end = place
        while end < len(texts) and texts[end - 1].rstrip("\r").endswith("\\"):
            end += 1
        return end - place
    return 0


def _opening(value: str) -> str:
    """Return the sign of a value that goes on behind its line: brackets or quotes that are still open."""
    for fence in ('"""', "'''"):
        if value.startswith(fence):
            return "" if value.count(fence) > 1 else fence
    if value[:1] in ("[", "{") and value[-1:] in ("[", "{", ","):
        return value[0]
    return value[0] if value[:1] in ('"', "'") and value.count(value[0]) == 1 else ""


def _block_lines(texts: list[str], place: int, depth: int) -> int:
    """Return the lines of a block scalar: those indented further than its key, and empty ones between them."""
    end = last = place
    while end < len(texts):
        text = texts[end]
        bare = text.lstrip(" ")
        if bare.strip():
            if len(text) - len(bare) <= depth:
                break
            last = end + 1
        end += 1
    return last - place


def _lines_to(texts: list[str], place: int, sign: str, most: int) -> int:
    """Return the lines up to one that has `sign`; none where that does not come."""
    for end in range(place, min(len(texts), place + most)):
        if sign in texts[end]:
            return end + 1 - place
    return 0


def _bracket_lines(texts: list[str], place: int, value: str) -> int:
    """Return the lines up to the one that closes the brackets of a value; none where that does not come."""
    opening, closing = value[0], _CLOSING[value[0]]
    depth = value.count(opening) - value.count(closing)
    for end in range(place, min(len(texts), place + BRACKET_LINES)):
        depth += texts[end].count(opening) - texts[end].count(closing)
        if depth <= 0:
            return end + 1 - place
    return 0


def _refusal(made: Syntax, code: int) -> Refused | None:
    """Say why the lines are no configuration file."""
    counts = Counter(made.kinds)
    names = len(made.names) + sum(": " in made.values.get(place, "") for place, kind in enumerate(made.kinds) if kind == "item")
    told = counts["key"] + counts["item"] + counts["section"] + counts["other"]
    if names < LEAST_KEYS or names < KEYS_SHARE * told:
        return Refused("not a configuration file: too few keys")
    if counts["other"] > OTHER_SHARE * told or code > 2 or code > OTHER_SHARE * told:  # noqa: PLR2004  # a word may be a key
        return Refused("not a configuration file: lines that are neither keys nor values")
    if 2 * sum(map(str.isdecimal, made.names.values())) > len(made.names):
        return Refused("not a configuration file: numbered lines")
    if counts["section"] <= 1:
        margin = [name for place, name in made.names.items() if made.depths[place] == 0 or not made.indented]
        if len(set(margin)) < DISTINCT_SHARE * len(margin):
            return Refused("not a configuration file: the same keys again and again")
    return None
