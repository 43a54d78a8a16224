"""What every store must do, as tests: subclass, name the class `Test…`, and run it."""

# ruff: noqa: S101  # these are tests, shipped

from __future__ import annotations

import hashlib
import threading
from abc import ABC, abstractmethod

from headroom_core import markers
from headroom_core.content import utf8_bytes
from headroom_core.errors import PayloadTooLargeError
from headroom_core.payload import ContextEntry, OmittedSpan, Transform, View
from headroom_core.store.base import Limits, Miss, Original, Removed, Store
from headroom_core.testing.fakes import FakeClock

ROOMY = Limits(ttl=60, max_entries=1_000, max_bytes=1 << 30)
"""Limits that the few entries of a test do not meet."""


def entry_of(
    key: str, original: str, *, agent: str | None = None, view: str | None = None, relayed: tuple[str, ...] = ()
) -> ContextEntry:
    """Return an entry as a context would make it."""
    text = original if view is None else view
    whole = OmittedSpan(0, len(original), f"{handle_of(original)} chars 0-{len(original)}", "all")
    return ContextEntry(
        key=key,
        agent=agent,
        original_tokens=len(original),
        timestamp=1_700_000_000.5,
        digest=digest_of(original),
        view=View(
            text=text,
            tokens=len(text),
            omitted=(whole,) if view else (),
            notes=("a note",),
            transforms=(Transform("router", "text", 1.0),),
        ),
        original=original,
        relayed=relayed,
    )


def digest_of(original: str) -> str:
    """Return the digest of an original."""
    return hashlib.sha256(original.encode("utf-8", "surrogatepass")).hexdigest()


def handle_of(original: str) -> str:
    """Return the handle of an original."""
    return markers.handle_of(digest_of(original))


