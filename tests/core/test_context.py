"""What a reader of the seed's page relies on: put, get, get_entry, keys, stats, delete, clear."""

import copy
import dataclasses
import pickle

import pytest

import headroom_core
from headroom_core import ContextEntry, ContextStats, MemoryStore, SharedContext, View, errors, markers
from headroom_core.compressors.base import Compressed
from headroom_core.store import Miss
from headroom_core.testing import FakeCounter


class TestPut:
    """`put` keeps what it is given and says what became of it."""

    def test_it_returns_an_entry_with_key_agent_and_tokens(self, context, payload):
        """The entry names its key and agent and counts both sides."""
        entry = context.put("findings", payload, agent="researcher", kind="toy")

        assert isinstance(entry, ContextEntry)
        assert (entry.key, entry.agent) == ("findings", "researcher")
        assert entry.original_tokens == FakeCounter().count(payload)
        assert entry.compressed_tokens == FakeCounter().count(entry.compressed) < entry.original_tokens

    def test_agent_and_full_may_be_positional(self, context, payload):
        """The seed's signatures are `put(key, content, agent=None)` and `get(key, full=False)`."""
        context.put("findings", payload, "researcher", kind="toy")

        assert context.get_entry("findings").agent == "researcher"
        assert context.get("findings", True) == payload

    @pytest.mark.parametrize(
        "payload", ["", "short", "a\r\nb\x00c", "\ud800", "東京 \U0001f680", "x" * 5_000, "[1, 1E5]", " {} \n"]
    )
    def test_the_original_comes_back_exactly(self, payload):
        """`full=True` returns what was put, to the last character."""
        context = SharedContext()
        context.put("key", payload)

        assert context.get("key", full=True) == payload

    def test_a_view_has_neither_more_tokens_nor_more_bytes_than_its_original(self, toys, context):
        """The compressed side is never longer than the original, however short that is."""
        for lines in (0, 1, 4, 5, 6, 40):
            entry = context.put("key", toys.payload[: 60 * lines], kind="toy")

            assert entry.compressed_tokens <= entry.original_tokens
            assert len(entry.compressed.encode()) <= len(entry.original.encode())

    def test_a_compressor_that_makes_it_longer_is_overruled(self, toys, payload):
        """An inflated view is dropped for the original."""

        class Inflating:
            kind = "toy"

            def compress(self, original, /, request):
                return Compressed(text=original + "!")

        entry = toys.context(Inflating()).put("key", payload, kind="toy")

        assert entry.compressed == payload
        assert entry.savings_percent == 0.0

    def test_a_second_put_replaces(self, context):
        """The later put of a key is what the key holds."""
        context.put("key", "first")
        context.put("key", "second")

        assert context.get("key") == "second"
        assert len(context) == 1

    def test_the_same_input_gives_the_same_bytes(self, toys, payload):
        """A view depends on the payload and the options, not on the context, the key or what was put before."""
        views = []
        for number in range(3):
            context = toys.context(namespace=f"namespace {number}")
            context.put("earlier", f"{number} " * 900, kind="toy")
            views.append(context.put(f"key {number}", payload, kind="toy").view)

        assert views[0] == views[1] == views[2]

    def test_a_second_put_of_the_same_content_gives_the_first_view_again(self, context, payload):
        """Nothing remembered changes a result."""
        first = context.put("key", payload, kind="toy")
        second = context.put("key", payload, kind="toy")

        assert first.view == second.view
        assert first.omitted == second.omitted

    def test_one_content_is_in_memory_once(self, context, payload):
        """The same content under several keys is one string."""
        first = context.put("first", payload, kind="toy")
        second = context.put("second", payload[:1] + payload[1:], kind="toy")

        assert first.original is second.original

    def test_the_entry_is_frozen(self, context, payload):
        """Nobody edits the store by the entry that he was given."""
        entry = context.put("key", payload, kind="toy")
        with pytest.raises(dataclasses.FrozenInstanceError):
            entry.key = "other"
        with pytest.raises(AttributeError, match="frozen"):
            entry.view.text = "other"
        entry.transforms.append("router:evil:0.00")

        assert context.get_entry("key").transforms == entry.transforms
        assert "router:evil:0.00" not in entry.transforms

    def test_the_timestamp_is_the_wall_clock_of_the_put(self, toys):
        """`timestamp` is in seconds since the Unix epoch."""
        context = toys.context(wall_clock=lambda: 1_763_876_000.25)

        assert context.put("key", "text").timestamp == 1_763_876_000.25

    def test_a_view_put_again_is_kept_as_it_is(self, context, payload):
        """Compressing a view returns it."""
        view = context.put("key", payload, kind="toy").compressed
        again = context.put("relay", view, kind="toy")

        assert again.compressed == view

    def test_text_around_a_view_is_still_compressed(self, context, toys, payload):
        """A relayed view does not turn compression off for what stands around it."""
        view = context.put("key", payload, kind="toy").compressed
        relay = context.put("relay", f"My notes.\n{view}\n{toys.payload}", kind="toy")

        assert relay.savings_percent > 50


