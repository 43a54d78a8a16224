"""
`max_tokens` is a hard ceiling: whatever the payload, the options and the counter, no view has more.

`nox -s ceilings` tries 100,000 payloads. The one exception is a JSON view under a ceiling that not even `""` comes under, by a
counter of one's own; its notes say so.
"""

import json
import os
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from headroom_core import SharedContext, compress, markers
from headroom_core.testing import FakeCounter
from headroom_core.tokens.counters import counter_for
from tests.core import code_samples
from tests.core import strategies as own

ROOT = Path(__file__).parents[2]
CASES = int(os.environ.get("HEADROOM_CEILING_CASES", "300"))
LONGEST_FILE = 40_000
SHORTEST = "the shortest view has"
NO_ROOM = "no room for any of the payload"

CODE = {name: code_samples.source(name, 6) for name in code_samples.NAMES}
FILES = {
    path.name: path.read_text(encoding="utf-8")
    for path in sorted([*(ROOT / "examples/payloads").iterdir(), *own.data_files()])
    if path.stat().st_size <= LONGEST_FILE
}

LOG_WORDS = st.sampled_from(
    ("INFO", "WARN", "ERROR", "request served", "disk quota exceeded", "retry", "order 4711", "timeout")
)
PROSE = (
    "The committee met and heard the witnesses. ",
    "It did not find a reason to delay. ",
    "Revenue rose by 12 % to 4,711. ",
)


def lines_of(part, least=8, most=60):
    """Return texts of so many lines."""
    return st.lists(part, min_size=least, max_size=most).map("\n".join)


numbers = st.integers(0, 9_999)
names = st.sampled_from(own.WORDS)
logs = lines_of(
    st.builds("2026-01-01 10:{:02}:{:02} {} {} {}".format, st.integers(0, 59), st.integers(0, 59), LOG_WORDS, names, numbers)
)
tracebacks = st.builds(
    lambda frames, said: (
        "Traceback (most recent call last):\n"
        + "".join(f'  File "/app/{one}.py", line {number}, in {one}\n    {one}({number})\n' for one, number in frames)
        + f"ValueError: {said}\n"
    ),
    st.lists(st.tuples(names, numbers), min_size=1, max_size=30),
    names,
)
diffs = st.builds(
    lambda file, hunks: (
        f"diff --git a/{file}.py b/{file}.py\n--- a/{file}.py\n+++ b/{file}.py\n"
        + "".join(f"@@ -{n},3 +{n},3 @@\n context {one}\n-old {one} {n}\n+new {one} {n}\n" for one, n in hunks)
    ),
    names,
    st.lists(st.tuples(names, numbers), min_size=1, max_size=30),
)
searches = lines_of(st.builds("src/{}.py:{}:    return {}({})".format, names, numbers, names, numbers))
pages = st.lists(st.tuples(names, numbers), max_size=40).map(
    lambda rows: (
        "<!DOCTYPE html><html><head><title>Orders</title></head><body><h1>Orders</h1><table>"
        + "".join(f"<tr><td>{one}</td><td>{n}</td></tr>" for one, n in rows)
        + "</table><p>That is all.</p></body></html>"
    )
)
settings_files = lines_of(st.builds("{}:\n  {}: {}".format, names, names, numbers), 3, 40)
tables = st.lists(st.tuples(numbers, names, numbers), min_size=3, max_size=60).map(
    lambda rows: "id,name,total\n" + "".join(f"{a},{b},{c}\n" for a, b, c in rows)
)
prose = st.lists(st.sampled_from(PROSE), min_size=1, max_size=60).map("".join)
documents = st.builds(own.spell, st.one_of(own.documents, own.long_documents()), own.styles)
json_lines = st.lists(st.fixed_dictionaries({"id": numbers, "name": names}), min_size=2, max_size=60).map(
    lambda rows: "\n".join(map(json.dumps, rows))
)
one_line = st.builds(lambda text, times: text * times, st.text(min_size=1, max_size=12), st.integers(1, 2_000))
plain = st.one_of(logs, tracebacks, diffs, searches, pages, settings_files, tables, prose, documents, json_lines)
markdown = st.lists(
    st.one_of(
        prose.map("{}\n".format),
        names.map("# {}\n".format),
        st.builds("```{}\n{}\n```\n".format, st.sampled_from(("", "json", "log", "python", "diff")), plain),
    ),
    min_size=1,
    max_size=4,
).map("\n".join)
cut_short = st.builds(lambda text, share: text[: int(len(text) * share)], plain, st.floats(0, 1))
mixtures = st.lists(st.one_of(plain, st.text(max_size=60)), min_size=2, max_size=3).map("\n".join)
payloads = st.one_of(
    plain,
    markdown,
    mixtures,
    cut_short,
    one_line,
    st.text(max_size=400),
    st.text(st.characters(max_codepoint=127), max_size=400),
    st.sampled_from(sorted(CODE)).map(CODE.get),
    st.sampled_from(sorted(FILES)).map(FILES.get),
)
ceilings = st.one_of(st.integers(1, 40), st.integers(1, 600), st.integers(1, 4_000))
queries = st.one_of(
    st.none(), st.sampled_from(("what about order 4711?", "which disk quota?", "the", "?")), st.text(max_size=30)
)
options = st.fixed_dictionaries(
    {
        "query": queries,
        "mode": st.sampled_from(("lossless", "balanced", "compact")),
        "format": st.sampled_from(("text", "text", "json")),
        "references": st.booleans(),
    }
)


