"""Sections, values of JSON and lines that match are read exactly, without a look at the rest."""

import asyncio
import contextlib
import json
import re
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_core import SharedContext, errors, markers
from headroom_core.compressors.json_crusher.fields import fields
from headroom_core.handoff import READ_TOOL_SAYS, REFERENCE_SAYS, read_for_agent
from headroom_core.headings import matching as sections_of
from headroom_core.headings import sections
from headroom_core.markers import Named
from headroom_core.patterns import OVERLAP_CHARS, PATTERN_CHARS, PATTERN_SECONDS, PIECE_CHARS, matching
from headroom_core.reading import Passage, passage_in
from headroom_core.selection import near_names
from headroom_core.store import Original
from tests.core.timing import assert_linear

DOCUMENT = """---
title: no heading
---
Before all.

# Report

Intro.

## Methods ##

How.

### *Results* so   far

Early.

## Results

Late.

```python
# Results
x = 1
```

Discussion
of all
------
One.

Closing
=======

- item
---

End.
"""
LINES = DOCUMENT.split("\n")
STORE = {
    "a": {"b": [10, 20.50, {"c": "x\n\ty"}]},
    "a.b": [1],
    "dotted.key": {"x": 1},
    "inner": json.dumps({"deep": {"list": [1, {"name": "z"}]}}),
    "é/~ ": True,
}


@pytest.fixture
def context():
    """Return a context that counts as gpt-4o does."""
    return SharedContext(model="gpt-4o")


def put(context, key, content, **hints):
    """Put something and return its handle."""
    return markers.handle_of(context.put(key, content, **hints).digest)


def lines(first, last):
    """Return lines of the document, counted from 1, both included."""
    return "\n".join(LINES[first - 1 : last])


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("Report", 6, 30),
        ("# Report", 6, 30),
        ("methods", 10, 16),
        ("Methods > Results so far", 14, 16),
        ("report>RESULTSSOFAR", 14, 16),
        ("Results", 18, 25),
        ("Report > Results", 18, 25),
        ("Discussion of all", 27, 30),
        ("Closing", 32, 38),
    ],
)
def test_a_section_is_read_from_its_heading_to_the_next_one(context, said, first, last):
    """Of the same or a higher level; case, spaces and emphasis do not count, nor do lines between fences or front matter."""
    handle = put(context, "document", DOCUMENT)

    assert context.read("document", heading=said) == lines(first, last)
    assert context.read(f"{handle} heading {said}") == lines(first, last)


@pytest.mark.parametrize("said", ["no heading", "- item", "x = 1", "Results > Methods", ">", "#"])
def test_what_is_no_heading_is_a_miss(context, said):
    """Front matter, items and code have no headings, and a way from the inside out leads nowhere."""
    put(context, "document", DOCUMENT)

    assert context.read("document", heading=said) is None


def test_headings_of_one_name_are_told_with_their_ways(context):
    """The error has a reference for each, and the way from the outside reads one of them."""
    text = "# A\n## Results\none\n# B\n## Results\ntwo\n"
    handle = put(context, "document", text)

    with pytest.raises(errors.AmbiguousNameError, match="heading 'results' means 2 things; nothing was read") as caught:
        context.read("document", heading="results")
    assert caught.value.candidates == (("A > Results", f"{handle} lines 2-3"), ("B > Results", f"{handle} lines 5-6"))
    assert context.read("document", heading="B > results") == "## Results\ntwo"
    assert '"A > Results" is' in read_for_agent(context, f"{handle} heading results")
    assert 'Names like it: "A > Results", "B > Results".' in read_for_agent(context, f"{handle} heading resluts")


def test_a_document_in_a_string_and_one_between_tags_have_headings(context):
    """What a tool wrapped in JSON or in tags is looked at, too."""
    handle = put(context, "string", {"page": DOCUMENT, "n": 1})
    put(context, "tags", f"Here it is:\n<document>\n{DOCUMENT}</document>\n")

    assert json.loads(f'"{context.read("string", heading="Results")}"') == lines(18, 25)
    assert context.passage(f"{handle} heading Results").part == markers.Range("lines", 18, 25, "/page")
    assert context.read("tags", heading="Results") == lines(18, 25)


def test_a_long_paragraph_before_a_rule_is_no_heading():
    """Nobody underlines four lines."""
    assert [one.name for one in sections("a\nb\nc\n---\n\na\nb\nc\nd\n---\n")] == ["a b c"]


documents = st.lists(
    st.sampled_from("# A|## B|### a b|#|# #|text||---|===|```|<output>|</output>|- x|    #".split("|")),
    max_size=25,
).map("\n".join)


