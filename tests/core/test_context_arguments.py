"""Bad arguments fail at the call, with what was wrong; good content becomes exactly the JSON that is promised."""

import dataclasses
import json
from collections import OrderedDict

import pytest

from headroom_core import SharedContext, errors
from headroom_core.router import COMPRESSORS
from headroom_core.testing import FakeCounter

NAN = float("nan")
INF = float("inf")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ttl": -5}, "ttl must be a positive number of seconds or None, got -5"),
        ({"ttl": 0}, "ttl must be a positive number of seconds or None, got 0"),
        ({"ttl": True}, "ttl must be a positive number of seconds or None, got True"),
        ({"ttl": NAN}, "ttl must be a positive number of seconds or None, got nan"),
        ({"ttl": INF}, "ttl must be a positive number of seconds or None, got inf"),
        ({"ttl": "60"}, "ttl must be a positive number of seconds or None, got '60'"),
        ({"max_entries": 0}, "max_entries must be an int of at least 1, got 0"),
        ({"max_entries": -1}, "max_entries must be an int of at least 1, got -1"),
        ({"max_entries": 2.0}, "max_entries must be an int of at least 1, got 2.0"),
        ({"max_entries": True}, "max_entries must be an int of at least 1, got True"),
        ({"max_entries": None}, "max_entries must be an int of at least 1, got None"),
        ({"max_bytes": 0}, "max_bytes must be an int of at least 1, got 0"),
        ({"max_entry_bytes": "1"}, "max_entry_bytes must be an int of at least 1, got '1'"),
        ({"model": ""}, "model must be a non-empty str, got ''"),
        ({"model": None}, "model must be a non-empty str, got None"),
        ({"namespace": ""}, "namespace must be a non-empty str, got ''"),
        ({"namespace": 7}, "namespace must be a non-empty str, got 7"),
        ({"mode": "tiny"}, "mode must be one of 'lossless', 'balanced', 'compact', got 'tiny'"),
        ({"mode": None}, "mode must be one of 'lossless', 'balanced', 'compact', got None"),
        ({"references": 1}, "references must be True or False, got 1"),
        ({"strict": "yes"}, "strict must be True or False, got 'yes'"),
        ({"on_event": "log"}, "on_event must be a callable, got 'log'"),
        ({"clock": None}, "clock must be a callable, got None"),
        ({"wall_clock": 3}, "wall_clock must be a callable, got 3"),
        ({"store": {}}, "store must be a headroom_core.store.Store or None, got {}"),
    ],
)
def test_a_bad_option_fails_when_the_context_is_made(options, message):
    """A wrong option is told at the call, and not at the first get."""
    with pytest.raises(errors.InvalidOptionError) as raised:
        SharedContext(**options)

    assert str(raised.value) == message
    assert isinstance(raised.value, ValueError)


def test_a_counter_that_cannot_count_is_refused():
    """`counter=` takes a function or a counter."""
    with pytest.raises(errors.InvalidOptionTypeError, match="counter must be"):
        SharedContext(counter=7)


def test_a_function_may_be_the_counter():
    """`counter=` takes any function from a text to its number of tokens."""
    assert SharedContext(counter=lambda text: 7 * len(text)).put("key", "abc").original_tokens == 21


@pytest.mark.parametrize(("bad", "error"), [(None, TypeError), (3, TypeError), (b"key", TypeError), ("", ValueError)])
def test_a_key_is_any_text_but_the_empty_one(context, bad, error):
    """None, numbers, bytes and the empty text are no keys, for any method."""
    for call in (
        lambda: context.put(bad, "text"),
        lambda: context.get(bad),
        lambda: context.get_entry(bad),
        lambda: context.view(bad),
        lambda: context.delete(bad),
        lambda: context.read(bad, lines=(1, 1)),
    ):
        with pytest.raises(error, match="must be a non-empty str"):
            call()

    assert len(context) == 0


