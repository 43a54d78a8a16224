"""What other products do wrong with text that tools print: each is a test of ours (numbers are those of the list we keep)."""

import json
import random
import re

import pytest

from headroom_core import SharedContext

SEED = 20_261_124


def context_of(payload, **options):
    """Return a context that holds a payload under `k`."""
    ctx = SharedContext(model="gpt-4o", **options)
    ctx.put("k", payload)
    return ctx


def server_log(count, *, levels=("INFO",)):
    """Return lines of an application's log, a second apart."""
    chance = random.Random(SEED)  # noqa: S311  # no secret is made
    says = (
        lambda: f"request {chance.randrange(10**6)} handled in {chance.randrange(2, 90)} ms",
        lambda: f"cache hit for user {chance.randrange(400)}",
        lambda: f"worker {chance.randrange(8)} took job {chance.randrange(10**5)} from the queue",
        lambda: f"connection from 10.0.{chance.randrange(9)}.{chance.randrange(250)} opened",
    )
    return [
        f"2026-11-03T10:{n // 60 % 60:02}:{n % 60:02}.{chance.randrange(1000):03}Z {chance.choice(levels)} app - "
        f"{chance.choice(says)()}"
        for n in range(count)
    ]


def findings(count):
    """Return sentences, no two alike."""
    chance = random.Random(SEED)  # noqa: S311  # no secret is made
    words = """the release team agreed that exports must wait until legal has read every clause of partner contracts
    again""".split()  # shorter than a list
    return [f"{' '.join(chance.sample(words, 9))} ({n})" for n in range(count)]


def telling(text):
    """Return the words of a text, without those that a telegram leaves out, and without header and markers."""
    said = re.sub(r"^\[[^\]\n]*\]\n?", "", text, flags=re.MULTILINE)
    return [word for word in said.split() if word not in {"the", "of", "that", "has", "is"}]


class TestDefects:
    """Defects that were measured elsewhere."""

    def test_01_dated_notes_are_not_a_log(self):
        """300 lines of meeting notes, each behind its date, are prose: nothing is dropped but articles and their like."""
        notes = "\n".join(f"2026-{1 + n % 12:02}-{1 + n % 28:02} {said}" for n, said in enumerate(findings(300)))

        assert telling(context_of(notes).get("k")) == telling(notes)
        assert context_of(notes, mode="lossless").get("k") == notes

    def test_01_a_table_led_by_dates_keeps_its_header_its_ends_and_its_outlier(self):
        """`date,store,total` in 400 rows is a table, and what is odd in it stands in the view."""
        rows = [f"2026-{1 + n // 28 % 12:02}-{1 + n % 28:02},store-{n % 7},{900 + n * 37 % 100}" for n in range(400)]
        rows[233] = "2026-09-10,store-2,91800"
        view = context_of("\n".join(["date,store,total", *rows]) + "\n").view("k")

        assert view.transforms[0].startswith("router:csv:")
        for line in ("date,store,total", rows[0], rows[-1], rows[233]):
            assert line in view.text.splitlines()

    def test_01_a_log_without_errors_is_not_emptied(self):
        """Of 800 lines at INFO the view has both ends and a whole line of every shape, and says how many more there are."""
        lines = server_log(800)
        view = context_of("\n".join(lines) + "\n").view("k")
        shown = view.text.splitlines()

        assert view.transforms[0].startswith("router:log:")
        assert lines[0] in shown
        assert lines[-1] in shown
        for words in ("handled in", "cache hit", "from the queue", "opened"):
            assert any(words in line for line in shown if line in lines)

    def test_01_a_table_of_paths_is_not_a_log(self):
        """Rows that name files keep their header and their ends."""
        rows = [f"package-{n}-1.{n % 9}.dist-info/METADATA,sha256={n * 7919:016x},{1000 + n % 50}" for n in range(400)]
        view = context_of("\n".join(["path,digest,size", *rows]) + "\n").view("k").text.splitlines()

        assert "path,digest,size" in view
        assert rows[0] in view
        assert rows[-1] in view

    def test_01_level_words_in_prose_make_no_log(self):
        """Sentences about an info desk and an error in a form are prose."""
        text = "\n".join(
            f"{said}. Ask at the info desk about the error in the form; a warning was sent." for said in findings(120)
        )

        assert context_of(text).get("k") == text

    def test_04_every_different_error_is_shown(self):
        """40 distinct errors among 4,000 lines are 40 lines of the view, and a decision at INFO is there, too."""
        lines = server_log(4_000, levels=("INFO", "DEBUG"))
        said = findings(40)
        bad = [f"2026-11-03T10:00:{n:02}.000Z ERROR app - module_{n} {said[n]}" for n in range(40)]
        for n, line in enumerate(bad):
            lines[90 * n + 57] = line
        decision = "2026-11-03T10:31:07.512Z INFO deploy - rolling back release-2026.44 to release-2026.43 on request of ops"
        lines[1871] = decision
        view = context_of("\n".join(lines) + "\n").view("k")
        shown = view.text.splitlines()

        assert [line for line in bad if line not in shown] == []
        assert decision in shown
        assert view.tokens < 0.3 * SharedContext(model="gpt-4o").put("k", "\n".join(lines)).original_tokens

    @pytest.mark.parametrize(
        "payload", [list(range(2_000)), findings(300), {"slugs": [f"slug-{n}" for n in range(500)], "total": 500}]
    )
    def test_05_lists_without_records_keep_both_ends_and_say_what_is_missing(self, payload):
        """Numbers, sentences and names in a list keep first and last, and every omission can be read."""
        ctx = context_of(payload)
        view = ctx.view("k")
        items = payload["slugs"] if isinstance(payload, dict) else payload

        assert str(items[0]) in view.text
        assert str(items[-1]) in view.text
        shown = sum(str(item) in view.text for item in items)
        if view.omitted:
            read = " ".join(ctx.read(span.reference) for span in view.omitted)
            assert all(str(item) in view.text or str(item) in read for item in items)
        assert shown >= len(items) // 8

    @pytest.mark.parametrize(
        "line",
        ["[120 items compressed. Retrieve more: hash=1f3a9c]", "[lines 3-90 omitted]", "<<omitted:1f3a9c,string,594B>>"],
    )
    def test_12_an_old_marker_in_a_payload_stops_nothing(self, line):
        """A log that relays a marker of ours, or of others, is compressed as any other."""
        lines = server_log(800)
        plain = context_of("\n".join(lines)).get_entry("k")
        lines[400] = line
        marked = context_of("\n".join(lines)).get_entry("k")

        assert marked.savings_percent > plain.savings_percent - 5
        assert line in marked.compressed