@given(documents)
def test_sections_hold_one_another_or_stand_apart(text):
    """Each begins with its heading, ends on a line that is not blank, and reads as a part of the text."""
    found = sections(text)
    texts = text.split("\n")
    for one in found:
        assert one.first <= one.last < len(texts)
        assert texts[one.last].strip()
        assert all(other.last <= one.last for other in found if one.first < other.first <= one.last)
        if any(map(str.strip, one.way[-1:])):
            assert one in sections_of(found, one.name) or one in sections_of(found, one.way[-1])


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("a.b[1]", "20.50"),
        ("a.b.1", "20.50"),
        ("$.a.b[1]", "20.50"),
        ("/a/b/1", "20.50"),
        ("a.b[2].c", r'"x\n\ty"'),
        ("dotted.key.x", "1"),
        ("/dotted.key/x", "1"),
        ("a", None),
        ("é/~ ", "true"),
        ("/é~1~0%20", "true"),
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_a_field_is_read_as_it_is_spelled(context, said, value, indent):
    """Items count from 0; names may have points in them, and a pointer reaches whatever there is."""
    text = json.dumps(STORE, indent=indent, ensure_ascii=False).replace("20.5", "20.50").replace('"a.b": [', '"q": [')
    handle = put(context, "data", text)
    found = context.read("data", field=said)

    assert found == value if value else json.loads(found) == STORE["a"]
    if said.strip() == said:
        assert context.read(f"{handle} field {said}") == found


def test_a_field_in_json_lines_starts_with_its_row(context):
    """Rows count from 0 there, as items of a list do."""
    put(context, "lines", '{"id": 1, "name": "x"}\n\n{"id": 2, "name": "y"}\n')

    assert context.read("lines", field="[1].name") == '"y"'
    assert context.read("lines", field="/1") == '{"id": 2, "name": "y"}'
    assert context.read("lines", field="[2].name") is None


def test_a_field_inside_of_a_string_and_of_a_document(context):
    """A string that holds JSON is gone into; what is read is spelled as in the original. So is JSON between words."""
    put(context, "data", STORE)
    put(context, "words", 'Done.\n\n```json\n{"a": {"b": 1}}\n```\nResult: {"c": [1, {"d": null}]}\n')

    assert context.read("data", field="inner.deep.list[1].name") == r"\"z\""
    assert context.read("words", field="a.b") == "1"
    assert context.read("words", field="c[1]") == '{"d": null}'


def test_a_way_with_points_that_means_two_things_names_both(context):
    """`a.b` is a member of `a`, and a member called so: the pointers tell them apart."""
    handle = put(context, "data", STORE)

    with pytest.raises(errors.AmbiguousNameError) as caught:
        context.read("data", field="a.b[0]")
    assert [name for name, _ in caught.value.candidates] == ["/a/b/0", "/a.b/0"]
    assert [context.read(reference) for _, reference in caught.value.candidates] == ["10", "1"]
    assert context.read(f"{handle} field /a.b/0") == "1"


@pytest.mark.parametrize("said", ["b", "a.c", "a[0]", "a.b[9]", "a..b", "a.b[", "[0]", "/", "/a/c", "a.b[x]", "[]", ".", "$"])
def test_a_field_that_is_not_there_is_a_miss(context, said):
    """Also where it is no way at all; a reading tool is told what is there instead."""
    handle = put(context, "data", STORE)

    assert context.read("data", field=said) is None
    assert read_for_agent(context, f"{handle} field {said}").startswith("Nothing was read: ")


def test_a_field_near_to_what_was_said_is_told(context):
    """The members of what the way leads to are the ones to choose from."""
    handle = put(context, "data", {"config": {"timeout_s": 3, "retries": 4}})

    assert 'Names like it: "/config/timeout_s".' in read_for_agent(context, f"{handle} field config.timeout")
    assert near_names('{"a": [1, 2]}', Named("a[7]", unit="field")) == ["/a/1"]


keys = st.sampled_from(["", "a", "b", "a.b", "0", "a/b", "~", "[0]", "é", "a b"])
values = st.recursive(
    st.one_of(st.none(), st.integers(), st.floats(), st.text(max_size=4)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3)),
    max_leaves=12,
)


@given(values, st.lists(st.one_of(keys, st.integers(0, 3)), max_size=4), st.booleans())
def test_a_field_is_the_text_of_its_value(value, way, pointed):
    """Whatever the document and the way: what is found is a part of the text, and parses to what the pointer means."""
    text = json.dumps(value, ensure_ascii=False)
    said = "".join(f"/{step}" for step in way) if pointed else "".join(f"[{x}]" if type(x) is int else f".{x}" for x in way)
    for one in fields(text, said):
        start, end = one.span
        assert 0 <= start < end <= len(text)
        if '\\"' not in text[:start]:
            json.loads(text[start:end])


