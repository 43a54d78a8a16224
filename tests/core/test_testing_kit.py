"""The conformance kits pass what is right and catch what is wrong."""

import pytest

from headroom_core import MemoryStore
from headroom_core.compressors.base import Compressed, Refused
from headroom_core.payload import OmittedSpan
from headroom_core.store import Miss, Removed
from headroom_core.testing import AdapterConformance, CompressorConformance, Delivery, FakeClock, StoreConformance


def failures(kit):
    """Run every test of a kit as pytest would and return the names of those that fail."""
    failed = set()
    for name in dir(kit):
        if name.startswith("test_"):
            instance = kit()
            getattr(instance, "setup_method", lambda: None)()
            try:
                getattr(instance, name)()
            except Exception:  # noqa: BLE001  # whatever it is, the test has failed
                failed.add(name)
    return failed


@pytest.fixture
def compressor_kit(toys):
    """Return a kit for a compressor."""

    def kit(make):
        class Kit(CompressorConformance):
            def make_compressor(self):
                return make()

            def payloads(self):
                return (toys.payload, toys.payload.replace("quick", "née 東京 \U0001f680"))

        return Kit

    return kit


def test_a_right_compressor_passes(compressor_kit, toys):
    """The toy compressor keeps the contract, but for JSON views, which it cannot make."""
    assert failures(compressor_kit(toys.compressor)) == {"test_a_json_view_parses"}


@pytest.mark.parametrize(
    ("spoil", "caught"),
    [
        (lambda text, spans, request: (text * 50, spans), "test_it_shortens_its_payloads"),
        (lambda text, spans, request: (f"{text}{id(request)}", spans), "test_the_same_arguments_give_the_same_result"),
        (lambda text, spans, request: (text, spans * 2), "test_spans_are_ordered_disjoint_and_in_range"),
        (
            lambda text, spans, request: (text, (OmittedSpan(0, 9, spans[0].reference, "all"),)),
            "test_references_redeem_to_exactly_what_was_left_out",
        ),
        (
            lambda text, spans, request: (text.split("\n", 1)[1], spans),
            "test_the_handle_stands_where_references_are_named_and_nowhere_else",
        ),
    ],
)
def test_a_wrong_compressor_is_caught(compressor_kit, toys, spoil, caught):
    """Each way of breaking the contract fails the test that is named after it."""

    class Wrong(toys.compressor):
        def compress(self, original, /, request):
            right = super().compress(original, request)
            if isinstance(right, Refused):
                return right
            text, spans = spoil(right.text, right.omitted, request)
            return Compressed(text=text, omitted=spans)

    assert caught in failures(compressor_kit(Wrong))


def test_a_compressor_that_raises_takes_anything_or_never_stops_is_caught(compressor_kit, toys):
    """Exceptions, greed and an unspent budget are failures, too."""

    class Greedy:
        kind = "toy"

        def compress(self, original, /, request):
            return Compressed(text=original[: len(original) // 2])

    assert failures(compressor_kit(toys.failing)) >= {"test_no_text_makes_it_raise"}
    assert failures(compressor_kit(Greedy)) >= {
        "test_foreign_payloads_are_refused",
        "test_it_stops_when_its_work_budget_is_spent",
    }


class Leaky(MemoryStore):
    """One namespace for all."""

    def put(self, namespace, entry, *, sequence, limits):
        """Put it otherwise than asked."""
        return super().put("all", entry, sequence=sequence, limits=limits)

    def get(self, namespace, key):
        """Get it otherwise than asked."""
        return super().get("all", key)

    def find(self, namespace, handle):
        """Find it otherwise than asked."""
        return super().find("all", handle)


class LastOneWins(MemoryStore):
    """Overwrites, whichever put was called first."""

    def put(self, namespace, entry, *, sequence, limits):
        """Put it otherwise than asked."""
        return super().put(namespace, entry, sequence=self.sequence(namespace), limits=limits)


class Forgetful(MemoryStore):
    """Cannot say why something is gone."""

    def get(self, namespace, key):
        """Get it otherwise than asked."""
        found = super().get(namespace, key)
        return Miss("unknown") if isinstance(found, Miss) else found


class Silent(MemoryStore):
    """Does not tell what it removed."""

    def put(self, namespace, entry, *, sequence, limits):
        """Put it otherwise than asked."""
        super().put(namespace, entry, sequence=sequence, limits=limits)
        return [Removed("something", "evicted")]


@pytest.mark.parametrize(
    ("make", "caught"),
    [
        (Leaky, "test_nothing_is_found_across_namespaces"),
        (LastOneWins, "test_a_slow_old_put_never_overwrites_a_newer_one"),
        (Forgetful, "test_delete_removes_one_entry_and_its_original"),
        (Silent, "test_put_again_at_capacity_evicts_nobody"),
    ],
)
def test_a_wrong_store_is_caught(make, caught):
    """Each way of breaking the contract fails the test that is named after it."""

    class Kit(StoreConformance):
        def make_store(self, clock):
            return make(clock=clock)

    assert caught in failures(Kit)


def test_the_fake_clock_goes_only_when_it_is_told_to():
    """And never back."""
    clock = FakeClock(5)
    clock.advance(2.5)

    assert clock() == clock() == 7.5
    with pytest.raises(ValueError, match="does not go back"):
        clock.advance(-1)


@pytest.mark.parametrize(
    "prompts",
    [
        [["view 1"], ["view 1", "view 2"], ["view 1 again", "view 2", "view 3"]],
        [["view 1"], ["view 1", "view 2"]],
        [["view 1"], ["view 1", "view 2"], ["view 1", "view 2"]],
    ],
)
def test_an_adapter_that_changes_what_it_has_shown_is_caught(prompts):
    """So is one that does not show all of it, or makes a prompt no longer."""

    class Wrong(AdapterConformance):
        def deliver(self, content, *, adapted=True, counter=None):
            return Delivery(prompt=content, result=None, read=str)

        def prompts(self, contents):
            return prompts

    with pytest.raises(AssertionError):
        Wrong().test_a_prompt_that_grows_keeps_its_start()
