"""From a syntax tree to what may be cut: the bodies of functions, comments and literals of many lines."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from headroom_core.compressors.code.captures import Captures, Rows, beside, body_of, captured, is_public, name_of, rows_of
from headroom_core.compressors.code.parsing import Parsed

if TYPE_CHECKING:
    import tree_sitter

KEPT_NOTES = re.compile(rb"\b(?:TODO|FIXME|SAFETY|XXX|HACK|BUG)\b")
"""Words of comments that are shown wherever they stand."""

LIST_ROWS = 8
"""Literals of no more lines than this stay whole."""

ENUM_ROWS = 40
"""The same for the constants of an enumeration: each is a name of its own, but a list of so many is a table."""

GROUP_ROWS = 24
"""Lines of a function without a name, at the least, that is a group of others, such as tests, and not a callback."""

MEMBER_ROWS = 5
"""Lines of a member of a group, at the least: shorter ones are callbacks in a list of steps."""

LIST_HEAD = 2
"""Elements shown of a longer one from its start, beside its last."""

LEAST_CUT = 48
"""Characters of statements, of a comment or of a literal's elements that are worth a marker."""

HEREDOC = "heredoc_body"
"""What all grammars that have it call the text of a statement that stands on the lines below it."""

NAME_CHARS = 40
"""Characters of a name, at the most, that a marker repeats."""

_NAME = re.compile(r"[^\W\d][\w.:!?]*")


@dataclass(slots=True)
class Body:
    """
    The body of a function.

    Attributes:
        head: The line that the function starts on.
        runs: The lines that may be cut: whole statements, without those that declare something.
        empties: Whether no statement is left when all runs are cut.
        public: Whether the function is part of an interface.
        calls: How often its name is called in the file.

    """

    head: int
    runs: list[Rows]
    empties: bool
    public: bool
    calls: int


@dataclass(slots=True)
class Outline:
    """What may be cut of a text, and what stands where."""

    bodies: list[Body] = field(default_factory=list)
    comments: list[Rows] = field(default_factory=list)
    lists: list[Rows] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)
    """Lines of comments that are shown wherever they stand."""

    named: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    """By what was captured (`call`, `raise`, `catch`, `return`, `yield`): line and name, in order."""

    calls: Counter[str] = field(default_factory=Counter)
    """How often each name is called."""

    declared: set[str] = field(default_factory=set)
    """Names of functions, as they are called."""


def outline(parsed: Parsed) -> Outline:
    """Return what may be cut of a text."""
    return _Finder(parsed, captured(parsed)).find()


