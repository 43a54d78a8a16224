"""What a report says was lost: every fact of an original is in its view, in an omitted part, or named as neither."""

import json
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_core import OmittedSpan, Report, SharedContext, View, compress
from headroom_core.facts import FactReader, kind_of
from headroom_core.payload import Transform
from headroom_core.report import LONGEST_FACT, MOST_LISTED
from headroom_core.testing.compressors import NASTY
from tests.core.strategies import data_files
from tests.core.timing import assert_linear

PAYLOADS = sorted((Path(__file__).parents[2] / "examples" / "payloads").iterdir())
REAL = [*PAYLOADS, *(path for path in data_files() if path.stat().st_size < 200_000)]
KINDS = ("text", "markdown", "json", "jsonl", "csv", "log", "search", "diff", "html", "code", "yaml")


def spelled(kept):
    """Return the facts that are listed as omitted."""
    return [fact.text for fact in kept.only_omitted]


def adds_up(report):
    """Tell whether each fact has one of three fates."""
    return all(
        kept.total == kept.shown + kept.omitted + kept.untraced
        and len(kept.only_omitted) == min(kept.omitted, MOST_LISTED)
        and len(kept.in_neither) == min(kept.untraced, MOST_LISTED)
        for _, kept in report
    )


def viewed(text, parts=(), kind="text"):
    """Return a view that says `text`, and leaves the parts out."""
    omitted = tuple(OmittedSpan(start, end, f"482913207615 chars {start}-{end}", "part") for start, end in parts)
    return View(text=text, tokens=1, omitted=omitted, transforms=(Transform("router", kind, 0.5),))


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
@pytest.mark.parametrize("mode", ["balanced", "compact"])
def test_each_listed_fact_stands_in_its_part_and_not_in_the_view(path, mode):
    """Of real payloads of every kind: what is listed as omitted is read by its reference, and the view does not have it."""
    text = path.read_bytes().decode()
    ctx = SharedContext(model="gpt-4o", mode=mode)
    entry = ctx.put("payload", text)
    report = entry.report()
    reader = FactReader({entry.transforms[0].split(":")[1]})
    shown = reader.words_shown(entry.compressed)

    assert adds_up(report)
    for name in ("numbers", "identifiers", "paths"):
        for fact in getattr(report, name).only_omitted:
            assert fact.text.removesuffix("…") not in shown
            assert any(word.startswith(fact.text.removesuffix("…")) for word in reader.words(ctx.read(fact.reference)))
    said = reader.keys_shown(entry.compressed)
    for name in ("errors", "negations"):
        for fact in getattr(report, name).only_omitted:
            if not fact.text.endswith("…"):
                keys = set(reader.keys(json.dumps(fact.text) if entry.transforms[0].startswith("router:json") else fact.text))
                assert not keys & said
                assert keys & set(reader.keys(ctx.read(fact.reference)))


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: path.name)
def test_a_lossless_view_loses_nothing(path):
    """All of the examples are told by their lossless views, paths under one heading and merged headers of files too."""
    text = path.read_bytes().decode()
    view = compress(text, "gpt-4o", mode="lossless")

    assert [(name, kept.shown) for name, kept in view.report(text)] == [(name, k.total) for name, k in view.report(text)]


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: path.name)
def test_every_example_has_facts(path):
    """A report of nothing would keep every promise."""
    text = path.read_bytes().decode()

    assert sum(kept.total for _, kept in compress(text, "gpt-4o").report(text)) > 5


def test_planted_facts_that_are_omitted_are_listed_with_their_part():
    """Of each kind one in a line that goes is found, and read back by its reference."""
    lines = [
        f"2026-11-03T09:{n // 60 % 60:02d}:{n % 60:02d}Z INFO stored /data/part_{n}.bin as blob_{n * 7919}, not cached"
        for n in range(2_000)
    ]
    ctx = SharedContext(model="gpt-4o")
    entry = ctx.put("log", "\n".join(lines))
    report = entry.report()
    first = ctx.read(entry.omitted[0].reference).splitlines()[0]
    stamp, _, _, path, _, blob, *_ = first.split()
    planted = {"numbers": stamp, "paths": path, "identifiers": blob.rstrip(","), "negations": first}

    for name, text in planted.items():
        fact = getattr(report, name).only_omitted[0]
        assert (fact.text, fact.reference) == (text, entry.omitted[0].reference)
        assert getattr(report, name).omitted > 1_000
        assert text not in entry.compressed


ORIGINAL = """\
Start with 100000 rows of /srv/data/run_7.csv, as load_rows() has it.
The importer must never be stopped. The queue was full.
2026-11-03 ERROR store.flush failed: disk full
It took 1E5 steps and 1,234 tries, at -5 degrees, by foobar_2.
"""


