"""Views of YAML, TOML, INI, properties and environment files: comments go, keys stay."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_core.compressors.base import Compressed, Place, Refused, Request
from headroom_core.compressors.config import ConfigCompressor
from headroom_core.markers import parse_reference
from headroom_core.selection import find
from headroom_core.testing import FakeCounter
from headroom_core.testing.compressors import CompressorConformance
from tests.core import strategies as own

HANDLE = "482913207615"
PROSE = "# This is a long comment which explains at some length what everybody knows about this part of the file.\n"


def postgres(keys=60):
    """Return assignments, each under three lines of comment."""
    return "# The settings of the server\n" + "".join(
        f"{PROSE * 3}setting_{n} = {n * 17}  # units of {n} kB\n\n" for n in range(keys)
    )


def compose(services=40):
    """Return YAML: a mapping of services, commented."""
    return "version: '3'\nservices:\n" + "".join(
        f"  {PROSE}  {PROSE}  service{n}:\n    image: registry.example/app{n}:1.{n}\n    ports:\n      - '80{n:02d}:80'\n"
        f"    environment:\n      - MODE=prod\n      - WORKERS={n}\n"
        for n in range(services)
    )


def lock(packages=200):
    """Return TOML: an array of like tables."""
    rng = random.Random(5)  # noqa: S311  # data, no secret
    return "version = 3\n\n" + "".join(
        f'[[package]]\nname = "package-{n}"\nversion = "{n % 9}.{n % 7}.0"\nsource = "registry+https://index.example/crates"\n'
        f'checksum = "{rng.getrandbits(256):064x}"\n\n'
        for n in range(packages)
    )


def containers(count=150):
    """Return YAML: a list of like mappings."""
    return "apiVersion: v1\nkind: List\nitems:\n" + "".join(
        f"- kind: Pod\n  metadata:\n    name: pod-{n}\n    namespace: shop\n  spec:\n    node: node-{n % 5}\n"
        "  status:\n    phase: Running\n"
        for n in range(count)
    )


def ini(sections=40):
    """Return an INI file."""
    return "".join(
        f"; {PROSE[2:]}; {PROSE[2:]}[section {n}]\nhost = h{n}.example\nport: {8_000 + n}\n\n" for n in range(sections)
    )


def request_for(text, **options):
    """Return the request of a payload with three characters to a token."""
    return Request(
        **{"mode": "balanced", "counter": FakeCounter(3), "original_tokens": -(-len(text) // 3), "handle": HANDLE, **options}
    )


def view_of(text, **options):
    """Return what is made of a file."""
    made = ConfigCompressor().compress(text, request_for(text, **options))
    assert isinstance(made, Compressed), made
    return made


def lines_of(made):
    """Return the lines of a view without the header and markers."""
    return [line for line in made.text.split("\n")[1:] if " omitted" not in line]


class TestConfigConformance(CompressorConformance):
    """Configuration files keep the contract of compressors."""

    def make_compressor(self):
        """Return a new compressor."""
        return ConfigCompressor()

    def payloads(self):
        """Return files of each kind."""
        pem = "-----BEGIN CERTIFICATE-----\n" + ("A1b2C3d4" * 8 + "\n") * 90 + "-----END CERTIFICATE-----\n"
        yaml_pem = "    " + pem.strip().replace("\n", "\n    ") + "\n"
        return (
            postgres(),
            postgres().replace("\n", "\r\n"),
            compose(),
            lock(),
            containers(),
            ini(),
            f"name: one\nkind: Secret\nlevel: 3\ncertificate: |\n{yaml_pem}last: 1\n",
            "A=1\nB=2\nC=3\nLONG=" + "word " * 3_000 + "\nD=4\n",
        )

    def foreign_payloads(self):
        """Return texts that are no configuration files."""
        return (
            "Plain words, and nothing else in them.\n" * 20,
            "",
            "# Title\n\nSome text here.\n\n- one\n- two\n\nMore text: with a colon.\n" * 10,
            "import os\n\n\ndef main(a: int) -> int:\n    x = 1\n    return x\n" * 20,
            "".join(f"2024-01-01 12:00:{n % 60:02d} INFO worker: job {n} done\n" for n in range(100)),
            "".join(f"INFO: job {n} done\n" for n in range(100)),
            '{\n  "a": 1,\n  "b": 2,\n  "c": 3\n}\n' * 10,
            "a,b,c\n1,2,3\n" * 20,
            "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n" * 10,
            "".join(f"{n}:    the {n}th line of another file\n" for n in range(200, 260)),
            "<p>[1]</p>\n" * 10,
            "#!/bin/sh\nset -e\nif [ -z $A ]; then\n  echo no\n  exit 1\nfi\nB=2\nfor f in *; do\n  cat $f\ndone\n" * 5,
        )


class TestComments:
    """Comments are folded where a file is too long, and announced."""

    @pytest.mark.parametrize("text", [postgres(), ini(), compose()])
    def test_comments_go_and_every_key_stays(self, text):
        """What is not a comment or blank is shown, line by line."""
        made = view_of(text)
        lines = [line for line in text.split("\n") if line.strip() and line.strip()[0] not in "#;"]

        assert [line for line in lines_of(made) if line.strip() and line.strip()[0] not in "#;"] == lines
        assert "omitted; comments]" in made.text
        assert len(made.text) < 0.5 * len(text)

    def test_a_short_file_is_not_cut(self):
        """Where all fits, comments stay."""
        text = postgres(5)

        assert view_of(text).omitted == ()

    def test_nothing_goes_in_lossless_mode(self):
        """A lossless view has all comments."""
        text = postgres()

        assert view_of(text, mode="lossless").text.split("\n", 1)[1] == text

    @pytest.mark.parametrize(
        "warning",
        [
            "# WARNING: setting this to 0 loses data.",
            "# TODO: remove once the old clients are gone",
            "# Do not change this without asking the operators.",
            "# deprecated since 2.1, use setting_9",
        ],
    )
    def test_a_comment_that_warns_stays(self, warning):
        """A warning among other comments is shown."""
        text = postgres().replace("setting_31 =", f"{warning}\nsetting_31 =")

        assert warning in lines_of(view_of(text))

    def test_a_warning_stays_to_the_end_of_its_sentence(self):
        """The next line of a warning is part of it."""
        text = postgres().replace("setting_31 =", "# Never lower this below the number\n# of connections.\nsetting_31 =")

        assert "# of connections." in lines_of(view_of(text))

    def test_the_first_words_of_the_file_stay(self):
        """What a file says it is, is shown."""
        assert "# The settings of the server" in lines_of(view_of(postgres()))

    @pytest.mark.parametrize(
        ("opening", "closing"),
        [("script: |", ""), ("script: >-", ""), ("- |", ""), ('script: "first', '  last"')],
    )
    def test_a_hash_inside_a_value_is_no_comment(self, opening, closing):
        """Lines of block scalars and quoted values are values, whatever they start with."""
        block = (
            f"{opening}\n" + "  # this line is a part of the value, not a comment, however it looks to a reader\n" * 3 + closing
        )
        text = compose() + f"{block}\nlast: 1\n"

        assert view_of(text).text.count("# this line is a part of the value") == 3

    def test_strings_of_several_lines_in_toml_are_values(self):
        """A hash inside triple quotes is no comment."""
        text = (
            postgres()
            + 'text = """\n'
            + "# not a comment but a line of a string, which nobody should leave out at all\n" * 3
            + '"""\n'
        )

        assert view_of(text).text.count("# not a comment") == 3


