"""
A decoder of lossless JSON views, written from the documented format and not from the code that writes it.

Values come back in a form that forgets nothing: numbers as ("number", spelling), objects as ("object", pairs in order).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

_TITLE = re.compile(r"(table|list)(?: (/\S*))?: (\d+) rows(?:; .*)?")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|NaN|-?Infinity", re.ASCII)
ABSENT = object()


def exact(text: str) -> Any:
    """Parse JSON (or JSON lines) so that spelling, order and duplicate keys can be compared."""

    def number(digits: str) -> Any:
        return ("number", digits)

    def loads(part: str) -> Any:
        return json.loads(
            part,
            parse_int=number,
            parse_float=number,
            parse_constant=number,
            object_pairs_hook=lambda pairs: ("object", pairs),
        )

    try:
        return loads(text)
    except json.JSONDecodeError:
        return [loads(line) for line in text.split("\n") if line.strip()]


class Reader:
    """Reads one line from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def peek(self) -> str:
        """Return the next character, `""` at the end."""
        return self.text[self.at : self.at + 1]

    def take(self, expected: str) -> bool:
        """Pass over a text if it comes next."""
        if self.text.startswith(expected, self.at):
            self.at += len(expected)
            return True
        return False

    def string(self) -> Any:
        """Read a JSON string."""
        value, self.at = json.decoder.scanstring(self.text, self.at + 1, True)  # type: ignore[attr-defined]  # noqa: FBT003  # C function, positional only
        return value

    def until(self, stops: str) -> str:
        """Read up to one of the stops that stands outside braces."""
        start = self.at
        depth = 0
        while self.at < len(self.text):
            char = self.text[self.at]
            if depth == 0 and char in stops:
                break
            depth += (char == "{") - (char == "}")
            self.at += 1
        return self.text[start : self.at]

    def plain(self, stops: str) -> str:
        """Read up to one of the stops."""
        start = self.at
        while self.at < len(self.text) and self.text[self.at] not in stops:
            self.at += 1
        return self.text[start : self.at]

    def json(self) -> Any:
        """Read a JSON value; `(table /path)` stands for a table."""
        char = self.peek()
        if char == '"':
            return self.string()
        if char == "(":
            stand_in = re.match(r"\((?:table|list) (\S*?)\)", self.text[self.at :])
            assert stand_in, self.text[self.at :]
            self.at += stand_in.end()
            return ("block", stand_in[1])
        if char in "[{":
            self.at += 1
            items = []
            while not self.take("]" if char == "[" else "}"):
                key = self.string() if char == "{" else None
                if char == "{":
                    assert self.take(":")
                value = self.json()
                items.append(value if char == "[" else (key, value))
                self.take(",")
            return items if char == "[" else ("object", items)
        return scalar(self.plain(",]}"))

    def name(self, stops: str) -> str:
        """Read the name of a column."""
        return self.string() if self.peek() == '"' else self.plain(stops)


def scalar(text: str) -> Any:
    """Decode a bare cell."""
    if text in ("null", "true", "false"):
        return {"null": None, "true": True, "false": False}[text]
    return ("number", text) if _NUMBER.fullmatch(text) else text


def cell(text: str) -> Any:
    """Decode a whole cell that is not nested."""
    if text == "":
        return ABSENT
    return Reader(text).json() if text[0] in '"[{' else scalar(text)


class Column:
    """One column of a table: its name, and how its cells are told."""

    def __init__(self, name: str, kind: str, stated: str = "", children: list[Column] | None = None) -> None:
        self.name, self.kind, self.stated, self.children = name, kind, stated, children or []

    def dense(self) -> Iterator[Column]:
        """Yield the columns that have a cell in every row."""
        if self.kind in ("cell", "records"):
            yield self
        elif self.kind == "group":
            for child in self.children:
                yield from child.dense()


