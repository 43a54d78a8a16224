"""Views of search results."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_core import markers
from headroom_core.compressors.base import Compressed, Refused, Request
from headroom_core.compressors.search import LONG_TEXT, SearchCompressor
from headroom_core.selection import find
from headroom_core.testing import CompressorConformance, FakeCounter

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

    assert f"1:{'var a=1;' * (LONG_TEXT // 8)}[chars " in made.text
    assert text[span.start : span.end] == ("var a=1;" * 9_000)[LONG_TEXT:]


@pytest.mark.parametrize("path", ["C:\\work\\x.py", "My Documents/report.txt", "Makefile", "../a-1-b.py", "src/Ünïcode.py"])
def test_paths_of_all_kinds(path):
    """Paths may have drives, spaces, hyphens and letters of any script."""
    text = "".join(f"{path}:{n}:    call_{n}(argument_{n * 3}, other)\n" for n in range(1, 40))
    lines = lines_of(text)

    assert lines[1] == path
    assert lines[2] == "1:call_1(argument_3, other)"


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
