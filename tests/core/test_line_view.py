"""Views of a text by its lines."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_core import markers
from headroom_core.compressors.base import Compressed, Place, Request
from headroom_core.compressors.line_view import Lines, LineView
from headroom_core.payload import OmittedSpan
from headroom_core.selection import find
from headroom_core.testing import FakeCounter

HANDLE = "482913207615"
TEXT = "\n".join(f"line {n} of a text that has some words in each of its lines" for n in range(1, 41)) + "\n"


def view_of(text, request=None):
    """Return the lines of a text and a view to write."""
    lines = Lines(text)
    return lines, LineView(lines, request or ask())


def ask(**options):
    """Return a request of a whole payload."""
    return Request(**{"mode": "balanced", "counter": FakeCounter(), "original_tokens": 400, "handle": HANDLE, **options})


def test_what_is_passed_over_is_announced_in_its_place():
    """A run of lines that is not shown leaves a marker there, with a note where one was given."""
    _, view = view_of(TEXT)
    view.show(0, 2)
    view.show(20, note="18 like line 2")
    made = view.finish()

    assert made.text.split("\n") == [
        f"[view of {HANDLE}; read omitted parts by handle and range]",
        *TEXT.split("\n")[:2],
        "[lines 3-20 omitted; 18 like line 2]",
        TEXT.split("\n")[20],
        "[lines 22-40 omitted]",
        "",
    ]


def test_runs_shorter_than_their_marker_are_shown():
    """A marker that takes more than it spares is not written."""
    _, view = view_of("first\na\nb\nc\nlast\n")
    view.show(0)
    view.show(4)

    assert view.finish().text.split("\n")[1:] == ["first", "a", "b", "c", "last", ""]
    assert view.finish().omitted == ()


def test_a_run_can_be_announced_however_short_it_is():
    """What a compressor folds into a summary line is left out, also where its marker is longer."""
    _, view = view_of("first\na\nb\nlast")
    view.show(0)
    view.omit(1, 3, note="2 letters")
    view.show(3)

    assert view.finish().text.split("\n")[1:] == ["first", "[lines 2-3 omitted; 2 letters]", "last"]


def test_a_part_has_no_header_and_leads_into_the_original():
    """Lines of a part are named by their numbers in the whole."""
    _, view = view_of(TEXT, ask(place=Place(part=True, char=1000, line=100)))
    view.show(0)
    made = view.finish()

    assert made.text.split("\n") == [TEXT.split("\n")[0], "[lines 102-140 omitted]", ""]
    (span,) = made.omitted
    assert span.reference == f"{HANDLE} lines 102-140"
    assert (span.start, span.end) == (TEXT.index("\n") + 1, len(TEXT) - 1)


def test_a_part_of_a_view_keeps_its_spans():
    """Spans of a part are moved to where the part stands."""
    lines, view = view_of(TEXT)
    part = Compressed(text="short", omitted=(span_of(0, 5),))
    view.show(0, 10)
    view.part(10, 20, part)
    view.show(20, 40)
    made = view.finish()

    assert [(span.start, span.end) for span in made.omitted] == [(lines.starts[10], lines.starts[10] + 5)]
    assert "\nshort\n" in made.text


def span_of(start, end):
    """Return a span of a part."""
    return OmittedSpan(start, end, None, "part")


def test_a_receiver_that_parses_gets_json():
    """With format json the view is a list of its header and its body."""
    _, view = view_of(TEXT, ask(format="json"))
    view.show(0)
    header, body = json.loads(view.finish().text)

    assert header == markers.header(HANDLE, omits=True)
    assert body.startswith(TEXT.split("\n")[0])


@given(
    text=st.lists(st.text(alphabet="ab é\r\t", max_size=60), max_size=40).map("\n".join),
    shown=st.sets(st.integers(0, 39)),
    line=st.integers(0, 5),
)
def test_shown_and_omitted_lines_make_up_the_text(text, shown, line):
    """Whatever is shown, the references of the rest redeem to exactly what is missing, and nothing stands twice."""
    before = "outer\n" * line
    place = Place(part=True, char=len(before), line=line)
    lines, view = view_of(text, ask(place=place))
    for number in sorted(shown):
        if number < len(lines):
            view.show(number)
    made = view.finish()
    rest = made.text
    for span in made.omitted:
        handle, part = markers.parse_reference(span.reference)
        rest = rest.replace(markers.marker(part), text[span.start : span.end], 1)

        assert handle == HANDLE
        assert find(before + text, part) == (span.start + len(before), span.end + len(before))
    assert rest == text


@pytest.mark.parametrize("text", ["", "\n", "a", "a\n", "a\n\n\n", "\r\n\r\n"])
def test_nothing_shown_of_next_to_nothing(text):
    """Texts too short to leave anything out stay as they are."""
    _, view = view_of(text)

    assert view.finish().text.split("\n", 1)[1] == text