@cache
def exact_counter():
    """Return the counter of a model whose vocabulary comes with the package."""
    return counter_for("gpt-4o", None)


counters = st.sampled_from((1, 3, 3, 3, 4, 4, 4, 0))
"""Characters of a token, most of the time; 0 for a real vocabulary."""


@given(payloads, st.lists(payloads, max_size=1), ceilings, options, counters, st.data())
@example("x" * 30, [], 1, {"query": None, "mode": "balanced", "format": "text", "references": True}, 4, None)
@settings(max_examples=CASES, suppress_health_check=list(HealthCheck))
def test_no_view_has_more(payload, known, max_tokens, how, chars, data):
    """Any kind, any mixture, any options: at most so many tokens, and no more bytes than the original."""
    counter = FakeCounter(chars) if chars else exact_counter()
    context = SharedContext(counter=counter)
    context.put("payload", payload)
    if known and data is not None and data.draw(st.booleans()):
        known = [*known, payload[: len(payload) // 2]]
    view = context.view("payload", known=known, max_tokens=max_tokens, **how)

    assert view.tokens == counter.count(view.text)
    if view.tokens > max_tokens:
        assert how["format"] == "json"
        assert view.tokens <= counter.count('""')
        assert any(SHORTEST in note for note in view.notes)
    assert utf8(view.text) <= utf8(payload)
    if view.text != payload:
        assert all(0 <= span.start <= span.end <= len(payload) for span in view.omitted)
        if how["format"] == "json" and view.transforms[0].startswith("ceiling:"):
            json.loads(view.text)


def utf8(text):
    """Return the bytes of a text."""
    return len(text.encode("utf-8", "surrogatepass"))


TEXT = "".join(f"2026-01-01 10:00:{row % 60:02} INFO request {row} served\n" for row in range(900))


@pytest.mark.parametrize("model", ["gpt-4o", "gpt-4", "claude-sonnet-4-5-20250929"])
def test_each_ceiling_has_a_view(model):
    """From one token on: a sign that something is left out, a header without handle, one with it, and then what has room."""
    context = SharedContext(model)
    context.put("log", TEXT)
    room = [max(1, int(most / (1 + context.counter.margin))) for most in range(1, 61)]
    views = [context.view("log", max_tokens=most) for most in range(1, 61)]

    assert all(view.text and view.tokens <= most for view, most in zip(views, room, strict=True))
    handle = markers.handle_of(context.get_entry("log").digest)
    shown = list(dict.fromkeys(view.text for view in views))
    assert shown[:3] == ["[…]", markers.header(None, omits=True), markers.header(handle, omits=True)]
    assert all(NO_ROOM in view.notes for view in views if view.text in shown[:3])
    assert all(context.read(view.omitted[0].reference) == TEXT for view in views if view.text in shown[:3])


def test_json_stays_json_under_each_ceiling():
    """Down to one token, a view for a receiver that parses can be parsed."""
    rows = json.dumps(own.table(["counter", "name", "text"], 60, seed=4))

    for max_tokens in range(1, 61):
        view = compress(rows, "gpt-4o", max_tokens=max_tokens, format="json")

        assert view.tokens <= max_tokens
        json.loads(view.text)


def test_a_counter_that_no_view_comes_under_is_told_about():
    """Where `""` has more tokens than the ceiling, the notes say how many."""
    view = compress("[1, 2, 3]" * 90, counter=FakeCounter(1), max_tokens=1, format="json")

    assert view.text == '""'
    assert f"{SHORTEST} 2" in view.notes


def test_a_payload_shorter_than_a_header_comes_under_its_ceiling():
    """What is short itself is cut too, in no more bytes than it has."""
    view = compress("only a few words are here", "gpt-4o", max_tokens=3)

    assert view.text == "[…]"
    assert view.omitted[0].end == 25


def test_a_view_that_is_put_comes_under_a_ceiling():
    """The view of a view is a view of the text that it is."""
    first = compress(TEXT, "gpt-4o", max_tokens=300).text

    assert compress(first, "gpt-4o", max_tokens=300).text == first
    assert compress(first, "gpt-4o", max_tokens=40).tokens <= 40
