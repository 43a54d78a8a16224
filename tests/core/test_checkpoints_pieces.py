"""Texts as a model sees them: words that stood together, and parts that have every piece once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_core.compressors.prose.checkpoints.pieces import Pieces
from headroom_core.compressors.prose.checkpoints.spacing import is_blank, stretches


def texts_of(words):
    """Return the stretches of words as texts."""
    return ["".join(words[number] for number in group) for group in stretches(words)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["the", "cache", ",", "is", "full", "."], ["the", "cache,", "is", "full."]),
        (["(", "see", "below", ")", ".", "Then"], ["(see", "below).", "Then"]),
        (["a", '"', "quoted", "word", '"', ",", "here"], ["a", '"quoted', 'word",', "here"]),
        (["well", "-", "known", "and", "/", "or"], ["well-known", "and/or"]),
        (["$", "40", "or", "3", "%"], ["$40", "or", "3%"]),
        (["end", ".", "\n", '"', "Next"], ["end.", "\n", '"Next']),
        (["\n", ".", "a"], ["\n", ".", "a"]),
        ([], []),
    ],
)
def test_marks_stand_where_they_stood(words, expected):
    """A tokenizer splits `full.` in another way than `full .`, which no model was trained on."""
    assert texts_of(words) == expected


@given(st.lists(st.sampled_from(["the", "x", ",", ".", "(", ")", '"', "'", "-", "$", "\n", " ", ""])))
def test_every_word_is_in_one_stretch(words):
    """In their order, and white space on its own."""
    found = stretches(words)

    assert [number for group in found for number in group] == list(range(len(words)))
    assert all(len(group) == 1 or not any(is_blank(words[number]) for number in group) for group in found)


@given(
    st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=60),
    st.integers(1, 20),
    st.one_of(st.none(), st.integers(1, 5)),
    st.booleans(),
)
def test_parts_have_every_piece_once(sizes, room, most, at_stops):
    """None has more pieces or stretches than it may, and only what has no room alone is cut."""
    pieces = Pieces([])
    for size, stop in sizes:
        pieces.ids += [0] * size
        pieces.ends.append(len(pieces.ids))
        if stop:
            pieces.stops.append(len(pieces.ids))
    found = list(pieces.chunks(room, stretches=most, at_stops=at_stops))

    assert [place for start, end in found for place in range(start, end)] == list(range(len(pieces.ids)))
    for start, end in found:
        inside = [place for place in pieces.ends if start < place <= end]

        assert 0 < end - start <= room
        assert most is None or len(set(inside)) <= most
        assert inside or end - start == room
        if at_stops and end < len(pieces.ids) and any(start < stop <= start + room for stop in pieces.stops) and most is None:
            assert end in pieces.stops