def test_facts_of_every_kind_are_told():
    """Numbers, identifiers and paths are words; errors and negations are lines, or sentences."""
    report = viewed("", [(0, len(ORIGINAL))], kind="log").report(ORIGINAL)

    assert spelled(report.numbers) == ["100000", "2026-11-03", "1E5", "1,234", "-5"]
    assert spelled(report.identifiers) == ["load_rows", "ERROR", "store.flush", "foobar_2"]
    assert spelled(report.paths) == ["/srv/data/run_7.csv"]
    assert spelled(report.errors) == ["2026-11-03 ERROR store.flush failed: disk full"]
    assert spelled(report.negations) == ["The importer must never be stopped. The queue was full."]


@pytest.mark.parametrize(
    ("fact", "view", "shown"),
    [
        ("1E5", "100000", False),
        ("foo_2", "foo_2b and xfoo_2", False),
        ("foo_2", "(foo_2)=1", True),
        ("5", "-5", False),
        ("5", "15 5.5 5% x5", False),
        ("1,234", "1 234", False),
        ("src/app.py", "lib/src/app.py", False),
        ("src/app.py", "src/app.py:12: x", True),
        ("app.py", "src/app.py", False),
        ("09:05", "09:05:12", False),
        ("7", "[lines 3-7 omitted; 7 errors]", False),
        ("600", "[table: 600 rows; = same in all rows]", False),
        ("120", "table: 120 rows\nid,name", False),
        ("9", "(#1 x50, last 9 at 2026; order 9: 9-18)", False),
        ("482913207615", "[view of 482913207615; read omitted parts by handle and range]", False),
    ],
)
def test_a_fact_is_shown_as_the_same_whole_word(fact, view, shown):
    """Not as a part of another word, nor in another spelling, nor in what the view says itself."""
    text = f"see {fact}"
    report = viewed(view, [(0, len(text))]).report(text)

    assert sum(kept.shown for _, kept in report) == shown
    assert sum(kept.omitted for _, kept in report) == (not shown)


def test_counts_of_a_log_inside_json_show_nothing():
    """What a view says itself is told from the payload in a string, too."""
    text = PAYLOADS[[path.name for path in PAYLOADS].index("run.json")].read_text(encoding="utf-8")
    view = compress(text, "gpt-4o")

    assert "lines of 7 shapes" in view.text
    assert ", last 4" in view.text
    assert not {"x65", "x198", "416", "419", "420"} & FactReader({"json"}).words_shown(view.text)


def test_what_is_in_neither_is_named():
    """A cut goes through the first word; the second was left out without a word."""
    report = viewed("left", [(0, 5)]).report("alpha_beta and gamma_7")

    assert report.identifiers.untraced == 2
    assert report.identifiers.in_neither == ("alpha_beta", "gamma_7")
    assert "identifiers untraced:\n  alpha_beta\n  gamma_7" in str(report)


def test_escapes_of_json_are_read():
    """A line end in a string parts words, a path on Windows stays whole, and a quote inside does not end a message."""
    text = json.dumps({"log": "a_1\nb_2\tc_3 \u00e9_4 C:\\new\\table.txt", "why": 'cannot open "x_9" for writing'})
    report = viewed("", [(0, len(text))], kind="json").report(text)

    assert spelled(report.identifiers) == ["a_1", "b_2", "c_3", "é_4", "x_9"]
    assert spelled(report.paths) == ["C:\\new\\table.txt"]
    assert spelled(report.errors) == ['cannot open "x_9" for writing']
    assert viewed('why,log\n"cannot open \\"x_9\\" for writing",b_2', kind="json").report(text).errors.shown == 1


def test_a_sentence_without_its_small_words_is_shown():
    """A view of prose leaves out articles, and wraps its lines elsewhere."""
    text = (
        "When we came back the server had not\nwritten the last of the files that it was given. "
        "All was well then, and we all went home again.\n"
    )
    report = viewed("When we came back server had not written last of files that it was given. […]").report(text)

    assert report.negations.total == report.negations.shown == 1


def test_both_sides_of_a_diff_are_one_path():
    """The view names a file once, where the diff names it four times."""
    text = "diff --git a/src/x.py b/src/x.py\n--- a/src/x.py\n+++ b/src/x.py\n"
    report = viewed("diff --git a/src/x.py", kind="diff").report(text)

    assert (report.paths.total, report.paths.shown) == (1, 1)


def test_counts_stay_exact_where_lists_are_cut():
    """Lists are bounded, and so is each fact in them."""
    text = " ".join(f"id_{n}" for n in range(1_000)) + " x_1" + "y" * 500
    report = viewed("", [(0, len(text))]).report(text)

    assert report.identifiers.omitted == 1_001
    assert len(report.identifiers.only_omitted) == MOST_LISTED
    assert len(viewed("", [(4_000, len(text))]).report("x_1" + "y" * 500).identifiers.in_neither[0]) == LONGEST_FACT


