"""From a range to its place in an original."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_core.markers import Range
from headroom_core.selection import find

ROWS = [{"id": row, "t": "a\n" * row} for row in range(9)]
texts = st.text(st.sampled_from("ab\n\r\u2028\x85é"), max_size=30)
small = st.integers(-2, 34)


def part(text, *of):
    """Return what a range selects of a text, or None."""
    found = find(text, Range(*of))
    return None if found is None else text[slice(*found)]


@given(texts, small, small)
def test_lines_are_what_stands_between_line_feeds(text, first, last):
    """Lines count from 1, both ends included, only a line feed ends one, and a range that runs past the end stops there."""
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    chosen = lines[first - 1 : last] if 1 <= first <= last else []

    assert part(text, "lines", first, last) == ("\n".join(chosen) if chosen else None)


@given(texts, small, small)
def test_characters_are_offsets(text, first, last):
    """Characters are half-open offsets into the original; an empty or impossible range is None."""
    expected = text[first:last] if 0 <= first < last <= len(text) else None

    assert part(text, "chars", first, last) == expected


@pytest.mark.parametrize("indent", [None, 0, 3])
@pytest.mark.parametrize(("first", "last"), [(1, 1), (1, 9), (4, 6), (9, 9), (9, 900), (1, 10**11)])
def test_rows_are_those_of_the_main_table(first, last, indent):
    """Rows count from 1, both included; their text, put in brackets, is a JSON list of them, at the root or in an envelope."""
    for document in (ROWS, {"n": [1, 2, 3], "a": {"items": ROWS}}):
        found = part(json.dumps(document, indent=indent), "rows", first, last)

        assert json.loads(f"[{found}]") == ROWS[first - 1 : last]


@pytest.mark.parametrize(("first", "last"), [(0, 1), (10, 11), (3, 2), (-1, 2)])
def test_rows_that_do_not_exist_are_none(first, last):
    """A range that selects nothing is no part."""
    assert part(json.dumps(ROWS), "rows", first, last) is None


def test_rows_of_a_named_table():
    """A pointer names any list or object of the document; rows of an object are its members."""
    text = json.dumps({"a/b": {"é ~": ROWS}, "map": {"x": 1, "y": {"z": 2}}, "word": "text"})

    assert json.loads(f"[{part(text, 'rows', 2, 3, '/a~1b/é%20~0')}]") == ROWS[1:3]
    assert part(text, "rows", 2, 2, "/map") == '"y": {"z": 2}'
    assert part(text, "rows", 1, 1, "/map/y") == '"z": 2'
    assert part(text, "rows", 1, 1, "/word") is None
    assert part(text, "rows", 1, 1, "/nothing") is None
    assert part(text, "rows", 1, 1, "/a~1b/é%20~0/99") is None


def test_rows_of_json_lines():
    """Each line of JSON lines is a row; blank lines are none."""
    text = "\n\n".join(map(json.dumps, ROWS)) + "\n"
    found = part(text, "rows", 3, 4)

    assert [json.loads(line) for line in found.split("\n") if line] == ROWS[2:4]


@pytest.mark.parametrize("text", ["", "no json", "12", "{}", "[]", '{"a":1}', "[" * 50, "[1,2,"])
def test_a_text_without_tables_has_no_rows(text):
    """Asking for rows of something else is a miss."""
    assert part(text, "rows", 1, 2) is None
