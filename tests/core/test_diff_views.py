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
from tests.core import strategies as own
from tests.core.timing import assert_linear

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
    assert "; +300 -300, generated]" in own.unpriced(made.text)
    assert "value_1100" not in made.text
    last = made.omitted[-1]
    assert "value_1100" in text[last.start : last.end]


def test_a_file_that_says_it_is_generated_is_folded():
    """The first lines of a file may say that no one wrote it."""
    before = ["// Code generated by protoc. DO NOT EDIT.\n", *source(50)]
    text = view_of(DIFF + git_diff("api/service.go", before, edited(before, 2))).text

    assert ", generated" in text


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


def commit(letter, *diffs):
    """Return a commit as `git log -p` prints it."""
    head = f"commit {letter * 40}\nAuthor: Ada <ada@example.org>\nDate:   Fri Nov 1 11:09:33 2024\n\n    Do {letter}\n\n"
    return head + "".join(diffs) + "\n"


@pytest.mark.parametrize("mode", ["lossless", "balanced", "compact"])
def test_a_log_of_commits_shows_each_with_its_changes(mode):
    """`git log -p` prints many commits, some of them without a diff, and messages quote diffs."""
    quoting = commit("d", git_diff("d.py", CODE, edited(CODE, 40))).replace("    Do d\n", "    Undo:\n    -one\n    +two\n")
    text = commit("a", DIFF) + commit("b") + commit("c", git_diff("c.py", CODE, edited(CODE, 30))) + quoting
    lines = view_of(text, mode=mode).text.split("\n")

    for letter in "abcd":
        assert f"commit {letter * 40}" in lines
    assert "    +two" in lines
    assert [line for line in changed(text) if line not in lines] == []


def test_mailed_patches_keep_their_subjects_and_signatures():
    """`git format-patch` ends each patch with the version of git, which is no removed line."""
    patches = [
        f"From {letter * 40} Mon Sep 17 00:00:00 2001\nFrom: Ada <ada@example.org>\nSubject: [PATCH {n}/2] Do {letter}\n\n"
        f"Why {letter} is done.\n---\n x.py | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)\n\n"
        f"{git_diff(f'{letter}.py', CODE, edited(CODE, 30))}-- \n2.39.2\n\n"
        for n, letter in ((1, "a"), (2, "b"))
    ]
    lines = view_of("".join(patches), mode="compact").text.split("\n")

    for said in ("Subject: [PATCH 1/2] Do a", "Subject: [PATCH 2/2] Do b", "Why b is done.", "2.39.2"):
        assert said in lines
    (tiny,) = (line for line in view_of(patches[0], target_tokens=10).text.split("\n") if "omitted; +" in line)
    assert tiny.endswith("; +7 -7]")


def test_a_removed_line_of_two_hyphens_is_a_change():
    """SQL and Lua have comments of hyphens."""
    text = git_diff("a.sql", ["-- \n", "-- drop it\n", "select 1;\n", *CODE[:40]], ["select 1;\n", *CODE[:40]])
    lines = view_of(text).text.split("\n")

    assert "--- " in lines
    assert "--- drop it" in lines


def test_what_a_tool_says_between_files_is_shown():
    """Files that are only on one side, and properties of files, are facts of a diff."""
    only = "Only in b/settings/of/the/production/system: secrets.toml\n"
    properties = "\nProperty changes on: src/model.py\n___________________\nAdded: svn:executable\n## -0,0 +1 ##\n+*\n"
    lines = view_of(DIFF + only + DIFF + properties + DIFF).text.split("\n")

    for line in (only + properties).split("\n"):
        assert line in lines


def test_the_bytes_of_a_binary_file_are_folded():
    """No one reads base85, and the file is named."""
    data = "".join(f"z{'cmV;' * 15}{n:02}\n" for n in range(40))
    head = "diff --git a/logo.png b/logo.png\nindex 1..2 100644\nGIT binary patch\n"
    binary = f"{head}literal 2048\n{data}\nliteral 0\nHcmV?d00001\n\n"
    text = DIFF + binary + git_diff("z.py", CODE, edited(CODE, 30))
    made = view_of(text)

    assert "diff --git a/logo.png index 1..2 100644 GIT binary patch" in made.text
    assert "cmV" not in made.text
    assert "; binary]" in made.text
    assert "+    value_15 = estimate" in made.text
    assert data in view_of(text, mode="lossless").text


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("docs/my-go.sum", CODE, edited(CODE, 20)),
        ("src/locks.py", CODE, edited(CODE, 20)),
        ("docs/build.md", CODE, [*CODE[:30], "This writes an auto-generated file; do not edit it.\n", *CODE[30:]]),
        ("docs/about.md", CODE, ["How auto-generated files are read\n", *CODE]),
    ],
)
def test_what_only_sounds_generated_is_shown(path, before, after):
    """Files with names like those of lock files, and files that speak of generated ones, were written by someone."""
    text = git_diff(path, before, after)
    lines = view_of(text).text.split("\n")

    assert [line for line in changed(text) if line not in lines] == []


