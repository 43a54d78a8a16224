"""Whatever the text, SmartCrusher makes a view of it that keeps the promises, or says why not."""

import json
import time
import tracemalloc

import pytest

from headroom_core import SharedContext, compress, markers
from headroom_core.compressors.base import Compressed, Refused
from headroom_core.compressors.json_crusher import SmartCrusher
from headroom_core.selection import find
from tests.core import strategies as own
from tests.core.json_decoder import decode, exact
from tests.core.test_json_views import markers_redeem, spans_hold

ROWS = [{"id": row, "name": f"row {row}", "note": " ".join(own.WORDS[row % 9 :])} for row in range(300)]


def nested(levels, kind):
    """Return JSON text that deep, of arrays, of objects, or of both by turns."""
    opening, closing = {"arrays": ("[", "]"), "objects": ('{"a":', "}"), "mixed": ('[{"a":', "}]")}[kind]
    return f"{opening * levels}1{closing * levels}"


class TestDepth:
    """Nesting costs nobody his view."""

    @pytest.mark.parametrize("levels", [60, 900, 10_000, 100_000])
    @pytest.mark.parametrize("kind", ["arrays", "objects", "mixed"])
    def test_a_deep_document_has_a_view(self, levels, kind):
        """No depth raises, in any mode and form, and references redeem."""
        text = nested(levels, kind)
        for mode, form in (("lossless", "json"), ("balanced", "text")) if levels < 100_000 else (("balanced", "text"),):
            made = own.crush(text, mode=mode, format=form)

            spans_hold(text, made)
            assert made.text
        context = SharedContext("gpt-4o")
        entry = context.put("deep", text)

        assert entry.compressed_tokens <= entry.original_tokens
        assert entry.original_tokens > 0
        assert context.get("deep", full=True) == text

    @pytest.mark.parametrize("levels", [60, 10_000, 100_000])
    @pytest.mark.parametrize("kind", ["arrays", "objects", "mixed"])
    def test_a_table_beside_something_deep_is_shown_as_ever(self, levels, kind):
        """The deep part is left out or kept as text, and the rows around it are shown."""
        text = f'{{"deep":{nested(levels, kind)},"rows":{json.dumps(ROWS)},"last":"the end"}}'
        made = own.crush(text)
        view = made.text
        spans = own.spans_of(made)
        _, part = markers.parse_reference(spans[-1].reference)  # each takes a parse of all that depth

        assert find(text, part) == (spans[-1].start, spans[-1].end)
        assert "row 0" in view
        assert "row 299" in view
        assert "the end" in view
        assert len(view) < len(text)

    def test_what_is_not_so_deep_is_not_left_out(self):
        """Sixty levels are kept as they are in a lossless view."""
        text = f"[{nested(60, 'mixed')},{nested(60, 'arrays')},{json.dumps(ROWS)}]"

        assert decode(own.crush(text, mode="lossless").text) == exact(text)

    @pytest.mark.parametrize("levels", [10_000, 100_000])
    def test_deep_text_that_is_not_json_is_refused(self, levels):
        """An unclosed nest, or one closed wrongly, is no JSON, and the reason says where it breaks."""
        for text in (
            "[" * levels,
            '{"a":' * levels,
            "[" * levels + "}",
            nested(levels, "arrays") + "]",
            nested(levels, "mixed")[:-1],
        ):
            made = SmartCrusher().compress(text, own.request_for(text))

            assert isinstance(made, Refused)
            assert "not valid JSON" in made.reason
            assert "line 1, column" in made.reason


class TestOddStrings:
    """Long strings, NUL and lone surrogates."""

    def test_five_megabytes_of_one_character(self):
        """A string without a single word boundary is cut, quickly."""
        text = json.dumps({"a": "x" * 5_000_000, "b": "the end"})
        start = time.process_time()
        view = compress(text, "gpt-4o")

        assert view.tokens < 1_000_000 / 10
        assert "the end" in view.text
        assert time.process_time() - start < 20

    @pytest.mark.parametrize("odd", ["\x00", "\ud800", "\udfff\ud800", "\x01", "\x000\x00", "\x010\x01", "\u2028", "\ufffe"])
    @pytest.mark.parametrize("escaped", [True, False])
    def test_odd_characters_survive_in_every_form(self, odd, escaped):
        """NUL, lone surrogates and our own placeholders, escaped or raw, as name, cell and text, come through unharmed."""
        document = {
            "head": {f"k{odd}": odd, "long": f"{odd} word " * 900},
            "rows": [{"id": row, f"n{odd}": f"{odd}{row}", "t": f"{row} {odd} " * 30} for row in range(200)],
        }
        text = json.dumps(document, ensure_ascii=escaped)
        if not escaped and odd < " ":
            text = text.replace(json.dumps(odd)[1:-1], odd)
        for form in ("text", "json"):
            made = SmartCrusher().compress(text, own.request_for(text, format=form))
            if isinstance(made, Refused):
                assert not escaped
                assert odd < " "  # raw control characters are not JSON
                continue
            spans_hold(text, made)
            markers_redeem(text, made)
            if form == "json":
                assert own.is_part_of(own.json_view_body(made.text), exact(text))


