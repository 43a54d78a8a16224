"""What code is made of at its top and in its types, and what of it goes where there is no room for every signature."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from headroom_core.compressors.code.captures import Rows, beside, captured, is_public, name_of, plain_name, rows_above, rows_of
from headroom_core.compressors.code.parsing import Parsed

if TYPE_CHECKING:
    import tree_sitter

STATEMENT, PRIVATE, FIELD, PUBLIC, TYPE = range(5)
"""What a member is, that first which is missed least: imports and other code outside of functions; what is no part of an
interface, with all that is in it; fields; the other functions; and types."""

_TYPE = re.compile("class|struct|enum|union|type|trait|interface|protocol|object|module|impl|namespace|extension|table|view")
"""What grammars call nodes that declare types."""

NAME_CHARS = 40
"""Characters of a name, at the most, that a marker tells."""

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
        names: What it declares.
        held: The number of the type that holds it, or 0 in the file itself.

    """

    rows: Rows
    kind: int
    names: tuple[str, ...]
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


@dataclass(frozen=True, slots=True)
class Members:
    """
    What a text is made of.

    Attributes:
        found: The members, in order; what is in a type stands behind it.
        fixed: Lines that are part of none of them and stay: what stands around them.

    """

    found: Sequence[Member]
    fixed: frozenset[int]


def members(parsed: Parsed) -> Members:
    """Return what a text is made of."""
    finder = _Members(parsed)
    found = sorted(finder.of(parsed.root, 0), key=lambda one: (one.rows[0], -one.rows[1]))
    held = {row for one in found for row in range(one.rows[0], one.rows[1] + 1)}
    lines = enumerate(parsed.data.split(b"\n"))
    return Members(found, frozenset(row for row, line in lines if line.strip() and row not in held and row not in finder.above))


def leave_out(all_members: Members, shown: Sequence[int], room: int, calls: Mapping[str, int]) -> list[Gone]:
    """
    Return members to leave out so that a view has about `room` characters.

    `shown` is what each line takes in the view as it would be without that, and `calls` how often names are called.
    """
    found = all_members.found
    before = list(accumulate(shown, initial=0))

    def missed(one: Member) -> tuple[int, bool, int, int]:
        """Return how much a member is missed: of functions those stay, as many as there is room for, that take little."""
        taken = before[one.rows[1] + 1] - before[one.rows[0]]
        called = sum(calls.get(name, 0) for name in one.names)
        return one.kind, one.kind == TYPE and not one.held, -taken if one.kind >= PUBLIC else called, -one.rows[0]

    order = sorted(found, key=missed)

    def size(hidden: set[Member]) -> int:
        went = _together(all_members, hidden)
        return before[-1] - sum(before[one.rows[1] + 1] - before[one.rows[0]] - one.marker_chars for one in went)

    least = bisect_left(range(len(order)), -room, key=lambda count: -size(set(order[:count])))
    hidden = set(order[:least])
    # The last that went may have made more room than was needed: those come back that fit it, the most missed first.
    for one in reversed(order[max(0, least - TRIED) : least]):
        inside = any(other.kind == TYPE and _holds(other, one) for other in hidden)
        if not inside and size(hidden - {one}) <= room:
            hidden.remove(one)
    return list(_together(all_members, hidden))


def _holds(outer: Member, inner: Member) -> bool:
    return outer is not inner and outer.rows[0] <= inner.rows[0] and inner.rows[1] <= outer.rows[1]


def all_of(all_members: Members) -> list[Gone]:
    """Return everything that stands in the open, as what went: the least that a view can show."""
    return list(_together(all_members, {one for one in all_members.found if not one.held}))


def _together(all_members: Members, hidden: set[Member]) -> Iterator[Gone]:
    """Put members that went and stand side by side into one."""
    found = all_members.found
    left = {one.held for one in found if one not in hidden}
    begun: list[Member] = []
    opened: set[int] = set()

    def close() -> Iterator[Gone]:
        if begun:
            held = begun[0].held
            names = tuple(dict.fromkeys(name for one in begun for name in one.names))
            yield Gone((begun[0].rows[0], begun[-1].rows[1]), names, bool(held) and held not in left and held not in opened)
            opened.add(held)
            begun.clear()

    end = -1
    for one in found:
        if one.rows[1] <= end:  # in a type that went
            continue
        apart = begun and (
            begun[-1].held != one.held or not all_members.fixed.isdisjoint(range(begun[-1].rows[1] + 1, one.rows[0]))
        )
        if one not in hidden or apart:
            yield from close()
        if one in hidden:
            begun.append(one)
            end = one.rows[1]
    yield from close()


class _Members:
    """Finds the members of one text."""

    def __init__(self, parsed: Parsed) -> None:
        self._data = parsed.data
        self._read = parsed.read
        self._language = parsed.language
        captures = captured(parsed)
        self.above = rows_above(captures, parsed.data)
        self._types = {node.id for node in captures.get("type", ())}
        declared = {node.id: node for kind in ("type", "function", "named") for node in captures.get(kind, ())}
        self._functions = {node.id for node in captures.get("function", ())}
        self._declared = sorted(declared.values(), key=lambda node: (node.start_byte, -node.end_byte))
        self._starts = [node.start_byte for node in self._declared]
        self._next = 1
        self._skipped = {*self._language.comments, *self._language.attributes}

    def of(self, holder: tree_sitter.Node, held: int, *, private: bool = False) -> Iterator[Member]:
        """Yield the members that a node holds, and those of types in it; `private` tells that all of them are."""
        end = -1
        for child in holder.named_children:
            first, last = rows_of(child)
            if child.type in self._language.transparent and last > first:
                yield from self.of(child, held, private=private)
                end = last
                continue
            while first - 1 in self.above and first - 1 > end:
                first -= 1
            if child.type in self._skipped or first <= end or self._shares_a_line(child):
                continue
            end = last
            inside = self._outermost(child)
            node = inside[0] if len(inside) == 1 else None
            kind = PRIVATE if private else self._kind(node, held)
            names = tuple(filter(None, (self._name(one) for one in inside)))
            if not (kind == FIELD and self._data[child.start_byte : child.start_byte + 1] == b"#"):  # which its type needs
                yield Member((first, last), kind, names, held)
            if node is not None and node.id in self._types:
                body = node.child_by_field_name("body") or (node.named_children[-1] if node.named_children else None)
                if body is not None:
                    self._next += 1
                    yield from self.of(body, self._next, private=kind == PRIVATE)

    def _name(self, node: tree_sitter.Node) -> str:
        """Return the name of a declaration as a marker tells it; nothing where it is long or holds more than a name."""
        name = plain_name(name_of(node, self._data, self._language)).rpartition(".")[2]
        return name if len(name) <= NAME_CHARS else ""

    def _kind(self, node: tree_sitter.Node | None, held: int) -> int:
        if node is None:
            return FIELD if held else STATEMENT
        if not is_public(node, self._data, self._language):
            return PRIVATE
        if node.id in self._functions or not _TYPE.search(node.type):
            return PUBLIC
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
        before, behind = beside(self._read, node.start_byte, node.end_byte)
        ended = behind in (b"", b";", b",") or behind.startswith((b"//", b"#", b"--", b"/*"))
        return bool(before) or not ended
