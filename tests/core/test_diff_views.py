"""Views of diffs."""

import difflib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_core import SharedContext, markers
from headroom_core.compressors.base import Compressed, Refused, Request
from headroom_core.compressors.diff import DiffCompressor
from headroom_core.selection import find
from headroom_core.testing import CompressorConformance, FakeCounter

HANDLE = "482913207615"


def source(lines, seed=0):
    """Return lines that look like code, no two alike."""
    return [f"    value_{n + seed} = compute(part_{n * 7 % 31}, weight={n * 13 % 101})\n" for n in range(lines)]


def git_diff(path, before, after, *, index="index 1f2e3d4..5a6b7c8 100644"):
    """Return what git prints of a change of one file."""
    body = "".join(difflib.unified_diff(before, after, f"a/{path}", f"b/{path}"))
    return f"diff --git a/{path} b/{path}\n{index}\n{body}"


def edited(lines, every):
    """Return lines with one in `every` changed."""
    return [line.replace("compute", "estimate") if n % every == every // 2 else line for n, line in enumerate(lines)]


CODE = source(200)
DIFF = git_diff("src/engine.py", CODE, edited(CODE, 20)) + git_diff("src/model.py", CODE[:90], edited(CODE[:90], 30))
LOCK = git_diff("package-lock.json", source(300), source(300, 1000))
COMMIT = (
    "commit 04f66f993cc650be48ab472bbf41f5e9b568ff38\nAuthor: Ada <ada@example.org>\nDate:   Fri Nov 1 11:09:33 2024\n\n"
    "    Estimate where computing is slow\n---\n src/engine.py | 20 ++++++++++----------\n src/model.py  |  6 +++---\n"
    " 2 files changed, 13 insertions(+), 13 deletions(-)\n\n"
)


def view_of(text, **options):
    """Return what the compressor makes of a text."""
    asked = {"mode": "balanced", "counter": FakeCounter(), "original_tokens": max(1, len(text) // 4), "handle": HANDLE}
    return DiffCompressor().compress(text, Request(**{**asked, **options}))


def changed(text):
    """Return the lines of a diff that change something."""
    return [line for line in text.split("\n") if line[:1] in "+-" and line[:3] not in ("+++", "---") and line]


class TestConformance(CompressorConformance):
    """What every compressor must do."""

    def make_compressor(self):
        """Return the compressor of diffs."""
        return DiffCompressor()

    def payloads(self):
        """Return diffs with and without a commit, and of a lock file."""
        return [DIFF, COMMIT + DIFF, LOCK, DIFF.replace("\n", "\r\n")]

    def foreign_payloads(self):
        """Return lists, logs and a diff's words in prose."""
        return [
            "- one\n- two\n+ three\n" * 50,
            "2026-01-01 INFO started\n" * 50,
            "--- a title\n\nSome words, and + some more.\n" * 30,
            json.dumps({"diff": DIFF}),
        ]


def test_every_changed_line_and_every_header_of_a_hunk_is_shown():
    """Of a diff only context goes."""
    lines = view_of(COMMIT + DIFF).text.split("\n")

    assert [line for line in changed(DIFF) if line not in lines] == []
    assert [line for line in DIFF.split("\n") if line.startswith("@@") and line not in lines] == []


def test_the_line_before_a_change_is_shown_and_further_context_is_not():
    """A change can be placed without the lines around it."""
    lines = view_of(DIFF).text.split("\n")

    assert f" {CODE[9]}".rstrip("\n") in lines
    assert f" {CODE[8]}".rstrip("\n") not in lines


def test_the_commit_is_shown_and_the_counts_of_its_files_are_not():
    """Hash, author, date, message and the sum stay; each file's own changes are there to see."""
    text = view_of(COMMIT + DIFF).text

    for said in ("04f66f993cc650be48ab472bbf41f5e9b568ff38", "Ada", "Estimate where", "2 files changed, 13 insertions(+)"):
        assert said in text
    assert "src/model.py  |" not in text


def test_a_long_message_is_cut_behind_its_beginning():
    """Machines write messages of a hundred lines."""
    message = "".join(f"    Update part {n} of the build from 1.{n} to 2.{n}\n" for n in range(100))
    text = view_of(COMMIT.replace("    Estimate where computing is slow\n", message) + DIFF).text

    assert "Update part 12 of" in text
    assert "Update part 80 of" not in text
    assert "rest of the message" in text


def test_a_path_is_named_once():
    """The header of a file is one line, with all that its lines say."""
    lines = view_of(DIFF).text.split("\n")

    assert "diff --git a/src/engine.py index 1f2e3d4..5a6b7c8 100644" in lines
    assert "--- a/src/engine.py" not in lines


def test_a_renamed_file_keeps_its_header():
    """Where the names differ, nothing is repeated."""
    header = "diff --git a/old.py b/new.py\nsimilarity index 90%\nrename from old.py\nrename to new.py\nindex 1..2 100644\n"
    text = view_of(DIFF + header + "--- a/old.py\n+++ b/new.py\n@@ -1,2 +1,2 @@\n-one\n+two\n context\n").text

    assert header in text


@pytest.mark.parametrize(
    "path", ["package-lock.json", "web/yarn.lock", "Cargo.lock", "go.sum", "dist/app.min.js", "api/x_pb2.py"]
)
def test_generated_files_are_folded_to_their_counts(path):
    """Nobody reads 300 changed lines of a lock file; they can be fetched."""
    text = DIFF + git_diff(path, source(300), source(300, 1000))
    made = view_of(text)

    assert "+300 -300, generated omitted" not in made.text
    assert "; +300 -300, generated]" in made.text
    assert "value_1100" not in made.text
    last = made.omitted[-1]
    assert "value_1100" in text[last.start : last.end]


def test_a_file_that_says_it_is_generated_is_folded():
    """The first lines of a file may say that no one wrote it."""
    before = ["// Code generated by protoc. DO NOT EDIT.\n", *source(50)]
    text = view_of(DIFF + git_diff("api/service.go", before, edited(before, 2))).text

    assert ", generated]" in text


def test_lossless_keeps_all_context():
    """Without loss only headers are written shorter."""
    made = view_of(DIFF, mode="lossless")

    assert made.omitted == ()
    assert [line for line in DIFF.split("\n") if line.startswith(("@@", " ")) and line not in made.text] == []


def test_under_a_ceiling_hunks_keep_their_first_changes_and_files_their_counts():
    """With little room each hunk shows some, and what went is announced."""
    text = git_diff("src/engine.py", [], source(400))
    made = view_of(text, target_tokens=300)

    assert "+    value_0 =" in made.text
    assert "+    value_399 =" in made.text
    assert "+    value_200 =" not in made.text
    assert len(made.text) < 1400
    tiny = view_of(text, target_tokens=10)
    assert "+400 -0" in tiny.text


@pytest.mark.parametrize(
    "special",
    [
        "diff --git a/logo.png b/logo.png\nindex 1..2 100644\nBinary files a/logo.png and b/logo.png differ\n",
        "diff --git a/run.sh b/run.sh\nold mode 100644\nnew mode 100755\n",
        "diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-one\n\\ No newline at end of file\n+two\n",
        "diff --cc a.py\nindex 1,2..3\n--- a/a.py\n+++ b/a.py\n@@@ -1,2 -1,2 +1,2 @@@\n- one\n -two\n++three\n",
    ],
)
def test_special_entries_are_shown(special):
    """Binary files, modes, missing line ends and merges keep all their lines of change."""
    text = view_of(DIFF + special + DIFF).text

    for line in special.split("\n"):
        if not line.startswith(("--- ", "+++ ", "diff --git", "index ")):
            assert line in text


def test_lines_that_look_like_markers_or_headers_are_payload():
    """A removed SQL comment is no file header, and an old marker stops nothing."""
    text = git_diff("q.sql", ["-- old\n", "select 1\n"], ["-- new\n", "select 1 -- hash=12ab [lines 3-9 omitted]\n"]) + DIFF
    made = view_of(text).text.split("\n")

    assert "--- old" in made
    assert "+-- new" in made
    assert "+select 1 -- hash=12ab [lines 3-9 omitted]" in made


@given(
    before=st.lists(st.sampled_from(["a = 1\n", "b = 2\n", "\n", "    return x\n", "# c\n", "-- d\n", "++ e\n"]), max_size=60),
    after=st.lists(st.sampled_from(["a = 1\n", "b = 3\n", "\n", "    return y\n", "# c\n", "-- d\n", "+ e\n"]), max_size=60),
    mode=st.sampled_from(["balanced", "compact", "lossless"]),
)
def test_of_any_diff_every_change_is_shown_and_the_rest_can_be_read(before, after, mode):
    """Lines of the view are lines of the diff, save headers and markers, and each reference reads its exact part."""
    text = git_diff("some/file.py", before, after) + git_diff("other.py", ["x\n"], ["y\n"])
    made = view_of(text, mode=mode)

    assert isinstance(made, Compressed)
    there = set(text.split("\n"))
    for line in made.text.split("\n")[1:]:
        assert line in there or line.startswith(("[lines ", "diff --git a/"))
    for span in made.omitted:
        _, part = markers.parse_reference(span.reference)
        assert find(text, part) == (span.start, span.end)
    if mode == "lossless":
        assert made.omitted == ()


def test_time_grows_with_the_text():
    """No line of a diff makes the work on it grow with its square."""
    for hostile in ("@@ -1 " + "@ " * 100_000, "+" + "a " * 150_000, "--- a\n" * 50_000, "diff --git a/" + "x" * 300_000):
        answer = view_of(DIFF + hostile)
        assert isinstance(answer, (Compressed, Refused))


def test_a_context_shows_a_diff_for_what_it_is():
    """Through the whole pipeline a diff is told from its text."""
    ctx = SharedContext(model="gpt-4o")
    entry = ctx.put("change", COMMIT + DIFF)

    assert entry.transforms[0].startswith("router:diff:")
    for span in entry.omitted:
        assert ctx.read(span.reference) == (COMMIT + DIFF)[span.start : span.end]