class StoreConformance(ABC):
    """The contract of `headroom_core.store.base.Store`."""

    @abstractmethod
    def make_store(self, clock: FakeClock) -> Store:
        """Return an empty store that asks `clock` for the time."""

    def setup_method(self) -> None:
        """Give each test a store of its own."""
        self.clock = FakeClock()
        self.store = self.make_store(self.clock)

    def put(self, entry: ContextEntry, *, namespace: str = "ns", limits: Limits = ROOMY) -> list[Removed]:
        """Put an entry as a context does that is called now and takes no time."""
        return list(self.store.put(namespace, entry, sequence=self.store.sequence(namespace), limits=limits))

    def live(self, namespace: str = "ns") -> list[str]:
        """Return the keys of the live entries, oldest put first."""
        return [entry.key for entry in self.store.entries(namespace)]

    def test_it_is_a_store(self) -> None:
        """A store has the methods of the protocol."""
        assert isinstance(self.store, Store)

    def test_an_entry_comes_back_as_it_was_put(self) -> None:
        """All that an entry holds is there again, spans, notes and lone surrogates included."""
        for original in ("plain", "", "née 東京 \U0001f680", "\ud800 lone", "a\r\nb\x00c", "x" * 100_000):
            entry = entry_of("key", original, agent="researcher", view=f"short {len(original)}")
            self.put(entry)
            back = self.store.get("ns", "key")

            assert back == entry
            assert isinstance(back, ContextEntry)
            assert back.original == original
            assert back.omitted == entry.omitted
            assert back.view.notes == entry.view.notes
            assert back.timestamp == entry.timestamp

    def test_any_key_and_namespace_is_kept_apart(self) -> None:
        """Keys and namespaces are told apart exactly, whatever characters they have."""
        names = ["a", "A", "a ", "a/b", "a:b", "é", "e\u0301", "東京", "\x00", "\ud800", "{x}", "%s", "*", "k" * 5_000]
        for name in names:
            self.put(entry_of(name, f"original of {name!r}"))
            self.put(entry_of("key", f"namespace {name!r}"), namespace=name)

        assert self.live() == names
        for name in names:
            by_key, by_namespace = self.store.get("ns", name), self.store.get(name, "key")
            assert isinstance(by_key, ContextEntry)
            assert by_key.original == f"original of {name!r}"
            assert isinstance(by_namespace, ContextEntry)
            assert by_namespace.original == f"namespace {name!r}"

    def test_what_was_never_put_is_unknown(self) -> None:
        """A key or handle that was never heard of is a miss that says unknown."""
        assert self.store.get("ns", "key") == Miss("unknown")
        assert self.store.find("ns", "123456789012") == Miss("unknown")
        assert self.store.delete("ns", "key") is False
        assert self.store.clear("ns") == 0
        assert self.live() == []

    def test_sequences_grow(self) -> None:
        """Each number is larger than those before it in its namespace."""
        numbers = [self.store.sequence("ns") for _ in range(50)]

        assert numbers == sorted(set(numbers))

    def test_a_second_put_replaces(self) -> None:
        """The later put of a key is what the key holds, and the earlier original can no longer be read."""
        self.put(entry_of("key", "first"))
        self.put(entry_of("key", "second"))
        back = self.store.get("ns", "key")

        assert isinstance(back, ContextEntry)
        assert back.original == "second"
        assert self.live() == ["key"]
        assert self.store.find("ns", handle_of("first")) == Miss("replaced")

    def test_a_slow_old_put_never_overwrites_a_newer_one(self) -> None:
        """The put that was called later wins, whichever arrives first; the late one keeps, removes and returns nothing."""
        old, new = self.store.sequence("ns"), self.store.sequence("ns")
        self.store.put("ns", entry_of("key", "new"), sequence=new, limits=ROOMY)
        removed = self.store.put("ns", entry_of("key", "old"), sequence=old, limits=ROOMY)
        back = self.store.get("ns", "key")

        assert list(removed) == []
        assert isinstance(back, ContextEntry)
        assert back.original == "new"
        assert isinstance(self.store.find("ns", handle_of("old")), Miss)

    def test_a_slow_old_put_does_not_come_after_a_newer_one_is_gone(self) -> None:
        """What a newer put replaced stays replaced when the newer entry has expired or was evicted since."""
        old = self.store.sequence("ns")
        self.put(entry_of("key", "new"))
        self.clock.advance(60)
        self.store.put("ns", entry_of("key", "old"), sequence=old, limits=ROOMY)

        assert self.store.get("ns", "key") == Miss("expired")

        old = self.store.sequence("ns")
        self.put(entry_of("key", "new"))
        self.put(entry_of("other", "other"), limits=Limits(ttl=60, max_entries=1, max_bytes=1 << 30))
        self.store.put("ns", entry_of("key", "old"), sequence=old, limits=ROOMY)

        assert self.store.get("ns", "key") == Miss("evicted")

    def test_a_deletion_ends_puts_that_were_called_before_it(self) -> None:
        """A put that was called before its key was deleted, or everything cleared, keeps nothing; later ones do."""
        for there in (True, False):
            if there:
                self.put(entry_of("key", "there"))
            early = self.store.sequence("ns")
            self.store.delete("ns", "key")
            self.store.put("ns", entry_of("key", "early"), sequence=early, limits=ROOMY)
            assert self.store.get("ns", "key") == Miss("deleted")

        early = self.store.sequence("ns")
        self.store.clear("ns")
        self.store.put("ns", entry_of("new key", "early"), sequence=early, limits=ROOMY)
        assert self.store.get("ns", "new key") == Miss("deleted")

        self.put(entry_of("new key", "late"))
        assert self.live() == ["new key"]

    def test_delete_removes_one_entry_and_its_original(self) -> None:
        """After delete the key and the handle are misses that say deleted; other entries stay."""
        self.put(entry_of("key", "gone"))
        self.put(entry_of("other", "stays"))

        assert self.store.delete("ns", "key") is True
        assert self.store.delete("ns", "key") is False
        assert self.store.get("ns", "key") == Miss("deleted")
        assert self.store.find("ns", handle_of("gone")) == Miss("deleted")
        assert self.live() == ["other"]

    def test_clear_removes_all_of_its_namespace_and_nothing_else(self) -> None:
        """After clear nothing of the namespace is found; other namespaces are as they were."""
        for number in range(5):
            self.put(entry_of(f"key {number}", f"original {number}"))
        self.put(entry_of("relay", "relays", relayed=(digest_of("original 1"),)))
        self.put(entry_of("key 1", "original 1"), namespace="other")

        assert self.store.clear("ns") == len(["relay", *range(5)])
        assert self.live() == []
        assert self.store.get("ns", "key 1") == Miss("deleted")
        assert self.store.find("ns", handle_of("original 1")) == Miss("deleted")
        assert self.live("other") == ["key 1"]
        assert isinstance(self.store.find("other", handle_of("original 1")), Original)

    def test_an_entry_whose_age_equals_its_ttl_is_expired(self) -> None:
        """Just before its ttl an entry is live; at its ttl neither key nor handle is found, and both say expired."""
        self.put(entry_of("key", "original"))
        self.clock.advance(59.5)
        assert isinstance(self.store.get("ns", "key"), ContextEntry)
        assert isinstance(self.store.find("ns", handle_of("original")), Original)

        self.clock.advance(0.5)
        assert self.store.get("ns", "key") == Miss("expired")
        assert self.store.find("ns", handle_of("original")) == Miss("expired")
        assert self.live() == []
        assert self.store.delete("ns", "key") is False

    def test_without_a_ttl_nothing_expires(self) -> None:
        """With `ttl=None` an entry stays for ever."""
        self.put(entry_of("key", "original"), limits=Limits(ttl=None, max_entries=10, max_bytes=1 << 30))
        self.clock.advance(1e9)

        assert self.live() == ["key"]

    def test_a_put_again_starts_the_ttl_again(self) -> None:
        """The ttl counts from the last put of the key."""
        self.put(entry_of("key", "original"))
        self.clock.advance(40)
        self.put(entry_of("key", "original"))
        self.clock.advance(40)

        assert self.live() == ["key"]
        assert isinstance(self.store.find("ns", handle_of("original")), Original)

    def test_expired_entries_are_evicted_before_the_oldest_live_one(self) -> None:
        """At capacity an expired entry makes room, though a live one is older."""
        three = Limits(ttl=None, max_entries=3, max_bytes=1 << 30)
        self.put(entry_of("old", "a"), limits=three)
        self.put(entry_of("brief", "b"), limits=Limits(ttl=1, max_entries=3, max_bytes=1 << 30))
        self.put(entry_of("young", "c"), limits=three)
        self.clock.advance(1)
        removed = self.put(entry_of("new", "d"), limits=three)

        assert self.live() == ["old", "young", "new"]
        assert removed == [Removed("brief", "expired")]

    def test_the_oldest_live_entry_is_evicted_and_reading_makes_none_younger(self) -> None:
        """Room is made by age of the put alone, so that what goes can be foretold."""
        two = Limits(ttl=60, max_entries=2, max_bytes=1 << 30)
        self.put(entry_of("first", "a"), limits=two)
        self.put(entry_of("second", "b"), limits=two)
        for _ in range(5):
            self.store.get("ns", "first")
        removed = self.put(entry_of("third", "c"), limits=two)

        assert removed == [Removed("first", "evicted")]
        assert self.live() == ["second", "third"]
        assert self.store.get("ns", "first") == Miss("evicted")
        assert self.store.find("ns", handle_of("a")) == Miss("evicted")

    def test_put_again_at_capacity_evicts_nobody(self) -> None:
        """A key that is there already needs no room of its own; it becomes the youngest."""
        two = Limits(ttl=60, max_entries=2, max_bytes=1 << 30)
        self.put(entry_of("first", "a"), limits=two)
        self.put(entry_of("second", "b"), limits=two)
        removed = self.put(entry_of("first", "c"), limits=two)

        assert removed == []
        assert self.live() == ["second", "first"]

    def test_bytes_are_bounded(self) -> None:
        """Originals and views together stay within max_bytes; the oldest entries make room."""
        limits = Limits(ttl=60, max_entries=100, max_bytes=1_000)
        for number in range(10):
            self.put(entry_of(f"key {number}", f"{number}" * 300, view=f"{number}" * 50), limits=limits)
            entries = self.store.entries("ns")
            kept = sum(utf8_bytes(entry.original) + utf8_bytes(entry.compressed) for entry in entries)

            assert kept <= limits.max_bytes

        assert self.live() == ["key 8", "key 9"]

    def test_bytes_are_those_of_utf8(self) -> None:
        """A character counts as many bytes as UTF-8 gives it."""
        limits = Limits(ttl=60, max_entries=100, max_bytes=1_000)
        self.put(entry_of("first", "東" * 200), limits=limits)
        self.put(entry_of("second", "京" * 200), limits=limits)

        assert self.live() == ["second"]

    def test_an_entry_larger_than_max_bytes_is_refused(self) -> None:
        """What cannot fit is refused with an error, and what was there stays, under the same key too."""
        limits = Limits(ttl=60, max_entries=100, max_bytes=1_000)
        self.put(entry_of("key", "small"), limits=limits)
        try:
            self.put(entry_of("key", "x" * 900, view="y" * 101), limits=limits)
        except PayloadTooLargeError as exc:
            assert (exc.key, exc.size_bytes, exc.limit_bytes) == ("key", 1_001, 1_000)  # noqa: PT017  # no pytest here
        else:
            msg = "an entry larger than max_bytes was taken"
            raise AssertionError(msg)
        back = self.store.get("ns", "key")

        assert isinstance(back, ContextEntry)
        assert back.original == "small"

    def test_an_original_is_found_by_its_handle_with_its_newest_provenance(self) -> None:
        """A handle finds the text, its digest, and the key and agent of the newest live entry that holds it."""
        self.put(entry_of("draft", "same", agent="writer"))
        self.put(entry_of("final", "same", agent="editor"))
        assert self.store.find("ns", handle_of("same")) == Original("same", digest_of("same"), "final", "editor")

        self.store.delete("ns", "final")
        assert self.store.find("ns", handle_of("same")) == Original("same", digest_of("same"), "draft", "writer")

        self.store.delete("ns", "draft")
        assert self.store.find("ns", handle_of("same")) == Miss("deleted")

    def test_the_same_content_put_again_revives_its_references(self) -> None:
        """References die with their entry, and live again when the same content is put again."""
        self.put(entry_of("key", "original"))
        self.store.delete("ns", "key")
        self.put(entry_of("elsewhere", "original", agent="writer"))

        found = self.store.find("ns", handle_of("original"))

        assert found == Original("original", digest_of("original"), "elsewhere", "writer")

    def test_relayed_originals_live_as_long_as_the_entry_that_relays_them(self) -> None:
        """An entry that shows another's view keeps that original readable, with its provenance, until it goes itself."""
        self.put(entry_of("source", "source text", agent="researcher"))
        self.put(entry_of("relay", "relays", relayed=(digest_of("source text"),)))
        self.put(entry_of("source", "something else"))
        found = self.store.find("ns", handle_of("source text"))
        assert found == Original("source text", digest_of("source text"), "source", "researcher")

        self.store.delete("ns", "relay")
        assert isinstance(self.store.find("ns", handle_of("source text")), Miss)

    def test_an_entry_may_relay_the_original_that_it_replaces(self) -> None:
        """Appending to a view and putting it back under the same key keeps the references in it good."""
        self.put(entry_of("key", "long text", agent="researcher"))
        self.put(entry_of("key", "view of it, and a remark", relayed=(digest_of("long text"),)))

        assert isinstance(self.store.find("ns", handle_of("long text")), Original)

    def test_relayed_originals_count_toward_max_bytes(self) -> None:
        """A relayed original that does not fit beside its entry is given up, and the entry is kept."""
        limits = Limits(ttl=60, max_entries=100, max_bytes=1_000)
        self.put(entry_of("source", "s" * 600), limits=limits)
        self.put(entry_of("relay", "r" * 300, relayed=(digest_of("s" * 600),)), limits=limits)
        assert isinstance(self.store.find("ns", handle_of("s" * 600)), Original)

        self.put(entry_of("relay", "r" * 500, relayed=(digest_of("s" * 600),)), limits=limits)
        assert self.live() == ["relay"]
        assert isinstance(self.store.find("ns", handle_of("s" * 600)), Miss)

    def test_nothing_is_found_across_namespaces(self) -> None:
        """Another namespace's keys, handles and relayed digests find nothing."""
        self.put(entry_of("key", "secret"))
        self.put(entry_of("thief", "mine", relayed=(digest_of("secret"),)), namespace="other")

        assert self.store.get("other", "key") == Miss("unknown")
        assert self.store.find("other", handle_of("secret")) == Miss("unknown")
        assert self.store.delete("other", "key") is False
        assert self.live() == ["key"]

    def test_entries_come_in_the_order_of_their_puts(self) -> None:
        """The order is that of the calls, not of who finished first."""
        slow, fast = self.store.sequence("ns"), self.store.sequence("ns")
        self.store.put("ns", entry_of("fast", "b"), sequence=fast, limits=ROOMY)
        self.store.put("ns", entry_of("slow", "a"), sequence=slow, limits=ROOMY)
        self.put(entry_of("last", "c"))

        assert self.live() == ["slow", "fast", "last"]

    def test_threads_see_whole_entries_and_no_more_than_the_limit(self) -> None:
        """Under puts, gets, deletes and clears from many threads no entry is torn, and none is over the limit."""
        limits = Limits(ttl=60, max_entries=5, max_bytes=1 << 30)
        start = threading.Barrier(6)
        wrong: list[object] = []

        def work(worker: int) -> None:
            start.wait()
            for step in range(60):
                key = f"key {(worker + step) % 8}"
                entry = entry_of(key, f"{key} by {worker} at {step}", agent=str(worker))
                self.store.put("ns", entry, sequence=self.store.sequence("ns"), limits=limits)
                back = self.store.get("ns", key)
                if isinstance(back, ContextEntry) and not (
                    back.original == back.compressed and back.original.startswith(f"{key} by {back.agent} at")
                ):
                    wrong.append(back)
                if len(self.store.entries("ns")) > limits.max_entries:
                    wrong.append("too many entries")
                if step % 7 == worker:
                    self.store.delete("ns", key)
                if step % 29 == worker:
                    self.store.clear("ns")

        threads = [threading.Thread(target=work, args=(worker,)) for worker in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert wrong == []