def test_a_report_without_references_names_ranges():
    """What `compress()` leaves out cannot be read, and the label of the part says where it stands."""
    text = "\n".join(f"{n},{n * 7919 % 1000},paid" for n in range(2_000))
    report = compress(text, "gpt-4o", kind="csv").report(text)
    fact = report.numbers.only_omitted[0]

    assert fact.reference is None
    assert f"{fact.text}  ({fact.part.label})" in str(report)


def test_the_report_of_an_entry_is_that_of_its_default_view():
    """It is a value: equal, hashable, pickled, and of types that JSON can hold."""
    ctx = SharedContext(model="gpt-4o")
    entry = ctx.put("rows", [{"id": n, "ms": n * 7919 % 1000, "by": f"worker_{n}"} for n in range(2_000)])
    report = entry.report()

    assert report == entry.view.report(entry.original) == pickle.loads(pickle.dumps(report))  # noqa: S301  # our own
    assert hash(report) == hash(entry.report())
    assert isinstance(report, Report)
    told = json.loads(json.dumps(report.as_dict()))
    assert told["numbers"]["omitted"] == report.numbers.omitted > 0
    assert ctx.read(told["numbers"]["only_omitted"][0]["reference"])


def test_a_report_reads_no_store():
    """An entry that is gone is still reported on."""
    ctx = SharedContext(model="gpt-4o")
    entry = ctx.put("rows", [{"id": n, "state": "ok"} for n in range(900)])
    ctx.clear()

    assert adds_up(entry.report())


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("2026-11-03T09:05:12.113Z", "numbers"),
        ("45%", "numbers"),
        ("3.11.7", "numbers"),
        ("250ms", "numbers"),
        ("0x7f0f", "identifiers"),
        ("c989215", "identifiers"),
        ("--max-tokens", "identifiers"),
        ("getName", "identifiers"),
        ("r@example.org", "identifiers"),
        ("https://example.org/a", "paths"),
        ("./x", "paths"),
        ("and/or", None),
        ("well-known", None),
        ("e.g", None),
        ("Table", None),
    ],
)
def test_words_are_told_apart(word, kind):
    """By their signs, never by a list."""
    assert FactReader({"text"}).words(f" {word} ") == {word: None}
    assert kind_of(word) == kind


PIECES = ("foo_1", "1E5", "a/b.py", "not done", "ERROR: failed", "https://x.y/z", "x=y_2", "12:34", "[lines 1-2 omitted]")
SIGNS = ("\n", "\n\n", " ", ",", '"', "\\n", "\\", "C:\\n", "(", "<b>", ". The ")
TEXTS = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES + SIGNS), max_size=60).map("".join))


@given(TEXTS, TEXTS, st.lists(st.integers(0, 300), max_size=6), st.sampled_from(KINDS))
def test_any_fact_has_one_of_three_fates(text, view, cuts, kind):
    """Whatever original and view are: nothing is raised, all is counted once, and what is listed stands where it is said to."""
    edges = sorted({cut for cut in cuts if cut <= len(text)})
    parts = list(zip(edges[::2], edges[1::2], strict=False))
    report = viewed(view, parts, kind).report(text)
    reader = FactReader({kind})

    assert adds_up(report)
    for name in ("numbers", "identifiers", "paths"):
        for fact in getattr(report, name).only_omitted:
            assert fact.text not in reader.words_shown(view)
            assert fact.text in reader.words(text[fact.part.start : fact.part.end])


@given(TEXTS, st.sampled_from(KINDS))
def test_an_unchanged_view_loses_nothing(text, kind):
    """The original shows all that it says."""
    report = viewed(text, kind=kind).report(text)

    assert all(kept.shown == kept.total for _, kept in report)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_no_text_makes_it_raise(text, kind):
    """Texts that break careless parsers, as original and as view."""
    report = viewed(text[: len(text) // 2], [(len(text) // 2, len(text))] if text else [], kind).report(text)

    assert adds_up(report)
    assert str(report)


@pytest.mark.parametrize("kind", ["log", "text", "json"])
def test_time_grows_with_the_length(kind):
    """Twice the text takes about twice the time, with as many parts."""

    def text_of(size):
        lines = [f'"{n} of /srv/x_{n}.log was not read. It failed with error {n * 7919}."' for n in range(size // 10)]
        return "\n\n".join(lines)

    def run(text):
        size = len(text)
        viewed(text[: size // 9], [(at, min(at + 90, size)) for at in range(size // 9, size, 100)], kind).report(text)

    assert_linear(run, text_of)