class TestLongValues:
    """Values of many lines lose their middle where the file is too long without its comments."""

    def test_encoded_data_is_cut(self):
        """Of a certificate its first and last line are shown."""
        pem = "".join(f"    {'A1b2C3d4' * 8}\n" for _ in range(200))
        text = f"a: 1\nb: 2\ncert: |\n    -----BEGIN CERTIFICATE-----\n{pem}    -----END CERTIFICATE-----\nc: 3\n"
        made = view_of(text)

        assert "    -----END CERTIFICATE-----" in lines_of(made)
        assert "omitted; encoded data]" in own.unpriced(made.text)
        assert len(made.text) < 500

    def test_a_long_block_keeps_both_ends(self):
        """Head and tail of a script stand, with what went announced between them."""
        script = "".join(f"    step number {n} of the long script does something else\n" for n in range(400))
        made = view_of(f"a: 1\nb: 2\nrun: |\n{script}c: 3\n")

        assert "    step number 0 of the long script does something else" in lines_of(made)
        assert "    step number 399 of the long script does something else" in lines_of(made)
        assert "c: 3" in lines_of(made)
        assert "of this value]" in own.unpriced(made.text)

    def test_a_long_line_is_cut_between_words(self):
        """A value on one long line keeps its ends, whole words only."""
        words = " ".join(f"word{n}" for n in range(5_000))
        text = f"A=1\nB=2\nLONG={words}\nC=3\n"
        made = view_of(text)
        line = next(line for line in made.text.split("\n") if line.startswith("LONG="))

        assert set(line.split(" [chars")[0].removeprefix("LONG=").split()) <= set(words.split())
        assert line.endswith("word4999")
        assert "C=3" in lines_of(made)


