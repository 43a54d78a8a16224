"""Where the parts of mixed documents stand."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_core.segments import Segment, split

LOG = "\n".join(f"2026-11-03 10:00:{n:02} INFO worker {n % 3} took job {n * 7}" for n in range(12))
DOCUMENT = f"""---
title: A report
state: draft
---
# Report

Some words.

```json
{{"a": 1}}
```

| name | count |
|------|-------|
| a    | 1     |
| b    | 2     |

{LOG}

More words, and a block without a language:

~~~
whatever
~~~
"""


def parts(text, kind="markdown"):
    """Return kind, language and text of the parts of a document."""
    lines = text.split("\n")
    return [(s.kind, s.language, "\n".join(lines[s.start : s.end])) for s in split(lines, kind) if s.part]


def test_a_document_is_split_at_all_that_is_no_prose():
    """Front matter, fences, tables and printed lines are parts; the lines around them are not."""
    assert parts(DOCUMENT) == [
        ("yaml", None, "title: A report\nstate: draft"),
        ("json", None, '{"a": 1}'),
        ("table", None, "| name | count |\n|------|-------|\n| a    | 1     |\n| b    | 2     |"),
        ("log", None, LOG),
        (None, None, "whatever"),
    ]


@pytest.mark.parametrize(
    ("fence", "kind", "language"),
    [
        ("```json", "json", None),
        ("```python", "code", "python"),
        ("``` {.rust}", "code", "rust"),
        ("```c++", "code", "c++"),
        ("```diff", "diff", None),
        ("```console", "terminal", None),
        ("```text", None, None),
        ("````", None, None),
        ("~~~yaml", "yaml", None),
        ("  ```csv", "csv", None),
        ("- ```html", "html", None),
    ],
)
def test_the_word_behind_a_fence_names_the_kind(fence, kind, language):
    """Formats of data are kinds of their own, all other words are languages of code."""
    closing = fence.strip(" -")[:4].rstrip("abcdefghijklmnopqrstuvwxyz{+. ")

    assert parts(f"Words.\n{fence}\nbody\n{closing}\nWords.") == [(kind, language, "body")]


def test_a_longer_fence_holds_a_shorter_one():
    """A document about documents."""
    assert parts("````markdown\n```json\n{}\n```\n````\n") == [("markdown", None, "```json\n{}\n```")]


def test_an_unclosed_fence_reaches_to_the_end():
    """What was broken off is still a block."""
    assert parts("a\n```log\none\ntwo") == [("log", None, "one\ntwo")]


def test_json_between_words_is_a_part():
    """A document on its own lines, or on one, is found without a fence."""
    assert parts('The answer:\n{\n  "a": [\n    1\n  ]\n}\nThat is all.') == [("json", None, '{\n  "a": [\n    1\n  ]\n}')]
    assert parts('The answer:\n[{"a": 1}, {"a": 2}]\nThat is all.') == [("json", None, '[{"a": 1}, {"a": 2}]')]
    assert parts("[a link] and [another]\n{braces} in words\n") == []


@pytest.mark.parametrize("tag", ["output", "tool_result", 'file_content path="a.py"', "stdout"])
def test_what_frameworks_wrap_is_a_part(tag):
    """Tags on lines of their own stand around an output."""
    assert parts(f"Words.\n<{tag}>\none\ntwo\n</{tag.split(' ')[0]}>\nWords.") == [(None, None, "one\ntwo")]
    assert parts(f"Words.\n<{tag}>\none\ntwo\n") == []


def test_a_session_is_split_at_its_prompts():
    """Commands are no parts, what they printed is."""
    text = "$ ls\na\nb\n$ pwd\n/home\n$ true\nroot@host:/srv# cat x\nxyz\n"

    assert parts(text, "terminal") == [(None, None, "a\nb"), (None, None, "/home"), (None, None, "xyz\n")]


def test_a_table_ends_with_its_last_bar():
    """The words behind a table belong to no row."""
    assert parts("a | b\n--|--\n1 | 2\nwords\n") == [("table", None, "a | b\n--|--\n1 | 2")]


def test_paragraphs_of_prose_are_not_looked_into():
    """Long paragraphs stay words."""
    text = "\n".join(f"The {n} words of this line say nothing that a tool would print." for n in ("first", "next") * 20)

    assert parts(text) == []


PIECES = st.sampled_from(
    [
        *("```", "```json", "~~~", "````", "words", "", "---", "+++", "a: 1", "| a | b |", "|---|---|", "{", "}", "[", "]"),
        *('{"a": 1}', "<output>", "</output>", "$ ls", ">>> x", LOG, "> ```", "- ```py", "\r", "```\r"),
        "Traceback (most recent call last):",
    ]
)


@given(pieces=st.lists(PIECES, max_size=60), kind=st.sampled_from(["markdown", "transcript", "terminal"]))
def test_every_line_is_in_one_segment(pieces, kind):
    """Segments are in order, and together they are the document."""
    lines = "\n".join(pieces).split("\n")
    end = 0
    for segment in split(lines, kind):
        assert isinstance(segment, Segment)
        assert segment.start == end < segment.end
        end = segment.end
    assert end == len(lines)


@pytest.mark.parametrize("hostile", ["```", "{", "<output>", "| a", "$ ", "```json\n{", "---", "- ```"])
def test_time_grows_with_the_text(hostile):
    """However often something is opened and not closed, twice the text takes about twice the time."""

    def seconds(lines):
        best = 9.0
        for _ in range(3):
            start = time.perf_counter()
            split(lines, "markdown")
            best = min(best, time.perf_counter() - start)
        return best

    lines = (hostile.split("\n") * 20_000)[:20_000]
    assert seconds(lines + lines) < 3.5 * seconds(lines) + 0.05
