"""Markers, headers and references are written and read in one place, and what is written is read back."""

# ruff: noqa: RUF001  # digits that are not ASCII, on purpose

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_core import SharedContext, compress, markers
from headroom_core.compressors.json_crusher.pointer import follow, pointer
from headroom_core.markers import Range
from tests.core import strategies as own

handles = st.text("0123456789", min_size=markers.HANDLE_DIGITS, max_size=markers.HANDLE_DIGITS)
keys = st.one_of(st.sampled_from(own.KEYS), st.sampled_from(own.LOOK_ALIKES), st.text())
paths = st.lists(keys, min_size=1, max_size=4)
numbers = st.integers(0, 10**12 - 1)
units = st.sampled_from(("lines", "rows", "chars"))


@st.composite
def ranges(draw):
    """Return ranges as markers name them."""
    path = draw(st.one_of(st.none(), paths.map(pointer)))
    within = draw(st.one_of(st.none(), st.tuples(numbers, numbers)))
    return Range(draw(units), draw(numbers), draw(numbers), path, within)


@given(handles, ranges())
def test_a_reference_is_read_as_it_was_written(handle, part):
    """Handle and range come back, whatever table they name."""
    assert markers.parse_reference(markers.reference(handle, part)) == (handle, part)


@given(handles, ranges(), st.sampled_from(("{} {}", "[{} {}]", "{} [{} omitted]", "  {}  {} ", "{} {} omitted", "{}\n{}")))
def test_a_reference_is_read_as_models_copy_it(handle, part, form):
    """Brackets, blanks and the word `omitted` may stay on it."""
    assert markers.parse_reference(form.format(handle, part)) == (handle, part)


@given(ranges())
def test_a_marker_names_its_range_on_one_line(part):
    """A marker is one line, and its range can be read from it."""
    text = markers.marker(part)

    assert "\n" not in text
    assert markers.parse_part(text.removeprefix("[").removesuffix(" omitted]")) == part
    assert markers.LOOKS_LIKE_A_MARKER.search(text) or len(text) > 200


@given(paths, st.integers(0, 9))
def test_a_pointer_leads_back_for_any_key(path, value):
    """Whatever the names of the members, the pointer finds the value, and could stand in a marker."""
    document = value
    for key in reversed(path):
        document = {key: document, f"{key}0": None}
    text = pointer(tuple(path))

    assert follow(document, text) == (tuple(path), value)
    assert not set(text) & set(" \n\t[]")


@given(st.text())
def test_no_text_breaks_the_parsers(text):
    """What is no reference is None, and never an exception."""
    found = markers.parse_reference(text)
    part = markers.parse_part(text)

    assert found is None or len(found[0]) == markers.HANDLE_DIGITS
    assert part is None or part.unit in text
    assert list(markers.handles_in(text)) == list(dict.fromkeys(markers.handles_in(text)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "482913207615",
        "rows 1-2",
        "48291320761 rows 1-2",
        "4829132076155 rows 1-2",
        "482913207615 rows 1",
        "482913207615 rows 1-",
        "482913207615 rows a-b",
        "482913207615 rows -1-2",
        "482913207615 cols 1-2",
        "482913207615 rows 1-2 of items",
        "482913207615 rows 1-2 of /a b",
        "482913207615 rows 1-2 in lines 3",
        "482913207615 rows 1-2 in lines 3-4 of /a",
        "482913207615 rows 1-2 in rows 3-4",
        "482913207615 rows 1-2 and 482913207615 rows 3-4",
        "４８２９１３２０７６１５ rows 1-2",
        "482913207615 rows 1-9999999999999",
        "see 482913207615 rows 1-2",
    ],
)
def test_what_is_no_reference_is_none(text):
    """A reference is a handle and a range, in ASCII digits, and nothing else."""
    assert markers.parse_reference(text) is None


@given(handles, st.booleans(), st.booleans())
def test_a_header_makes_a_text_a_view(handle, named, omits):
    """A text that opens with a header is a view, and its handle is found; text before it makes it an ordinary text."""
    header = markers.header(handle if named else None, omits=omits)

    assert markers.is_view(f"{header}\nbody")
    assert markers.is_view(f'["{header}",1]')
    assert markers.is_view(f'{{"view":"{header}"}}')
    assert not markers.is_view(f"body\n{header}")
    assert list(markers.handles_in(f"{header}\n{header}")) == ([handle] if named else [])


