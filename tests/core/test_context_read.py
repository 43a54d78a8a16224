"""Parts of originals are read exactly, by reference or by key."""

import pytest

from headroom_core import MemoryStore, markers
from headroom_core.reading import Passage, longest_prefix
from headroom_core.store import Miss
from headroom_core.testing import FakeCounter
from headroom_core.tokens.counters import VocabularyCounter

TEXTS = [
    "",
    "a",
    "one line",
    "short\n" * 200,
    "\n" * 500,
    "one long line " * 300,
    "head\n" + "x" * 3_000 + "\ntail\n",
    "東京 \U0001f680 née\r\n" * 150,
    " " * 2_000,
]


def test_the_reference_of_an_omitted_span_reads_exactly_that_span(context, payload):
    """What a view leaves out can be fetched alone."""
    entry = context.put("key", payload, kind="toy")
    (span,) = entry.omitted

    assert context.read(span.reference) == payload[span.start : span.end]
    assert span.reference in f"{markers.handle_of(entry.digest)} lines 3-99"


def test_brackets_and_the_word_omitted_may_stay_on_a_reference(context, payload):
    """An agent may copy the marker as it stands, after the handle."""
    entry = context.put("key", payload, kind="toy")
    handle = markers.handle_of(entry.digest)
    expected = context.read(f"{handle} lines 3-99")

    assert expected
    for spelled in (f"{handle} [lines 3-99 omitted]", f" {handle}  lines 3-99 omitted ", f"[{handle} lines 3-99]"):
        assert context.read(spelled) == expected


def test_any_range_can_be_read_and_not_only_what_was_left_out(context, payload):
    """References address the original, not a list of cuts."""
    handle = markers.handle_of(context.put("key", payload, kind="toy").digest)
    lines = payload.splitlines()

    assert context.read(f"{handle} lines 40-60") == "\n".join(lines[39:60])
    assert context.read(f"{handle} chars 10-20") == payload[10:20]


def test_a_key_takes_lines(context, payload):
    """`read(key, lines=(first, last))` counts from 1 and includes both ends."""
    context.put("key", payload, kind="toy")
    lines = payload.splitlines()

    assert context.read("key", lines=(1, 1)) == lines[0]
    assert context.read("key", lines=(40, 60)) == "\n".join(lines[39:60])
    assert context.read("key", lines=(1, 100)) == payload.removesuffix("\n")


def test_what_is_not_there_is_none(context, payload):
    """A range outside, an unknown handle and an unknown key are misses, not errors."""
    handle = markers.handle_of(context.put("key", payload, kind="toy").digest)

    assert context.read("key", lines=(101, 102)) is None
    assert context.read("key", rows=(1, 2)) is None
    assert context.read(f"{handle} chars 999990-999999") is None
    assert context.read("000000000000 lines 1-2") is None
    assert context.read("nonexistent", lines=(1, 2)) is None


def test_a_passage_says_where_it_comes_from(context, payload):
    """`passage` names key, agent and offsets, and of a miss the reason."""
    handle = markers.handle_of(context.put("key", payload, "researcher", kind="toy").digest)
    passage = context.passage(f"{handle} lines 2-2")
    by_key = context.passage("key", lines=(2, 2))
    context.delete("key")

    assert isinstance(passage, Passage)
    assert (passage.original.key, passage.original.agent) == ("key", "researcher")
    assert payload[slice(*passage.span)] == passage.text == payload.splitlines()[1]
    assert by_key == passage
    assert context.passage(f"{handle} lines 2-2") == Miss("deleted")


@pytest.mark.parametrize("max_tokens", [1, 7, 50, 10_000])
def test_max_tokens_cuts_after_a_whole_line_where_one_fits(context, payload, max_tokens):
    """A cut part has at most that many tokens, and is the start of the whole."""
    context.put("key", payload, kind="toy")
    whole = context.read("key", lines=(2, 90))
    cut = context.read("key", lines=(2, 90), max_tokens=max_tokens)

    assert whole.startswith(cut)
    assert FakeCounter().count(cut) <= max_tokens
    assert cut.endswith("\n") == (cut != whole and max_tokens >= 15)