def test_lines_that_match_stand_below_their_references(context):
    """The one selector that reads several parts: each run of lines, and each reference reads its run alone."""
    handle = put(context, "log", "ok\ntimeout 1\ntimed out\nok\n\nTimeout\ntime out")

    assert context.read("log", pattern="timed? ?out") == (
        f"{handle} lines 2-3\ntimeout 1\ntimed out\n\n{handle} lines 7-7\ntime out"
    )
    assert context.read(f"{handle} pattern (?i)timed? ?out") == context.read("log", pattern="(?i)timed? ?out")
    assert context.read("log", pattern="(?i)TIMEOUT$").endswith(f"{handle} lines 6-6\nTimeout")
    assert context.read(f"{handle} lines 2-3") == "timeout 1\ntimed out"
    assert context.read("log", pattern="^$") == f"{handle} lines 5-5\n"
    assert context.read("log", pattern="gone") is None


@pytest.mark.parametrize(
    "said", ["[ab]  x", "a]", "[[:digit:]]+;? omitted; x", r"\[rows 1-2 omitted\]", "a of /b in lines 1-2"]
)
def test_a_pattern_in_a_reference_is_taken_as_it_stands(said):
    """Brackets, blanks and words that markers have are parts of it."""
    assert markers.parse_reference(f"482913207615 pattern {said}") == ("482913207615", Named(said, unit="pattern"))
    assert markers.parse_part(f"pattern {said}") == Named(said, unit="pattern")


def test_a_reference_in_brackets_names_a_heading():
    """A pair around the whole is none of the name."""
    assert markers.parse_reference("[482913207615 heading A > B]") == ("482913207615", Named("A > B", unit="heading"))
    assert markers.parse_reference("482913207615 heading ") is None
    assert markers.parse_reference("482913207615 heading a\nb") is None


def test_they_are_read_in_a_thread_too(context):
    """`aread` takes all of them."""
    put(context, "document", DOCUMENT)
    put(context, "data", STORE)

    assert asyncio.run(context.aread("document", heading="Closing")) == lines(32, 38)
    assert asyncio.run(context.aread("data", field="dotted.key.x")) == "1"
    assert asyncio.run(context.aread("document", pattern="^Early")).endswith(" lines 16-16\nEarly.")


def test_of_a_very_long_line_the_pieces_that_match_are_read(context):
    """A whole payload on one line is not read for the sake of one word."""
    text = "x" * 40_000 + " needle " + "y" * 40_000
    put(context, "line", text)
    found = context.read("line", pattern="needle")

    assert "needle" in found
    assert len(found) < 3 * PIECE_CHARS


@pytest.mark.parametrize("at", [0, 799, 800, 999, 1_000, 2_399, 2_400, 2_999])
def test_what_is_short_is_found_where_pieces_meet(at):
    """Pieces overlap."""
    needle = "n" * OVERLAP_CHARS
    text = "x" * at + needle + "x" * 3_000

    assert matching(text, needle)


@pytest.mark.parametrize(
    "expression", ["a(", "[", "(?=a)b", r"(a)\1", "(?R)", "((((a{999}){999}){999}){999})", "a" * 1_001, "\ud800("]
)
def test_a_bad_pattern_is_refused_at_the_call(context, expression):
    """The error says what it must be, and a reading tool answers with the same words."""
    handle = put(context, "log", "a\nb\n")

    with pytest.raises(errors.InvalidOptionError, match="pattern must be a"):
        context.read("log", pattern=expression)
    if len(expression) < PATTERN_CHARS:
        assert "it must be a regular expression in the syntax of RE2" in read_for_agent(
            context, f"{handle} pattern {expression}"
        )


@pytest.mark.parametrize(
    "expression", [r"(a+)+$", r"(a|aa)+$", r"(.*)*x", r"(x+x+)+y", r"(?:(a|b){1,300}){1,3}c", r"(?:.?){900}z"]
)
def test_no_pattern_takes_long(expression):
    """What takes a backtracking engine for ever is found or refused in bounded time."""
    text = ("ab" * 900 + "\n") * 800 + "ab" * 400_000
    since = time.monotonic()
    with contextlib.suppress(errors.InvalidOptionError):
        matching(text, expression)

    assert time.monotonic() - since < 5 * PATTERN_SECONDS


