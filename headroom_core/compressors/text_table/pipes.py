"""Reading Markdown tables, and those that database clients print with bars."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat

from headroom_core.compressors.base import Refused
from headroom_core.compressors.line_view import Lines
from headroom_core.compressors.text_table.grid import MOST_TOP_LINES, Grid, too_many_odd

_RULE = frozenset("|-:+= \t\r")
_ESCAPED = "\\|"
_STAND_IN = "\x00"


def rule_at(lines: Lines) -> int | None:
    """Return the line that parts header and rows, `|---|---|`, where one of the first lines is that."""
    for place, text in enumerate(lines.texts[1 : MOST_TOP_LINES + 2], start=1):
        if _is_rule(text) and "|" in lines.texts[place - 1]:
            return place
    return None


def read_pipes(lines: Lines, rule: int) -> Grid | Refused:
    """Return the table whose header stands above the line `rule`, or why it is none."""
    texts = lines.texts
    bars = lines.text.replace(_ESCAPED, _STAND_IN) if _STAND_IN not in lines.text else lines.text
    escaped = len(bars) < len(lines.text)
    split = bars.split("\n") if escaped else texts
    names = _cells(split[rule - 1])
    odd: list[int] = []
    end = len(texts) - (texts[-1] == "")
    firsts: Sequence[int] = range(rule + 1, end)
    columns = _even_columns(split[rule + 1 : end], len(names))
    if columns is None:
        columns, firsts, odd = _uneven_columns(split, rule + 1, len(names))
    if len(names) < 2 or too_many_odd(len(odd), len(firsts) + 1):  # noqa: PLR2004  # one column is a list
        return Refused("not a table: its lines do not have like cells")
    if escaped:
        columns = [[cell.replace(_STAND_IN, _ESCAPED) for cell in column] for column in columns]
        names = [name.replace(_STAND_IN, _ESCAPED) for name in names]
    edged = texts[rule - 1].lstrip().startswith("|")
    return Grid(
        style="pipes",
        delimiter="|",
        names=names,
        top=rule + 1,
        firsts=firsts,
        ends=[place + 1 for place in firsts],
        columns=columns,
        odd=odd,
        header_at=rule - 1,
        edged=edged,
    )


def _even_columns(body: list[str], width: int) -> list[list[str]] | None:
    """Return the cells by column where all lines start and end with a bar and have like cells; None where they do not."""
    joined = "\n".join(body)
    if not body or joined.count("|\n|") != len(body) - 1 or joined[:1] != "|" or joined[-1:] != "|":
        return None
    if set(map(str.count, body, repeat("|"))) != {width + 1} or any(map(_is_rule, body)):
        return None
    flat = list(map(str.strip, joined[1:-1].replace("|\n|", "|").split("|")))
    return [flat[place::width] for place in range(width)]


def _uneven_columns(split: list[str], top: int, width: int) -> tuple[list[list[str]], list[int], list[int]]:
    """Return the cells by column of the lines that fit, where these stand, and where others do."""
    rows: list[list[str]] = []
    firsts: list[int] = []
    odd: list[int] = []
    for place in range(top, len(split)):
        text = split[place]
        cells = _cells(text)
        if len(cells) == width and not _is_rule(text):
            rows.append(cells)
            firsts.append(place)
        elif text and not text.isspace():
            odd.append(place)
    return [list(column) for column in zip(*rows, strict=True)], firsts, odd


def write_pipes(cells: tuple[str, ...] | list[str], *, edged: bool) -> str:
    """Return a row with a space on each side of its bars."""
    line = " | ".join(cells)
    return f"| {line} |" if edged else line


def write_rule(text: str) -> str:
    """Return the line under the header with as few dashes as Markdown takes everywhere; how cells are aligned stays."""
    bar = "+" if "+" in text else "|"
    edge = bar if text.lstrip().startswith(bar) else ""
    cells = [cell.strip() for cell in _inner(text, bar).split(bar)]
    return edge + bar.join(f"{cell[:1].strip('-=')}---{cell[1:][-1:].strip('-=')}" for cell in cells) + edge


def _cells(text: str) -> list[str]:
    return [cell.strip() for cell in _inner(text, "|").split("|")]


def _inner(text: str, bar: str) -> str:
    return text.strip().removeprefix(bar).removesuffix(bar)


def _is_rule(text: str) -> bool:
    return "-" in text and _RULE.issuperset(text) and ("|" in text or "+" in text)
