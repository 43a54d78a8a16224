"""`max_tokens` is a promise: no view has more, errors come first, and JSON stays JSON."""

import json

import pytest

from headroom_core import SharedContext, compress
from headroom_core.testing import FakeCounter
from tests.core import strategies as own

CEILINGS = (60, 100, 333, 1_300, 5_000)
ERROR = "disk quota exceeded on node-7"


def rows_with_errors():
    """Return a table with three error rows, two of one kind."""
    rows = own.table(["counter", "name", "choice", "text", "date"], 400, seed=2)
    for place in (77, 200, 333):
        rows[place]["error"] = ERROR if place != 200 else "lease expired after 30 s"
    return rows


DOCUMENTS = {
    "errors": json.dumps(rows_with_errors()),
    "envelope": json.dumps({"meta": {"took": 3}, "data": {"items": rows_with_errors()}, "note": "word " * 900}, indent=1),
    "lines": "\n".join(map(json.dumps, rows_with_errors())),
    "numbers": json.dumps([number * 7919 % 10_007 for number in range(3_000)]),
    "strings": json.dumps({"sources": [" ".join(own.WORDS) * 20 for _ in range(25)], "summary": "three suppliers are late"}),
    "one string": json.dumps({"a": "x" * 40_000}),
    "settings": json.dumps({word: {inner: [word, inner, {"deep": word * 3}] for inner in own.WORDS} for word in own.WORDS}),
    "deep": "[" * 20_000 + "]" * 20_000,
}
TEXTS = {
    "log": "".join(f"2024-01-01 10:00:{row % 60:02} INFO request {row} served\n" for row in range(900))
    + f"2024-01-01 11:00:00 ERROR {ERROR}\n"
    + "".join(f"2024-01-01 12:00:{row % 60:02} INFO request {row} served\n" for row in range(900)),
    "prose": "The committee met and heard the witnesses about the contract. " * 500,
    "one word": "x" * 50_000,
    "blank": "\n" * 50_000,
    "scripts": "東京の会議は三時に始まる。" * 900,
    "not JSON": DOCUMENTS["errors"][:-1],
}


@pytest.mark.parametrize("max_tokens", CEILINGS)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_view_of_json_has_more(name, max_tokens):
    """Whatever the document, a view has at most the tokens that were asked for, as text and as JSON that parses."""
    for form in ("text", "json"):
        view = compress(DOCUMENTS[name], "gpt-4o", max_tokens=max_tokens, format=form)

        assert view.tokens <= max_tokens
        if form == "json":
            json.loads(view.text)


@pytest.mark.parametrize("max_tokens", CEILINGS)
@pytest.mark.parametrize("name", TEXTS)
def test_no_view_of_text_has_more(name, max_tokens):
    """The same for text that no compressor takes; every omitted part can be read."""
    context = SharedContext("gpt-4o")
    context.put("text", TEXTS[name])
    view = context.view("text", max_tokens=max_tokens)

    assert view.tokens <= max_tokens
    assert [context.read(span.reference) for span in view.omitted] == [
        TEXTS[name][span.start : span.end] for span in view.omitted
    ]


@pytest.mark.parametrize("max_tokens", [120, 200, 500, 2_100])
@pytest.mark.parametrize("name", ["errors", "envelope", "lines"])
def test_errors_survive_before_anything_else(name, max_tokens):
    """Under a low ceiling each different error is still shown."""
    view = compress(DOCUMENTS[name], "gpt-4o", max_tokens=max_tokens)

    assert ERROR in view.text
    assert "lease expired after 30 s" in view.text


@pytest.mark.parametrize("max_tokens", [80, 200, 2_100])
def test_the_error_line_of_a_log_survives(max_tokens):
    """In text too, the line that speaks of an error is the first to be kept."""
    assert ERROR in compress(TEXTS["log"], "gpt-4o", max_tokens=max_tokens).text


@pytest.mark.parametrize("max_tokens", [60, 500, 5_000])
@pytest.mark.parametrize("text", [DOCUMENTS["errors"], TEXTS["prose"]], ids=["json", "prose"])
def test_estimates_keep_their_margin(text, max_tokens):
    """Where tokens are estimated, the view stays under the ceiling by as much as the model may count more."""
    context = SharedContext("claude-sonnet-4-5-20250929")
    context.put("key", text)
    view = context.view("key", max_tokens=max_tokens)

    assert context.counter.margin > 0
    assert view.tokens * (1 + context.counter.margin) <= max_tokens


def test_a_payload_under_the_ceiling_is_shown_as_without():
    """A ceiling that is met changes nothing."""
    text = DOCUMENTS["errors"]
    free = compress(text, counter=FakeCounter())

    assert compress(text, counter=FakeCounter(), max_tokens=free.tokens) == free


def test_more_room_shows_more():
    """A higher ceiling gives a longer view, until the usual one is reached."""
    sizes = [compress(DOCUMENTS["errors"], "gpt-4o", max_tokens=ceiling).tokens for ceiling in CEILINGS]

    assert sizes[0] < sizes[2] < sizes[4]
    assert all(size > ceiling / 4 for size, ceiling in zip(sizes, CEILINGS, strict=True))
