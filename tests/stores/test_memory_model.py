"""The memory store, seen through a context, against a plain dict."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from headroom_core import MemoryStore, SharedContext, markers
from headroom_core.content import utf8_bytes
from headroom_core.testing import FakeClock, FakeCounter

TTL = 60
MAX_ENTRIES = 4
MAX_BYTES = 400

KEYS = st.sampled_from(["a", "b", "c", "d", "e", "f"])
TEXTS = st.text(max_size=40) | st.integers(0, 9).map(lambda digit: str(digit) * 90)


class Store(RuleBasedStateMachine):
    """
    Two namespaces of one store, each beside a model.

    The model is a dict in the order of the puts: key -> (text, relayed texts, time of the put).
    """

    handles = Bundle("handles")

    def __init__(self):
        super().__init__()
        self.clock = FakeClock(0)
        store = MemoryStore(clock=self.clock)
        self.contexts = {
            name: SharedContext(
                "gpt-4o",
                TTL,
                MAX_ENTRIES,
                store=store,
                namespace=name,
                max_bytes=MAX_BYTES,
                counter=FakeCounter(),
                clock=self.clock,
            )
            for name in ("one", "two")
        }
        self.models = {name: {} for name in self.contexts}
        self.texts = {}

    def expire(self):
        """Drop from the models what is past its time."""
        for model in self.models.values():
            for key in [key for key, (_, _, put_at) in model.items() if self.clock() >= put_at + TTL]:
                del model[key]

    def held(self, model):
        """Return the texts that entries of a model hold or relay."""
        return {one for text, relayed, _ in model.values() for one in (text, *relayed)}

    @rule(target=handles, namespace=st.sampled_from(["one", "two"]), key=KEYS, text=TEXTS)
    def put(self, namespace, key, text):
        """Put, and make room as the model does."""
        return self.put_relaying(namespace, key, text, [])

    @rule(
        target=handles,
        namespace=st.sampled_from(["one", "two"]),
        key=KEYS,
        text=st.text(max_size=10),
        relayed=st.lists(handles, min_size=1, max_size=2),
    )
    def put_relaying(self, namespace, key, text, relayed):
        """Put a text in which views stand, of originals that are there or not."""
        context, model = self.contexts[namespace], self.models[namespace]
        self.expire()
        named = {handle: self.texts[handle] for handle in relayed}
        text = "\n".join([text, *(markers.header(handle, omits=True) for handle in named)]) if named else text
        entry = context.put(key, text)
        room, kept = MAX_BYTES - utf8_bytes(text), []
        for one in self.closure(model, named.values(), text):
            if utf8_bytes(one) <= room:
                room -= utf8_bytes(one)
                kept.append(one)
        model.pop(key, None)
        model[key] = (text, kept, self.clock())
        while len(model) > MAX_ENTRIES or sum(map(utf8_bytes, self.held(model))) > MAX_BYTES:
            del model[next(iter(model))]
        handle = markers.handle_of(entry.digest)
        self.texts[handle] = text
        return handle

    def closure(self, model, named, own):
        """Return the texts that are relayed: those named that the namespace holds, and what is named in them in turn."""
        held, found, todo = self.held(model), [], [list(named)]
        while todo:
            inner = []
            for one in todo.pop():
                if one in held and one not in found and one != own:
                    found.append(one)
                    inner.append([self.texts[handle] for handle in markers.handles_in(one)])
            todo.extend(inner)
        return found

    @rule(namespace=st.sampled_from(["one", "two"]), key=KEYS)
    def delete(self, namespace, key):
        """Delete, and learn whether something was there."""
        self.expire()

        assert self.contexts[namespace].delete(key) == (self.models[namespace].pop(key, None) is not None)

    @rule(namespace=st.sampled_from(["one", "two"]))
    def clear(self, namespace):
        """Clear one namespace."""
        self.contexts[namespace].clear()
        self.models[namespace].clear()

    @rule(seconds=st.sampled_from([1, 20, 59, 60]))
    def wait(self, seconds):
        """Let time pass."""
        self.clock.advance(seconds)

    @rule(namespace=st.sampled_from(["one", "two"]), key=KEYS)
    def get(self, namespace, key):
        """Get what the model has."""
        self.expire()
        text, _, _ = self.models[namespace].get(key, (None, None, None))

        assert self.contexts[namespace].get(key, full=True) == text
        assert (key in self.contexts[namespace]) == (text is not None)

    @rule(namespace=st.sampled_from(["one", "two"]), handle=handles)
    def read(self, namespace, handle):
        """Read by reference exactly what an entry of this namespace holds or relays."""
        self.expire()
        text = self.texts[handle]
        expected = text if text and text in self.held(self.models[namespace]) else None

        assert self.contexts[namespace].read(f"{handle} chars 0-{len(text)}") == expected

    @invariant()
    def the_same_entries(self):
        """Keys and sums are those of the model, in its order."""
        self.expire()
        for namespace, model in self.models.items():
            context = self.contexts[namespace]

            assert context.keys() == list(model)
            assert len(context) == context.stats().entries == len(model)


Store.TestCase.settings = settings(deadline=None, stateful_step_count=40)
TestStore = Store.TestCase