class TestGet:
    """`get` and `get_entry` find live entries and nothing else."""

    def test_get_returns_the_view_and_full_the_original(self, context, payload):
        """The default is the short text."""
        entry = context.put("key", payload, kind="toy")

        assert context.get("key") == entry.compressed == entry.view.text
        assert context.get("key", full=True) == payload

    def test_a_missing_key_is_none(self, context):
        """A miss is not an error."""
        assert context.get("nonexistent") is None
        assert context.get("nonexistent", full=True) is None
        assert context.get_entry("nonexistent") is None
        assert context.view("nonexistent") is None

    def test_an_expired_entry_is_none_everywhere(self, context, clock):
        """At its ttl an entry is gone from get, get_entry, view, read, keys, stats, len and in."""
        context.put("key", "one\ntwo\n")
        clock.advance(3_599.5)
        assert context.get("key") == "one\ntwo\n"

        clock.advance(0.5)
        assert context.get("key") is None
        assert context.get_entry("key") is None
        assert context.view("key") is None
        assert context.read("key", lines=(1, 1)) is None
        assert context.keys() == []
        assert context.stats().entries == len(context) == 0
        assert "key" not in context

    def test_setting_the_wall_clock_expires_nothing(self, toys, clock):
        """Age is measured on the monotonic clock."""
        times = iter([1e9, 0.0, 4e9])
        context = toys.context(clock=clock, wall_clock=lambda: next(times))
        for key in ("a", "b", "c"):
            context.put(key, "text")

        assert context.keys() == ["a", "b", "c"]

    def test_without_a_ttl_nothing_expires(self, toys, clock):
        """`ttl=None` never expires."""
        context = toys.context(ttl=None, clock=clock)
        context.put("key", "text")
        clock.advance(1e10)

        assert context.get("key") == "text"