class _Finder:
    def __init__(self, parsed: Parsed, captures: Captures) -> None:
        self._data = parsed.data
        self._read = parsed.read
        self._language = parsed.language
        self._captures = captures
        self._functions = sorted(captures.get("function", ()), key=lambda node: node.start_byte)
        self._docs = {node.start_byte for node in captures.get("doc", ())}
        self._out = Outline()
        self._lines = parsed.data.split(b"\n")

    def find(self) -> Outline:
        out = self._out
        for name in ("call", "raise", "catch", "return", "yield"):
            said = sorted(
                {
                    (node.start_byte, node.start_point[0], self._data[node.start_byte : node.end_byte])
                    for node in self._captures.get(name, ())
                }
            )
            out.named[name] = [(row, text.decode("utf-8", "replace")) for _, row, text in said]
        out.calls.update(name for _, name in out.named["call"])
        self._comments()
        bodies = [body_of(node, self._language) for node in self._functions]
        names = [name_of(node, self._data, self._language) for node in self._functions]
        out.declared = {name.rpartition(".")[2] for name in names} - {""}
        # What is declared in a body stays: where its statements hold a name or a type, they are shown.
        declared = sorted(
            [node.start_byte for node, name in zip(self._functions, names, strict=True) if name]
            + [node.start_byte for node in self._captures.get("type", ())]
        )
        every = sorted(node.start_byte for node, body in zip(self._functions, bodies, strict=True) if body is not None)
        holding = sorted({*declared, *every})
        covered = bytearray(len(self._lines) + 1)
        for node, body, name in zip(self._functions, bodies, names, strict=True):
            if body is None or _is_torn(node) or (_is_torn(body) and not self._language.quotes):
                continue
            if covered[node.start_point[0]]:
                continue
            is_group = not name and self._contains(body, every)
            made = self._body(node, body, holding if is_group else declared, out.calls[name.rpartition(".")[2]])
            if made is not None:
                out.bodies.append(made)
                for first, last in made.runs:
                    covered[first : last + 1] = b"\1" * (last + 1 - first)
        self._lists([rows for body in out.bodies for rows in body.runs])
        return out

    def _body(self, node: tree_sitter.Node, body: tree_sitter.Node, declared: list[int], calls: int) -> Body | None:
        runs: list[Rows] = []
        kept = 0
        docs, comments = self._docs, self._language.comments
        for statement in self._statements(body, runs):
            start, end = statement.start_byte, statement.end_byte
            rows = rows_of(statement)
            if statement.type == HEREDOC and runs and rows[0] == runs[-1][1]:
                runs[-1] = (runs[-1][0], rows[1])
                continue
            inside = bisect_left(declared, start) < bisect_right(declared, end)
            if (
                not self._alone(start, end)
                or inside
                or start in docs
                or (statement.child_count and statement.children[0].start_byte in docs)
            ):
                kept += statement.type not in comments
                continue
            if runs and not self._between(runs[-1][1] + 1, rows[0]):
                runs[-1] = (runs[-1][0], rows[1])
            else:
                runs.append(rows)
        worth = [rows for rows in runs if sum(len(self._lines[row]) + 1 for row in range(rows[0], rows[1] + 1)) > LEAST_CUT]
        if not worth:
            return None
        kept += len(runs) - len(worth)
        public = is_public(node, self._data, self._language)
        return Body(node.start_point[0], list(self._without_notes(worth)), not kept, public, calls)

    def _statements(self, body: tree_sitter.Node, runs: list[Rows]) -> list[tree_sitter.Node]:
        """Return the statements of a body that may go; of one that is quoted and does not parse, its lines go to `runs`."""
        quotes = [child for child in body.children if child.type in self._language.quotes]
        if quotes and body.has_error:
            first, last = quotes[0].start_point[0] + 1, quotes[-1].start_point[0] - 1
            runs += [(first, last)] if first <= last else []
            return []
        if not self._language.statements:
            return body.named_children
        return [child for child in body.named_children if child.type in self._language.statements][1:]

    def _contains(self, body: tree_sitter.Node, every: list[int]) -> bool:
        """Tell whether a body is there for the functions in it, as a group of tests is."""
        if body.end_point[0] - body.start_point[0] < GROUP_ROWS:
            return False
        statements = [one for one in body.named_children if one.type not in self._language.comments]
        holding = sum(
            bisect_left(every, one.start_byte) < bisect_right(every, one.end_byte)
            and one.end_point[0] - one.start_point[0] >= MEMBER_ROWS - 1
            for one in statements
        )
        return 2 * holding >= len(statements)

    def _between(self, first: int, end: int) -> bool:
        """Tell whether something stands on the lines between two statements: only then do they make two runs."""
        return any(self._lines[row].strip() for row in range(first, end))

    def _without_notes(self, runs: list[Rows]) -> Iterator[Rows]:
        """Part runs at comments that are shown wherever they stand."""
        for first, last in runs:
            start = first
            for row in self._out.notes[bisect_left(self._out.notes, first) : bisect_right(self._out.notes, last)]:
                if row > start:
                    yield start, row - 1
                start = row + 1
            if start <= last:
                yield start, last

    def _line_start(self, place: int) -> int:
        return self._data.rfind(b"\n", 0, place) + 1

    def _alone(self, start: int, end: int) -> bool:
        """Tell whether nothing but blanks and what ends a statement stands beside a node on its lines."""
        before, behind = beside(self._read, start, end)
        ended = behind in (b"", b";", b",") or behind.lstrip(b";, ").startswith((b"//", b"#", b"--"))
        return not before and ended

    def _comments(self) -> None:
        """Find comments of many lines: blocks, strings that document, and runs of comments on lines of their own."""
        out = self._out
        run: list[Rows] = []
        nodes = sorted([*self._captures.get("comment", ()), *self._captures.get("doc", ())], key=lambda node: node.start_byte)
        for node in nodes:
            rows = rows_of(node)
            before = self._data[self._line_start(node.start_byte) : node.start_byte]
            if KEPT_NOTES.search(self._data, node.start_byte, node.end_byte):
                if not before.strip():
                    out.notes.extend(range(rows[0], rows[1] + 1))
                self._end(run)
                run = []
            elif before.strip():
                continue
            elif rows[1] > rows[0]:
                self._end(run)
                run = []
                # Where code follows a comment on its last line, that line is the code's.
                out.comments.append(rows if self._ends_its_line(node) else (rows[0], rows[1] - 1))
            elif run and run[-1][1] + 1 == rows[0]:
                run.append(rows)
            else:
                self._end(run)
                run = [rows]
        self._end(run)

    def _ends_its_line(self, node: tree_sitter.Node) -> bool:
        end = self._data.find(b"\n", node.end_byte - 1)
        return not self._data[node.end_byte : end if end >= 0 else len(self._data)].strip()

    def _end(self, run: list[Rows]) -> None:
        if len(run) > 1:
            self._out.comments.append((run[0][0], run[-1][1]))

    def _lists(self, cut: list[Rows]) -> None:
        """Find literals of many lines, outermost first, in which no function stands."""
        starts = [node.start_byte for node in self._functions]
        cut = sorted(cut)
        end = -1
        for node in sorted(self._captures.get("list", ()), key=lambda node: (node.start_byte, -node.end_byte)):
            first, last = rows_of(node)
            if node.start_byte < end or last - first < (ENUM_ROWS if "enum" in node.type else LIST_ROWS):
                continue
            if bisect_left(starts, node.start_byte) < bisect_right(starts, node.end_byte) or node.has_error:
                continue
            elements = [child for child in node.named_children if child.type not in self._language.comments]
            if len(elements) <= LIST_HEAD + 2:
                continue
            inner = (rows_of(elements[LIST_HEAD])[0], rows_of(elements[-2])[1])
            shares = rows_of(elements[LIST_HEAD - 1])[1] >= inner[0] or rows_of(elements[-1])[0] <= inner[1]
            place = bisect_right(cut, (inner[0], 1 << 60)) - 1
            if shares or (place >= 0 and cut[place][0] <= inner[0] <= cut[place][1]):
                continue
            end = node.end_byte
            self._out.lists.append(inner)


def _is_torn(node: tree_sitter.Node) -> bool:
    """Tell whether a node lacks a part, or has one that does not parse. Errors deeper down stand inside of statements."""
    return node.has_error and any(child.is_error or child.is_missing for child in node.children)


def named_between(named: list[tuple[int, str]], rows: Rows, most: int) -> list[str]:
    """Return the different plain names on some lines, the first ones."""
    found: dict[str, None] = {}
    for place in range(bisect_left(named, (rows[0], "")), len(named)):
        row, name = named[place]
        if row > rows[1] or len(found) == most:
            break
        if len(name) <= NAME_CHARS and _NAME.fullmatch(name):
            found[name] = None
    return list(found)