class TestNotJson:
    """What opens like JSON and is not passes unchanged, with a note that says where it breaks."""

    TEXT = json.dumps(ROWS, indent=1)

    @pytest.mark.parametrize(
        ("broken", "where"),
        [
            ("[" + "," + TEXT[1:], "line 1, column 2"),
            (TEXT.replace('"row 150"', "row 150"), "line 754, column 11"),
            (TEXT[:-1], "line 1,502, column 1 (the end of the text)"),
            (TEXT + "]", "line 1,502, column 2"),
            (TEXT.replace("}", "},", 1), "line 6, column"),
            ("{'a': 1" + TEXT, "line 1, column 2"),
        ],
    )
    def test_invalid_json_passes_unchanged(self, broken, where):
        """Broken at the start, in the middle or at the end: the original passes, and a note says line and column."""
        view = compress(broken, "gpt-4o")

        assert view.text == broken
        assert view.omitted == ()
        assert any("not valid JSON" in note and where in note for note in view.notes), view.notes

    def test_a_truncated_last_line_of_json_lines(self):
        """A transport that broke off in the last line: the rows are shown, the rest stands as it is, a note says where."""
        text = "\n".join(map(json.dumps, ROWS))[:-9]
        view = compress(text, "gpt-4o")

        assert view.tokens < 0.7 * compress(text, "gpt-4o", kind="text").tokens
        assert view.text.rstrip("\n").endswith(text.rpartition("\n")[2])
        assert any("line 300" in note for note in view.notes), view.notes

    def test_a_byte_order_mark_is_not_lost_silently(self):
        """A text that starts with a BOM passes as it is, or its view is as good as without."""
        text = "\ufeff" + json.dumps(ROWS)
        entry = SharedContext("gpt-4o").put("bom", text)

        assert entry.original == text
        assert entry.compressed == text or all(text[span.start : span.end] in text for span in entry.omitted)

    @pytest.mark.parametrize("text", ['"a string"', "12", "null", "true", "-1.5e9", json.dumps("long " * 150)])
    def test_scalar_documents_are_refused(self, text):
        """A JSON text that is neither object, list nor long string passes, also where it was said to be JSON."""
        view = compress(text, "gpt-4o", kind="json")

        assert view.text == text

    @pytest.mark.parametrize(
        "text", ["[]", "{}", " [ ] ", "[[]]", "[{}]", "[null]", '{"":""}', "[" + "[]," * 999 + "[]]", "[" + "{}," * 999 + "{}]"]
    )
    def test_empty_documents_have_views(self, text):
        """Empty lists and objects, alone or by the hundred."""
        for mode in ("lossless", "balanced", "compact"):
            for form in ("text", "json"):
                made = own.crush(text, mode=mode, format=form)

                spans_hold(text, made)
                assert form == "text" or own.is_part_of(own.json_view_body(made.text), exact(text))
        assert compress(text, "gpt-4o", kind="json").tokens <= compress(text, "gpt-4o", kind="text").tokens


class TestOddNumbers:
    """Numbers that Python, or JSON itself, finds hard."""

    @pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "9" * 5_000, "1e999999", "-0", "0." + "1" * 3_000])
    def test_they_stand_in_tables_and_documents(self, number):
        """Constants that are not JSON and numbers beyond any range neither raise nor are they respelled."""
        rows = ",".join(
            f'{{"id":{row},"x":{number if row == 77 else row},"t":"{own.WORDS[row % 20] * 9} {row}"}}' for row in range(400)
        )
        for text in (f"[{rows}]", f'{{"n":{number},"rows":[{rows}]}}', f"[{','.join([number] * 90)}]"):
            made = own.crush(text)

            spans_hold(text, made)
            assert decode(own.crush(text, mode="lossless").text) == exact(text)
            assert own.is_part_of(own.json_view_body(own.crush(text, format="json").text), exact(text))


@pytest.mark.slow
class TestSize:
    """Time and memory grow with the payload, and not faster."""

    @staticmethod
    def rows(megabytes):
        """Return a table of about so many megabytes."""
        line = '{{"id":{0},"name":"row {0}","state":"{1}","value":{2},"note":"{3}"}}'
        note = " ".join(own.WORDS)
        return (
            "["
            + ",".join(line.format(row, own.WORDS[row % 3], row * 7919 % 100_003, note) for row in range(megabytes * 5_000))
            + "]"
        )

    def test_time_is_linear(self):
        """Four times the payload takes less than six times the time."""

        def seconds(text):
            start = time.process_time()
            made = own.crush(text)
            own.spans_of(made)
            return time.process_time() - start

        small, large = self.rows(2), self.rows(8)

        assert min(seconds(large) for _ in range(3)) < 6 * min(seconds(small) for _ in range(3))

    def test_memory_is_a_small_multiple_of_the_payload(self):
        """While a view is made, less than ten times the payload is held."""
        text = self.rows(2)
        tracemalloc.start()
        try:
            own.crush(text)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

        assert peak < 10 * len(text)

    def test_fifty_megabytes_pass(self):
        """A payload of 50 MB has a view like any other."""
        text = self.rows(50)
        made = SmartCrusher().compress(text, own.request_for(text))

        assert isinstance(made, Compressed)
        assert len(made.text) < len(text) / 10