def columns(reader: Reader) -> list[Column]:
    """Read the names of the columns up to a closing brace or the end."""
    found: list[Column] = []
    while reader.peek() not in ("", "}"):
        # (key) and (1) without quotes are no names of members but places: of an object's like members, of a list's items.
        place = "\1" if reader.peek() == "(" else ""
        name = place + reader.name(",.=~[}")
        if reader.take("[].{"):
            found.append(Column(name, "records", children=columns(reader)))
            assert reader.take("}")
        elif reader.take(".{"):
            found.append(Column(name, "group", "always", columns(reader)))
            assert reader.take("}")
        elif reader.take("~.{") or reader.take("~null.{"):
            default = "null" if reader.text[: reader.at].endswith("~null.{") else ""
            found.append(Column(name, "group", default, columns(reader)))
            assert reader.take("}")
        elif reader.peek() in ("=", "~"):
            kind = "derived" if reader.take("=") else "default"
            reader.take("~")
            stated = stated_cell(reader)
            if kind == "derived" and not (stated[:1] not in '"[' and "{" in stated and not is_json(stated)):
                kind = "constant"
            found.append(Column(name, kind, stated))
        else:
            found.append(Column(name, "cell"))
        reader.take(",")
    return found


def is_json(text: str) -> bool:
    """Tell whether a text is JSON."""
    try:
        json.loads(text, parse_int=str)
    except json.JSONDecodeError:
        return False
    return True


def stated_cell(reader: Reader) -> str:
    """Read the cell or the template that a header states."""
    start = reader.at
    if reader.peek() in '"[{' and reader.peek():
        try:
            reader.json()
            if reader.peek() in (",", "}", ""):
                return reader.text[start : reader.at]
        except (AssertionError, json.JSONDecodeError, IndexError):
            pass
        reader.at = start
    return reader.until(",}")


def row(reader: Reader, shape: list[Column], stop: str) -> dict[Any, Any]:
    """Read a row's cells and what stands behind them: texts by column, records of nested columns, extras by path."""
    dense = [column for column in shape for column in column.dense()]
    values: dict[Any, Any] = {"extras": {}}
    for place, column in enumerate(dense):
        if place:
            assert reader.take(","), reader.text[reader.at :]
        values[column] = nested(reader, column) if column.kind == "records" else raw_cell(reader, stop)
    first = not dense
    while reader.peek() not in ("", stop):
        if not first:
            assert reader.take(","), reader.text[reader.at :]
        first = False
        path = []
        while reader.peek() != "=":
            path.append(("\1" if reader.peek() == "(" else "") + reader.name(".="))
            reader.take(".")
        assert reader.take("=")
        values["extras"][tuple(path)] = raw_cell(reader, stop)
    return values


def raw_cell(reader: Reader, stop: str) -> str:
    """Read a cell as it stands."""
    start = reader.at
    if reader.peek() and reader.peek() in '"[{':
        reader.json()
        return reader.text[start : reader.at]
    return reader.plain("," + stop)


def nested(reader: Reader, column: Column) -> Any:
    """Read a cell of nested records."""
    many = reader.take("[(")
    if many or reader.take("("):
        found = []
        while True:
            found.append(row(reader, column.children, ")"))
            assert reader.take(")")
            if not many:
                return found[0]
            if reader.take("]"):
                return found
            assert reader.take("(")
    return raw_cell(reader, ")")


def build(shape: list[Column], values: dict[Any, Any], path: tuple[str, ...] = ()) -> Any:
    """Put one record together."""
    extras = values["extras"]
    if not path and () in extras:
        return cell(extras[()])
    flat = texts_by_path(shape, values)
    pairs = []
    for column in shape:
        value = member(column, values, (*path, column.name), flat)
        if value is not ABSENT:
            pairs.append((column.name, value))
    if pairs and shape[0].name == "\1(1)" and not path:
        return [value for _, value in pairs]
    return ("object", pairs)


def texts_by_path(shape: list[Column], values: dict[Any, Any], path: tuple[str, ...] = ()) -> dict[str, str]:
    """Return the text of every plain column by its dotted name, as templates spell it."""
    found = {}
    for column in shape:
        here = (*path, column.name)
        if column.kind == "group":
            found.update(texts_by_path(column.children, values, here))
        elif column.kind in ("cell", "derived"):
            stated = values[column] if column.kind == "cell" else column.stated
            found["\0".join(here)] = values["extras"].get(here, stated)
    return found


def member(  # noqa: C901, PLR0911  # one case for each form
    column: Column, values: dict[Any, Any], path: tuple[str, ...], flat: dict[str, str]
) -> Any:
    """Return the value of a column in a row, or `ABSENT`."""
    extras = values["extras"]
    if path in extras:
        return cell(extras[path])
    if column.kind == "constant":
        return cell(column.stated)
    if column.kind == "default":
        return cell(column.stated)
    if column.kind == "derived":  # unless the row said otherwise, above
        return cell(fill(column.stated, flat))
    if column.kind == "cell":
        return cell(values[column])
    if column.kind == "records":
        text = values[column]
        if isinstance(text, dict):
            return build(column.children, text)
        return [build(column.children, item) for item in text] if isinstance(text, list) else cell(text)
    if column.stated != "always" and not any(values[leaf] != "" for leaf in column.dense()):
        return ABSENT if column.stated == "" else None
    pairs = []
    for child in column.children:
        value = member(child, values, (*path, child.name), flat)
        if value is not ABSENT:
            pairs.append((child.name, value))
    return ("object", pairs)


