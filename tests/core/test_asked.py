"""What a reader's query asks for is shown before other things, where not all has room."""

import json
import random
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_core import SharedContext, compress
from headroom_core.compressors.asked import FEW, asked_of, places_of
from headroom_core.compressors.rows import Column, choose, study
from headroom_core.testing import FakeCounter
from tests.core import strategies as own
from tests.core.timing import assert_linear

QUERY = "what about order 4711?"
_draw = random.Random(11)  # noqa: S311  # data, no secret
ORDERS = [
    {
        "order": number,
        "customer": f"{_draw.choice(own.WORDS)}-{_draw.randint(0, 900)}",
        "state": _draw.choice(("paid", "sent", "open")),
        "total": _draw.randint(100, 90_000) / 100,
    }
    for number in range(1, 5_001)
]
CSV = "order,customer,state,total\n" + "".join(",".join(map(str, row.values())) + "\n" for row in ORDERS)
LOG = "".join(f"2026-01-01 1{n // 3600}:{n // 60 % 60:02}:{n % 60:02} INFO shop order {n} sent\n" for n in range(1, 5_001))
SAID = {"json": ('"4711', "4711,", "4711\t"), "csv": ("4711,",), "log": ("order 4711 sent",)}
PAYLOADS = {"json": json.dumps(ORDERS), "csv": CSV, "log": LOG}


@pytest.mark.parametrize("mode", ["lossless", "balanced", "compact"])
@pytest.mark.parametrize("kind", PAYLOADS)
@pytest.mark.parametrize("max_tokens", [None, 400, 2_000])
def test_a_row_that_is_asked_for_by_number_is_shown(kind, mode, max_tokens):
    """Of 5,000 rows the one that the query names is shown, in every mode; without the query it is one of many."""
    view = compress(PAYLOADS[kind], "gpt-4o", mode=mode, max_tokens=max_tokens, query=QUERY)
    plain = compress(PAYLOADS[kind], "gpt-4o", mode=mode, max_tokens=max_tokens)

    assert any(said in view.text for said in SAID[kind])
    assert any(said in plain.text for said in SAID[kind]) == (mode == "lossless" and max_tokens is None)


def test_a_row_that_is_asked_for_is_shown_to_a_receiver_that_parses():
    """The same in JSON."""
    view = compress(PAYLOADS["json"], "gpt-4o", max_tokens=1_000, query=QUERY, format="json")

    assert view.tokens <= 1_000
    assert "4711" in json.dumps(json.loads(view.text))


def test_errors_are_shown_before_what_is_asked_for():
    """Both are there where there is room for both."""
    rows = [dict(row) for row in ORDERS]
    rows[99]["error"] = "card declined"
    view = compress(json.dumps(rows), "gpt-4o", max_tokens=400, query=QUERY)

    assert "card declined" in view.text
    assert "4711" in view.text

    found = study([Column("error", ["", "x", "y", "", "", ""]), Column("id", list("abcdef"))], 6, ["f"])
    assert choose(found, 6, 2) == [1, 2]


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        (QUERY, ("4711",)),
        ("Why did ORD-77 and user_id fail at 10.0.0.1?", ("ord-77", "user_id", "10.0.0.1")),
        ("compare 12 with 4711 and 4711", ("4711",)),
        ("what is wrong with the shop?", ()),
        ("", ()),
        (None, ()),
    ],
)
def test_identifiers_and_numbers_of_three_characters_or_more_are_looked_for(query, asked):
    """Words are not: they stand in most rows."""
    assert asked_of(query) == asked


def test_only_whole_words_that_few_rows_hold_are_found():
    """`4711` is not in `14711`; what many rows hold names none of them."""
    assert places_of(["4711"], ["4711", "14711", "x-4711", "4711.50", "47110"]) == [0, 2, 3]
    assert places_of(["2024"], [f"2024-01-0{day}" for day in range(FEW + 1)]) == []
    assert places_of([], ["4711"]) == []