class TestLists:
    """Long lists of like entries keep those that tell something."""

    @pytest.mark.parametrize(("text", "end"), [(lock(), 'name = "package-199"'), (containers(), "    name: pod-149")])
    def test_both_ends_stay(self, text, end):
        """The first and the last entry are shown, and entries between them are announced as like them."""
        made = view_of(text)

        assert end in lines_of(made)
        assert "omitted; like entries]" in own.unpriced(made.text)
        assert len(made.text) < 0.6 * len(text)

    @pytest.mark.parametrize("place", [3, 77, 148])
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("    phase: Running", "    phase: Flombed"),
            ("  spec:\n", "  spec:\n    tolerations: zorblax\n"),
            ("    namespace: shop", "    namespace: glim"),
        ],
    )
    def test_an_odd_entry_stays(self, place, old, new):
        """An entry with a rare value, or with a key that no other has, is shown whole."""
        head, *entries = containers().split("- kind")
        entries[place] = entries[place].replace(old, new)
        made = view_of("- kind".join([head, *entries]))

        assert new.strip().split("\n")[-1].strip() in made.text
        assert f"name: pod-{place}\n" in made.text


def test_with_little_room_the_outline_stays():
    """Where not even the keys fit, those at the margin and the sections are shown before those inside them."""
    made = view_of(compose(80), target_tokens=150)

    assert lines_of(made)[:2] == ["version: '3'", "services:"]
    assert len(made.text) < 3_000


@pytest.mark.parametrize("text", [postgres(), compose(), lock(), containers(), ini()])
@pytest.mark.parametrize("mode", ["balanced", "compact"])
def test_a_view_shows_only_lines_of_the_original(text, mode):
    """Whatever is not a marker is a line of the file, and each reference leads to what is left out."""
    made = view_of(text, mode=mode)

    assert set(lines_of(made)) <= set(text.split("\n"))
    assert all(find(text, parse_reference(span.reference)[1]) == (span.start, span.end) for span in made.omitted)


def test_a_part_has_no_header_and_counts_lines_of_its_document():
    """Markers name the lines of the document around a file."""
    made = view_of(postgres(), place=Place(part=True, char=900, line=50))

    assert "view of" not in made.text
    assert made.omitted[0].label.startswith("lines 52-")


_LINES = st.lists(
    st.sampled_from(
        (
            "key: value", "  inner: |", "    text # here", "- item", "- a: b", "# comment",
            "", "[section]", "[[table]]", "a = 1", 'b = """', '"""',
            "c: [",
            "]", "  - - x", "---", "x: 'open", "\ttab", "k:", "d = \\", "\r",
            "[[table.sub]]", "long: " + "y" * 700, "z" * 50, "é: \ud800",
        )
    ),
    max_size=60,
)  # fmt: skip


@given(_LINES, st.sampled_from(("lossless", "balanced", "compact")), st.sampled_from((None, 1, 60)))
def test_no_text_makes_it_raise_and_spans_are_exact(lines, mode, target):
    """Whatever stands in which order, a view is made or refused, and what it omits can be read."""
    text = "\n".join(lines)
    made = ConfigCompressor().compress(text, request_for(text, mode=mode, target_tokens=target))
    if isinstance(made, Refused):
        return
    for span in made.omitted:
        assert find(text, parse_reference(span.reference)[1]) == (span.start, span.end)


@pytest.mark.parametrize(
    "unit",
    ["a: 1\n", "a = 1\n", "- ", "- a: 1\n", " ", "a ", "#", "# c\n", "x: |\n", 'a = "\n', "a: '\n",
        "a = [\n", "[[t]]\nx = 1\n", "a\\\n", "  a:\n", "k: {\n",
        "A" * 50 + "\n", '"', "["],
)  # fmt: skip
@pytest.mark.parametrize("opening", ["", "a: 1\nb: 2\nc: 3\nd: 4\n", "a = 1\nb = 2\nc = 3\n"])
def test_time_is_linear_in_the_length(unit, opening):
    """Twice the text takes about twice the time, whatever it is made of."""

    def seconds(count):
        text = opening + unit * count
        best = 9.0
        for _ in range(3):
            start = time.process_time()
            ConfigCompressor().compress(text, request_for(text, target_tokens=50))
            best = min(best, time.process_time() - start)
        return best

    count = 100_000 // len(unit)

    assert seconds(2 * count) < 3.5 * seconds(count) + 0.01


def test_nesting_of_any_depth_takes_linear_time():
    """Each line indented further than the one before is no reason to take long."""
    text = "".join(f"{' ' * n}k{n}:\n" for n in range(900))
    start = time.process_time()
    ConfigCompressor().compress(text, request_for(text, target_tokens=50))

    assert time.process_time() - start < 2