class TestSums:
    """keys, stats, len, in, delete and clear."""

    def test_the_numbers_of_the_seed(self, toys):
        """20,000 tokens that become 4,000 read 80.0 percent saved and `router:json:0.20`; three such make the seed's stats."""

        class FiveFold:
            kind = "json"

            def compress(self, original, /, request):
                return Compressed(text=original[: len(original) // 5])

        context = toys.context(FiveFold(), compressor_kind="json", counter=FakeCounter(1))
        for number in range(3):
            entry = context.put(f"findings {number}", str(number) * 20_000, agent="researcher", kind="json")
        stats = context.stats()

        assert (entry.original_tokens, entry.compressed_tokens) == (20_000, 4_000)
        assert entry.savings_percent == 80.0
        assert entry.transforms == ["router:json:0.20"]
        assert stats.entries == 3
        assert (stats.total_original_tokens, stats.total_compressed_tokens) == (60_000, 12_000)
        assert stats.total_tokens_saved == 48_000
        assert stats.savings_percent == 80.0

    def test_stats_of_nothing_are_zero(self, context):
        """An empty context saves 0.0 percent."""
        assert context.stats() == ContextStats(0, 0, 0)
        assert context.stats().savings_percent == 0.0

    def test_stats_sum_live_entries_only(self, context, clock, payload):
        """What has expired is in no sum."""
        context.put("old", payload, kind="toy")
        clock.advance(3_600)
        entry = context.put("new", payload, kind="toy")

        assert context.stats() == ContextStats(1, entry.original_tokens, entry.compressed_tokens)

    def test_at_capacity_the_oldest_goes_first(self, toys, clock):
        """Expired entries make room first, then the one that was put first, read or not."""
        context = toys.context(max_entries=2, clock=clock)
        context.put("first", "1")
        context.put("second", "2")
        context.get("first")
        context.put("third", "3")

        assert context.keys() == ["second", "third"]

    def test_keys_come_oldest_put_first(self, context):
        """A key that is put again is the youngest."""
        for key in ("a", "b", "c", "a"):
            context.put(key, key)

        assert context.keys() == ["b", "c", "a"]

    def test_delete_removes_one(self, context):
        """`delete` says whether a live entry was there."""
        context.put("key", "text")

        assert context.delete("key") is True
        assert context.delete("key") is False
        assert context.get("key") is None

    def test_clear_removes_all_of_this_context(self, toys):
        """Other namespaces of a shared store keep theirs."""
        store = MemoryStore()
        ours, theirs = toys.context(store=store), toys.context(store=store)
        ours.put("key", "ours")
        theirs.put("key", "theirs")
        ours.clear()

        assert len(ours) == 0
        assert ours.get("key") is None
        assert theirs.get("key") == "theirs"

    def test_len_and_in(self, context):
        """A context counts its live entries and knows its keys; what is no key is not in it."""
        context.put("key", "text")

        assert len(context) == 1
        assert "key" in context
        assert "other" not in context
        assert 3 not in context

    def test_an_empty_context_is_still_true(self, context):
        """`context or SharedContext()` keeps an empty context that was passed on purpose."""
        assert len(context) == 0
        assert bool(context)


class TestSharing:
    """Who sees the entries."""

    def test_namespaces_are_random_unless_named(self, toys):
        """Two contexts on one store meet only by name."""
        store = MemoryStore()
        first, second, third = (toys.context(store=store, namespace=name) for name in (None, None, "run 7"))
        fourth = SharedContext(store=store, namespace="run 7")
        first.put("key", "one")
        third.put("key", "three")

        assert second.get("key") is None
        assert fourth.get("key") == "three"
        assert (fourth.namespace, fourth.store) == ("run 7", store)

    def test_a_copy_is_the_same_context(self, context):
        """Frameworks copy agents; the copies still share."""
        assert copy.copy(context) is context
        assert copy.deepcopy({"ctx": context})["ctx"] is context

    def test_pickling_says_why_not(self, context):
        """A context in another process would share nothing."""
        with pytest.raises(TypeError, match="cannot be pickled"):
            pickle.dumps(context)

    def test_entries_and_views_are_pickled_and_copied(self, context, payload):
        """What a context hands out are plain values, spans included."""
        entry = context.put("key", payload, agent="researcher", kind="toy")
        for twin in (pickle.loads(pickle.dumps(entry)), copy.deepcopy(entry)):  # noqa: S301  # our own bytes
            assert twin == entry
            assert twin.original == payload
            assert twin.omitted == entry.omitted

    def test_repr_names_model_and_namespace(self):
        """Contexts can be told apart in a log."""
        context = SharedContext("gpt-4o", namespace="run 7")

        assert repr(context) == "SharedContext(model='gpt-4o', namespace='run 7', entries=0)"


class TestView:
    """`view` makes a view for one reader."""

    def test_without_options_it_is_the_default_view(self, context, payload):
        """A view that was shown is shown again, and not made again."""
        entry = context.put("key", payload, kind="toy")

        assert context.view("key") is entry.view
        assert isinstance(context.view("key"), View)

    def test_without_references_it_names_none(self, context, payload):
        """A reader that cannot redeem references is shown none."""
        context.put("key", payload, kind="toy")
        view = context.view("key", references=False)

        assert "omitted parts cannot be read" in view.text
        assert [span.reference for span in view.omitted] == [None]

    def test_it_goes_by_the_kind_that_put_was_told(self, context, payload):
        """A hint holds for later views, too."""
        context.put("key", payload, kind="toy")

        assert context.view("key", mode="compact").transforms[0].startswith("router:toy:")

    def test_known_and_query_reach_the_compressor(self, toys, payload):
        """The compressor is told what the reader is about to do and already has."""
        seen = []

        class Asking(toys.compressor):
            def compress(self, original, /, request):
                seen.append(request.receiver)
                return super().compress(original, request)

        context = toys.context(Asking())
        context.put("key", payload, kind="toy")
        context.view("key", known=["earlier"], query="why did it fail?")

        assert [(one.known, one.query) for one in seen] == [((), None), (("earlier",), "why did it fail?")]

    def test_a_view_made_for_one_reader_changes_no_other(self, context, payload):
        """What `get` shows stays what it was."""
        before = context.put("key", payload, kind="toy").compressed
        context.view("key", references=False, mode="compact")

        assert context.get("key") == before


class TestCounting:
    """Tokens are counted once, and for both sides by the same counter."""

    def test_no_text_is_counted_twice(self, toys, payload):
        """put, get, view, stats and a second put of the same content count each text once."""
        counter = FakeCounter()
        context = toys.context(counter=counter)
        context.put("key", payload, kind="toy")
        context.get("key")
        context.get("key", full=True)
        context.view("key", references=False)
        context.view("key", references=False)
        context.stats()
        context.put("again", payload[:1] + payload[1:], kind="toy")

        assert sorted(map(len, counter.counted)) == sorted({len(text) for text in counter.counted})
        assert counter.counted.count(payload) == 1

    def test_failed_puts_count_their_tokens(self, toys, payload):
        """A failing compressor costs its saving and no number: stats stay right."""
        context = toys.context(toys.failing())
        entry = context.put("key", payload, kind="toy")

        assert entry.original_tokens == entry.compressed_tokens == FakeCounter().count(payload)
        assert context.stats() == ContextStats(1, entry.original_tokens, entry.original_tokens)

    def test_the_counter_can_be_asked_for(self, context):
        """`counter` says how the numbers came about."""
        assert context.counter.name == "4 characters per token"


class TestFailing:
    """A compressor that fails costs its own saving and nothing else."""

    def test_the_original_passes_and_the_entry_says_so(self, toys, payload, caplog):
        """`put` does not raise; the notes name what happened."""
        entry = toys.context(toys.failing()).put("findings", payload, kind="toy")

        assert entry.compressed == payload
        assert any("RuntimeError" in note for note in entry.view.notes)
        assert "findings" in caplog.text

    def test_no_other_put_is_affected(self, toys, payload):
        """However many puts fail, the next good one is compressed as if nothing had been."""

        class Choosy(toys.compressor):
            def compress(self, original, /, request):
                if original.startswith("bad"):
                    raise RecursionError
                return super().compress(original, request)

        context = toys.context(Choosy())
        for number in range(20):
            assert context.put(f"bad {number}", f"bad {number}\n{payload}", kind="toy").savings_percent == 0.0

        assert context.put("good", payload, kind="toy").savings_percent > 50

    def test_strict_raises_and_stores_nothing(self, toys, payload):
        """With `strict=True` the failure is raised with its cause, and an older entry stays."""
        context = toys.context(toys.failing(), strict=True)
        context.put("key", "short", kind="toy")
        with pytest.raises(errors.CompressionError, match="'key': the toy compressor failed") as raised:
            context.put("key", payload, kind="toy")

        assert isinstance(raised.value.__cause__, RuntimeError)
        assert context.get("key") == "short"


class TestStoreThatLies:
    """A put is refused when the store does not give back what it got."""

    class Forgetful(MemoryStore):
        """Keeps nothing."""

        def put(self, namespace, entry, *, sequence, limits):
            """Put it otherwise than asked."""
            return ()

    class Garbling(MemoryStore):
        """Keeps something else under the same digest."""

        def put(self, namespace, entry, *, sequence, limits):
            """Put it otherwise than asked."""
            garbled = dataclasses.replace(entry, original=entry.original.upper())
            return super().put(namespace, garbled, sequence=sequence, limits=limits)

    @pytest.mark.parametrize("store", [Forgetful, Garbling])
    def test_put_raises(self, toys, store):
        """No view promises an original that is lost."""
        context = toys.context(store=store())
        with pytest.raises(errors.StoreError, match="'key': the store did not give back"):
            context.put("key", "text")

        assert context.get("key") is None


def test_the_public_names_are_importable_from_the_top_level():
    """`from headroom_core import SharedContext` is all that a first program needs."""
    for name in headroom_core.__all__:
        assert getattr(headroom_core, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        headroom_core.Nothing  # noqa: B018  # the access is the test


def test_a_scope_sees_its_own_entries_alone(context, payload):
    """Scopes of one context share its store and settings, and nothing that is in them."""
    context.put("key", "the context's own")
    one, two = context.scoped("one"), context.scoped("two")
    handle = markers.handle_of(one.put("key", payload).digest)

    assert context.get("key", full=True) == "the context's own"
    assert two.get("key") is None
    assert two.passage(f"{handle} lines 1-2") == Miss("unknown")
    assert context.scoped("one").read(f"{handle} lines 1-1") == payload.splitlines()[0]
    assert one.store is context.store
    assert one.namespace == f"{context.namespace}/one"
    with pytest.raises(errors.InvalidOptionError, match="name must be a non-empty str"):
        context.scoped("")


def test_events_of_a_scope_name_it():
    """Whoever counts events can tell runs apart."""
    told = []
    context = SharedContext(model="gpt-4o", on_event=told.append, namespace="shop")
    context.scoped("thread 7").put("key", "text")

    assert [one.namespace for one in told] == ["shop/thread 7"]
