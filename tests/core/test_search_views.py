"""Views of search results."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_core import SharedContext, markers
from headroom_core.compressors.base import Compressed, Refused, Request
from headroom_core.compressors.search import SearchCompressor
from headroom_core.compressors.search.results import LONG_TEXT
from headroom_core.selection import find
from headroom_core.testing import CompressorConformance, FakeCounter
from tests.core.timing import assert_linear

HANDLE = "482913207615"
GREP = "".join(
    f"./src/package_{file}/module_{file}.py:{10 * line + file}:{' ' * 8}self.connection_{line % 5} = open_connection(port={line})\n"  # noqa: E501  # a line of results
    for file in range(12)
    for line in range(9)
)
HEADED = "".join(
    f"src/package_{file}/module.py\n"
    + "".join(f"{line * 7 + 3}:    timeout = settings.timeout_{line}  # seconds, see the manual\n" for line in range(8))
    + "\n"
    for file in range(9)
)
CONTEXT = "".join(
    f"a/b_{n}.c-{n + 1}-\tif (reply == NULL)\na/b_{n}.c:{n + 2}:\t\treturn REDIS_ERR_{n};\na/b_{n}.c-{n + 3}-\tfree(reply);\n--\n"  # noqa: E501  # a line of results
    for n in range(1, 30)
)
LONG = "".join(f"lib/file_{n // 400}.ts:{n % 400 + 1}:  const value{n % 90} = await load('{n % 7}');\n" for n in range(4_000))


def view_of(text, **options):
    """Return what the compressor makes of a text."""
    asked = {"mode": "balanced", "counter": FakeCounter(), "original_tokens": max(1, len(text) // 4), "handle": HANDLE}
    return SearchCompressor().compress(text, Request(**{**asked, **options}))


def lines_of(text, **options):
    """Return the lines of a view."""
    return view_of(text, **options).text.split("\n")


class TestConformance(CompressorConformance):
    """What every compressor must do."""

    def make_compressor(self):
        """Return the compressor of search results."""
        return SearchCompressor()

    def payloads(self):
        """Return results of grep and ripgrep, in all their forms."""
        return [GREP, CONTEXT, LONG, GREP.replace("\n", "\r\n"), HEADED]

    def foreign_payloads(self):
        """Return logs, lists of times, and prose with colons."""
        return [
            "2026-01-01 10:00:00 INFO started\n" * 50,
            "10:00:01: started\n10:00:02: stopped\n" * 40,
            "He said: 12 of us came: and so it was.\n" * 40,
            "key: value\nother: 12\n" * 40,
        ]


def test_each_file_is_named_once_over_its_matches():
    """A path stands on a line of its own, whole, and its matches below it without indentation."""
    lines = lines_of(GREP, mode="lossless")

    assert lines.count("./src/package_3/module_3.py") == 1
    at = lines.index("./src/package_3/module_3.py")
    assert lines[at + 1] == "3:self.connection_0 = open_connection(port=0)"
    assert lines[at + 2] == "13:self.connection_1 = open_connection(port=1)"


def test_without_loss_every_match_is_told():
    """All numbers and texts stand in the lossless view."""
    made = view_of(CONTEXT + GREP, mode="lossless")

    assert made.omitted == ()
    for line in (CONTEXT + GREP).splitlines():
        if line != "--":
            assert line.split(":")[-1].split("-")[-1].strip() in made.text


def test_equal_lines_of_a_file_are_shown_once_with_all_their_numbers():
    """What repeats is told by the first of them."""
    text = "".join(f"main.c:{n}:\t\treturn NULL;\nmain.c:{n + 1}:\tgoto error_{n};\n" for n in range(10, 60, 5))

    assert "10,15,20,25,30,35,40,45,50,55:return NULL;" in lines_of(text)


def test_headings_are_kept():
    """Results under the name of their file stay there."""
    lines = lines_of(HEADED, mode="lossless")

    assert "src/package_4/module.py" in lines
    assert "10:timeout = settings.timeout_1  # seconds, see the manual" in lines


def test_context_lines_keep_their_mark():
    """A line of context is told from a match by the hyphen behind its number."""
    lines = lines_of(CONTEXT, mode="lossless")

    assert "6:return REDIS_ERR_4;" in lines
    assert "7-free(reply);" in lines


def test_of_a_long_list_every_file_is_named_with_a_match():
    """Whatever is left out, each file stands there with its first match."""
    text = "".join(f"p/file_{n % 300}.py:{n + 1}:    value_{n} = compute_{n % 9}(seed={n})\n" for n in range(3_000))
    text = "".join(sorted(text.splitlines(keepends=True), key=lambda line: line.split(":")[0]))
    made = view_of(text)
    lines = made.text.split("\n")

    for n in range(300):
        assert f"p/file_{n}.py" in lines
    assert made.omitted
    assert len(made.text) < len(text) / 2


def test_what_is_unlike_the_others_stays():
    """One match of its own among thousands that repeat is shown."""
    text = LONG.replace("  const value33 = await load('3');", "  throw new QuotaExceeded(tenant);", 1)

    assert "throw new QuotaExceeded(tenant);" in view_of(text).text


def test_a_gap_says_how_many_matches_it_holds():
    """The marker names lines of the payload, and how many matches stand there."""
    made = view_of(LONG)

    assert "omitted; " in made.text
    span = made.omitted[0]
    _, part = markers.parse_reference(span.reference)
    marker = next(line for line in made.text.split("\n") if line.startswith(f"[{part} omitted"))
    assert f"; {part.last - part.first + 1} match" in marker


def test_a_line_without_end_is_cut_and_can_be_read():
    """A match in a minified file shows its beginning, and the rest by a range of characters."""
    text = GREP + "dist/app.min.js:1:" + "var a=1;" * 9_000 + "\n"
    made = view_of(text)
    (span,) = (span for span in made.omitted if " chars " in span.reference)

    assert f"1:{'var a=1;' * (LONG_TEXT // 8 - 1)}var [chars " in made.text
    assert text[span.start : span.end] == ("var a=1;" * 9_000)[LONG_TEXT - 4 :]


@pytest.mark.parametrize(
    "path",
    [
        "C:\\work\\x.py",
        "My Documents/report.txt",
        "Makefile",
        "../a-1-b.py",
        "src/Ünïcode.py",
        "HEAD~2:src/x.py",
        "d36270b9:docs/a b.md",
    ],
)
def test_paths_of_all_kinds(path):
    """Paths may have drives, spaces, hyphens and letters of any script."""
    text = "".join(f"{path}:{n}:    call_{n}(argument_{n * 3}, other)\n" for n in range(1, 40))
    lines = lines_of(text)

    assert lines[1] == path
    assert lines[2] == "1:call_1(argument_3, other)"


def test_a_file_of_its_own_is_shown_with_its_match_however_many_files_there_are():
    """A list of one match each in 600 files is told whole rather than as names over markers."""
    text = "".join(
        f"lib/part_{n}/module_{n}.kt:{n % 90 + 20}:class Module{n}(val parent: Part{n % 7}) {{\n" for n in range(600)
    )
    lines = lines_of(text)

    for n in range(600):
        assert lines[lines.index(f"lib/part_{n}/module_{n}.kt") + 1].startswith(f"{n % 90 + 20}:class Module{n}(")


def test_a_list_of_a_few_thousand_tokens_keeps_all_matches():
    """Each match is a place that the reader may have asked for."""
    text = "".join(f"lib/file_{n // 50}.ts:{n % 50 + 1}:  const value{n} = await load('{n % 7}');\n" for n in range(250))

    assert view_of(text).omitted == ()
    assert view_of(text, mode="compact").omitted


def test_matches_with_words_of_errors_go_before_matches_like_others():
    """Of lines of one shape those that speak of errors are shown."""
    bad = "  const value7 = await load('Fatal failure');"
    text = LONG.replace("  const value33 = await load('3');", bad, 1)

    assert bad.strip() in view_of(text, mode="compact").text


def test_what_a_tool_says_beside_its_results_is_shown():
    """Files that could not be searched, and a search that was cut short, are no results and not left out."""
    said = [
        "Found 4000 matches in 10 files, only the first of them are listed here",
        "grep: ./private/deployment/keys: Permission denied",
        "Binary file ./assets/images/archive.bin matches and is not shown here",
    ]
    results = LONG.splitlines()
    text = "\n".join([said[0], *results[:1000], said[1], *results[1000:], said[2]]) + "\n"

    for options in ({}, {"mode": "lossless"}, {"mode": "compact"}):
        lines = lines_of(text, **options)
        assert [line for line in said if line not in lines] == []
    assert lines_of(text, mode="lossless")[-2] == said[2]


def test_context_before_the_first_match_of_a_file_stands_under_its_name():
    """A line of context belongs to the file of the match that follows, whatever hyphens and numbers its path has."""
    text = "".join(
        f"a-1-b/c_{n}.py-1-before = {n}\na-1-b/c_{n}.py:2:match({n})\na-1-b/c_{n}.py-3-see other.c:33: or z-12-q\n--\n"
        for n in range(9)
    )
    lines = lines_of(text)

    assert lines[1:6] == ["a-1-b/c_0.py", "1-before = 0", "2:match(0)", "3-see other.c:33: or z-12-q", "--"]


def test_columns_stand_with_their_lines():
    """With `--column`, a place is a line and a column, and equal lines still fold."""
    text = "".join(f"src/a_{f}.py:{n * 3}:{n % 2 + 5}:    return None\n" for f in range(5) for n in range(1, 5))

    assert lines_of(text)[1:3] == ["src/a_0.py", "3:6,6:5,9:6,12:5:return None"]


@pytest.mark.parametrize("options", [{}, {"mode": "compact"}, {"target_tokens": 400}, {"target_tokens": 4_000}])
def test_no_match_is_unaccounted_for(options):
    """Every match is shown, told by an equal one, or counted by the marker in its place."""
    text = "".join(
        f"p/file_{n // 60}.c:{n % 60 + 1}:\t{('return NULL;', f'x_{n} = f({n});', f'if (a[{n % 9}] > {n}) go();')[n * n % 3]}\n"
        for n in range(1_800)
    )
    shown = counted = 0
    for line in lines_of(text, **options)[1:]:
        note = line.rpartition("; ")[2]
        if line.startswith("[lines"):
            counted += int(note.split()[0])
        elif line and not line.startswith("p/"):
            shown += len(line.partition(":")[0].split(","))

    assert counted > 0
    assert shown + counted == 1_800


def test_results_stand_below_paths_and_nowhere_beside_them():
    """No result keeps its path in its line, also where a gap is too short for a marker."""
    text = "".join(f"h.c:{n}:{'        return ERR;' if n % 3 else f'        x_{n} = call({n % 5});'}\n" for n in range(1, 900))

    for target in range(20, 3_000, 90):
        assert [line for line in lines_of(text, target_tokens=target) if line.startswith("h.c:")] == []


@pytest.mark.parametrize("title", ["Steps to take", "Results of the survey in May"])
def test_a_numbered_list_under_a_title_is_refused(title):
    """A title has spaces and no sign of a path."""
    text = f"{title}\n" + "".join(f"{n}: take step {n} of the list and wait for an answer\n" for n in range(1, 60))

    assert isinstance(view_of(text), Refused)


@given(
    results=st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(1, 999), st.sampled_from(["  x = 1", "y()", "", "  fail: no", "z-1-z"])),
        min_size=5,
        max_size=80,
    ),
    target=st.none() | st.integers(1, 200),
)
def test_numbers_and_words_are_those_of_the_results(results, target):
    """Each line of a view is a path or a numbered text of the results, and each reference reads its exact part."""
    text = "".join(f"src/{path}.py:{number}:{said}\n" for path, number, said in results)
    made = view_of(text, target_tokens=target)

    assert isinstance(made, Compressed)
    there = {(str(number), said.strip()) for _, number, said in results}
    for line in made.text.split("\n")[1:-1]:
        if line.startswith(("[lines", "src/")):
            continue
        numbers, _, said = line.partition(":")
        assert {(number, said) for number in numbers.split(",")} <= there
    for span in made.omitted:
        _, part = markers.parse_reference(span.reference)
        assert find(text, part) == (span.start, span.end)


@pytest.mark.parametrize(
    "hostile",
    ["a-1" * 100_000, "a:1" * 100_000, "-1-" * 100_000, ":" * 300_000, "a.py:1:\n" * 30_000, "1:\n" * 100_000, " " * 300_000],
)
def test_hostile_text_is_soon_done_with(hostile):
    """No line makes a pattern go back and forth over it."""
    assert isinstance(view_of(GREP + hostile), (Compressed, Refused))
    assert isinstance(view_of(hostile), (Compressed, Refused))


@pytest.mark.parametrize(
    "text_of",
    [
        lambda n: "a.py:1:x\n" * 5 + "a.py-1-y\n" * n,
        lambda n: "".join(f"f{i}.py-1-y\nf{i}.py:2:x{i}\n" for i in range(n)),
        lambda n: "a.py:1:x\n" * 9 + "a-1-" * n,
        lambda n: "".join(f"f.py:{i}:{'same' if i % 2 else i}\n" for i in range(n)),
    ],
)
def test_time_is_linear(text_of):
    """Twice the results take about twice the time."""
    assert_linear(lambda text: view_of(text, target_tokens=500), text_of)


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"main:src/mod_{n % 9}/x.py:{n + 1}:    return None\n" for n in range(120)),
        "".join(f"C:\\proj\\mod{n % 60}\\Main.cs:{n + 1}:  throw new X({n});\n" for n in range(300)),
        "".join(
            f"logs/app-{n // 40}.log:{n + 1}:2026-01-02T10:{n % 60:02}:00Z ERROR timeout after {n} ms\n" for n in range(240)
        ),
        "".join(
            "".join(f"src/m{n}/f.py{':' if k == 3 else '-'}{n + k}{':5:' if k == 3 else '-'}    line {k}\n" for k in range(7))
            + "--\n"
            for n in range(40)
        ),
    ],
    ids=["revision", "drive", "log files", "wide context"],
)
def test_results_are_told_for_results(text):
    """Paths behind a revision or a drive, lines of logs, and results with more context than matches are all results."""
    entry = SharedContext(model="gpt-4o").put("found", text)

    assert entry.transforms[0].startswith("router:search:")


def test_a_long_match_is_cut_between_words():
    """The end of what is shown of a line in a minified file is the end of a word."""
    text = GREP + "app.min.js:1:" + "head_start(tail_end, n); " * 400 + "\n"
    (line,) = [line for line in lines_of(text) if "[chars " in line]

    assert line.partition("[chars")[0].endswith((" ", ","))