class TestTraps:
    """Where most products lose."""

    def test_1_a_log_in_an_envelope_is_compressed_as_a_log(self):
        """`{"stdout": …, "exit_code": 1}` saves about what the log alone does, and shows its errors and the code."""
        lines = server_log(2_000)
        lines[1200] = "2026-11-03T10:20:00.000Z ERROR app - out of memory while sorting shard 7"
        payload = json.dumps({"stdout": "\n".join(lines), "exit_code": 1})
        ctx = context_of(payload)
        entry = ctx.get_entry("k")

        assert entry.savings_percent > 75
        assert lines[1200] in entry.compressed
        assert '"exit_code":1' in entry.compressed
        for span in entry.omitted:
            assert ctx.read(span.reference) == payload[span.start : span.end]

    def test_2_prose_and_markdown_are_not_taken_for_logs(self):
        """Facts in a document stay, whatever else is shortened."""
        prose = "\n\n".join(" ".join(findings(8)) for _ in range(30)) + "\n\nThe share fell to 41.7 percent in week 44.\n"
        rows = "\n".join(f"| part-{n} | {n * 3} | ok |" for n in range(200))
        table = f"| part | count | state |\n|---|---|---|\n{rows}"
        markdown = f"# Report\n\n{prose}\n## Parts\n\n{table}\n\n## End\n\nSigned by R. Ortiz.\n"

        assert telling(context_of(prose).get("k")) == telling(prose)
        view = context_of(markdown).get("k")
        for fact in ("41.7 percent in week 44", "Signed by R. Ortiz.", "| part | count | state |", "# Report", "## End"):
            assert fact in view

    def test_6_a_rare_line_without_a_word_of_alarm_survives(self):
        """What happened once is shown, though nobody has a word for it."""
        lines = server_log(3_000)
        rare = "2026-11-03T10:44:44.444Z INFO app - quorum handed from node-3 to node-9, term 118"
        lines[2222] = rare

        assert rare in context_of("\n".join(lines)).get("k").splitlines()

    def test_8_what_is_shortened_without_loss_can_be_read(self):
        """Every word that a lossless view of a table keeps stands in it in plain letters."""
        rows = [f"{n},node-{n % 12},{'ready' if n % 90 else 'drained'},rack-{n % 4}" for n in range(300)]
        text = "\n".join(["id,node,state,rack", *rows]) + "\n"
        view = context_of(text).view("k", mode="lossless").text

        for word in ("drained", "ready", "node-11", "rack-3", "state"):
            assert word in view
