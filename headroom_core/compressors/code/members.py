"""What code is made of at its top and in its types, and what of it goes where there is no room for every signature."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from headroom_core.compressors.code.captures import Rows, captured, is_public, name_of, rows_above, rows_of
from headroom_core.compressors.code.parsing import Parsed

if TYPE_CHECKING:
    import tree_sitter

STATEMENT, PRIVATE, FIELD, PUBLIC, TYPE = range(5)
"""What a member is, that first which is missed least: imports and other code outside of functions, functions that are no part
of an interface, fields, the other functions, and types with all that is in them."""

MARKER_CHARS = 30
"""Characters of a marker without names, about."""

TRIED = 40
"""Members that are tried again when the others went."""

NAMED = 12
"""Names that a marker tells of what it stands for."""


@dataclass(frozen=True, slots=True)
class Member:
    """
    A declaration or a statement that can go as a whole.

    Attributes:
        rows: Its lines, with the comments and attributes right above.
        kind: What it is.
        name: What it declares, or an empty text.
        held: The number of the type that holds it, or 0 in the file itself.

    """

    rows: Rows
    kind: int
    name: str
    held: int


@dataclass(frozen=True, slots=True)
class Gone:
    """Members that stand together and go, with the names of what they declare; `empties` where their type holds no other."""

    rows: Rows
    names: tuple[str, ...]
    empties: bool

    @property
    def note(self) -> str:
        """What went, in names."""
        more = len(self.names) - NAMED
        return f"declares {', '.join(self.names[:NAMED])}{f' and {more:,} more' if more > 0 else ''}" if self.names else ""

    @property
    def marker_chars(self) -> int:
        """How many characters the marker takes, about."""
        return MARKER_CHARS + len(self.note)


def members(parsed: Parsed) -> list[Member]:
    """Return what a text is made of, in order; what is in a type stands behind it."""
    return sorted(_Members(parsed).of(parsed.root, 0), key=lambda one: (one.rows[0], -one.rows[1]))


def leave_out(found: Sequence[Member], shown: Sequence[int], room: int, calls: Mapping[str, int]) -> list[Gone]:
    """
    Return members to leave out so that a view has about `room` characters.

    `shown` is what each line takes in the view as it would be without that, and `calls` how often names are called.
    """
    order = sorted(found, key=lambda one: (one.kind, calls.get(one.name, 0), -one.rows[0]))
    before = list(accumulate(shown, initial=0))

    def size(hidden: set[Member]) -> int:
        went = _together(found, hidden)
        return before[-1] - sum(before[one.rows[1] + 1] - before[one.rows[0]] - one.marker_chars for one in went)

    least = bisect_left(range(len(order)), -room, key=lambda count: -size(set(order[:count])))
    hidden = set(order[:least])
    # The last that went may have made more room than was needed: those come back that fit it, the most missed first.
    for one in reversed(order[max(0, least - TRIED) : least]):
        inside = any(other.kind == TYPE and _holds(other, one) for other in hidden)
        if not inside and size(hidden - {one}) <= room:
            hidden.remove(one)
    return list(_together(found, hidden))


def _holds(outer: Member, inner: Member) -> bool:
    return outer is not inner and outer.rows[0] <= inner.rows[0] and inner.rows[1] <= outer.rows[1]


def _together(found: Sequence[Member], hidden: set[Member]) -> Iterator[Gone]:
    """Put members that went and stand side by side into one."""
    left = {one.held for one in found if one not in hidden}
    begun: list[Member] = []
    opened: set[int] = set()

    def close() -> Iterator[Gone]:
        if begun:
            held = begun[0].held
            names = tuple(dict.fromkeys(one.name for one in begun if one.name))
            yield Gone((begun[0].rows[0], begun[-1].rows[1]), names, bool(held) and held not in left and held not in opened)
            opened.add(held)
            begun.clear()

    end = -1
    for one in found:
        if one.rows[1] <= end:  # in a type that went
            continue
        if one not in hidden or (begun and begun[-1].held != one.held):
            yield from close()
        if one in hidden:
            begun.append(one)
            end = one.rows[1]
    yield from close()


class _Members:
    """Finds the members of one text."""

    def __init__(self, parsed: Parsed) -> None:
        self._data = parsed.data
        self._language = parsed.language
        captures = captured(parsed)
        self._above = rows_above(captures, parsed.data)
        self._types = {node.id for node in captures.get("type", ())}
        declared = {node.id: node for kind in ("type", "function", "named") for node in captures.get(kind, ())}
        self._functions = {node.id for node in captures.get("function", ())}
        self._declared = sorted(declared.values(), key=lambda node: (node.start_byte, -node.end_byte))
        self._starts = [node.start_byte for node in self._declared]
        self._next = 1
        self._skipped = {*self._language.comments, *self._language.attributes}

    def of(self, holder: tree_sitter.Node, held: int) -> Iterator[Member]:
        """Yield the members that a node holds, and those of types in it."""
        end = -1
        for child in holder.named_children:
            first, last = rows_of(child)
            while first - 1 in self._above and first - 1 > end:
                first -= 1
            if child.type in self._skipped or first <= end or self._shares_a_line(child):
                continue
            end = last
            inside = self._outermost(child)
            if len(inside) > 1:
                # Something around several declarations, such as a condition of the preprocessor.
                yield from self.of(child, held)
                continue
            node = inside[0] if inside else None
            name = name_of(node, self._data, self._language).rpartition(".")[2] if node is not None else ""
            yield Member((first, last), self._kind(node, name, held), name, held)
            if node is not None and node.id in self._types:
                body = node.child_by_field_name("body") or (node.named_children[-1] if node.named_children else None)
                if body is not None:
                    self._next += 1
                    yield from self.of(body, self._next)

    def _kind(self, node: tree_sitter.Node | None, name: str, held: int) -> int:
        if node is None or not name:
            return FIELD if held else STATEMENT
        if node.id in self._functions:
            return PUBLIC if is_public(node, self._data, self._language) else PRIVATE
        return TYPE

    def _outermost(self, child: tree_sitter.Node) -> list[tree_sitter.Node]:
        """Return the declarations in a node that stand in no other one."""
        found: list[tree_sitter.Node] = []
        end = -1
        for place in range(bisect_left(self._starts, child.start_byte), len(self._declared)):
            node = self._declared[place]
            if node.start_byte >= child.end_byte:
                break
            if node.start_byte >= end:
                found.append(node)
                end = node.end_byte
        return found

    def _shares_a_line(self, node: tree_sitter.Node) -> bool:
        before = self._data[self._data.rfind(b"\n", 0, node.start_byte) + 1 : node.start_byte]
        end = self._data.find(b"\n", node.end_byte)
        behind = self._data[node.end_byte : end if end >= 0 else len(self._data)].strip()
        return bool(before.strip()) or (behind not in (b"", b";", b",") and not behind.startswith((b"//", b"#", b"--", b"/*")))