def test_any_other_key_is_kept_exactly(context):
    """Keys are neither trimmed nor folded nor normalised."""
    keys = [" ", "a", "A", "é", "e\u0301", "\ud800", "k" * 10_000, "../../etc/passwd", "a\nb"]
    for key in keys:
        context.put(key, repr(key))

    assert context.keys() == keys
    assert [context.get(key) for key in keys] == [repr(key) for key in keys]


KINDS = ", ".join(map(repr, [*COMPRESSORS, "toy"]))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"agent": 3}, "agent must be a str or None, got 3"),
        ({"kind": "poem"}, f"kind must be one of {KINDS}, got 'poem'"),
        ({"kind": 3}, f"kind must be one of {KINDS}, got 3"),
        ({"language": ""}, "language must be a non-empty str, got ''"),
    ],
)
def test_bad_hints_are_refused_by_put(context, options, message):
    """An agent's name is text, and a kind is one that has a compressor."""
    with pytest.raises(errors.InvalidOptionError) as raised:
        context.put("key", "text", **options)

    assert str(raised.value) == message
    assert "key" not in context


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_tokens": 0}, "max_tokens must be an int of at least 1, got 0"),
        ({"max_tokens": 9.5}, "max_tokens must be an int of at least 1, got 9.5"),
        ({"mode": "tiny"}, "mode must be one of 'lossless', 'balanced', 'compact', got 'tiny'"),
        ({"format": "xml"}, "format must be one of 'text', 'json', got 'xml'"),
        ({"references": 0}, "references must be True or False, got 0"),
        ({"known": "one text"}, "known must be an iterable of str, and not a single str, got 'one text'"),
        ({"known": 3}, "known must be an iterable of str, and not a single str, got 3"),
        ({"known": ["a", 3]}, "known must be an iterable of str, and not a single str, got 3"),
        ({"query": ["a"]}, "query must be a str or None, got ['a']"),
    ],
)
def test_bad_options_are_refused_by_view(context, options, message):
    """They are refused whether the key exists or not."""
    with pytest.raises(errors.InvalidOptionError) as raised:
        context.view("nonexistent", **options)

    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {},
            (
                "reference must be a reference such as '482913207615 rows 12-604', or a key with lines=, rows=, symbol=, "
                "heading=, field= or pattern=, got 'key'"
            ),
        ),
        ({"lines": (1, 2), "rows": (1, 2)}, "lines and rows must be one selector, not several, got ((1, 2), (1, 2))"),
        ({"lines": 3}, "lines must be a pair (first, last) of ints, counted from 1, both ends included, got 3"),
        ({"lines": (1,)}, "lines must be a pair (first, last) of ints, counted from 1, both ends included, got (1,)"),
        ({"lines": (0, 2)}, "lines must be a pair (first, last) of ints, counted from 1, both ends included, got (0, 2)"),
        ({"rows": (3, 2)}, "rows must be a pair (first, last) of ints, counted from 1, both ends included, got (3, 2)"),
        ({"rows": (1.0, 2)}, "rows must be a pair (first, last) of ints, counted from 1, both ends included, got (1.0, 2)"),
        ({"lines": (1, 1), "max_tokens": -1}, "max_tokens must be an int of at least 1, got -1"),
    ],
)
def test_bad_selectors_are_refused_by_read(context, options, message):
    """A key takes exactly one selector, a reference none."""
    context.put("key", "one\ntwo\n")
    with pytest.raises(errors.InvalidOptionError) as raised:
        context.read("key", **options)

    assert str(raised.value) == message


class Model:
    """Looks like a pydantic model."""

    def __init__(self, **fields):
        self.fields = fields

    def model_dump(self, *, mode):
        """Return what JSON can hold."""
        assert mode == "json"
        return self.fields


@dataclasses.dataclass
class Finding:
    """A dataclass that holds others."""

    name: str
    parts: list
    score: float = 0.5


class Loud(str):
    """A str whose methods say something else."""

    __slots__ = ()

    def __str__(self):
        return "loud"

    def encode(self, *args):
        """Encode something else."""
        return b"loud"


