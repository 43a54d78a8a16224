"""Events tell sizes, times and kinds, and never content."""

import dataclasses

import pytest

from headroom_core import Event, errors, markers
from headroom_core.testing import FakeCounter

SECRET = "hunter2"  # noqa: S105  # a word to look for


@pytest.fixture
def heard():
    """Return the list that events go to."""
    return []


@pytest.fixture
def context(toys, clock, heard):
    """Return a context that reports."""
    return toys.context(clock=clock, on_event=heard.append, max_entries=2, namespace="run 7")


def test_put_view_and_read_are_reported_with_their_sizes(context, heard, payload):
    """One event for each call, with the tokens and bytes of what was put or shown."""
    entry = context.put("key", payload, "researcher", kind="toy")
    context.get("key")
    context.view("key", references=False)
    context.get("key", full=True)
    part = context.read(entry.omitted[0].reference)
    common = {"namespace": "run 7", "key": "key", "agent": "researcher"}
    count = FakeCounter().count

    assert heard[0] == Event(
        name="put",
        kind="toy",
        original_tokens=entry.original_tokens,
        tokens=entry.compressed_tokens,
        bytes=len(payload.encode()),
        **common,
    )
    assert [event.name for event in heard] == ["put", "view", "view", "read", "read"]
    assert (heard[1].tokens, heard[1].bytes) == (entry.compressed_tokens, len(entry.compressed.encode()))
    assert heard[3] == Event(name="read", kind="original", tokens=count(payload), bytes=len(payload.encode()), **common)
    assert heard[4] == Event(name="read", kind="lines", tokens=count(part), bytes=len(part.encode()), **common)


def test_misses_say_why(context, heard, clock, payload):
    """A miss names the key or handle and the reason."""
    handle = markers.handle_of(context.put("key", payload, kind="toy").digest)
    context.get("nonexistent")
    context.read("key", lines=(900, 901))
    context.delete("key")
    context.get_entry("key")
    context.read(f"{handle} lines 1-2")
    context.put("brief", "text")
    clock.advance(3_600)
    context.view("brief")
    misses = [(event.key, event.reason) for event in heard if event.name == "miss"]

    assert misses == [
        ("nonexistent", "unknown"),
        ("key", "no such part"),
        ("key", "deleted"),
        (handle, "deleted"),
        ("brief", "expired"),
    ]


def test_evictions_are_reported_with_their_reason(context, heard, clock):
    """What a put removes for room or for age is told by key."""
    for key in ("a", "b", "c"):
        context.put(key, key)
    clock.advance(3_600)
    context.put("d", "d")
    evicted = [(event.key, event.reason) for event in heard if event.name == "evict"]

    assert evicted == [("a", "evicted"), ("b", "expired"), ("c", "expired")]


@pytest.mark.parametrize("strict", [False, True])
def test_failures_are_reported_with_their_key(toys, heard, payload, strict):
    """A failing compressor is told by key, kind and the name of its exception, strict or not."""
    context = toys.context(toys.failing(), on_event=heard.append, strict=strict)
    try:
        context.put("key", payload, "researcher", kind="toy")
    except errors.CompressionError:
        assert strict

    failed = heard[0]
    assert (failed.name, failed.key, failed.kind) == ("fail", "key", "toy")
    assert failed.reason == "RuntimeError"
    assert [event.name for event in heard[1:]] == ([] if strict else ["put"])


def test_seconds_are_those_of_the_call(toys, clock, heard, payload):
    """Times are measured on the context's clock."""

    class Slow(toys.compressor):
        def compress(self, original, /, request):
            clock.advance(2.5)
            return super().compress(original, request)

    toys.context(Slow(), clock=clock, on_event=heard.append).put("key", payload, kind="toy")

    assert heard[0].seconds == 2.5


def test_no_event_holds_content(context, heard, payload):
    """Neither originals nor views nor what JSON keys are called."""
    context.put("key", f"{SECRET}\n{payload}", "researcher", kind="toy")
    context.put("json", {SECRET: SECRET})
    context.get("key")
    context.get("key", full=True)
    context.read("key", lines=(1, 2))
    context.read(f"000000000000 rows 1-2 of /{SECRET}")

    assert len(heard) == 6
    assert SECRET not in repr([dataclasses.asdict(event) for event in heard])


def test_a_raising_listener_is_logged_and_harms_nothing(toys, payload, caplog):
    """What the listener does wrong costs the context nothing."""

    def listener(event):
        msg = f"no ear for {event.name}"
        raise ValueError(msg)

    context = toys.context(on_event=listener)
    context.put("key", payload, kind="toy")

    assert context.get("key", full=True) == payload
    assert context.get("nonexistent") is None
    assert "on_event raised on a put event of 'key'" in caplog.text


def test_a_listener_may_use_the_context(toys, payload):
    """Events come outside any lock."""
    sizes = []
    context = toys.context(on_event=lambda event: sizes.append(len(context)))
    context.put("key", payload, kind="toy")
    context.get("key")

    assert sizes == [1, 1]


def test_without_a_listener_nothing_is_counted_for_it(toys, payload):
    """What was read is counted only for those who want to know."""
    counter = FakeCounter()
    context = toys.context(counter=counter)
    context.put("key", payload, kind="toy")
    counter.counted.clear()
    context.read("key", lines=(1, 50))

    assert counter.counted == []