@given(st.lists(st.text(st.characters(exclude_characters="\n"), max_size=8), max_size=20), st.text(max_size=30))
def test_any_text_can_be_asked_for_in_any_rows(rows, query):
    """Places are those of rows, whatever letters they have."""
    assert all(0 <= place < len(rows) for place in places_of(asked_of(query), rows))


SENTENCES = (
    "The committee met in the {} hall and heard witnesses about the {} and the {}.",
    "Nobody had expected that a {} could stand so near to the {}, and yet it did.",
    "Behind the {}, as the older members recalled, there had once been a {} of some size.",
    "They spoke at length of the {}.",
    "What the {} meant for the {} was left to another day, since the {} was late.",
    "A letter about the {} was read, and put aside.",
)
PROSE = "".join(
    " ".join(_draw.choice(SENTENCES).format(*_draw.choices(own.WORDS, k=3)) for _ in range(_draw.randint(2, 7))) + "\n\n"
    for _ in range(50)
)
ANSWER = "The lighthouse of Marwick was sold to a brewer named Ansgar Holm, who painted it green."
ASKED = "Who bought the lighthouse?"
TEXT = f"{PROSE}{ANSWER}\n\n{PROSE}"


@pytest.mark.parametrize("max_tokens", [150, 400, 1_000])
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_text_that_is_cut_shows_what_is_asked_for(max_tokens, form):
    """The passage nearest to the query is shown as it stands, with head and tail around it."""
    context = SharedContext("gpt-4o")
    context.put("text", TEXT)
    view = context.view("text", query=ASKED, max_tokens=max_tokens, format=form)

    assert view.tokens <= max_tokens
    assert ANSWER in view.text
    assert TEXT[:12] in view.text
    assert ANSWER not in context.view("text", max_tokens=max_tokens, format=form).text
    assert [context.read(span.reference) for span in view.omitted] == [TEXT[span.start : span.end] for span in view.omitted]


def test_errors_come_behind_what_is_asked_for():
    """What is asked for takes about half of the room, so that errors are shown too."""
    text = f"{PROSE}{ANSWER}\n\n{PROSE}FATAL: disk quota exceeded\n\n{PROSE}"
    view = compress(text, "gpt-4o", max_tokens=300, query=f"{ASKED} And what did the committee hear from the witnesses?")

    assert ANSWER in view.text
    assert "FATAL: disk quota exceeded" in view.text


@pytest.mark.parametrize("query", [None, "", "zyzzyva", "?"])
def test_a_query_that_finds_nothing_changes_nothing(query):
    """Without one, or where no word of it stands in the text, the view is as it would be."""
    assert compress(TEXT, "gpt-4o", max_tokens=400, query=query) == compress(TEXT, "gpt-4o", max_tokens=400)


def test_a_view_that_fits_is_the_same_with_a_query():
    """A query cuts nothing."""
    whole = compress(TEXT, counter=FakeCounter())

    assert compress(TEXT, counter=FakeCounter(), query=ASKED, max_tokens=whole.tokens) == whole


def test_without_full_text_search_views_are_made_as_without_a_query():
    """Where Python was built without SQLite, a ceiling still holds."""
    program = (
        "import sys; sys.modules['sqlite3'] = None\n"
        "from headroom_core import compress\n"
        "text = 'The committee met and heard the witnesses about it. ' * 900\n"
        "with_query = compress(text, 'gpt-4o', query='witnesses', max_tokens=200)\n"
        "print(with_query == compress(text, 'gpt-4o', max_tokens=200), with_query.tokens <= 200)\n"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert said == "True True\n"


@pytest.mark.parametrize("text_of", [lambda n: "order 4711\n" * n, lambda n: "4711" * n, lambda n: "a4711 " * n])
def test_looking_for_what_is_asked_for_takes_linear_time(text_of):
    """However often it stands there, and whatever stands around it."""
    assert_linear(lambda text: places_of(["4711", "4711a"], text.split("\n")), text_of)
