"""`headroom-core demo`, and how output is adorned."""

import io
import json
import re
from importlib.resources import files

import pytest

from headroom_core import cli
from headroom_core.cli.demo import MODEL, demo
from headroom_core.cli.terminal import Terminal, wants_colour
from headroom_core.context import SharedContext

PAYLOAD = files("headroom_core").joinpath("demo", "findings.json").read_bytes().decode("utf-8")


class Stream(io.TextIOWrapper):
    """A text stream that may say it is a terminal."""

    def __init__(self, *, tty=False):
        super().__init__(io.BytesIO(), encoding="ascii")
        self.tty = tty

    def isatty(self):
        """Say what was told."""
        return self.tty

    def written(self):
        """Return what was written."""
        self.flush()
        return self.buffer.getvalue().decode("utf-8")


def shown(**options):
    """Return what the demo prints."""
    out = Stream()
    demo(None, Terminal(out, io.StringIO(), **options))
    return out.written()


def test_the_demo_is_the_same_in_every_run():
    """No time, no random number, no colour where there is no terminal."""
    first = shown()

    assert first == shown()
    assert first.isascii()


def test_the_demo_shows_a_handoff_from_end_to_end():
    """What goes in, the view, what it leaves out, a part read back, and what was saved."""
    text = shown()
    entry = SharedContext(model=MODEL).put("findings", PAYLOAD)

    assert [line[:2] for line in text.splitlines() if re.match(r"\d\. ", line)] == ["1.", "2.", "3.", "4.", "5."]
    assert f"puts {entry.original_tokens:,} tokens: {len(json.loads(PAYLOAD))} findings" in text
    assert f"gets {entry.compressed_tokens:,} tokens" in text
    assert f"leaves out: {len(entry.omitted):,} parts" in text
    assert text.count(": the same") == 2
    assert "NOT" not in text
    assert f"{entry.savings_percent:.1f}\n" in text


def test_the_view_of_the_demo_keeps_the_finding_of_which_there_is_one():
    """What the demo is about: nobody said that this one matters, and it is in the view."""
    codes = [finding["code"] for finding in json.loads(PAYLOAD)]
    view = SharedContext(model=MODEL).put("findings", PAYLOAD).compressed

    assert codes.count("S310") == 1
    assert re.search(r"^S310,", view, re.MULTILINE)
    assert re.search(r"^  S310,.*jwt/jwks_client.py", shown(), re.MULTILINE)


def test_lines_of_the_demo_fit_the_terminal():
    """Longer ones are cut, and end in an ellipsis."""
    body = [line for line in shown(width=100).splitlines() if line.startswith("  ")]

    assert max(map(len, body)) == 100
    assert {len(line) for line in body if line.endswith("...")} == {100}


def test_colours_change_nothing_but_colours_and_frames():
    """Without them the text is the same, and the tables have the same cells."""

    def words(text):
        return re.sub(r"\x1b\[[\d;]*m|[─│┌┬┐├┼┤└┴┘]|-{2,}", " ", text).split()

    plain, coloured = shown(), shown(colour=True)

    assert "\x1b[" in coloured
    assert "┌─" in coloured
    assert words(coloured) == words(plain)


@pytest.mark.parametrize(
    ("environment", "tty", "expected"),
    [
        ({"TERM": "xterm"}, True, True),
        ({"TERM": "xterm"}, False, False),
        ({"TERM": "dumb"}, True, False),
        ({"TERM": "xterm", "NO_COLOR": "1"}, True, False),
        ({"TERM": "xterm", "NO_COLOR": ""}, True, True),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": "0", "TERM": "xterm"}, True, False),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, False, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
    ],
)
def test_colours_are_for_terminals_unless_said_otherwise(environment, tty, expected):
    """NO_COLOR first, then FORCE_COLOR, then TERM=dumb, then whether it is a terminal."""
    assert wants_colour(Stream(tty=tty), environment) is expected


def test_a_part_that_is_read_ends_its_line_on_a_terminal_only():
    """A file gets the part exactly; a person gets a prompt on a line of its own."""
    for tty, expected in ((False, "part"), (True, "part\n")):
        out = Stream(tty=tty)
        Terminal(out, io.StringIO()).exactly("part")

        assert out.written() == expected


def test_what_utf_8_cannot_write_is_written_as_its_escape():
    """A lone surrogate ends no command."""
    out = Stream()
    Terminal(out, io.StringIO()).line("a\ud800")

    assert out.written() == "a\\ud800\n"


def test_the_payload_of_the_demo_says_nothing_of_where_it_was_made():
    """Paths in it are those of the package it is about."""
    names = {finding["filename"] for finding in json.loads(PAYLOAD)}

    assert all(name.startswith("jwt/") for name in names)
    assert 60_000 < len(PAYLOAD.encode()) < 150_000


def test_main_is_what_the_entry_point_names():
    """pyproject.toml has `headroom_core.cli:main`."""
    assert callable(cli.main)
