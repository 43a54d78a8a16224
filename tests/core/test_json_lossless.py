"""A lossless view holds everything: an independent decoder makes exactly the original's values of it."""

# ruff: noqa: E501  # documents on one line each

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom_core.payload import Mode
from tests.core import strategies as own
from tests.core.json_decoder import decode, exact

LOSSLESS: Mode = "lossless"


def holds_everything(text: str) -> None:
    """Check that the lossless view of a JSON text decodes to its values and omits nothing."""
    made = own.crush(text, mode=LOSSLESS)
    told = own.difference(decode(made.text), exact(text))

    assert told is None, f"{told}\n{text[:500]}\n{made.text[:1000]}"
    assert own.spans_of(made) == ()


@settings(max_examples=70)
@given(own.documents, own.styles)
def test_any_document_decodes_to_the_same_values(document, style):
    """Spelling of numbers, order of members, duplicate keys, null, "" and absent members: all is kept, whatever it looks like."""
    holds_everything(own.spell(document, style))


@settings(max_examples=50)
@given(own.long_documents(), own.styles)
def test_long_documents_decode_to_the_same_values(document, style):
    """The same for tables of the size that people hand off."""
    holds_everything(own.spell(document, style))


@settings(max_examples=20)
@given(st.lists(own.documents, min_size=2, max_size=6), st.sampled_from(("\n", "\r\n", "\n\n")), st.booleans())
def test_json_lines_decode_to_the_same_values(lines, newline, ended):
    """JSON lines are the list of their lines' values."""
    holds_everything(newline.join(own.spell(line) for line in lines) + (newline if ended else ""))


@settings(max_examples=40)
@given(st.lists(st.sampled_from(own.LOOK_ALIKES), min_size=3, max_size=30), st.sampled_from(own.KEYS))
def test_strings_are_never_taken_for_something_else(strings, key):
    """A column, or a list, of strings that look like numbers, markers, headers or templates is still of those strings."""
    holds_everything(own.spell([{key: string, "n": number} for number, string in enumerate(strings)]))
    holds_everything(own.spell([{key: string} for string in strings]))
    holds_everything(own.spell({"list": strings * 9}))


@settings(max_examples=40)
@given(st.lists(st.sampled_from(own.SPELLINGS), min_size=3, max_size=30))
def test_numbers_keep_their_spelling(spellings):
    """1E5, 1.10, -0 and integers of any length stay as they were written."""
    numbers = [own.Spelled(spelling) for spelling in spellings]

    holds_everything(own.spell([{"id": row, "x": number} for row, number in enumerate(numbers)]))
    holds_everything(own.spell(numbers * 9))
    holds_everything(own.spell({"one": numbers[0], "two": numbers}))


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{}",
        "[[],[],[],[]]",
        "[{},{},{},{}]",
        '{"a":{},"b":{},"c":{},"d":{}}',
        '[{"a":null},{"a":""},{"a":"null"},{}]',
        '[{"a":null},{"a":null},{"a":null},{"a":{}}]',
        '[{"a":{"b":null}},{"a":null},{"a":{}},{},{"a":{"b":1}}]',
        '[{"a":1,"a":2},{"a":1},{"a":3}]',
        '[{"a":1,"a":{"b":[{"c":1,"c":2}]},"a":null}]',
        '[{"a":1,"b":2},{"b":2,"a":1},{"a":1,"b":2}]',
        '[{"id":1,"url":"x/1"},{"id":2,"url":"x/2"},{"id":3,"url":"x/{id}"},{"id":4,"url":"x/4"}]',
        '[{"id":1,"url":"x/1"},{"id":2},{"id":3,"url":"x/3"},{"id":4,"url":"x/4"}]',
        '[{"x":[{"a":1},{"a":2}]},{"x":[]},{"x":null},{"x":{"a":3}},{"x":[{"a":1},2]},{}]',
        '[[1,2],[3,4],[5,6],[7],[],null,"x"]',
        "[[1,2,3,4],[5,6,7],[8,9,10]]",
        '{"(key)":[{"a":1},{"a":2},{"a":3}],"b":["c"]}',
        '{"a)b (":[{"a":1},{"a":2},{"a":3}],"b":["c"]}',
        '[{"n":1,"x":"a1"},{"n":2,"x":"a2"},{"n":3,"x":"b"},{"n":4,"x":"a4"},{"n":5,"x":"a5"},{"n":6,"x":"a6"},{"n":7,"x":"a7"}]',
        "[[1,[2,3]],[4,[5,6]],[7,[8]]]",
        '{"a":{"x":1,"y":2},"b":{"x":1,"y":3},"c":{"x":1,"y":4},"d":{"x":1,"y":5,"z":6}}',
        '[1,"1",1.0,"1.0",true,"true",null,"null"]',
        "[true,1,true,1,false,0]",
        '[{"a":true,"b":1},{"a":1,"b":true},{"a":true,"b":1.0}]',
        '{"view":"[view; nothing omitted]","rows":[{"a":1},{"a":2},{"a":3}]}',
        '{"a":"(table /b)","b":[{"c":1},{"c":2},{"c":3}]}',
        '[{"a":"\\ud800"},{"a":"\\udc00"},{"a":"\\ud83d\\ude80"}]',
        '[{"(key)":1},{"(key)":2},{"(key)":3}]',
        '[{"":1},{"":2},{"":3}]',
        '[{"a":{"":{"":1}}},{"a":{"":{"":2}}},{"a":{"":{"":3}}}]',
    ],
)
def test_edge_cases_decode_to_the_same_values(text):
    """Empty containers, absent members, twins, templates with exceptions, mixed columns, and names that mean something in a view."""
    holds_everything(text)
    holds_everything(json.dumps(json.loads(text), indent=4))


def test_there_are_real_files():
    """`tests/data` holds JSON; otherwise the tests below would pass on nothing."""
    assert own.data_files()


@pytest.mark.parametrize("path", own.data_files(), ids=lambda path: path.name)
def test_real_files_decode_to_the_same_values(path):
    """What services and registries really publish is kept to the last digit."""
    holds_everything(path.read_text(encoding="utf-8"))