texts = st.text(st.sampled_from("ab1 \n\r\u2028é\ud800"), max_size=40)


@given(texts, st.sampled_from(["a", "^b", "b$", "[a1]", "é", "$", r"\d ", "(?i)A"]))
def test_exactly_the_lines_that_match_are_read(text, expression):
    """Runs are apart, in order, at the places told, and hold all lines that `re` finds and no other."""
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    found = matching(text, expression)
    told = [number for part, _ in found for number in range(part.first, part.last + 1)]

    assert told == [number for number, line in enumerate(lines, 1) if re.search(expression.replace("$", r"\Z"), line)]
    assert all(text[start:end] == "\n".join(lines[part.first - 1 : part.last]) for part, (start, end) in found)
    assert all(before.last + 1 < after.first for (before, _), (after, _) in pairwise(found))


@given(
    st.one_of(st.text(), documents, values.map(json.dumps)),
    st.text(min_size=1, max_size=12),
    st.sampled_from(["heading", "field", "pattern"]),
)
def test_no_text_and_no_name_breaks_a_selector(text, said, unit):
    """What is read is a part of the original at the offsets told; all else is a miss or an error of the package."""
    original = Original(text, "0" * 64, "key", None)
    try:
        passage = passage_in(original, Named(said, unit=unit))
    except errors.HeadroomError:
        return
    for hit in passage.hits:
        assert text[hit.start : hit.end] == hit.text
        if hit.start < hit.end:
            again = passage_in(original, markers.parse_reference(hit.reference)[1])
            assert isinstance(again, Passage)
            assert again.text == hit.text


def test_the_reading_tool_shows_whole_parts_and_names_the_rest(context):
    """What has no place in the answer is named by its references, so that nothing is lost."""
    text = "".join(f"line {number}\n{'FAIL' if number % 7 == 0 else 'ok'} and what follows it\n" for number in range(400))
    handle = put(context, "log", text)
    answer = read_for_agent(context, f"{handle} pattern FAIL", max_tokens=300)
    shown = re.findall(r"=====data \w{8}===== (lines \d+-\d+)\n(.*)\n", answer)

    assert context.counter.count(answer) <= 300
    assert len(shown) > 3
    assert all(context.read(f"{handle} {part}") == line for part, line in shown)
    rest = answer.rpartition("\n")[2]
    assert rest.startswith(f"Cut here. To go on, read: {handle} lines ")
    assert rest.endswith(f"; and {58 - len(shown) - 8} more")


def test_a_part_that_is_longer_than_the_answer_is_cut(context):
    """The first one is shown as far as it goes, and the rest of it is named first."""
    handle = put(context, "log", "FAIL " * 2_000 + "\nok\nFAIL\n")
    answer = read_for_agent(context, f"{handle} pattern FAIL", max_tokens=200)

    assert context.counter.count(answer) <= 200
    assert re.search(rf"To go on, read: {handle} chars \d+-\d+; {handle} lines 3-3$", answer)


def test_nothing_in_the_tool_s_texts_can_be_redeemed():
    """A model that copies what a schema shows reads nothing."""
    assert not re.search(r"\d{12}", READ_TOOL_SAYS + REFERENCE_SAYS)
    assert markers.handles_named_in(READ_TOOL_SAYS + REFERENCE_SAYS) == set()
    assert not re.search(r"\d{12}", read_for_agent(SharedContext(), "something else"))


@pytest.mark.parametrize(
    "text_of",
    [
        lambda n: "# a" + " " * n + "x\n",
        lambda n: "<output>\n" * n + "</output>\n" * n,
        lambda n: "# a\n" * n,
        lambda n: "a\n" * n + "===\n",
        lambda n: "```\n" * n,
        lambda n: "> " * n + "\n# a\n",
    ],
)
def test_headings_are_found_in_linear_time(text_of):
    """Whatever a document is made of."""
    assert_linear(sections, text_of)


@pytest.mark.parametrize("text_of", [lambda n: "ab\n" * n, lambda n: "ab" * n, lambda n: "a\nb\n" * n])
def test_lines_that_match_are_found_in_linear_time(text_of):
    """Many runs cost no more than one."""
    assert_linear(lambda text: matching(text, "a"), text_of)


@pytest.mark.parametrize("said", ["[7].a", "a.a.a", "/7/a"])
def test_fields_are_found_in_linear_time(said):
    """Also where many names could be meant."""
    assert_linear(lambda text: fields(text, said), lambda n: json.dumps([{"a": {"a": 1, "a.a": 2}, "a.a": {"a": 3}}] * n))
