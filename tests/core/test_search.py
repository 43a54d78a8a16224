"""The passages of an original that are nearest to a question."""

import asyncio
import json
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_core import Hit, SharedContext, errors, markers
from headroom_core.handoff import SEARCH_TOKENS, read_for_agent, read_from
from headroom_core.reading import said_of
from headroom_core.search.passages import LONGEST_CHARS, pieces_of
from headroom_core.search.ranking import Index
from headroom_core.search.words import MOST_WORDS, SMALL, asked
from headroom_core.selection import find
from headroom_core.store import Original
from headroom_core.tokens.counters import VocabularyCounter
from tests.core.test_read_selectors import DOCUMENT, documents, texts, values
from tests.core.timing import assert_linear

PROSE = "\n\n".join(
    [
        "# The year of the shop",
        "The shop opened in May. It sold bread and cheese to whoever came in the morning, and closed at noon.",
        "In June the oven broke. Nobody in the town could mend it, so a mechanic came from the coast, and stayed for a week.",
        "In July the payments failed. The bank had changed the address of its gateway, and nobody had told the shop.",
        *(
            f"On day {day} of August the weather was fine, and nothing else happened to anybody of the town."
            for day in range(30)
        ),
    ]
)
CODE = """import os


def read(path):
    with open(path) as file:
        return file.read()


class PaymentGateway:
    def charge(self, amount):
        return self.bank.take(amount)

    def paymentFailed(self, reason):
        self.log(reason)


def close(shop):
    shop.closed = True
"""
ROWS = [{"id": row, "host": f"web-{row % 7}", "note": "all is well"} for row in range(300)]
ROWS[211]["note"] = "disk of the third volume is full"


@pytest.fixture
def context():
    """Return a context that counts as gpt-4o does."""
    return SharedContext(model="gpt-4o")


def best(context, key, question):
    """Return the text of the best passage."""
    return context.search(key, question)[0].text


def test_the_paragraph_that_answers_comes_first(context):
    """By its rare words, whatever their endings; the reference reads exactly the passage."""
    context.put("story", PROSE)
    hits = context.search("story", "Why did the payment fail?")

    assert "the payments failed" in hits[0].text
    assert all(isinstance(hit, Hit) and context.read(hit.reference) == hit.text for hit in hits)
    assert all(PROSE[hit.start : hit.end] == hit.text for hit in hits)


def test_a_declaration_is_found_by_the_parts_of_its_name(context):
    """`paymentFailed` has the words payment and failed, and so has `payment_failed`."""
    context.put("code", CODE)

    for question in ("payment failed", "payment_failed", "paymentFailed", "where is PaymentFailed logged?"):
        assert "def paymentFailed" in best(context, "code", question)
    assert best(context, "code", "closed shop").startswith("def close")
    assert best(context, "code", "read a file").startswith("def read")


@pytest.mark.parametrize("lines", [False, True])
def test_a_row_is_found_alone(context, lines):
    """A passage of a table is a row, or a few short ones, named as rows."""
    context.put("rows", "\n".join(map(json.dumps, ROWS)) if lines else ROWS)
    hit = context.search("rows", "which disk is full?")[0]

    assert re.search(r" rows (\d+)-(\d+)$", hit.reference)
    assert "third volume" in hit.text
    assert len(hit.text) < 300


def test_words_in_strings_of_json_are_found(context):
    """A line end that is written as an escape ends a word; letters that are escaped are letters."""
    context.put("answer", json.dumps({"page": "alpha\nbeta\tgamma\ncaf\u00e9 " + "x " * 2_000, "n": 1}))

    for word in ("beta", "gamma", "café", "cafe"):
        assert "alpha" in best(context, "answer", word)


def test_code_between_words_is_found(context):
    """A document is split as views split it."""
    context.put("notes", f"# Notes\n\n{PROSE}\n\n```python\n{CODE}```\n")

    assert best(context, "notes", "payment gateway charge").startswith("class PaymentGateway")


