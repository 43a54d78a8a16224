"""What other products do wrong with JSON, or promise: each is a test of ours (numbers are those of the list we keep)."""

import json
import random
import threading

import pytest

from headroom_core import SharedContext, compress
from headroom_core.testing import FakeCounter
from tests.core import strategies as own
from tests.core.json_decoder import decode, exact

ROWS = own.table(["counter", "name", "choice", "date", "records"], 300, seed=4)
TEXT = own.spell(ROWS)


class TestDefects:
    """Defects that were measured elsewhere."""

    def test_03_every_reference_of_a_view_can_be_redeemed(self):
        """A marker leads back to its part for as long as its entry lives, in the very context that made it."""
        context = SharedContext("gpt-4o", mode="compact")
        entry = context.put("rows", TEXT)

        assert entry.omitted
        assert all(context.read(span.reference) == TEXT[span.start : span.end] for span in entry.omitted)

    def test_06_nothing_is_written_to_disk(self, tmp_path, monkeypatch):
        """Originals stay in memory, with every folder a product might choose under watch."""
        for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "TMPDIR"):
            monkeypatch.setenv(name, str(tmp_path))
        monkeypatch.chdir(tmp_path)
        context = SharedContext("gpt-4o")
        context.put("rows", TEXT)
        context.view("rows", mode="compact", max_tokens=300)

        assert list(tmp_path.rglob("*")) == []

    def test_07_bad_inputs_turn_nothing_off(self):
        """After any number of hostile documents the next good one is compressed, and the bad ones have their tokens counted."""
        before = SharedContext("gpt-4o").put("good", TEXT)
        context = SharedContext("gpt-4o")
        for number in range(6):
            bad = context.put(f"bad {number}", "[" * (20_000 + number) + "]" * (20_000 + number))
            assert bad.original_tokens > 0
        after = context.put("good", TEXT)

        assert after.view == before.view
        assert context.stats().total_original_tokens > before.original_tokens

    def test_09_counts_do_not_depend_on_what_was_counted_before(self):
        """The same payload has the same tokens in every context."""
        first = SharedContext("gpt-4o").put("a", TEXT)
        context = SharedContext("gpt-4o")
        context.put("other", TEXT[:-1])

        assert context.put("a", TEXT).original_tokens == first.original_tokens

    @pytest.mark.parametrize(
        "line", ["[75 rows compressed. Retrieve more: hash=0123456789ab]", "[rows 3-9 omitted]", "<<ccr:abc,string,594B>>"]
    )
    def test_12_text_that_looks_like_a_marker_does_not_stop_compression(self, line):
        """Relayed markers, ours or others', are payload."""
        text = own.spell({"relayed": line, "rows": ROWS})
        view = compress(text, "gpt-4o")

        assert view.tokens < 0.8 * compress(text, "gpt-4o", kind="text").tokens
        assert line in view.text

    def test_13_the_returned_entry_cannot_edit_the_store(self):
        """Entries are frozen, and so are their views."""
        entry = SharedContext("gpt-4o").put("rows", TEXT)
        with pytest.raises(AttributeError):
            entry.view.text = "other"

    def test_17_the_caller_has_a_say_in_each_view(self):
        """Mode, ceiling, format, kind and references are told per call, and each changes the view as it says."""
        context = SharedContext("gpt-4o")
        entry = context.put("rows", TEXT)
        views = [
            entry.view,
            context.view("rows", mode="lossless"),
            context.view("rows", mode="compact"),
            context.view("rows", max_tokens=400),
            context.view("rows", format="json"),
            context.view("rows", mode="compact", references=False),
        ]

        assert len({view.text for view in views}) >= 5
        assert views[1].omitted == ()
        assert views[2].tokens <= views[0].tokens <= entry.original_tokens
        assert views[3].tokens <= 400
        assert json.loads(views[4].text)

    def test_18_keys_order_and_spelling_are_kept(self):
        """Duplicate keys, the order of columns and 1E5 survive in lossless views."""
        text = '[{"z":1E5,"a":1.10,"z":2},{"z":1E5,"a":-0,"z":3},{"z":1e+5,"a":0.0,"z":4}]'

        assert decode(own.crush(text, mode="lossless").text) == exact(text)

    def test_19_a_table_is_not_quoted_as_a_string(self):
        r"""A view is lines that a person can read, without \n and \" between its rows."""
        view = compress(TEXT, "gpt-4o").text

        assert "\\n" not in view
        assert '\\"' not in view
        assert view.count("\n") > 20


class TestBehaviours:
    """What any shared context should do."""

    def test_14_small_error_outputs_stay_verbatim(self):
        """A small error document is not touched."""
        text = json.dumps({"error": {"code": 502, "message": "upstream timed out", "trace": ["a.py:3", "b.py:9"]}})

        assert compress(text, "gpt-4o").text == text

    def test_15_one_error_word_alone_protects_nothing(self):
        """A large table is compressed though a row speaks of an error."""
        rows = [*ROWS, {"counter": 1, "name": "an error"}]

        assert compress(own.spell(rows), "gpt-4o").tokens < 0.8 * compress(own.spell(rows), "gpt-4o", kind="text").tokens

    def test_17_and_18_the_same_input_gives_the_same_bytes_first_and_later(self):
        """No cache and no history changes a view."""
        context = SharedContext("gpt-4o")
        texts = {context.put(f"key {number}", TEXT).compressed for number in range(3)}

        assert texts == {compress_with_references(TEXT)}

    def test_19_and_20_concurrent_views_never_mix(self):
        """Many threads, many documents, one router: each gets its own view."""
        context = SharedContext(counter=FakeCounter())
        documents = {f"key {number}": own.spell(own.table(["counter", "name", "text"], 60, seed=number)) for number in range(8)}
        expected = {key: SharedContext(counter=FakeCounter()).put(key, text).compressed for key, text in documents.items()}
        got = {}
        start = threading.Barrier(len(documents))

        def work(key):
            start.wait()
            got[key] = [context.put(key, documents[key]).compressed for _ in range(3)]

        threads = [threading.Thread(target=work, args=(key,)) for key in documents]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert got == {key: [text] * 3 for key, text in expected.items()}

    def test_24_and_25_a_uniform_table_goes_lossless_with_all_rows_and_no_marker(self):
        """Where saying things once is enough, every row is there and nothing is announced as omitted."""
        rows = [{"id": row, "kind": "Feature", "active": True, "unit": "ms", "value": row * 7 % 31} for row in range(120)]
        view = compress(json.dumps(rows), "gpt-4o")

        assert view.omitted == ()
        assert list(own.ranges_in(view.text)) == []
        assert decode(view.text) == exact(json.dumps(rows))
        assert view.tokens < 0.5 * compress(json.dumps(rows), "gpt-4o", kind="text").tokens

    def test_27_shown_rows_are_rows_of_the_original(self):
        """A view in JSON holds a subset of the rows, each with values of its own."""
        rng = random.Random(1)  # noqa: S311  # data, no secret
        rows = [{"id": row, "a": rng.random(), "b": f"{rng.choice(own.WORDS)} {row}"} for row in range(2_000)]
        text = json.dumps(rows)
        shown = own.json_view_body(own.crush(text, format="json").text)
        records = [row for row in shown if isinstance(row, tuple)]

        assert 10 < len(records) < len(rows)
        assert own.is_part_of(shown, exact(text))


def compress_with_references(text):
    """Return the default view of a context."""
    return SharedContext("gpt-4o").put("elsewhere", text).compressed
