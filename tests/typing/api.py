"""The public API as a type checker sees it. Checked, never run: `nox -s typing`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, assert_type

from headroom_core import (
    ContextEntry,
    ContextStats,
    Event,
    Hit,
    Kept,
    MemoryStore,
    OmittedFact,
    OmittedSpan,
    Report,
    SharedContext,
    View,
    __version__,
    compress,
    errors,
)
from headroom_core.compressors.base import Compressed, Compressor, Refused, Request
from headroom_core.store.base import Limits, Miss, Original, Removed, Store
from headroom_core.testing import CompressorConformance, FakeClock, FakeCounter, StoreConformance
from headroom_core.tokens.base import TokenCounter

assert_type(__version__, str)


@dataclass
class Finding:
    """Something that JSON can hold."""

    title: str


def on_event(event: Event) -> None:
    """Take an event."""
    assert_type(event.name, Literal["put", "view", "read", "miss", "fail", "evict"])
    assert_type(event.key, str | None)
    assert_type(event.seconds, float)


class WordCounter:
    """A counter of a user's own."""

    name = "words"
    exact = False
    margin = 0.5

    def count(self, text: str) -> int:
        """Count words."""
        return len(text.split())


counter: TokenCounter = WordCounter()
fake_counter: TokenCounter = FakeCounter()
store: Store = MemoryStore()

# The calls of a quick start, with positional arguments.
ctx = SharedContext("claude-sonnet-4-5-20250929", 3600, 100)
ctx = SharedContext(
    model="gpt-4o",
    ttl=None,
    max_entries=10,
    mode="compact",
    references=False,
    store=store,
    namespace="thread-1",
    max_bytes=1 << 20,
    max_entry_bytes=1 << 16,
    counter=counter,
    strict=True,
    on_event=on_event,
    clock=FakeClock(),
    wall_clock=FakeClock(),
)

entry = ctx.put("research", "text", agent="researcher")
assert_type(entry, ContextEntry)
ctx.put("research", {"a": [1, 2]}, "researcher", kind="json")
ctx.put("research", Finding("title"), language="en")
assert_type(entry.key, str)
assert_type(entry.agent, str | None)
assert_type(entry.original, str)
assert_type(entry.compressed, str)
assert_type(entry.original_tokens, int)
assert_type(entry.compressed_tokens, int)
assert_type(entry.savings_percent, float)
assert_type(entry.transforms, list[str])
assert_type(entry.timestamp, float)
assert_type(entry.digest, str)
assert_type(entry.omitted, tuple[OmittedSpan, ...])
assert_type(entry.view, View)

report = entry.report()
assert_type(report, Report)
assert_type(entry.view.report("text"), Report)
assert_type(report.errors, Kept)
assert_type(report.errors.shown, int)
assert_type(report.errors.in_neither, tuple[str, ...])
assert_type(report.as_dict(), dict[str, Any])
for fact in report.numbers.only_omitted:
    assert_type(fact, OmittedFact)
    assert_type(fact.reference, str | None)
    assert_type(fact.part, OmittedSpan)
for kind_of_fact, kept in report:
    assert_type(kind_of_fact, str)
    assert_type(kept, Kept)

assert_type(ctx.get("research"), str | None)
assert_type(ctx.get("research", full=True), str | None)
assert_type(ctx.get_entry("research"), ContextEntry | None)
assert_type(ctx.keys(), list[str])
assert_type(ctx.delete("research"), bool)
assert_type(len(ctx), int)
assert_type("research" in ctx, bool)

view = ctx.view("research", known=["before"], query="task", max_tokens=500, mode="lossless", format="json", references=False)
assert_type(view, View | None)
if view is not None:
    assert_type(view.text, str)
    assert_type(view.tokens, int)
    assert_type(view.omitted, tuple[OmittedSpan, ...])
    assert_type(view.transforms, list[str])
    assert_type(view.notes, tuple[str, ...])
    assert_type(view.version, int)
    for span in view.omitted:
        assert_type(span.start, int)
        assert_type(span.reference, str | None)
        assert_type(span.label, str)