def test_a_lock_file_is_told_by_its_name_behind_which_a_time_stands():
    """`diff -u` puts a time behind each name, and no line with both names before them."""
    body = git_diff("go.sum", source(50), source(50, 900)).split("+++ ", 1)[1].split("\n", 1)[1]
    text = f"--- go.sum\t2024-01-01 10:00:00\n+++ go.sum\t2024-01-02 10:00:00\n{body}" + DIFF

    assert "; +50 -50, generated]" in own.unpriced(view_of(text).text)


def test_changes_that_are_cut_are_counted_and_errors_among_them_are_shown():
    """Under a ceiling the marker says how many changes went, and a change that speaks of an error stays."""
    after = source(400)
    after[200] = "    raise RuntimeError('quota exceeded')\n"
    made = view_of(git_diff("src/engine.py", [], after), target_tokens=400)

    assert "+    raise RuntimeError('quota exceeded')" in made.text.split("\n")
    shown = sum(line.startswith("+") for line in made.text.split("\n"))
    notes = [line.rpartition("; +")[2] for line in made.text.split("\n") if " omitted; +" in line]
    assert shown + sum(int(note.split()[0]) for note in notes) == 400


def test_code_with_words_of_markers_is_shown_as_what_it_is():
    """A diff that speaks of markers and hashes is one like any other."""
    before = [*CODE[:20], "see = '[lines 3-9 omitted]'\n", "key = 'hash=482913207615'\n", *CODE[20:60]]
    text = git_diff("src/markers.py", before, [line.replace("see", "said").replace("key", "name") for line in before])
    lines = view_of(text).text.split("\n")

    assert "+said = '[lines 3-9 omitted]'" in lines
    assert "-key = 'hash=482913207615'" in lines


def test_words_with_a_small_diff_in_them_are_refused():
    """A document is no diff because it shows one, and neither is one that names a commit before."""
    words = "".join(f"It is said that part {n} of the work was done.\n" for n in range(90))

    assert isinstance(view_of(words + DIFF[:900] + words), Refused)
    assert isinstance(view_of(f"commit {'a' * 40}\n{words}" + DIFF[:900]), Refused)


@pytest.mark.parametrize(
    "text_of",
    [
        lambda n: "--- a\n+++ b\n" + "@@ -1,3 +1,3 @@\n-a\n+b\n" * n,
        lambda n: "--- a\n+++ b\n@@ -1 +1 @@\n-a\n" * n,
        lambda n: "commit abcdef12\n a | 1\n" * n + DIFF,
        lambda n: "diff --git a/x b/x\nGIT binary patch\nliteral 1\n" + "zabc\n" * n + DIFF,
        lambda n: DIFF + "@@ -1 +" * n,
    ],
)
def test_time_is_linear(text_of):
    """Twice the lines take about twice the time."""
    assert_linear(lambda text: view_of(text, target_tokens=500), text_of)


def many_hunks(count):
    """Return a diff of so many hunks in one file, each of which changes one line."""
    before = source(40 * count)
    return git_diff("src/cart.py", before, edited(before, 40))


@pytest.mark.parametrize("share", [0.8, 0.5, 0.3, 0.1])
def test_hunks_are_shown_whole_as_far_as_they_fit(share):
    """Under a ceiling a change is shown with what went and what came, or only counted: never one side of it."""
    text = many_hunks(40)
    whole = len(view_of(text).text) // 4
    made = view_of(text, target_tokens=int(share * whole))
    lines = made.text.split("\n")
    gone, came = (sum(line.startswith(sign) for line in lines) for sign in "-+")

    assert gone == came > 0
    assert len(made.text) > 0.5 * share * 4 * whole


def test_files_are_counted_together_where_there_is_no_room_for_each():
    """With room for a few names, the first files are named and the changes of all others are summed up."""
    text = "".join(git_diff(f"src/part_{n}.py", CODE[:30], edited(CODE[:30], 10)) for n in range(40))
    made = view_of(text, target_tokens=150)

    assert made.text.count("diff --git a/src/part_") > 1
    assert " files, +" in made.text
    assert len(made.text) <= 600


@pytest.mark.parametrize("count", [20, 40, 80])
def test_a_diff_in_json_keeps_every_changed_line(count):
    """A string has a share of the room of its document, which is no ceiling."""
    text = many_hunks(count)
    view = SharedContext(model="gpt-4o").put("run", {"stdout": text, "exit_code": 0}).compressed
    shown = json.loads(view.split("\n", 1)[1])["stdout"].split("\n")

    assert [line for line in changed(text) if line not in shown] == []


@pytest.mark.parametrize("said", ["HEADER = 'Code generated by tool. DO NOT EDIT.'", "GEN = '@generated by x'"])
def test_code_that_writes_generated_files_is_shown(said):
    """Only a remark at the top of a file says that it was generated."""
    text = git_diff("gen.py", ["import os\n"], ["import os\n", said + "\n", *CODE[:40]])
    lines = view_of(text).text.split("\n")

    assert [line for line in changed(text) if line not in lines] == []
