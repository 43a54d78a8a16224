"""Lists of like entries in a configuration file, and which entries stand for the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from headroom_core.compressors.config.syntax import Syntax
from headroom_core.compressors.rows import Column, choose, study

LEAST_ENTRIES = 12
"""Lists of fewer entries are shown whole."""

MOST_COLUMNS = 40
"""Keys of the entries that are looked at, the commonest."""


@dataclass(slots=True)
class Entries:
    """A list: the first line of each entry, and the line behind the last."""

    starts: list[int]
    end: int

    def bounds(self, entry: int) -> tuple[int, int]:
        """Return the first line of an entry and the line behind it."""
        return self.starts[entry], self.starts[entry + 1] if entry + 1 < len(self.starts) else self.end


def find_entries(syntax: Syntax, texts: Sequence[str]) -> list[Entries]:
    """Return the outermost long lists, in order."""
    found = _lists(syntax) if syntax.indented else _tables(syntax, texts)
    long = sorted((one for one in found if len(one.starts) >= LEAST_ENTRIES), key=lambda one: (one.starts[0], -one.end))
    outermost: list[Entries] = []
    for one in long:
        if not outermost or one.starts[0] >= outermost[-1].end:
            outermost.append(one)
    return outermost


def _lists(syntax: Syntax) -> list[Entries]:
    """Return the lists of YAML, by dashes of one depth."""
    found: list[Entries] = []
    stack: list[tuple[int, Entries]] = []
    for place, kind in enumerate(syntax.kinds):
        if kind in ("comment", "blank", "value"):
            continue
        depth = -1 if kind == "section" else syntax.depths[place]
        while stack and (stack[-1][0] > depth or (stack[-1][0] == depth and kind != "item")):
            stack.pop()[1].end = place
        if kind != "item":
            continue
        if stack and stack[-1][0] == depth:
            stack[-1][1].starts.append(place)
        else:
            found.append(Entries([place], len(syntax.kinds)))
            stack.append((depth, found[-1]))
    return found


def _tables(syntax: Syntax, texts: Sequence[str]) -> list[Entries]:
    """Return the arrays of tables of TOML, `[[name]]` again and again, each with the tables inside it."""
    found: list[Entries] = []
    name = ""
    for place, kind in enumerate(syntax.kinds):
        if kind != "section":
            continue
        text = texts[place].strip()
        here = text.strip("[] ")
        if name and here.startswith(f"{name}."):
            continue
        if text.startswith("[[") and here == name:
            found[-1].starts.append(place)
            continue
        if name:
            found[-1].end = place
            name = ""
        if text.startswith("[["):
            name = here
            found.append(Entries([place], len(syntax.kinds)))
    return found


def choose_entries(entries: Entries, syntax: Syntax, keep: int) -> list[int]:
    """Return which entries are shown, by what their keys say: rare, wrong and extreme ones, and both ends."""
    rows = len(entries.starts)
    cells: dict[str, dict[int, str]] = {}
    for row in range(rows):
        first, end = entries.bounds(row)
        for place in range(first, end):
            if syntax.kinds[place] in ("key", "item"):
                name, value = syntax.names.get(place, ""), syntax.values.get(place, "")
                if not name and ": " in value:
                    name, _, value = value.partition(": ")
                column = cells.setdefault(name, {})
                column[row] = f"{column[row]} {value}" if row in column else value
    common = Counter({name: len(column) for name, column in cells.items()}).most_common(MOST_COLUMNS)
    columns = [Column(name, [cells[name].get(row, "") for row in range(rows)]) for name, _ in common]
    findings = study(columns, rows)
    # A key that hardly any entry has is not among the commonest, and the entry that has it is the one to see.
    findings.rare.extend(row for column in cells.values() if len(column) <= max(1, rows // 50) for row in column)
    return choose(findings, rows, keep)
