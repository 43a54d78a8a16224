"""The memory store passes the kit, and keeps what only it promises."""

import gc
import itertools
import statistics
import time

import pytest

from headroom_core import MemoryStore, markers
from headroom_core.store import Limits, Miss, Original, Removed, _namespace, memory
from headroom_core.testing import FakeClock, StoreConformance
from headroom_core.testing.stores import ROOMY, digest_of, entry_of, handle_of


class TestMemoryStore(StoreConformance):
    """The kit that every store passes."""

    def make_store(self, clock):
        """Return a memory store."""
        return MemoryStore(clock=clock)


@pytest.fixture
def store(clock):
    """Return a memory store on the fake clock."""
    return MemoryStore(clock=clock)


def put(store, entry, *, namespace="ns", limits=ROOMY):
    """Put an entry as a context does that is called now."""
    return store.put(namespace, entry, sequence=store.sequence(namespace), limits=limits)


def test_two_originals_with_one_handle_are_a_miss_that_says_so(store, monkeypatch):
    """A handle that could mean two originals gives neither; when one of them is gone it gives the other."""
    monkeypatch.setattr(markers, "handle_of", lambda digest: "123456789012")
    put(store, entry_of("a", "one original"))
    put(store, entry_of("b", "another original"))
    assert store.find("ns", "123456789012") == Miss("ambiguous")

    put(store, entry_of("again", "one original"))
    store.delete("ns", "b")
    assert store.find("ns", "123456789012").text == "one original"

    store.clear("ns")
    assert store.find("ns", "123456789012") == Miss("deleted")


def test_an_original_is_kept_once(store):
    """Entries with the same content count its bytes once."""
    limits = Limits(ttl=60, max_entries=100, max_bytes=1_000)
    for number in range(10):
        put(store, entry_of(f"key {number}", "x" * 900, view="y" * 10), limits=limits)

    assert len(store.entries("ns")) == 10


def test_why_something_is_gone_is_remembered_for_the_last_removals(store):
    """What is remembered of the past is bounded; before that, things are unknown."""
    for number in range(_namespace.REMEMBERED_REMOVALS + 2):
        put(store, entry_of(f"key {number}", f"original {number}"))
        store.delete("ns", f"key {number}")
    last = _namespace.REMEMBERED_REMOVALS + 1

    assert store.get("ns", "key 0") == Miss("unknown")
    assert store.find("ns", handle_of("original 0")) == Miss("unknown")
    assert store.get("ns", f"key {last}") == Miss("deleted")
    assert store.find("ns", handle_of(f"original {last}")) == Miss("deleted")


def test_namespaces_that_nobody_uses_give_their_memory_back(store, clock):
    """A server with a namespace for each conversation does not grow: what expires goes, wherever it is."""
    for number in range(3 * memory.REMEMBERED_NAMESPACES):
        put(store, entry_of("key", f"original {number}"), namespace=f"conversation {number}")
        clock.advance(60)
    put(store, entry_of("key", "last"))

    assert len(store._namespaces) <= memory.REMEMBERED_NAMESPACES + 1
    assert sum(len(space.originals) for space in store._namespaces.values()) == 1


def test_a_key_put_again_and_again_leaves_nothing_behind(store):
    """Replaced entries leave no growing queues."""
    for number in range(5_000):
        put(store, entry_of("key", f"original {number}"))

    assert len(store._expiries) < 200
    assert len(store._namespaces["ns"]._ages) < 200


def test_expired_entries_are_told_by_the_next_put(store, clock):
    """Whoever removed them on the way, a put says what has expired since the one before."""
    put(store, entry_of("a", "a"))
    put(store, entry_of("b", "b"))
    clock.advance(60)
    assert list(store.entries("ns")) == []

    assert put(store, entry_of("c", "c")) == [Removed("a", "expired"), Removed("b", "expired")]


def test_provenance_is_that_of_the_newest_put_and_not_of_the_last_to_finish(store):
    """A slow put of the same content does not hide who put it later."""
    slow = store.sequence("ns")
    put(store, entry_of("new", "same", agent="new"))
    store.put("ns", entry_of("old", "same", agent="old"), sequence=slow, limits=ROOMY)

    assert store.find("ns", handle_of("same")) == Original("same", digest_of("same"), "new", "new")


def test_bookkeeping_is_empty_when_everything_is_gone(store, clock):
    """Puts, relays, replacements, evictions, expiry and deletion give back every byte that they took."""
    limits = Limits(ttl=60, max_entries=7, max_bytes=2_000)
    originals = [f"{number}" * 100 for number in range(10)]
    for number, (key, original) in enumerate(itertools.product("abcdefghij", originals)):
        relayed = tuple(map(digest_of, originals[number % 3 :: 3]))
        put(store, entry_of(key, original, view="v" * (number % 30) or None, relayed=relayed), limits=limits)
        clock.advance(number % 13)
        if number % 9 == 0:
            store.delete("ns", key)
    clock.advance(60)
    store.entries("ns")
    space = store._namespaces["ns"]

    assert (space.records, space.originals, space._by_handle) == ({}, {}, {})
    assert (space._bytes, store._records) == (0, 0)


def timed(operation, arguments):
    """Return the median time that the operation takes, over groups, so that a hiccup of the machine counts little."""
    times = []
    for group in range(0, len(arguments), 100):
        start = time.perf_counter()
        for argument in arguments[group : group + 100]:
            operation(argument)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def test_a_hundred_thousand_entries_cost_no_more_each_than_a_thousand():
    """put, get, find and delete take the same time, give or take, however many entries there are."""
    clock = FakeClock()
    store = MemoryStore(clock=clock)
    limits = Limits(ttl=1e6, max_entries=100_000, max_bytes=1 << 40)
    entries = [entry_of(f"key {number}", f"original {number}") for number in range(104_000)]
    operations = {
        "put": lambda entry: put(store, entry, limits=limits),
        "get": lambda entry: store.get("ns", entry.key),
        "find": lambda entry: store.find("ns", markers.handle_of(entry.digest)),
        "delete": lambda entry: store.delete("ns", entry.key),
        "put again": lambda entry: put(store, entry, limits=limits),
    }
    gc.disable()  # a collection walks all entries and would be measured in their place
    try:
        few = {name: timed(operation, entries[:2_000]) for name, operation in operations.items()}
        for entry in entries[2_000:100_000]:
            put(store, entry, limits=limits)
        many = {"put that evicts": timed(operations["put"], entries[100_000:102_000])}
        few["put that evicts"] = few["put"]
        for name, operation in operations.items():
            many[name] = timed(operation, entries[50_000:52_000])
    finally:
        gc.enable()

    assert len(store.entries("ns")) == 100_000
    for name, seconds in many.items():
        assert seconds < 10 * few[name], f"{name}: {few[name]:.6f} s at 2,000 entries, {seconds:.6f} s at 100,000"


def test_ten_thousand_expiries_are_met_once(clock):
    """Expired entries are removed on the way, and never searched for."""
    store = MemoryStore(clock=clock)
    limits = Limits(ttl=10, max_entries=100_000, max_bytes=1 << 40)
    for number in range(10_000):
        put(store, entry_of(f"key {number}", f"original {number}"), limits=limits)
    clock.advance(10)
    store.find("ns", "000000000000")

    assert store._namespaces["ns"].records == {}
    assert store._expiries == []