def fill(template: str, flat: dict[str, str]) -> str:
    """Put the cell of another column into a template."""
    for found in re.finditer(r"\{((?:[^{}\"]|\"(?:[^\"\\]|\\.)*\")*)\}", template):
        reader = Reader(found[1])
        path = []
        while reader.at < len(reader.text):
            path.append(("\1" if reader.peek() == "(" else "") + reader.name("."))
            if not reader.take("."):
                break
        key = "\0".join(path)
        if key in flat:
            source = flat[key]
            source = fill(source, flat) if "{" in source else source
            return template[: found.start()] + source + template[found.end() :]
    raise AssertionError(template)


def decode(view: str) -> Any:
    """Decode a lossless view."""
    lines = view.split("\n")
    assert re.fullmatch(r"\[view(?: of \d{12})?; nothing omitted\]", lines[0]), lines[0]
    at = 1
    skeleton = None
    if not _TITLE.fullmatch(lines[at]):
        skeleton = Reader(lines[at]).json()
        at += 1
    blocks: dict[str, Any] = {}
    while at < len(lines):
        title = _TITLE.fullmatch(lines[at])
        assert title, lines[at]
        kind, path, count = title[1], title[2] or "", int(title[3])
        at += 1
        if kind == "list":
            values, at = plain_list(lines, at, count)
        else:
            shape = columns(Reader(lines[at]))
            at += 1
            values = table(lines[at : at + count], shape)
            at += count
        blocks[path] = values
    if skeleton is None:
        return blocks[""]
    return fill_blocks(skeleton, blocks)


def plain_list(lines: list[str], at: int, count: int) -> tuple[list[Any], int]:
    """Read a list of plain values."""
    rest = lines[at : at + count]
    if count > 1 and (
        len(rest) < count or _TITLE.fullmatch(rest[1]) or (lines[at].count(",") == count - 1 and lines[at][0] not in '[{"')
    ):
        return [cell(text) for text in lines[at].split(",")], at + 1
    return [cell(text) for text in rest], at + count


def table(lines: list[str], shape: list[Column]) -> Any:
    """Read the rows of a table."""
    keyed = shape[0].name == "\1(key)"
    rows = []
    keys = []
    for line in lines:
        reader = Reader(line)
        values = row(reader, shape, "\0")
        assert reader.at == len(line), line[reader.at :]
        if keyed:
            keys.append(key_of(values[shape[0]]))
        if keyed and len(shape) == 2 and shape[1].name == "\1(value)":
            rows.append(cell(values[shape[1]]))
        else:
            rest = shape[1:] if keyed else shape
            flat_key = {"\1(key)": values[shape[0]]} if keyed else {}
            rows.append(build_with(rest, values, flat_key))
    return ("object", list(zip(keys, rows, strict=True))) if keyed else rows


def build_with(shape: list[Column], values: dict[Any, Any], flat_key: dict[str, str]) -> Any:
    """Put one record of a map together, whose key templates may name."""
    if not flat_key:
        return build(shape, values)
    key = Column("\1(key)", "cell")
    values = {**values, key: flat_key["\1(key)"]}
    built = build([key, *shape], values)
    return (
        ("object", built[1][1:]) if isinstance(built, tuple) and built[0] == "object" and () not in values["extras"] else built
    )


def key_of(text: str) -> str:
    """Return the name that a key's cell stands for."""
    value = cell(text)
    return value if isinstance(value, str) else text


def fill_blocks(value: Any, blocks: dict[str, Any]) -> Any:
    """Put the tables in place of their stand-ins."""
    if isinstance(value, list):
        return [fill_blocks(item, blocks) for item in value]
    if isinstance(value, tuple) and value[0] == "object":
        return ("object", [(key, fill_blocks(item, blocks)) for key, item in value[1]])
    if isinstance(value, tuple) and value[0] == "block":
        return blocks[value[1]]
    return value