def test_scripts_without_spaces_are_found(context):
    """Each of their letters counts as a word."""
    context.put(
        "text", "\n\n".join(said * 20 for said in ("東京の天気は晴れです。", "支払いが失敗しました。", "何も起こりません。"))
    )

    assert best(context, "text", "支払い失敗").startswith("支払い")


def test_what_is_not_there_and_what_says_nothing(context):
    """None without an entry, nothing without a word in common; a question of small words alone is looked for as it is."""
    context.put("story", PROSE)

    assert context.search("nobody", "why?") is None
    assert context.search("story", "xylophone") == ()
    assert context.search("story", "?!") == ()
    assert context.search("story", "in the of") != ()
    with pytest.raises(errors.InvalidOptionError, match="question must be a non-empty str"):
        context.search("story", "")
    with pytest.raises(errors.InvalidOptionError, match="max_tokens must be an int of at least 1"):
        context.search("story", "why", max_tokens=0)


@pytest.mark.parametrize("max_tokens", [1, 15, 20, 40, 100, 400, 800, 5_000])
def test_all_together_have_no_more_tokens(context, max_tokens):
    """References included; where not even one passage has room the start of the best is cut out, and can be read alone."""
    context.put("story", PROSE)
    hits = context.search("story", "Why did the payments fail in the town?", max_tokens=max_tokens)

    assert context.counter.count(said_of(hits)) <= max_tokens
    assert all(context.read(hit.reference) == hit.text for hit in hits)
    assert hits or max_tokens < 20


def test_an_estimating_counter_keeps_its_margin():
    """The model's own count stays within the limit, too."""
    context = SharedContext(model="claude-sonnet-4-5-20250929")
    context.put("story", PROSE)
    hits = context.search("story", "town", max_tokens=400)

    assert context.counter.count(said_of(hits)) * (1 + context.counter.margin) <= 400


def test_a_search_is_the_same_every_time(context):
    """Whether the index is remembered or made again; passages of one rank stand in order."""
    context.put("story", PROSE)
    hits = context.search("story", "weather in August")

    assert context.search("story", "weather in August") == hits
    assert [one.start for one in Index(PROSE).nearest("weather in August")][: len(hits)] == [hit.start for hit in hits]
    assert asyncio.run(context.asearch("story", "weather in August")) == hits


def test_events_tell_of_a_search_as_of_a_read():
    """What was found is a read of the kind `search`, and what was not is a miss."""
    told = []
    context = SharedContext(model="gpt-4o", on_event=told.append)
    context.put("story", PROSE, "writer")
    hits = context.search("story", "oven")
    context.search("story", "xylophone")
    context.search("nobody", "oven")
    events = [(one.name, one.kind, one.key, one.agent, one.reason) for one in told if one.name in {"read", "miss"}]

    assert events == [
        ("read", "search", "story", "writer", None),
        ("miss", "search", "story", "writer", "no such part"),
        ("miss", "search", "nobody", None, "unknown"),
    ]
    assert next(one for one in told if one.name == "read").tokens == context.counter.count(said_of(hits))


def test_the_reading_tool_answers_a_question(context):
    """Each passage below a line that names its place, in no more tokens than a search returns."""
    handle = markers.handle_of(context.put("story", PROSE, "writer").digest)
    answer = read_for_agent(context, f"{handle} search why did the payments fail")
    original = Original(PROSE, context.get_entry("story").digest, "story", "writer")

    assert answer.startswith(
        f'{handle} search why did the payments fail, from "story", put by agent "writer". Below each line ====='
    )
    assert re.search(r"\n=====data \w{8}===== lines \d+-\d+\n", answer)
    assert "the payments failed" in answer
    assert "Cut here" not in answer
    assert context.counter.count(answer) <= SEARCH_TOKENS
    assert read_from(lambda _: original, f"{handle} search why did the payments fail", counter=context.counter) == answer
    assert "Try other words" in read_for_agent(context, f"{handle} search xylophone")
    assert context.counter.count(read_for_agent(context, f"{handle} search weather", max_tokens=200)) <= 200


