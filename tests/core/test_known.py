"""What a view leaves out because its reader's prompt says it already."""

import ast
import hashlib
import json
import time
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_core import SharedContext, markers
from headroom_core.handoff import read_for_agent
from headroom_core.importance.needs import Need, needs
from headroom_core.importance.said import Again, Indexes
from headroom_core.importance.units import uncounted, units_of
from headroom_core.importance.uptake import FEATURES, uptake
from headroom_core.importance.words import told_by
from headroom_core.testing import FakeCounter
from headroom_core.viewer import Viewer

PROSE = "\n".join(
    f"Paragraph {number} says that the harbour of town {number} was widened in {1700 + number}, and who paid for it."
    for number in range(60)
)
CODE = "\n\n".join(
    f"def handler_{number}(request):\n    total = request.amount * {number + 3}\n    audit.write(total, 'handler {number}')\n"
    f"    for line in request.lines:\n        total += line.price\n    return total"
    for number in range(40)
)
ORDERS = [
    {
        "order_id": f"#W{6000 + number}",
        "status": "pending" if number % 3 else "shipped",
        "amount": 17 * number + 5,
        "city": "Columbus",
    }
    for number in range(60)
]
TASK = "Please look into it and say what you find."


@pytest.fixture
def viewer():
    """Return a viewer that remembers no views."""
    return Viewer("gpt-4o", remembered=0)


def shown(viewer, text, *known, **options):
    """Return the text of a view."""
    return viewer.view(text, known=known, **options).text


