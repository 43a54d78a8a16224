"""`compress` is the same pipeline without a store."""

import copy
import json

import pytest

from headroom_core import View, compress, errors
from headroom_core.testing import FakeCounter

ROWS = json.dumps([{"id": number, "status": "ok", "region": "eu-central-1"} for number in range(300)])


@pytest.fixture
def counter():
    """Return a counter that needs no vocabulary."""
    return FakeCounter()


def test_a_text_becomes_a_view(counter):
    """The view is never longer than the text, and says how it was made."""
    view = compress(ROWS, counter=counter)

    assert isinstance(view, View)
    assert view.tokens == FakeCounter().count(view.text) <= FakeCounter().count(ROWS)
    assert view.transforms[0].startswith("router:")


def test_no_reference_is_named(counter):
    """Nothing is kept, so nothing could be read."""
    view = compress(ROWS, counter=counter, max_tokens=500)

    assert "read omitted parts" not in view.text
    assert all(span.reference is None for span in view.omitted)


def test_messages_keep_the_task_and_compress_what_tools_and_agents_said(counter):
    """System and user messages stand as they were; other roles' texts become views; nothing given is edited."""
    call = {"role": "assistant", "content": None, "tool_calls": [{"id": "1"}]}
    messages = [
        {"role": "system", "content": ROWS},
        {"role": "user", "content": ROWS},
        call,
        {"role": "tool", "content": ROWS, "tool_call_id": "1"},
        {"role": "assistant", "content": ROWS},
        {"role": "assistant", "content": [{"type": "text", "text": ROWS}]},
        {"role": "user", "content": "And now?"},
    ]
    before = copy.deepcopy(messages)
    shown = compress(messages, counter=counter)

    assert messages == before
    assert [message["role"] for message in shown] == [message["role"] for message in messages]
    assert shown[3].keys() == before[3].keys()
    assert shown[3]["content"].startswith("[view")
    assert shown[4]["content"].startswith("[view")
    assert [shown[at] for at in (0, 1, 2, 5, 6)] == [before[at] for at in (0, 1, 2, 5, 6)]
    assert all(message is not given for message, given in zip(shown, messages, strict=True))


def test_later_messages_change_no_earlier_view(counter):
    """A growing conversation keeps its start, so that provider caches hold."""
    messages = [{"role": "tool", "content": ROWS}, {"role": "user", "content": "Why?"}, {"role": "tool", "content": ROWS}]

    assert compress(messages, counter=counter)[:1] == compress(messages[:1], counter=counter)
    assert compress([], counter=counter) == []


@pytest.mark.parametrize("content", [b"bytes", 3, None, {"a": 1}, [1], [{"content": "no role"}], ["text"]])
def test_anything_else_is_a_type_error(content):
    """What is neither a text nor messages is refused, with what to do."""
    with pytest.raises(errors.InvalidPayloadError, match="compress takes a str or a list of messages with a role"):
        compress(content)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"model": ""}, "model must be a non-empty str, got ''"),
        ({"mode": "tiny"}, "mode must be one of 'lossless', 'balanced', 'compact', got 'tiny'"),
        ({"max_tokens": 0}, "max_tokens must be an int of at least 1, got 0"),
        ({"format": "xml"}, "format must be one of 'text', 'json', got 'xml'"),
        ({"known": "text"}, "known must be an iterable of str, and not a single str, got 'text'"),
        ({"query": 3}, "query must be a str or None, got 3"),
        ({"strict": None}, "strict must be True or False, got None"),
    ],
)
def test_bad_options_are_refused(options, message):
    """They are the same options as a context's, and fail with the same words."""
    with pytest.raises(errors.InvalidOptionError) as raised:
        compress("text", **options)

    assert str(raised.value) == message


def test_an_unknown_kind_is_refused(counter):
    """`kind` is one that has a compressor."""
    with pytest.raises(errors.InvalidOptionError, match="kind must be one of .*, got 'poem'"):
        compress("text", kind="poem", counter=counter)
