"""What a language's row asks for of a syntax tree: functions, types, comments, literals, and what is called in them."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from headroom_core.compressors.code.languages import Language
from headroom_core.compressors.code.parsing import Parsed, grammar

if TYPE_CHECKING:
    import tree_sitter

Rows = tuple[int, int]
"""The first and the last of some lines, counted from 0."""

Captures = dict[str, list["tree_sitter.Node"]]
"""Nodes by what they were captured as: the rows of `Language`, in the singular, and what its queries call them."""

HEAD_BYTES = 200
"""Bytes of a function's first line that are looked at."""

_PARTED = re.compile(r"::|->|[#:\\/.]+")
"""What stands between the names of what holds something and the thing, in one language or another."""

_ARGUMENTS = re.compile(r"<[^<>]*>|\([^()]*\)|\[[^\[\]]*\]")
"""Arguments of types and calls, innermost first, which are no part of a name."""

_IN_TYPES_OF_ARGUMENTS = "abstract_function_declarator"
_DECLARATORS_WITHOUT_FIELD = ("parenthesized_declarator", "reference_declarator")
_NAMED_BY_PARENT = {
    "variable_declarator": "name",
    "pair": "key",
    "field_definition": "property",
    "public_field_definition": "name",
    "assignment_expression": "left",
    "assignment_statement": "",
}
"""What gives a function without a name the one that it is called by (`const work = () => …`), and the field that has it: the
first of its parts where that is no field."""


@cache
def _query(language: Language) -> tree_sitter.Query:
    import tree_sitter  # noqa: PLC0415  # not before there is code

    parts = [
        f"[{' '.join(f'({kind})' for kind in kinds)}] @{name}"
        for name, kinds in (
            ("function", language.functions),
            ("type", language.types),
            ("named", language.named),
            ("attribute", language.attributes),
            ("comment", language.comments),
            ("list", language.lists),
        )
        if kinds
    ]
    parts += [language.docstring, language.calls, language.raises, language.catches, language.returns, language.yields]
    return tree_sitter.Query(grammar(language), "\n".join(filter(None, parts)))


def captured(parsed: Parsed) -> Captures:
    """Return the nodes that the row of a text's language asks for."""
    import tree_sitter  # noqa: PLC0415  # as above

    return tree_sitter.QueryCursor(_query(parsed.language)).captures(parsed.root)


def name_of(node: tree_sitter.Node, data: bytes, language: Language) -> str:
    """Return the name of a function or a type, as it is spelled where it is declared; empty where it has none."""
    named = node.child_by_field_name("name")
    if named is None:
        named = node.child_by_field_name("declarator")
        while named is not None:
            inner = named.child_by_field_name("declarator")
            if inner is None and named.type in _DECLARATORS_WITHOUT_FIELD:
                inner = next(iter(named.named_children), None)
            if inner is None:
                break
            named = inner
    if named is None:
        named = _given(node)
    if named is None and node.type in language.types:
        named = node.child_by_field_name("type")  # an `impl` of a type
    if named is None and language.names:
        named = next((child for child in node.named_children if child.type in language.names), None)
        if named is not None and named.type.endswith("declaration"):
            named = next(iter(named.named_children), None)
    if named is None or named.type == _IN_TYPES_OF_ARGUMENTS:
        return ""
    return data[named.start_byte : named.end_byte].decode("utf-8", "replace")


def plain_name(said: str) -> str:
    """Return a name as symbols are named, however a language or a reader spells it: `Session::request()`, `Session#request`."""
    before = ""
    while said != before:
        before, said = said, _ARGUMENTS.sub("", said)
    return _PARTED.sub(".", "".join(said.split())).strip(".&*").replace(".prototype.", ".")


def _given(node: tree_sitter.Node) -> tree_sitter.Node | None:
    """Return the name that a function is given by what it is assigned to."""
    giver = node.parent
    if giver is not None and giver.type == "expression_list" and giver.named_child_count == 1:
        giver = giver.parent
    if giver is None or giver.type not in _NAMED_BY_PARENT:
        return None
    field = _NAMED_BY_PARENT[giver.type]
    named = giver.child_by_field_name(field) if field else next(iter(giver.named_children), None)
    return None if named is None or named.id == node.id else named


def body_of(node: tree_sitter.Node, language: Language) -> tree_sitter.Node | None:
    """Return what holds the statements of a function, or None where it has none."""
    kinds = language.bodies
    if node.type in kinds:
        return node
    body = node.child_by_field_name("body")
    while body is not None and body.type not in kinds:  # such as a `try` around all of it
        body = body.child_by_field_name("body")
    if body is None:
        body = next((child for child in reversed(node.named_children) if child.type in kinds), None)
    if body is None:
        return None
    while True:
        inner = [child for child in body.named_children if child.type not in language.comments]
        if len(inner) != 1 or inner[0].type not in kinds or inner[0].type == body.type:
            return body
        body = inner[0]


def is_public(node: tree_sitter.Node, data: bytes, language: Language) -> bool:
    """Tell whether a function is part of an interface, as far as the line that it starts on tells."""
    start = data.rfind(b"\n", 0, node.start_byte) + 1
    head = data[start : min(node.end_byte, start + HEAD_BYTES)].split(b"\n", 1)[0].decode("utf-8", "replace")
    return not (language.private and re.match(language.private, head))


def rows_of(node: tree_sitter.Node) -> Rows:
    """Return the first and the last line of a node; one that ends with a line feed ends on the line before."""
    first, last = node.start_point[0], node.end_point[0]
    return first, max(first, last - (node.end_point[1] == 0 and last > first))


def rows_above(captures: Captures, data: bytes) -> set[int]:
    """Return the lines of comments and attributes, which belong to what stands right below them."""
    lines = data.split(b"\n")
    found: set[int] = set()
    for node in (*captures.get("comment", ()), *captures.get("attribute", ())):
        first, last = rows_of(node)
        if not lines[first][: node.start_point[1]].strip():
            found.update(range(first, last + 1))
    return found


def beside(data: bytes, start: int, end: int) -> tuple[bytes, bytes]:
    """Return what stands beside a node: before it on its first line, and behind it on its last, without blanks around."""
    before = data[data.rfind(b"\n", 0, start) + 1 : start].strip()
    if data[end - 1 : end] == b"\n":
        return before, b""
    stop = data.find(b"\n", end)
    return before, data[end : stop if stop >= 0 else len(data)].strip()