class TestRepeats:
    """What the prompt has word for word is named, and not told again."""

    @pytest.mark.parametrize(
        "text", [PROSE, json.dumps(ORDERS, indent=1), "\n".join(f"2026-01-01 INFO step {n}" for n in range(90))]
    )
    def test_the_same_text_twice_is_one_line(self, text):
        """The second time a view names it, and a reference still leads to all of it."""
        ctx = SharedContext("gpt-4o")
        ctx.put("again", text)
        view = ctx.view("again", known=[TASK, text])

        assert view.text.count("\n") <= 2
        assert markers.ABOVE in view.text
        assert [ctx.read(span.reference) for span in view.omitted] == [text]

    def test_an_edited_file_is_its_difference(self, viewer):
        """Lines that changed are shown, and those around them are named."""
        edited = CODE.replace("request.amount * 20", "request.amount * 99")
        for kind in (None, "text"):
            view = shown(viewer, edited, CODE, kind=kind)

            assert "request.amount * 99" in view
            assert len(view) < len(edited) / 2

    def test_a_changed_word_of_a_record_is_shown(self, viewer):
        """That the prompt has both words elsewhere does not make the new record known."""
        before = "\n".join(f"account_{number:03} is active and belongs to the northern office" for number in range(40))
        after = before.replace("account_017 is active", "account_017 is suspended")
        known = [before, "A suspended account cannot be used: suspended means that nobody signs in."]

        assert "account_017 is suspended" in shown(viewer, after, *known)

    def test_a_line_that_went_is_seen(self, viewer):
        """Of a file that lost a line, the lines on both sides of it are shown; and of two that changed places, too."""
        lines = PROSE.split("\n")
        without = "\n".join([*lines[:20], *lines[21:]])
        swapped = "\n".join([*lines[:20], lines[21], lines[20], *lines[22:]])

        for text in (without, swapped):
            view = shown(viewer, text, PROSE)
            assert lines[19] in view
            assert lines[21] in view

    def test_how_far_to_the_right_a_line_begins_is_part_of_it(self):
        """In Python, and in YAML, the same words mean another thing there."""
        said = Indexes().said_by(["if ready:\n    start(the_first_engine)\n    stop(the_second_engine)"])

        assert said.again(["if ready:", "    start(the_first_engine)", "stop(the_second_engine)"]) == [
            Again.SAME,
            Again.SAME,
            Again.NOT,
        ]

    def test_short_lines_repeat_only_in_their_record(self):
        """A line of a few words is a repeat where its neighbours are repeats, too."""
        said = Indexes().said_by(["name: alpha\nstate: active\nowner: kim\n\nname: beta\nstate: closed\nowner: lee"])

        assert said.again(["name: alpha", "state: active", "owner: kim"]) == [Again.SAME, Again.SAME, Again.NOT]
        assert said.again(["name: gamma", "", "state: closed", "owner: kim"]) == [Again.NOT] * 4
        assert said.again(["name: gamma", "state: active", "owner: lee"]) == [Again.NOT] * 3
        assert said.again(["x", "name: alpha", "", "state: closed"]) == [Again.NOT] * 4

    def test_rows_are_above_under_the_same_columns_alone(self, viewer):
        """A table that was shown is not told again, but for its new rows; another table with such cells is."""
        first = shown(viewer, json.dumps(ORDERS))
        grown = [*ORDERS, {"order_id": "#W9999", "status": "lost", "amount": 1, "city": "Columbus"}]
        view = shown(viewer, json.dumps(grown), first)
        renamed = [{("refund_id" if key == "order_id" else key): value for key, value in row.items()} for row in ORDERS]

        assert "[rows 1-59 omitted; as above]" in view
        assert "W9999" in view
        assert "#W6017" not in view
        assert "#W6017" in shown(viewer, json.dumps(renamed), first)

    def test_bodies_of_functions_that_stand_above_go_first(self, viewer):
        """What is left is code that parses, and the room is for what is new."""
        functions = CODE.split("\n\n")
        known = "\n\n".join([*functions[:17], *functions[18:]])
        view = viewer.view(CODE, known=[known], kind="code", language="python")

        ast.parse(view.text)
        assert markers.ABOVE in view.text
        assert "handler 17" in view.text
        assert "handler 18" not in view.text

    def test_what_was_left_out_above_is_not_known(self, viewer):
        """A view that was shown has said what it shows, and no more."""
        first = shown(viewer, PROSE, PROSE[: len(PROSE) // 2])
        missing = next(line for line in PROSE.split("\n") if line not in first)

        assert missing in shown(viewer, missing + "\n" + "Nothing else was found. " * 60, first)


class TestNeeds:
    """What of a text its reader needs."""

    @given(
        st.lists(st.sampled_from([*PROSE.split("\n")[:12], *CODE.split("\n")[:20], "", "and so on", "Done."]), max_size=40),
        st.lists(st.sampled_from([PROSE[:500], CODE[:700], "and so on", "in 1705 of 1706"]), max_size=3),
        st.sampled_from(["balanced", "compact"]),
    )
    def test_a_fact_that_is_new_is_shown(self, lines, known, mode):
        """Every fact of the payload stands in the prompt or in what is needed."""
        units = units_of("\n".join(lines))
        said = Indexes().said_by(known)
        found = needs(units, said, mode)
        told_in = list(zip(told_by(uncounted(units)), found, strict=True))
        told = {fact for one, need in told_in if need is Need.NEEDED for fact in one.facts}

        for one, need in told_in:
            if need is not Need.SAID:
                assert {fact for fact in one.facts if not said.tells(fact)} <= told

    def test_a_number_is_known_beside_its_word(self):
        """That a number stands somewhere says nothing of another thing with that number."""
        said = Indexes().said_by(["The flight on May 17 was full. It has 240 seats."])

        assert needs(["The flight is on May 17.\n", "There were 17 passengers.\n"], said, "compact") == [
            Need.SPARE,
            Need.NEEDED,
        ]

    @pytest.mark.parametrize(
        "line",
        [
            "The payment was not refused by the bank.",
            "Never restart the queue.",
            "It failed again.",
            "We don't know the queue yet.",
        ],
    )
    def test_errors_and_denials_are_shown(self, line):
        """Also where the prompt has all their words."""
        said = Indexes().said_by(["the payment bank queue restart refused never not failed again know yet it was by we don't"])

        assert needs([line], said, "compact") == [Need.NEEDED]

    def test_the_table_covers_what_it_is_asked(self):
        """Each place of it is a number of words, and more new words are not worth less than one."""
        table = uptake()
        for topics in (1, 3, 8, 50):
            for chars in (1, 90, 5_000):
                for said in (0.0, 0.5, 1.0):
                    for texts in (1, 5, 400):
                        assert 0 <= table(topics, chars, said, texts) <= topics
        assert len(FEATURES) == 4

    def test_the_card_is_of_the_table_that_ships(self):
        """Whoever trains it again writes its digest, and measures it again."""
        content = (files("headroom_core.importance") / "data" / "uptake.json").read_bytes()
        card = Path(__file__).parents[2] / "docs/reference/ranking-model.md"

        assert f"`{hashlib.sha256(content).hexdigest()}`" in card.read_text(encoding="utf-8")

    def test_line_numbers_are_told_from_other_numbers(self):
        """Those that go up by one over lines that differ count lines; others are what the lines say."""
        listing = [f"{number}:text {number // 2}\n" for number in range(9, 30)]
        ports = [f"{port}: open\n" for port in range(8000, 8030)]
        orders = [f"{order}\n" for order in range(700, 900)]

        assert uncounted(listing) == [f"text {number // 2}\n" for number in range(9, 30)]
        assert uncounted(ports) == ports
        assert uncounted(orders) == orders
        assert uncounted(listing[:5]) == listing[:5]


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [*PROSE.split("\n"), *CODE.split("\n"), "", "[rows 1-9 omitted]", "\x1f", "ein Satz. " * 40, "a" * 700]
        ),
        st.text(max_size=60),
    ),
    max_size=60,
)
TEXTS = LINES.map("\n".join)