@pytest.mark.parametrize(
    ("content", "original"),
    [
        ({"b": 1, "a": [True, None, 1.5]}, '{"b":1,"a":[true,null,1.5]}'),
        (OrderedDict(z=1, y=2), '{"z":1,"y":2}'),
        ([], "[]"),
        (("a", 1), '["a",1]'),
        ({"name": "née 東京 \U0001f680"}, '{"name":"née 東京 \U0001f680"}'),
        ({"lone": "\ud800"}, '{"lone":"\ud800"}'),
        ([NAN, INF], "[NaN,Infinity]"),
        ({1: "a", None: "b", 1.5: "c", False: "d"}, '{"1":"a","null":"b","1.5":"c","false":"d"}'),
        ([2**80], f"[{2**80}]"),
        (Finding("x", [Finding("y", [])]), '{"name":"x","parts":[{"name":"y","parts":[],"score":0.5}],"score":0.5}'),
        (Model(b="é", a=[1]), '{"b":"é","a":[1]}'),
        ([Model(a=Model(b=1))], '[{"a":{"b":1}}]'),
        (Loud("quiet"), "quiet"),
    ],
)
def test_what_json_can_hold_becomes_its_compact_json_text(context, content, original):
    """The original of structured content is its JSON text: compact, not escaped, in insertion order."""
    context.put("key", content)

    assert context.get("key", full=True) == original
    assert type(context.get("key", full=True)) is str


@pytest.mark.parametrize("content", [b"bytes", {1, 2}, None, 3, 1.5, True, object(), Finding, iter([]), {}.keys()])
def test_anything_else_is_a_type_error_that_says_so(context, content):
    """Bytes, sets, None, numbers, classes and objects are not turned into some text or other."""
    with pytest.raises(TypeError, match="content must be a str, or something JSON can hold .* got ") as raised:
        context.put("key", content)

    assert isinstance(raised.value, errors.InvalidPayloadError)
    assert "key" not in context


def circular():
    """Return a list that contains itself."""
    content = []
    content.append({"self": content})
    return content


def deep(levels):
    """Return lists inside each other."""
    content = []
    for _ in range(levels):
        content = [content]
    return content


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ({"users": [{"tags": []}, {"tags": {1}}]}, r"set at \$\.users\[1\]\.tags"),
        ([Finding("x", [b"y"])], r"bytes at \$\[0\]\.parts\[0\]"),
        ({"a": {(1, 2): 3}}, r"a key of type tuple at \$\.a"),
        (circular(), "it contains itself"),
        (deep(100_000), "it is nested too deeply"),
    ],
)
def test_nested_content_that_json_cannot_hold_names_the_place(context, content, why):
    """The error says what it was that JSON cannot hold, and where."""
    with pytest.raises(errors.InvalidPayloadError, match=why):
        context.put("key", content)


def test_a_payload_over_the_limit_is_refused_and_the_older_entry_stays(toys):
    """The error says how large it was, and what the limit is."""
    context = toys.context(max_entry_bytes=1_000)
    context.put("key", "x" * 1_000)
    with pytest.raises(errors.PayloadTooLargeError) as raised:
        context.put("key", "é" * 501)

    assert str(raised.value).startswith("'key': the payload has 1,002 bytes and max_entry_bytes is 1,000; nothing was stored")
    assert (raised.value.size_bytes, raised.value.limit_bytes) == (1_002, 1_000)
    assert context.get("key") == "x" * 1_000


def test_an_entry_over_max_bytes_is_refused(toys, payload):
    """What cannot fit beside its view is refused, and not evicted in silence."""
    context = toys.context(max_bytes=len(payload) + 10)
    context.put("other", "stays")
    with pytest.raises(errors.PayloadTooLargeError, match="the payload and its view have .* and max_bytes is"):
        context.put("key", payload, kind="toy")

    assert context.keys() == ["other"]


def test_deeply_nested_json_text_is_an_ordinary_payload():
    """A text is never parsed at the price of the put."""
    context = SharedContext(counter=FakeCounter())
    text = "[" * 100_000 + "]" * 100_000
    for number in range(4):
        assert context.put(f"key {number}", text).original == text

    good = json.dumps([{"id": number, "status": "ok", "region": "eu-central-1"} for number in range(500)])
    assert context.put("good", good).original_tokens > 0