assert_type(ctx.read("482913207615 rows 12-604"), str | None)
assert_type(ctx.read("research", lines=(40, 60), max_tokens=100), str | None)
assert_type(ctx.read("research", rows=(1, 2)), str | None)
assert_type(ctx.read("research", symbol="Session.get"), str | None)
assert_type(ctx.read("research", heading="Methods > Results"), str | None)
assert_type(ctx.read("research", field="items[3].name"), str | None)
assert_type(ctx.read("research", pattern="timed? ?out"), str | None)
assert_type(ctx.search("research", "why did the payment fail?", max_tokens=400), tuple[Hit, ...] | None)

stats = ctx.stats()
assert_type(stats, ContextStats)
assert_type(stats.entries, int)
assert_type(stats.total_original_tokens, int)
assert_type(stats.total_compressed_tokens, int)
assert_type(stats.total_tokens_saved, int)
assert_type(stats.savings_percent, float)

assert_type(compress("text", model="gpt-4o", max_tokens=100), View)
assert_type(compress([{"role": "tool", "content": "text"}]), list[dict[str, Any]])


async def asynchronous() -> None:
    """Use the async methods, which have the types of the others."""
    assert_type(await ctx.aput("research", [1, 2], agent="researcher"), ContextEntry)
    assert_type(await ctx.aget("research", full=True), str | None)
    assert_type(await ctx.aview("research", query="task"), View | None)
    assert_type(await ctx.aread("482913207615 lines 1-2"), str | None)


# Mistakes that a type checker finds. `warn_unused_ignores`, part of strict, fails when it no longer does.
SharedContext(mode="fast")  # type: ignore[arg-type]
ctx.view("research", format="yaml")  # type: ignore[arg-type]
ctx.get(3)  # type: ignore[arg-type]
entry.key = "other"  # type: ignore[misc]
report.errors = report.numbers  # type: ignore[misc]

assert_type(errors.InvalidOptionError("ttl", "positive", -5).code, str)
assert_type(errors.PayloadTooLargeError("key", 2, 1).limit_bytes, int)


class OwnStore:
    """A store of a user's own needs no base class."""

    def sequence(self, namespace: str) -> int:
        """Count puts."""
        raise NotImplementedError

    def put(self, namespace: str, entry: ContextEntry, *, sequence: int, limits: Limits) -> Sequence[Removed]:
        """Keep an entry."""
        raise NotImplementedError

    def get(self, namespace: str, key: str) -> ContextEntry | Miss:
        """Find by key."""
        raise NotImplementedError

    def find(self, namespace: str, handle: str) -> Original | Miss:
        """Find by handle."""
        raise NotImplementedError

    def entries(self, namespace: str) -> Sequence[ContextEntry]:
        """List."""
        raise NotImplementedError

    def delete(self, namespace: str, key: str) -> bool:
        """Remove one."""
        raise NotImplementedError

    def clear(self, namespace: str) -> int:
        """Remove all."""
        raise NotImplementedError


own_store: Store = OwnStore()


class OwnCompressor:
    """A compressor of a user's own needs no base class."""

    kind = "lines"

    def compress(self, original: str, /, request: Request) -> Compressed | Refused:
        """Decline."""
        return Refused("never")


own_compressor: Compressor = OwnCompressor()


class TestOwnStore(StoreConformance):
    """The kit takes any store."""

    def make_store(self, clock: FakeClock) -> Store:
        """Return one."""
        return MemoryStore(clock=clock)


class TestOwnCompressor(CompressorConformance):
    """The kit takes any compressor."""

    def make_compressor(self) -> Compressor:
        """Return one."""
        return OwnCompressor()

    def payloads(self) -> Sequence[str]:
        """Return payloads."""
        return ("a\n" * 100,)