class TestPromises:
    """What holds of every view holds of these."""

    @given(TEXTS, st.lists(TEXTS, max_size=4), st.sampled_from(["balanced", "compact", "lossless"]))
    def test_parts_are_exact_and_views_are_no_longer(self, text, known, mode):
        """What is left out can be read, in order, and no view has more tokens or bytes than its original."""
        counter = FakeCounter()
        ctx = SharedContext(counter=counter, mode=mode)
        entry = ctx.put("key", text)
        view = ctx.view("key", known=[*known, text[: len(text) // 2]])
        end = 0

        assert view.tokens <= entry.original_tokens
        assert len(view.text.encode("utf-8", "surrogatepass")) <= len(text.encode("utf-8", "surrogatepass"))
        for span in view.omitted:
            assert end <= span.start < span.end
            assert ctx.read(span.reference) == text[span.start : span.end]
            end = span.end

    @given(st.lists(TEXTS, min_size=1, max_size=5), st.data())
    def test_views_do_not_depend_on_what_was_asked_before(self, texts, data):
        """Prompts that grow, fork and go back give the views that a fresh viewer gives."""
        viewer = Viewer(counter=FakeCounter())
        for _ in range(4):
            known = tuple(data.draw(st.lists(st.sampled_from(texts), max_size=5)))
            text = data.draw(st.sampled_from(texts))

            assert viewer.view(text, known=known) == Viewer(counter=FakeCounter(), remembered=0).view(text, known=known)

    def test_a_prompt_that_grows_keeps_its_start(self, viewer):
        """Each view depends on what stands before it, and on nothing behind."""

        def prompt(texts):
            known = []
            for text in texts:
                known.append(shown(viewer, text, *known))
            return known

        texts = [PROSE, CODE, PROSE, json.dumps(ORDERS), CODE.replace("* 20", "* 99")]
        for size in range(1, len(texts)):
            assert prompt(texts)[:size] == prompt(texts[:size])

    def test_lossless_views_and_json_know_nothing(self, viewer):
        """The one leaves nothing out, and the other is for a program that has no prompt."""
        text = json.dumps(ORDERS)
        lossless = Viewer("gpt-4o", mode="lossless")

        assert shown(lossless, text, text) == shown(lossless, text)
        assert shown(viewer, text, text, format="json") == shown(viewer, text, format="json")

    def test_how_to_read_is_said_once_in_a_prompt(self):
        """The header of a later view ends behind its handle, which is all that the reading tool needs."""
        ctx = SharedContext("gpt-4o")
        ctx.put("first", PROSE)
        ctx.put("second", CODE, kind="text")
        first = ctx.view("first", known=[PROSE[: len(PROSE) // 2]]).text
        second = ctx.view("second", known=[CODE[: len(CODE) // 2], first]).text
        handle = markers.handle_of(ctx.get_entry("second").digest)

        assert first.startswith("[view of ")
        assert markers.HOW_TO_READ in first
        assert second.startswith(f"[view of {handle}]\n")
        assert markers.is_view(second)
        assert ctx.put("relayed", second).view.text == second
        assert CODE.split("\n")[0] in read_for_agent(ctx, f"{handle} lines 1-2", allowed=[first, second])

    def test_a_header_that_a_payload_quotes_is_left_as_it_is(self):
        """Only the view's own header is made shorter; one that its payload hands on is text like any other."""
        quoted = markers.header("482913207615", omits=True)
        rows = json.dumps({"said": quoted, "rows": ORDERS})
        view = Viewer("gpt-4o", remembered=0).view(rows, known=[quoted])

        assert view.text.startswith("[view of ")
        assert quoted in view.text.partition("\n")[2]

    def test_a_reader_without_references_is_told_that_parts_cannot_be_read(self):
        """What stands above can be read there; the rest cannot."""
        view = Viewer("gpt-4o", references=False).view(PROSE, known=[PROSE])

        assert view.text.startswith(markers.header(None, omits=True))
        assert view.omitted[0].reference is None


class TestPrice:
    """What it costs to know."""

    def test_a_long_history_does_not_slow_a_view(self):
        """One more text costs its own price: the index of 10,000 is not made again."""
        texts = [f"Message {number}: the run of unit_{number} took {number * 7} ms." for number in range(10_000)]
        prompts = Indexes()
        began = time.perf_counter()
        prompts.said_by(texts)
        whole = time.perf_counter() - began
        began = time.perf_counter()
        said = prompts.said_by([*texts, "Another message."])
        more = time.perf_counter() - began

        assert said.size == 10_001
        assert more < whole / 10

    def test_views_are_remembered_by_a_digest_of_what_is_known(self):
        """A remembered view holds its own text, and none of those before it."""
        viewer = Viewer("gpt-4o")
        first = viewer.view(PROSE, known=[TASK, CODE])

        assert viewer.view(PROSE, known=(TASK, CODE)) is first
        assert viewer.view(PROSE, known=[CODE, TASK]) is not first
        assert viewer.view(PROSE, known=[TASK + CODE]) is not first
