"""What code declares, by name: functions, methods, classes and other types, with the lines that each stands on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from headroom_core.compressors.code.captures import Rows, captured, name_of, plain_name, rows_above, rows_of
from headroom_core.compressors.code.numbered import unnumbered
from headroom_core.compressors.code.parsing import Parsed, parse_best

if TYPE_CHECKING:
    import tree_sitter


@dataclass(frozen=True, slots=True)
class Symbol:
    """
    Something that is declared.

    Attributes:
        name: Its name behind those of what holds it, with points between them in every language: `Session.request`.
        rows: Its first and its last line, counted from 0: with its decorators and the comment right above, as it stands.

    """

    name: str
    rows: Rows


def symbols(text: str, language: str | None = None) -> list[Symbol]:
    """Return what a text declares, in order; nothing where it parses as no language that is known."""
    parsed = parse_best(unnumbered(text) or text, language)
    return [] if parsed is None else _Declared(parsed).symbols()


def matching(found: Sequence[Symbol], said: str) -> list[Symbol]:
    """
    Return the symbols of a name: those that bear it in full, or else those that end in it, as `request` ends `Session.request`.

    One that holds all the others, as a class does its constructors, is meant alone.
    """
    name = plain_name(said)
    same = [one for one in found if one.name == name] or [one for one in found if one.name.endswith(f".{name}")]
    return same[:1] if all(one.rows[1] <= same[0].rows[1] for one in same) else same


class _Declared:
    """Finds the symbols of one text."""

    def __init__(self, parsed: Parsed) -> None:
        self._data = parsed.data
        self._language = parsed.language
        self._captures = captured(parsed)
        self._lines = parsed.data.split(b"\n")
        self._above = rows_above(self._captures, parsed.data)

    def symbols(self) -> list[Symbol]:
        nodes = {node.id: node for kind in ("type", "function", "named") for node in self._captures.get(kind, ())}
        found: list[Symbol] = []
        holding: list[tuple[int, str]] = []  # where what holds the next node ends, and its name
        for node in sorted(nodes.values(), key=lambda node: (node.start_byte, -node.end_byte)):
            while holding and holding[-1][0] < node.end_byte:
                holding.pop()
            own = plain_name(self._named(node))
            if not own:
                continue
            name = f"{holding[-1][1]}.{own}" if holding else own
            holding.append((node.end_byte, name))
            found.append(Symbol(name, self._rows(node)))
        return self._joined(found)

    def _named(self, node: tree_sitter.Node) -> str:
        name = name_of(node, self._data, self._language)
        if not name:
            return ""
        receiver = node.child_by_field_name("receiver")
        # A method that names its type beside itself is held by it.
        return f"{self._text(receiver).strip('()').split()[-1].lstrip('*')}.{name}" if receiver is not None else name

    def _text(self, node: tree_sitter.Node) -> str:
        return self._data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def _rows(self, node: tree_sitter.Node) -> Rows:
        """Return the lines of a node, with what is declared along with it: decorators, `export`, the comment above."""
        outer, apart = node, {*self._language.bodies, *self._language.types}
        while (parent := outer.parent) is not None and parent.parent is not None and parent.type not in apart:
            if self._data[outer.end_byte : parent.end_byte] not in (b"", b";"):
                break
            outer = parent
        first, last = rows_of(outer)
        while first - 1 in self._above:
            first -= 1
        return first, last

    def _joined(self, found: list[Symbol]) -> list[Symbol]:
        """Take what bears one name and stands together, such as overloads and what they lead to, for one thing."""
        by_name: dict[str, list[Symbol]] = defaultdict(list)
        for one in found:
            same = by_name[one.name]
            if same and not any(self._lines[row].strip() for row in range(same[-1].rows[1] + 1, one.rows[0])):
                same[-1] = replace(same[-1], rows=(same[-1].rows[0], max(one.rows[1], same[-1].rows[1])))
            else:
                same.append(one)
        return sorted((one for same in by_name.values() for one in same), key=lambda one: (one.rows[0], -one.rows[1]))
