"""Views of documents that hold other payloads."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_core import SharedContext, markers
from headroom_core.compressors.base import Compressed, Refused, Request
from headroom_core.compressors.line_view import Lines, LineView
from headroom_core.compressors.mixed import MixedCompressor, TerminalCompressor
from headroom_core.detection import detect
from headroom_core.selection import find
from headroom_core.testing import CompressorConformance, FakeCounter

HANDLE = "482913207615"
LOG = "\n".join(f"2026-11-03 10:{n // 60:02}:{n % 60:02} INFO worker {n % 3} took job {n * 7}" for n in range(400))
ROWS = [{"id": n, "name": f"part {n}", "state": "ok", "cost": n * 31 % 1009} for n in range(3_000)]
TABLE = "| part | count | state |\n|------|-------|-------|\n" + "\n".join(
    f"| p{n}   | {n * 3}     | ok    |" for n in range(200)
)
WORDS = "These words stand between the parts, and nobody cuts them."


def fence(body, word=""):
    """Return a fenced block."""
    return f"```{word}\n{body}\n```"


DOCUMENT = "\n\n".join([f"# Report\n\n{WORDS}", fence(LOG), WORDS, fence(json.dumps(ROWS), "json"), TABLE, "The end.\n"])


def ends_of(handle):
    """Return what compresses a part to its first and its last line."""

    def ends(text, place, /, *, target_tokens=None, kind=None, language=None):
        lines = Lines(text)
        if len(lines) < 8 or kind == "text":
            return None
        view = LineView(lines, ask(text, place=place, handle=handle))
        view.show(0)
        view.show(len(lines) - 1)
        return view.finish()

    return ends


def ask(text, **options):
    """Return a request whose parts keep their ends."""
    base = {"mode": "balanced", "counter": FakeCounter(), "original_tokens": max(1, len(text) // 4), "handle": HANDLE}
    return Request(**{**base, "compress_part": ends_of(HANDLE), **options})


class Ends(MixedCompressor):
    """The compressor of documents, where the caller names no compressor of parts."""

    def compress(self, original, /, request):
        """Compress parts to their ends."""
        return super().compress(original, replace(request, compress_part=ends_of(request.handle)))


class TestConformance(CompressorConformance):
    """What every compressor must do."""

    def make_compressor(self):
        """Return the compressor of documents, with parts that keep their ends."""
        return Ends()

    def payloads(self):
        """Return documents with long parts."""
        return [DOCUMENT.replace(json.dumps(ROWS), json.dumps(ROWS, indent=1)), f"{WORDS}\n{fence(LOG)}\n"]


@pytest.fixture
def ctx():
    """Return a context with the document under `k`."""
    context = SharedContext(model="gpt-4o")
    context.put("k", DOCUMENT)
    return context


def test_every_part_is_compressed_as_what_it_is(ctx):
    """A log, JSON and a table in one document are each shortened, and the words between them stay."""
    entry = ctx.get_entry("k")
    lines = entry.compressed.split("\n")

    assert entry.transforms[0].startswith("router:markdown:")
    assert entry.savings_percent > 60
    assert lines.count(WORDS) == 2
    assert "# Report" in lines
    assert "The end." in lines
    assert "| part | count | state |".replace(" ", "") in {line.replace(" ", "") for line in lines}
    assert lines.count("```") == 3
    assert "```json" in lines


def test_first_and_last_line_between_fences_stay(ctx):
    """Whatever a block holds, its ends are shown."""
    lines = ctx.get("k").split("\n")

    assert lines[lines.index("```") + 1] == LOG.split("\n")[0]
    assert LOG.split("\n")[-1] in lines


def test_references_lead_into_the_document(ctx):
    """Lines are those of the document, and rows are those of the JSON on its lines."""
    entry = ctx.get_entry("k")
    references = [span.reference for span in entry.omitted]

    assert any(" rows " in reference and " in lines " in reference for reference in references)
    assert any(" lines " in reference and " in " not in reference for reference in references)
    for span in entry.omitted:
        assert ctx.read(span.reference) == DOCUMENT[span.start : span.end]


def test_a_document_in_json_is_compressed_by_its_parts():
    """A report in a field of a record is taken apart, too, and its references lead through the field."""
    payload = json.dumps({"report": DOCUMENT, "ok": True})
    ctx = SharedContext(model="gpt-4o")
    entry = ctx.put("k", payload)

    assert entry.savings_percent > 50
    assert any(span.reference.endswith(" of /report") for span in entry.omitted)
    for span in entry.omitted:
        assert ctx.read(span.reference) == payload[span.start : span.end]


def test_a_session_keeps_its_commands():
    """What was typed stays, what it printed is shortened."""
    text = f"$ tail -400 app.log\n{LOG}\n$ cat parts.json\n{json.dumps(ROWS)}\n$ echo done\ndone\n"
    ctx = SharedContext(model="gpt-4o")
    entry = ctx.put("k", text)
    lines = entry.compressed.split("\n")

    assert entry.transforms[0].startswith("router:terminal:")
    assert [line for line in lines if line.startswith("$ ")] == ["$ tail -400 app.log", "$ cat parts.json", "$ echo done"]
    assert entry.savings_percent > 60


def test_a_document_without_long_parts_passes():
    """Where nothing gets shorter, nothing is touched."""
    text = f"# Title\n\n{WORDS}\n\n" * 60

    assert isinstance(MixedCompressor().compress(text, ask(text)), Refused)
    assert isinstance(TerminalCompressor().compress("$ ls\na\n" * 50, ask("x" * 400)), Refused)


@given(
    blocks=st.lists(
        st.sampled_from([fence(LOG[:900]), fence("a\nb\nc", "text"), WORDS, TABLE[:900], ""]),
        max_size=9,
    ),
    crlf=st.booleans(),
)
def test_words_stay_and_references_redeem(blocks, crlf):
    """Of any document the lines that are no parts stand in the view, and every reference reads its exact part."""
    text = "\n".join(blocks)
    text = text.replace("\n", "\r\n") if crlf else text
    made = MixedCompressor().compress(text, ask(text))
    if isinstance(made, Compressed):
        assert made.text.count(WORDS) == text.count(WORDS)
        end = 0
        for span in made.omitted:
            _, part = markers.parse_reference(span.reference)
            assert find(text, part) == (span.start, span.end)
            assert span.start >= end
            end = span.end


def test_json_lines_with_other_lines_between_them_are_shown_as_rows():
    """A banner, a warning or a panic makes no JSON Lines of a program worthless."""
    rows = [json.dumps({"level": "info", "msg": "served", "n": n, "id": f"{n * 7919:x}"}) for n in range(400)]
    rows[317] = json.dumps({"level": "error", "msg": "the tide is late", "n": 317, "id": "x"})
    said = ["Starting server on :8080", *rows[:200], "WARNING: DATA RACE", *rows[200:], "panic: boom"]
    text = "\n".join(said) + "\n"
    ctx = SharedContext(model="gpt-4o")
    entry = ctx.put("log", text)
    lines = entry.compressed.split("\n")

    for line in (said[0], "WARNING: DATA RACE", "panic: boom"):
        assert line in lines
    assert "the tide is late" in entry.compressed
    assert entry.savings_percent > 60
    for span in entry.omitted:
        assert ctx.read(span.reference) == text[span.start : span.end]


LEADS = [
    "Here is what I found:\n\n",
    "researcher: ",
    "Two notes.\n\nFinal Answer: ",
    "I ran all checks on the three hosts and this came of it: ",
]


@pytest.mark.parametrize("lead", LEADS)
@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("tail", ["", "\nTell me if you need more."])
@pytest.mark.parametrize("rows", [60, 3_000])
def test_json_behind_words_is_shown_as_rows(lead, indent, tail, rows):
    """On its own line or behind a label, however long it is; its ranges are told by its lines and lead into the original."""
    ctx = SharedContext("gpt-4o")
    found = json.dumps({"rows": ROWS[:rows]} if indent else ROWS[:rows], indent=indent)
    entry = ctx.put("found", lead + found + tail)

    assert entry.compressed_tokens * 2 < entry.original_tokens
    assert "table" in entry.view.text
    assert lead.strip() in entry.view.text
    assert tail.strip() in entry.view.text
    assert entry.omitted or rows == 60
    for span in entry.omitted:
        assert ctx.read(span.reference) == entry.original[span.start : span.end]


def test_code_behind_a_label_in_a_string_of_json_is_found_by_name():
    """A name is looked for in the JSON, not in its label."""
    code = "def first():\n    return 1\n\n\ndef second():\n    return 2\n" * 20 + "def third():\n    return 3\n"
    ctx = SharedContext("gpt-4o")
    entry = ctx.put("file", "Result: " + json.dumps({"path": "a.py", "text": code}) + "\nDone.")

    assert "return 3" in ctx.read(f"{markers.handle_of(entry.digest)} symbol third of /text in lines 1-1")


def test_a_log_with_json_behind_names_stays_a_log():
    """Lines that all have it are a log's, and not what somebody hands over."""
    lines = [f"worker {n % 4} said: " + json.dumps({"job": n, "state": "ok" * 120}) for n in range(60)]

    assert detect("\n".join(lines)).kind != "markdown"
