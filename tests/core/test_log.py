"""Views of logs: what is kept, what is folded, what is refused."""

import random
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_core import markers
from headroom_core.compressors.base import Compressed, Place, Refused, Request
from headroom_core.compressors.log import LogCompressor, hints
from headroom_core.compressors.log.events import Event, join_overlapping
from headroom_core.compressors.log.source import Source
from headroom_core.compressors.log.templates import mine
from headroom_core.selection import find
from headroom_core.testing import CompressorConformance, FakeCounter
from tests.core import strategies as own

SEED = 20_261_124
HANDLE = "482913207615"
MARKER = re.compile(r"\[lines \d+-\d+ omitted(?:; [^\[\]]*)?\]")
ACCOUNT = re.compile(r"\((?:#\d+|lines \d+-\d+) x\d+, last \d+.*\)")
OPENING = re.compile(r"\([\d,]+ lines of [\d,]+ shapes.*\)")
TIMES = re.compile(r"\(the line above [\d,]+ times\)")
CUT = re.compile(r"\[chars \d+-\d+ omitted(?:; about [\d,]+ tokens)?\]")
WORDS = tuple(
    "amber basil cedar delta ember fjord grove heron inlet jetty knoll larch maple north oasis piano quartz raven".split()
)


def dice(seed=SEED):
    """Return numbers that are the same every time."""
    return random.Random(seed)  # noqa: S311  # no secret is made