@pytest.mark.parametrize("counter", [FakeCounter(), FakeCounter(1), VocabularyCounter("o200k_base")])
@pytest.mark.parametrize("room", [1, 2, 3, 10, 100, 1_000])
def test_the_longest_prefix_fits_and_is_not_empty(counter, room):
    """Of any text as much as fits is kept: no more tokens, and at least a character if that has no more."""
    for text in TEXTS:
        cut = longest_prefix(text, room, counter)

        assert text.startswith(cut)
        assert counter.count(cut) <= room
        if text and counter.count(text[:1]) <= room:
            assert cut
        if counter.count(text) <= room:
            assert cut == text


def test_an_estimating_counter_keeps_its_margin(toys, payload):
    """Where the model may count a quarter more, a fifth of the room is kept free."""
    counter = FakeCounter(1)
    counter.margin = 0.25
    context = toys.context(counter=counter)
    context.put("key", "x" * 500)

    assert len(context.read("key", lines=(1, 1), max_tokens=100)) == 80


def test_a_cut_counts_only_what_comes_near_the_limit(toys):
    """Reading a little of a long part does not cost a count of all of it."""
    counter = FakeCounter()
    context = toys.context(counter=counter)
    context.put("key", "some words here\n" * 100_000)
    counter.counted.clear()
    context.read("key", lines=(1, 99_999), max_tokens=100)

    assert sum(map(len, counter.counted)) < 20_000


def test_references_die_with_their_entry_and_live_again_with_its_content(toys, clock, payload):
    """Expired, deleted or replaced, a reference is None; the same content put again revives it, under any key."""
    context = toys.context(clock=clock)
    (span,) = context.put("key", payload, kind="toy").omitted
    for end in (lambda: clock.advance(3_600), lambda: context.delete("key"), lambda: context.put("key", "new"), context.clear):
        end()
        assert context.read(span.reference) is None

        context.put("key", payload, kind="toy")
        assert context.read(span.reference) == payload[span.start : span.end]


def test_a_relayed_view_keeps_its_references(toys, clock, payload):
    """An entry that shows another's view keeps that original readable after the entry it came from is gone."""
    context = toys.context(clock=clock)
    first = context.put("research", payload, "researcher", kind="toy")
    clock.advance(3_000)
    relay = context.put("report", f"I found this:\n{first.compressed}\nSo we should act.", "writer")
    clock.advance(3_000)
    (span,) = first.omitted

    assert relay.relayed == (first.digest,)
    assert context.get("research") is None
    assert context.read(span.reference) == payload[span.start : span.end]

    clock.advance(600)
    assert context.read(span.reference) is None


def test_a_relayed_view_of_a_relay_keeps_both(toys, clock, payload):
    """References inside what a reference gives are good, too."""
    context = toys.context(clock=clock)
    first = context.put("research", payload, kind="toy")
    middle = "".join([payload[:200], "\n", first.compressed, "\n", payload])
    second = context.put("summary", middle, kind="toy")
    third = context.put("report", f"Summary:\n{second.compressed}")

    assert set(third.relayed) == {first.digest, second.digest}


def test_appending_to_a_view_under_its_own_key_keeps_its_references(context, payload):
    """The common loop of reading, adding a remark and putting back loses nothing."""
    entry = context.put("notes", payload, kind="toy")
    context.put("notes", f"{context.get('notes')}\nDone.")

    assert context.read(entry.omitted[0].reference) is not None


def test_another_store_needs_no_memory_store(toys, payload):
    """Anything with a store's methods will do."""

    class Wrapped:
        def __init__(self):
            self.inner = MemoryStore()

        def __getattr__(self, name):
            return getattr(self.inner, name)

    wrapped = type("Wrapped", (Wrapped,), {name: _passing(name) for name in _STORE_METHODS})()
    context = toys.context(store=wrapped)
    (span,) = context.put("key", payload, kind="toy").omitted

    assert context.read(span.reference) == payload[span.start : span.end]


_STORE_METHODS = ("sequence", "put", "get", "find", "entries", "delete", "clear")


def _passing(name):
    return lambda self, *args, **options: getattr(self.inner, name)(*args, **options)