def test_a_reference_with_a_question_is_for_reading_tools(context):
    """In a program there is one way to ask."""
    handle = markers.handle_of(context.put("story", PROSE).digest)

    with pytest.raises(errors.InvalidOptionError, match=r"search\(\) answers questions"):
        context.read(f"{handle} search payments")


LONG = json.dumps({"a": "x y. " * 900, "b": [1, 2]})


@pytest.mark.parametrize("text", [PROSE, CODE, DOCUMENT, json.dumps(ROWS), json.dumps(ROWS, indent=2), LONG, "z" * 9_000])
def test_all_that_has_words_is_in_a_passage(text):
    """Passages are in order, without overlap, none is long, and nothing but blanks and signs stands between them."""
    end = 0
    for piece in pieces_of(text):
        assert not any(letter.isalnum() for letter in text[end : piece.start])
        assert piece.start >= end
        assert 0 < piece.end - piece.start <= LONGEST_CHARS
        end = piece.end
    assert not any(letter.isalnum() for letter in text[end:])


@given(st.one_of(st.text(), texts, documents, values.map(json.dumps)), st.sampled_from([None, "python", "en"]))
def test_every_passage_is_read_by_its_range(text, language):
    """Whatever the text."""
    for piece in pieces_of(text, language):
        assert find(text, piece.part) == (piece.start, piece.end)


_COUNTER = VocabularyCounter("o200k_base")


@given(st.one_of(st.text(), documents, st.just(PROSE)), st.text(min_size=1), st.integers(1, 300))
def test_no_text_and_no_question_breaks_a_search(text, question, max_tokens):
    """What is found are parts of the text, in no more tokens than were asked for."""
    context = SharedContext(counter=_COUNTER)
    context.put("key", text)
    hits = context.search("key", question, max_tokens=max_tokens)

    assert _COUNTER.count(said_of(hits)) <= max_tokens
    assert all(text[hit.start : hit.end] == hit.text for hit in hits)
    assert all(context.read(hit.reference) == hit.text for hit in hits)


@given(st.text())
def test_words_of_a_question_are_plain(question):
    """Nothing of them is syntax of the index, and the small ones go where there are others."""
    words = asked(question)

    assert len(words) <= MOST_WORDS
    assert all(word.replace("_", "x").isalnum() for word in words)
    assert not SMALL.intersection(words) or SMALL.issuperset(words)


def test_without_full_text_search_an_error_says_so():
    """Where Python was built without SQLite, the error says what to do, and a reading tool answers with it."""
    program = (
        "import sys; sys.modules['sqlite3'] = None\n"
        "from headroom_core import SharedContext, errors, markers\n"
        "from headroom_core.handoff import read_for_agent\n"
        "context = SharedContext(model='gpt-4o')\n"
        "handle = markers.handle_of(context.put('key', 'some words').digest)\n"
        "print(read_for_agent(context, f'{handle} search words'))\n"
        "try:\n    context.search('key', 'words')\n"
        "except errors.SearchUnavailableError as exc:\n    print(exc.code)\n"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert "Nothing was read: search needs the sqlite3 of Python with FTS5" in said
    assert said.endswith("search-unavailable\n")


@pytest.mark.parametrize(
    "text_of",
    [
        lambda n: "some words of a line\n" * n,
        lambda n: "words of one line " * n,
        lambda n: json.dumps(list(range(n))),
        lambda n: json.dumps([{"id": number} for number in range(n)]),
        lambda n: "camelCase" * n,
        lambda n: "a\n\n" * n,
    ],
)
def test_an_index_takes_linear_time(text_of):
    """Whatever the passages are."""
    assert_linear(Index, text_of)