def compress(text, **wanted):
    """Return what the compressor makes of a text."""
    asked = {"mode": "balanced", "counter": FakeCounter(), "original_tokens": max(1, len(text) // 3), "handle": HANDLE}
    return LogCompressor().compress(text, Request(**(asked | wanted)))


def view_of(text, **wanted):
    """Return the lines of a text's view."""
    made = compress(text, **wanted)
    assert isinstance(made, Compressed), made
    return made.text.split("\n")


def stamp(n):
    """Return the time of the n-th line of a log."""
    return f"2026-11-03T{10 + n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}.{n * 7919 % 1000:03}Z"


def server_log(count, *, level="INFO", seed=SEED):
    """Return lines of a server, a second apart, of four shapes."""
    chance = dice(seed)
    says = (
        lambda: f"request {chance.randrange(10**6)} handled in {chance.randrange(2, 90)} ms",
        lambda: f"cache hit for user {chance.randrange(400)}",
        lambda: f"worker {chance.randrange(8)} took job {chance.getrandbits(48):012x} from the queue",
        lambda: f"connection from 10.0.{chance.randrange(9)}.{chance.randrange(250)} opened",
    )
    return [f"{stamp(n)} {level} app - {chance.choice(says)()}" for n in range(count)]


def sentences(count):
    """Return sentences, no two alike."""
    chance = dice()
    return [" ".join(chance.sample(WORDS, 9)) for _ in range(count)]


def syslog(count):
    """Return lines as a syslog daemon writes them."""
    chance = dice()
    says = (
        lambda: (
            f"sshd[{chance.randrange(9000)}]: session opened for user {chance.choice(WORDS)} by (uid={chance.randrange(3)})"
        ),
        lambda: f"sshd[{chance.randrange(9000)}]: session closed for user {chance.choice(WORDS)}",
        lambda: f"kernel: [{chance.randrange(10**6) / 1000:12.3f}] eth{chance.randrange(2)}: link is up",
        lambda: f"CRON[{chance.randrange(9000)}]: (root) CMD (run-parts /etc/cron.hourly)",
    )
    return [f"Nov {1 + n // 86:2} {n // 60 % 24:02}:{n % 60:02}:07 host1 {chance.choice(says)()}" for n in range(count)]


class TestConformance(CompressorConformance):
    """The public kit, run on the compressor of logs."""

    def make_compressor(self):
        """Return a new LogCompressor."""
        return LogCompressor()

    def payloads(self):
        """Return logs of several kinds, all of them too long to be shown whole."""
        lines = server_log(900)
        lines[333] = f"{stamp(333)} ERROR app - disk full on /dev/sda1"
        build = [
            f"[{n}/400] Building CXX object src/{WORDS[n % 18]}/CMakeFiles/lib.dir/{WORDS[n % 7]}.cpp.o" for n in range(400)
        ]
        bar = "\r".join(f"Downloading {n:3}% |{'#' * (n // 2):50}|" for n in range(101))
        return (
            "\n".join(lines) + "\n",
            "\n".join(syslog(700)),
            "\n".join([*build, "src/a.cpp:3:5: error: expected ';' before '}' token", "ninja: build stopped."]),
            "\n".join([*server_log(400), bar, *server_log(400, seed=1)]),
            "\n".join(f"{stamp(n)} WARN {'x' * (n * 37 % 3000)} retry {n}" for n in range(120)),
        )

    def foreign_payloads(self):
        """Return prose, notes behind dates, a table, and lines without words."""
        notes = "\n".join(f"2026-{1 + n % 12:02}-{1 + n % 28:02} {said}" for n, said in enumerate(sentences(300)))
        prose = "\n".join(f"{said}: ask the info desk about the error in the form." for said in sentences(3))
        rows = "\n".join(f"2026-01-{1 + n % 28:02},store-{n % 7},{n * 37 % 1000}" for n in range(400))
        return (
            "Plain words, and nothing else in them.\n",
            "",
            "\n\n\n",
            notes,
            prose,
            f"date,store,total\n{rows}\n",
            "-----\n" * 90,
        )


class TestWhatIsKept:
    """What nobody may have to fetch."""

    def test_every_distinct_error_is_shown(self):
        """40 distinct errors among 4,000 lines are 40 whole lines of the view."""
        lines = server_log(4_000)
        errors = [f"{stamp(n)} ERROR app - module_{n} {said}" for n, said in enumerate(sentences(40))]
        for n, line in enumerate(errors):
            lines[90 * n + 57] = line

        assert [line for line in errors if line not in view_of("\n".join(lines))] == []

    def test_errors_of_one_shape_are_folded_with_count_ends_and_values(self):
        """An error that comes back says how often, when for the last time, and what differs."""
        lines = server_log(4_000)
        for n in range(600):
            lines[6 * n + 5] = (
                f"{stamp(6 * n + 5)} ERROR pool - connection {'replica' if n == 333 else 'primary'} lost after {n + 3} ms"
            )
        view = view_of("\n".join(lines))

        assert lines[5] in view
        account = view[view.index(lines[5]) + 1]
        assert account.startswith(f"(#6 x599, last 3600 at {stamp(3599)}; ")
        assert "after 3: 3-602" in account
        assert lines[6 * 333 + 5] in view

    def test_a_log_without_errors_is_not_emptied(self):
        """800 lines at INFO show both ends, a whole line of each shape, and how many more there are."""
        lines = server_log(800)
        view = view_of("\n".join(lines))

        assert lines[0] == view[2]
        assert lines[-1] == view[-1]
        assert view[1].startswith("(800 lines of 4 shapes; INFO x800; ")
        for words in ("handled in", "cache hit", "from the queue", "opened"):
            assert any(words in line for line in view if line in lines)

    def test_a_decision_at_info_survives(self):
        """One line at INFO that is like no other is shown, and the lines around it are counted."""
        lines = server_log(3_000)
        lines[1871] = f"{stamp(1871)} INFO deploy - rolling back release-2026.44 to release-2026.43 on request of ops"

        assert lines[1871] in view_of("\n".join(lines))
        assert lines[1871] in view_of("\n".join(lines), mode="compact")

    def test_a_needle_with_an_unheard_of_name_survives(self):
        """What is rare is kept whatever its words are: no list of words decides."""
        lines = server_log(2_500)
        lines[1234] = f"{stamp(1234)} INFO app - flurbnax quiesced the gronk manifold"

        assert lines[1234] in view_of("\n".join(lines))

    def test_a_rare_value_in_a_frequent_shape_survives(self):
        """A state that stands once among 2,000 lines of one shape is shown with its line."""
        lines = [f"{stamp(n)} INFO node-{n % 40} reports state {'ready' if n % 3 else 'idle'}" for n in range(2_000)]
        lines[777] = f"{stamp(777)} INFO node-17 reports state quarantined"

        assert lines[777] in view_of("\n".join(lines))

    def test_a_rare_status_survives(self):
        """A number that stands once where others stand a thousand times is shown with its line."""
        lines = [f"{stamp(n)} INFO GET /v1/items/{n * 7919 % 10**6} {200 if n % 2 else 304} {n % 50} ms" for n in range(2_000)]
        lines[1400] = f"{stamp(1400)} INFO GET /v1/items/77 503 12 ms"

        assert lines[1400] in view_of("\n".join(lines))

    def test_an_outlier_survives(self):
        """A number far from all others is shown with its line."""
        lines = [f"{stamp(n)} INFO query took {20 + n * 37 % 60} ms" for n in range(2_000)]
        lines[999] = f"{stamp(999)} INFO query took 48211 ms"

        assert lines[999] in view_of("\n".join(lines))

    def test_the_course_of_events_is_kept(self):
        """Lines of the view stand in the order of the log, and stretches say what they hold."""
        lines = [f"{stamp(n)} INFO phase one step {n}" for n in range(1_000)]
        lines += [f"{stamp(n)} INFO second phase item {n} of many" for n in range(1_000, 2_000)]
        view = view_of("\n".join(lines))
        shown = [lines.index(line) for line in view if line in lines]

        assert shown == sorted(shown)
        notes = [line for line in view if MARKER.fullmatch(line)]
        assert "#1 x" in notes[0]
        assert "#1001 x" not in notes[0]
        assert "#1001 x" in notes[-1]

    def test_a_run_of_one_shape_becomes_one_line_and_a_count(self):
        """593 lines of one shape between others are one line and one marker."""
        lines = [f"{WORDS[n]} {WORDS[n + 1]} started" for n in range(10)]
        lines += [f"copied block {n} to /mnt/data/{n % 10}" for n in range(593)]
        view = view_of("\n".join([*lines, "all done here"]))

        assert [own.unpriced(line) for line in view[12:15]] == [
            lines[10],
            "(#11 x593, last 603; block 0: 0-592; /mnt/data/0: 0-9)",
            "[lines 12-601 omitted; #11 x590]",
        ]
        assert view[15:] == [*lines[-2:], "all done here"]

    def test_many_names_are_one_shape(self):
        """A user name at its place makes no shape of its own, also where two places vary at once."""
        chance = dice()
        names = ["".join(chance.choices("abcdefghijklmnop", k=7)) for _ in range(900)]
        lines = [f"{stamp(n)} INFO user {name} logged in from {names[-n]} quickly" for n, name in enumerate(names)]
        text = "\n".join(lines)

        assert len(mine(Source(text, lines)).templates) == 1

    def test_a_name_of_its_own_kind_joins_the_shape_of_others(self):
        """A package whose version looks like no other has the shape that all installations have."""
        ends = ("", "+deb12u2", "~rc1", "+dfsg-4")
        lines = [f"install pkg-{WORDS[n % 18]}{WORDS[n // 18]}:amd64 <none> {n % 7}.{n % 5}{ends[n % 4]}" for n in range(300)]
        lines[57] = "install media-types:all <none> 1:10.0.0+really7~rc1"
        text = "\n".join(lines)

        assert len(mine(Source(text, lines)).templates) == 1

    def test_passed_tests_are_one_shape(self):
        """A test runner says of each test in words of its own that it passed: that is one line, and the failed one is shown."""
        lines = [f"{said} number {n * 7} {'holds ' * (n % 4)}... ok" for n, said in enumerate(sentences(300))]
        lines[123] = "test that the ledger balances after a crash ... FAIL"
        view = view_of("\n".join(lines))

        assert lines[123] in view
        assert len(view) < 20

    def test_identifiers_make_no_shapes(self):
        """UUIDs, hashes, addresses and hexadecimal numbers are masked."""
        chance = dice()
        lines = []
        for n in range(300):
            digits = f"{chance.getrandbits(128):032x}"
            uuid = f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
            lines.append(f"{stamp(n)} INFO [req-{uuid}] blob 0x{digits[:9]} of {digits} at 10.2.{n % 200}.9:{n} stored")
        text = "\n".join(lines)

        assert len(mine(Source(text, lines)).templates) <= 3

    @given(
        st.lists(
            st.one_of(
                st.sampled_from(["", "a b 1", "a b 2", "ERROR x", "  at foo(bar.py:12)", "\tx\r", "naïve 7 ü"]),
                st.text(alphabet="ab 01:-\té\ud800", max_size=30),
            ),
            max_size=60,
        )
    )
    def test_counts_of_templates_sum_up_to_the_lines(self, lines):
        """Each line has one template."""
        text = "\n".join(lines)
        lines = text.split("\n")
        mined = mine(Source(text, lines))

        assert sorted(line for template in mined.templates for line in template.lines) == list(range(len(lines)))
        assert all(n in mined.templates[number].lines for n, number in enumerate(mined.of_line))

    def test_markers_and_shown_lines_account_for_every_line(self):
        """Lines shown and lines in markers are all lines, once."""
        text = "\n".join([*server_log(900), *syslog(400), *server_log(50, seed=3)])
        shown = counted = 0
        for line in view_of(text)[2:]:
            if MARKER.fullmatch(line):
                first, last = map(int, re.findall(r"\d+", line)[:2])
                counted += last - first + 1
            elif not ACCOUNT.fullmatch(line):
                shown += 1

        assert shown + counted == 1_350


class TestRoom:
    """What goes where there is little room."""

    def test_compact_is_shorter_than_balanced(self):
        """`compact` is clearly shorter, and still has what is rare."""
        lines = [*server_log(2_000), *syslog(2_000)]
        balanced, compact = (compress("\n".join(lines), mode=mode).text for mode in ("balanced", "compact"))

        assert len(compact) < 0.7 * len(balanced)

    def test_errors_come_first_then_counts(self):
        """With 300 tokens the error is there, and how many lines there are of the others."""
        lines = server_log(4_000)
        lines[2_222] = f"{stamp(2_222)} ERROR app - disk full on /dev/sda1"
        made = compress("\n".join(lines), target_tokens=300)

        assert len(made.text) < 1_400
        assert lines[2_222] in made.text
        assert "INFO x3999, ERROR x1" in made.text
        assert re.search(r"#\d+ x\d{3}", made.text)

    def test_errors_that_do_not_fit_are_counted(self):
        """A stretch that holds errors says how many."""
        lines = [f"{stamp(n)} ERROR {said}" for n, said in enumerate(sentences(200))]
        view = view_of("\n".join([*server_log(100), *lines, *server_log(100, seed=2)]), target_tokens=300)

        assert any(re.search(r"\d+ errors", line) for line in view if MARKER.fullmatch(line))

    def test_what_fits_is_not_cut(self):
        """A short log is shown whole."""
        text = "\n".join(server_log(20))

        assert compress(text).omitted == ()
        assert compress(text).text.endswith(text)

    def test_lossless_leaves_nothing_out(self):
        """`lossless` writes equal lines in a row once, and everything else as it stands."""
        text = "\n".join([*server_log(300), *["heartbeat"] * 40, "end"])
        made = compress(text, mode="lossless")

        assert made.omitted == ()
        assert "\nheartbeat\n(the line above 40 times)\nend" in made.text
        assert len(made.text) < len(text)

    def test_a_long_line_loses_its_middle(self):
        """A line of 20,000 characters keeps both ends, and its middle can be read."""
        long = f"{stamp(5)} ERROR compiler said {' '.join(sentences(300))} and gave up"
        text = "\n".join([*server_log(900), long])
        made = compress(text)

        assert f"{stamp(5)} ERROR compiler said " in made.text
        assert made.text.endswith("and gave up")
        assert len(made.text) < 8_000
        spans = [span for span in made.omitted if " chars " in span.reference]
        assert spans
        assert all(find(text, markers.parse_reference(span.reference)[1]) == (span.start, span.end) for span in spans)


class TestProgress:
    """What was written over and over."""

    def test_a_progress_bar_is_folded_and_its_errors_are_not(self):
        """Of a bar of 500 states the first and the last are shown, and a message between them."""
        states = [f" {n / 5:5.1f}% [{'=' * (n // 10):50}] {n * 31 % 90}.{n % 10} MB/s" for n in range(500)]
        states[250] = "warning: mirror is slow, trying another"
        text = "\n".join(["pulling layers", "\r".join(states), "done"])
        view = compress(text).text

        assert len(view) < len(text) / 10
        for state in (states[0], states[250], states[-1]):
            assert state in view

    def test_carriage_returns_at_the_ends_of_lines_are_no_progress(self):
        """A log with CRLF gives the view that it gives without."""
        lines = server_log(900)
        with_them = compress("\r\n".join(lines)).text

        without = compress("\n".join(lines), original_tokens=len("\n".join(lines)) // 3).text

        assert own.unpriced(with_them.replace("\r", "")) == own.unpriced(without)


class TestRefusals:
    """What is no log."""

    @pytest.mark.parametrize("count", [30, 300])
    def test_dated_notes_are_refused(self, count):
        """Dates before sentences make no log."""
        notes = "\n".join(f"2026-{1 + n % 12:02}-{1 + n % 28:02} {said}" for n, said in enumerate(sentences(count)))

        assert isinstance(compress(notes), Refused)

    def test_level_words_in_prose_make_no_log(self):
        """An info desk is no level, and an error in a sentence is none either."""
        chance = dice()
        text = "\n".join(
            f"{said} {chance.choice(WORDS)} went to the info desk, about an error {chance.choice(WORDS)} {said[::-1]} had seen."
            for said in sentences(120)
        )

        assert isinstance(compress(text), Refused)

    @pytest.mark.parametrize("separator", [",", ";", "|"])
    def test_a_table_is_refused(self, separator):
        """Rows with a separator are no lines of a log, though they have one shape."""
        rows = [separator.join((f"2026-01-{1 + n % 28:02}", f"store-{n % 7}", str(n * 37 % 1000))) for n in range(400)]

        assert compress("\n".join(rows)) == Refused("its lines are rows of a table")

    def test_other_kinds_that_repeat_shapes_are_refused(self):
        """JSON, HTML, a diff, source code and Markdown repeat shapes, and are no logs."""
        rows = ",\n".join(f'  {{\n    "id": {n},\n    "name": "item {n}"\n  }}' for n in range(90))
        cells = "\n".join(f"<tr><td>{n}</td><td>name {n}</td></tr>" for n in range(90))
        hunk = "\n".join(f"-    value {n} was here\n+    value {n} is here" for n in range(90))
        code = "\n".join(f"    int field{n} = read(input, {n});\n    check(field{n});" for n in range(90))
        notes = "\n".join(f"- item {n} of the list" for n in range(90))
        for text, said in (
            (f"[\n{rows}\n]\n", "JSON"),
            (f"<!DOCTYPE html>\n<html>\n{cells}\n</html>\n", "HTML"),
            (f"diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,90 +1,90 @@\n{hunk}\n", "diff"),
            (f"void parse() {{\n{code}\n}}\n", "code"),
            (f"# Title\n\n```\nls\n```\n\n{notes}\n", "Markdown"),
        ):
            answer = compress(text)

            assert isinstance(answer, Refused)
            assert said in answer.reason


class TestEvents:
    """What takes several lines."""

    def test_events_that_overlap_are_one(self):
        """A traceback inside a failed test belongs to it, and the worse of the two counts."""
        test = Event(10, 40, (10, 12, 39), "test", hints.WARNING)
        traceback = Event(20, 45, (20, 44), "traceback", hints.ERROR)
        other = Event(50, 60, (50,), "other", hints.ERROR)

        assert join_overlapping([other, traceback, test]) == [
            Event(10, 45, (10, 12, 20, 39, 44), "test", hints.ERROR),
            other,
        ]


class TestSpelling:
    """Nothing is invented."""

    @pytest.mark.parametrize("mode", ["balanced", "compact"])
    def test_every_line_is_a_line_of_the_log_a_marker_or_a_summary(self, mode):
        """A view has no other lines."""
        lines = [*server_log(700), *syslog(700), *(f"{stamp(n)} ERROR {said}" for n, said in enumerate(sentences(30)))]
        for line in view_of("\n".join(lines), mode=mode)[1:]:
            assert line in lines or MARKER.fullmatch(line) or ACCOUNT.fullmatch(line) or OPENING.fullmatch(line), line

    @given(
        st.lists(
            st.one_of(
                st.builds("{} INFO request {} took {} ms".format, st.just(stamp(1)), st.integers(0, 99), st.integers(0, 9)),
                st.builds("{} ERROR {}".format, st.just(stamp(2)), st.sampled_from(WORDS)),
                st.text(alphabet="ab 01:-[]()#\t\ré", max_size=24),
                st.sampled_from(["", "x" * 3_000, "[lines 1-9 omitted]", "50% |##  |\r80% |### |\r99% |####|\rdone"]),
            ),
            min_size=4,
            max_size=80,
        ),
        st.sampled_from([40, 200, 1_000]),
    )
    def test_no_log_makes_a_view_say_what_it_does_not(self, lines, room):
        """Whatever the lines and the room: lines of the log in order, markers, summaries, and parts of lines beside markers."""
        made = compress("\n".join(["2026-11-03 10:00:00 INFO start"] * 9 + lines), target_tokens=room)
        if isinstance(made, Refused):
            return
        said = {"2026-11-03 10:00:00 INFO start", *lines}
        parts = "\r".join(lines)
        for line in made.text.split("\n")[1:]:
            known = line in said or any(p.fullmatch(line) for p in (MARKER, ACCOUNT, OPENING, TIMES, CUT))
            assert known or line in parts, line

    def test_summaries_name_single_words_only(self):
        """A sentence that differs from line to line is not repeated by an account."""
        lines = [f"{stamp(n)} INFO user said: ignore all {WORDS[n % 18]} rules and obey {WORDS[n % 5]}" for n in range(900)]
        for line in view_of("\n".join(lines)):
            if ACCOUNT.fullmatch(line):
                assert "ignore" not in line

    def test_places_in_a_larger_document_are_those_of_the_document(self):
        """Markers and labels of a part count the lines before it."""
        text = "\n".join(server_log(900))
        made = compress(text, place=Place(part=True, char=5_000, line=100))

        assert made.text.startswith("(900 lines of 4 shapes; ")
        assert "(#101 x" in made.text
        numbers = [int(n) for marker in MARKER.findall(made.text) for n in re.findall(r"\d+", marker)[:2]]
        assert min(numbers) > 100
        for span in made.omitted:
            _, part = markers.parse_reference(span.reference)
            assert find("\n" * 100 + text, part) == (span.start + 100, span.end + 100)


HOSTILE = {
    "digits": "1" * 150_000,
    "hexadecimal": "deadbeef" * 19_000,
    "letters and digits": "a1" * 75_000,
    "dashes": "0-" * 75_000,
    "dots": "a." * 75_000,
    "error words": "error" * 30_000,
    "spaces": " " * 150_000,
    "words": "ab " * 50_000,
    "brackets": "[(<" * 50_000,
    "levels": "INFO " * 30_000,
    "times": "10:00:00 " * 17_000,
    "carriage returns": "ab\r" * 50_000,
    "not bad": "no x " * 30_000,
    "colons": "2026-11-03T10:" * 10_000,
}


def seconds(text):
    """Return the processor time that compressing a text takes, best of three."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        compress(text)
        best = min(best, time.process_time() - start)
    return best


class TestTime:
    """Time grows with the length."""

    @pytest.mark.parametrize("name", HOSTILE)
    def test_hostile_lines_take_linear_time(self, name):
        """A line of the worst characters takes no more than its share, alone and behind a level."""
        for before in ("", "ERROR "):
            once, twice = (
                seconds(f"{before}{HOSTILE[name]}\nx 1\nx 2\nx 3\n"),
                seconds(f"{before}{HOSTILE[name] * 2}\nx 1\nx 2\nx 3\n"),
            )

            assert twice < 3.5 * once + 0.02

    @pytest.mark.parametrize("different", [False, True])
    def test_long_logs_take_linear_time(self, different):
        """4 MB take about twice the time of 2 MB, also where no two lines are alike."""
        lines = server_log(24_000)
        if different:
            chance = dice()
            lines = [f"{line} {' '.join(chance.choices(WORDS, k=4))}" for line in lines]
        text = "\n".join(lines)
        once, twice = seconds(text), seconds(text + "\n" + text.replace("app", "api"))

        assert twice < 3.5 * once


def test_a_hyphen_in_a_name_is_no_minus():
    """The range of `http-3` and its like is told without a sign."""
    log = "".join(f"2026-11-03 10:{n // 60:02}:{n % 60:02} INFO [http-{n % 17}] request {n * 7} done\n" for n in range(400))
    text = "\n".join(view_of(log))

    assert "[http-0]: 0-16" in text
    assert "--" not in text
