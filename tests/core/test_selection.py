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


STRINGS = {
    "stdout": "one\ntwo \U0001f600\n\nfour",
    "result": json.dumps({"items": ROWS, "log": "a\nb"}),
    "rows": json.dumps(ROWS),
    "lines": "\n".join(map(json.dumps, ROWS)),
    "list": [{"content": "x\ny"}],
}


@pytest.mark.parametrize("ascii_only", [True, False])
def test_lines_and_characters_of_a_string(ascii_only):
    """They are those of the text that the string stands for; what is selected is what stands for them."""
    text = json.dumps(STRINGS, ensure_ascii=ascii_only)
    face = "\\ud83d\\ude00" if ascii_only else "\U0001f600"

    assert part(text, "lines", 2, 2, "/stdout") == f"two {face}"
    assert part(text, "lines", 2, 99, "/stdout") == f"two {face}\\n\\nfour"
    assert part(text, "lines", 5, 5, "/stdout") is None
    assert part(text, "chars", 8, 10, "/stdout") == f"{face}\\n"
    assert part(text, "chars", 8, 99, "/stdout") is None
    assert part(text, "chars", 0, 1, "/result") == "{"
    assert part(text, "lines", 2, 2, "/list/0/content") == "y"
    assert part(text, "lines", 1, 1, "/list/1/content") is None
    assert part(text, "lines", 1, 1, "/list") is None
    assert part(text, "lines", 1, 1, "/list/0") is None


def test_rows_and_strings_of_json_in_a_string():
    """A pointer leads on into a string that holds JSON; the string's own pointer names all of that JSON."""
    text = json.dumps(STRINGS)
    decoded = lambda *of: json.loads(f'"{part(text, *of)}"')  # noqa: E731

    assert json.loads(f"[{decoded('rows', 2, 3, '/result/items')}]") == ROWS[1:3]
    assert decoded("rows", 1, 1, "/result/items/3") == '"id": 3'
    assert decoded("rows", 2, 2, "/result") == '"log": "a\\nb"'
    assert json.loads(f"[{decoded('rows', 4, 9, '/rows')}]") == ROWS[3:]
    assert json.loads(decoded("rows", 2, 2, "/lines")) == ROWS[1]
    assert part(text, "lines", 2, 2, "/result/log") == "b"
    assert part(text, "rows", 1, 1, "/stdout") is None
    assert part(text, "rows", 1, 1, "/result/log") is None
    assert part(text, "rows", 1, 1, "/result/log/x") is None


def test_a_document_that_is_a_string():
    """It is named like a member without a name."""
    text = json.dumps(json.dumps({"log": "a\nb", "": "c"}))

    assert part(text, "chars", 0, 1, "/") == "{"
    assert part(text, "lines", 2, 2, "//log") == "b"
    assert part(text, "chars", 0, 1, "//") == "c"
    assert part(text, "rows", 2, 2, "/") == '\\"\\": \\"c\\"'
    assert part(text, "lines", 1, 1, "/log") is None


def test_a_name_that_is_there_twice_leads_nowhere():
    """Nothing tells which of the two is meant; the other members are found."""
    text = '{"a":"x","a":"y","b":"z"}'

    assert part(text, "chars", 0, 1, "/a") is None
    assert part(text, "chars", 0, 1, "/b") == "z"


@pytest.mark.parametrize("indent", [None, 2])
def test_a_document_on_some_lines_of_the_original(indent):
    """`within` names the lines of a JSON document; what stands around it does not matter."""
    document = json.dumps({**STRINGS, "items": ROWS, "more": ROWS[:3]}, indent=indent)
    text = f"words\n```\n{document}\n```\n[1]\n"
    lines = (3, 3 + document.count("\n"))

    assert json.loads(f"[{part(text, 'rows', 2, 3, None, lines)}]") == ROWS[1:3]
    assert json.loads(f"[{part(text, 'rows', 2, 3, '/more', lines)}]") == ROWS[1:3]
    assert part(text, "lines", 2, 2, "/list/0/content", lines) == "y"
    assert part(text, "chars", 0, 3, "/stdout", lines) == "one"
    assert part(text, "rows", 2, 3, None, (2, lines[1])) is None
    assert part(text, "rows", 2, 3, None, (90, 99)) is None
    assert part(text, "rows", 2, 3, None, (0, 3)) is None
    assert part(text, "rows", 2, 3, None, (3, 2)) is None
    assert part(text, "lines", 2, 3, None, lines) is None


paths = st.lists(st.sampled_from(["", "0", "1", "stdout", "result", "items", "9" * 6_000, "%", "~2", "\ud800"]), max_size=5)


@given(
    st.sampled_from([json.dumps(STRINGS), json.dumps(json.dumps(ROWS)), "[" * 900, '"', "", "[1]\n[2]"]), paths, small, small
)
@pytest.mark.parametrize("unit", ["lines", "rows", "chars"])
def test_no_path_breaks_the_search(unit, text, names, first, last):
    """What leads nowhere is None; what is found is in the text."""
    found = find(text, Range(unit, first, last, "/" + "/".join(names)))

    assert found is None or 0 <= found[0] <= found[1] <= len(text)