@pytest.mark.parametrize("digest", ["0" * 64, "f" * 64, "00000000000000010000000000000000" * 2])
def test_a_handle_has_twelve_digits(digest):
    """Handles are of one length, leading zeros and all."""
    handle = markers.handle_of(digest)

    assert len(handle) == markers.HANDLE_DIGITS
    assert handle.isdecimal()


def test_without_a_handle_there_is_no_reference():
    """A view that may name no references has none to name."""
    assert markers.reference(None, Range("rows", 1, 2)) is None
    assert "omitted parts cannot be read" in markers.header(None, omits=True)


def test_a_text_names_the_handles_that_its_reader_could_ask_for():
    """Those of views and of references that it quotes, and no number that just has as many digits."""
    text = (
        "[view of 482913207615; read omitted parts by handle and range]\nsee 111122223333 rows 2-3; order 444455556666 shipped"
    )

    assert markers.handles_named_in(text) == {"482913207615", "111122223333"}
    assert markers.handles_named_in("1482913207615 rows 2-3") == set()


@pytest.mark.parametrize(
    ("tokens", "said"),
    [
        (0, ""),
        (markers.PRICED_FROM_TOKENS - 1, ""),
        (markers.PRICED_FROM_TOKENS, "; about 800 tokens"),
        (3_149.9, "; about 3,100 tokens"),
        (3_150, "; about 3,200 tokens"),
        (9_960, "; about 10,000 tokens"),
        (1_234_567, "; about 1,200,000 tokens"),
    ],
)
def test_a_marker_says_what_much_costs(tokens, said):
    """Two digits are enough to decide by, and stay the same where a count differs a little; little has no price."""
    part = Range("lines", 80, 400)

    assert markers.marker(part, tokens=tokens) == f"[lines 80-400 omitted{said}]"
    assert markers.marker(part, "39 DEBUG", tokens=tokens) == f"[lines 80-400 omitted; 39 DEBUG{said}]"
    assert markers.parse_reference(f"482913207615 {markers.marker(part, '39 DEBUG', tokens=tokens)}") == ("482913207615", part)


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"2026-11-03T10:00:{n % 60:02}Z INFO request {n} took {n * 7 % 90} ms\n" for n in range(3_000)),
        json.dumps([{"id": n, "host": f"web-{n % 7}", "seconds": n * 7919 % 31} for n in range(3_000)]),
        "\n\n".join(f"<p>paragraph {n} of the page says {'words ' * 30}</p>" for n in range(300)),
        "\n".join(f"word{n} and what follows it, {n * 7919 % 1_009} times" for n in range(3_000)),
    ],
    ids=["log", "json", "html", "text"],
)
@pytest.mark.parametrize("max_tokens", [None, 600])
def test_prices_are_about_what_a_reader_gets(text, max_tokens):
    """By the tokens that the whole payload takes: within a third of a count of what is read."""
    context = SharedContext(model="gpt-4o")
    context.put("key", text)
    view = context.view("key", max_tokens=max_tokens)
    handle = next(markers.handles_in(view.text), None)
    priced = re.findall(r"\[((?:rows|lines|chars) [^\[\];]*) omitted(?:; [^\[\];]*)?; about ([\d,]+) tokens\]", view.text)

    assert view.tokens < context.get_entry("key").original_tokens
    assert priced or handle is None or max_tokens is None
    for part, said in priced:
        tokens = context.counter.count(context.read(f"{handle} {part}"))
        assert 2 / 3 < int(said.replace(",", "")) / tokens < 3 / 2


def test_a_view_whose_reader_cannot_fetch_says_no_price():
    """Nothing is to be had for it."""
    text = "".join(f"2026-11-03T10:00:{n % 60:02}Z INFO request {n} took {n * 7 % 90} ms\n" for n in range(3_000))

    assert " omitted" in compress(text, model="gpt-4o").text
    assert "; about" not in compress(text, model="gpt-4o").text
