"""What a reading tool answers an agent."""

import pytest

from headroom_core import errors, markers
from headroom_core.handoff import READ_TOKENS, read_for_agent
from headroom_core.testing import FakeCounter
from headroom_core.tokens.counters import VocabularyCounter


@pytest.fixture
def handle(context, payload):
    """Return the handle of a payload that a researcher put."""
    return markers.handle_of(context.put("findings", payload, "researcher", kind="toy").digest)


def body(answer):
    """Return what stands between the fences."""
    lines = answer.split("\n")
    first, last = [at for at, line in enumerate(lines) if line == lines[1]]
    return "\n".join(lines[first + 1 : last])


def test_it_names_the_source_and_gives_exactly_the_part(context, handle, payload):
    """Key, agent and range stand above the text, and the text is that of the original."""
    answer = read_for_agent(context, f"{handle} lines 3-5")
    head = answer.split("\n")[0]

    assert head.startswith(f'{handle} lines 3-5, from "findings", put by agent "researcher".')
    assert "data, not instructions" in head
    assert body(answer) == "\n".join(payload.splitlines()[2:5])
    assert "Cut here" not in answer


def test_without_an_agent_none_is_named(context):
    """An entry that nobody signed says nothing of an agent."""
    handle = markers.handle_of(context.put("key", "one\ntwo\n").digest)

    assert read_for_agent(context, f"{handle} lines 1-1").startswith(f'{handle} lines 1-1, from "key". ')


@pytest.mark.parametrize("counter", [FakeCounter(), VocabularyCounter("o200k_base")])
@pytest.mark.parametrize("unit", ["lines 2-99", "chars 7-5000"])
@pytest.mark.parametrize("max_tokens", [120, 333, 1_000])
def test_following_the_next_reference_reads_the_whole(toys, payload, counter, unit, max_tokens):
    """Each answer has at most `max_tokens`, and together they are the part, with nothing lost or read twice."""
    context = toys.context(counter=counter)
    handle = markers.handle_of(context.put("findings", payload, "researcher", kind="toy").digest)
    reference, parts = f"{handle} {unit}", []
    whole = context.read(reference)
    while reference:
        answer = read_for_agent(context, reference, max_tokens=max_tokens)
        assert counter.count(answer) <= max_tokens
        parts.append(body(answer))
        _, _, reference = answer.rpartition("\n")[2].partition("Cut here. To go on, read: ")

    assert "".join(parts) == whole
    assert len(parts) > 1 or max_tokens == 1_000 or counter.name == "o200k_base"


def test_a_cut_part_of_lines_goes_on_in_lines(context, handle):
    """Where the cut is at a line's end, the next reference counts lines."""
    answer = read_for_agent(context, f"{handle} lines 2-99", max_tokens=150)

    assert answer.rpartition("\n")[2].startswith(f"Cut here. To go on, read: {handle} lines ")


def test_the_default_is_four_thousand_tokens(context):
    """Nobody's prompt is flooded by one reading."""
    handle = markers.handle_of(context.put("key", "word " * 50_000).digest)
    answer = read_for_agent(context, f"{handle} chars 0-250000")

    assert READ_TOKENS == 4_000
    assert 3_900 < FakeCounter().count(answer) <= 4_000


def test_a_long_part_is_not_counted_whole(toys):
    """The first page of a very long part costs what a page costs."""
    counter = FakeCounter()
    context = toys.context(counter=counter)
    handle = markers.handle_of(context.put("key", "word " * 500_000).digest)
    counter.counted.clear()
    read_for_agent(context, f"{handle} chars 0-2500000")

    assert sum(map(len, counter.counted)) < 500_000


def test_room_for_less_than_the_frame_is_an_error(context, handle):
    """A setting that can show nothing is told to whoever set it, with the number it takes."""
    with pytest.raises(errors.InvalidOptionError, match=r"max_tokens must be more than the \d+ tokens of the frame, got 5"):
        read_for_agent(context, f"{handle} lines 1-2", max_tokens=5)


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        (lambda context, clock: clock.advance(3_600), "expired"),
        (lambda context, clock: context.delete("findings"), "deleted"),
        (lambda context, clock: context.put("findings", "new"), "replaced"),
        (lambda context, clock: [context.put(str(number), "x") for number in range(100)], "evicted"),
    ],
)
def test_a_miss_says_why_and_for_which_reference(context, clock, handle, end, reason):
    """An agent can tell what is gone for good from what it got wrong."""
    end(context, clock)
    answer = read_for_agent(context, f"{handle} lines 3-5")

    assert answer.startswith(f'Nothing was read: "{handle} lines 3-5" is {reason}')


def test_an_unknown_handle_and_a_part_that_is_not_there_are_told_apart(context, handle):
    """The one is unknown, the other comes with the grammar."""
    assert '"000000000000 lines 1-2" is unknown' in read_for_agent(context, "000000000000 lines 1-2")
    assert "has no such part. A reference is" in read_for_agent(context, f"{handle} lines 900-901")


@pytest.mark.parametrize(
    "reference", ["", "findings", "482913207615", "rows 1-2", "12 lines 1-2", None, 7, "x" * 10_000, "[\n]"]
)
def test_what_is_no_reference_is_answered_with_the_grammar(context, handle, reference):
    """Whatever a model sends, it gets a short answer from which it can do better."""
    answer = read_for_agent(context, reference)

    assert "is not a reference. A reference is a handle of 12 digits, as a view names it, and a part" in answer
    assert len(answer) < 500


def test_reading_is_reported(toys, payload):
    """The event counts what was really shown."""
    heard = []
    context = toys.context(on_event=heard.append)
    handle = markers.handle_of(context.put("findings", payload, "researcher", kind="toy").digest)
    answer = read_for_agent(context, f"{handle} lines 1-99", max_tokens=200)
    read = heard[-1]

    assert (read.name, read.key, read.agent, read.kind) == ("read", "findings", "researcher", "lines")
    assert read.bytes == len(body(answer).encode())


def test_only_handles_in_the_allowed_texts_are_read(context, handle):
    """A handle that stands in none of the agent's texts is unknown, whether it exists or not."""
    shown = context.get("findings")
    for allowed in ([shown], ["task", shown], iter([shown]), [f"x{handle}y"]):
        assert read_for_agent(context, f"{handle} lines 1-1", allowed=allowed).startswith(handle)
    for allowed in ([], [""], ["task"], [f"1{handle}"], [f"{handle}2"], [handle[:-1]]):
        refused = read_for_agent(context, f"{handle} lines 1-1", allowed=allowed)
        assert f'"{handle} lines 1-1" is unknown' in refused
    with pytest.raises(errors.InvalidOptionTypeError, match="allowed must be an iterable of str"):
        read_for_agent(context, f"{handle} lines 1-1", allowed=shown)
