"""The message transform, which the client and the model context share."""

import base64

from autogen_core import Image
from autogen_core.models import (
    AssistantMessage,
    FunctionExecutionResult,
    FunctionExecutionResultMessage,
    SystemMessage,
    UserMessage,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom_autogen import HeadroomMessageTransform
from headroom_autogen.messages import find_original, texts_of
from headroom_core.markers import handles_in
from headroom_core.store.base import Miss, Original
from headroom_core.testing.adapters import payload
from tests.adapters.autogen.scripted import COUNTER

PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
BIG = payload()
TEXTS = st.sampled_from(["short", BIG, payload(2, rows=60), payload(3, rows=200), "word " * 300, ""])
SOURCES = st.sampled_from(["user", "researcher", "writer", "MagenticOneOrchestrator"])
RESULTS = st.builds(
    FunctionExecutionResult,
    content=TEXTS,
    name=st.sampled_from(["fetch", "headroom_read"]),
    call_id=st.sampled_from(["1", "2"]),
    is_error=st.booleans(),
)
MESSAGES = st.lists(
    st.one_of(
        st.builds(SystemMessage, content=TEXTS),
        st.builds(UserMessage, content=TEXTS, source=SOURCES),
        st.builds(AssistantMessage, content=TEXTS, source=SOURCES),
        st.builds(FunctionExecutionResultMessage, content=st.lists(RESULTS, max_size=3)),
    ),
    max_size=8,
)
SHARED = HeadroomMessageTransform(model="gpt-4o", references=True)


def dumped(messages):
    """Return messages as plain data."""
    return [message.model_dump() for message in messages]


@given(MESSAGES)
@settings(max_examples=60, deadline=None)
def test_what_is_given_is_not_changed_and_what_returns_has_its_form(messages):
    """Types, sources, names and ids stand where they stood; no text is longer than it was."""
    before = dumped(messages)
    shown = SHARED(messages)

    assert dumped(messages) == before
    assert [type(one) for one in shown] == [type(one) for one in messages]
    for one, was in zip(shown, messages, strict=True):
        assert getattr(one, "source", None) == getattr(was, "source", None)
        assert all(COUNTER.count(new) <= COUNTER.count(old) for new, old in zip(texts_of(one), texts_of(was), strict=True))


@given(MESSAGES, MESSAGES)
@settings(max_examples=40, deadline=None)
def test_a_conversation_that_grows_keeps_its_start(messages, more):
    """Byte for byte, whoever makes the views: another transform with the same options shows the same."""
    fresh = HeadroomMessageTransform(model="gpt-4o", references=True)

    assert dumped(SHARED([*messages, *more]))[: len(messages)] == dumped(fresh(messages))


@given(MESSAGES)
@settings(max_examples=40, deadline=None)
def test_shown_once_more_it_is_the_same(messages):
    """A client may get what a model context showed."""
    shown = SHARED(messages)

    assert dumped(SHARED(shown)) == dumped(shown)
    assert dumped(HeadroomMessageTransform(model="gpt-4o")(shown)) == dumped(shown)


@given(MESSAGES)
@settings(max_examples=40, deadline=None)
def test_every_view_leads_to_its_original(messages):
    """What a view names is found in the messages that it was made of."""
    for before, after in zip(messages, SHARED(messages), strict=True):
        for original, text in zip(texts_of(before), texts_of(after), strict=True):
            if text != original:
                for handle in handles_in(text):
                    found = find_original(messages, handle, SHARED.exempt)
                    assert isinstance(found, Original)
                    assert found.text == original


def test_images_pass_and_texts_beside_them_are_views():
    """A message of several parts keeps its parts."""
    image = Image.from_uri("data:image/png;base64," + base64.b64encode(PIXEL).decode())
    (shown,) = SHARED([UserMessage(content=[BIG, image, "what is this?"], source="browser")])

    assert shown.content[0] != BIG
    assert "9041" in shown.content[0]
    assert shown.content[1] is image
    assert shown.content[2] == "what is this?"


def test_messages_without_views_are_the_ones_given():
    """Nothing is copied that stays."""
    messages = [UserMessage(content="short", source="researcher"), SystemMessage(content=BIG)]

    assert all(one is was for one, was in zip(SHARED(messages), messages, strict=True))


def test_alone_it_names_no_references():
    """Nobody has said that its reader can read."""
    (shown,) = HeadroomMessageTransform(model="gpt-4o")([UserMessage(content=BIG, source="researcher")])

    assert "[view; omitted parts cannot be read]" in shown.content


def test_two_originals_of_one_handle_are_told_apart_by_nobody(monkeypatch):
    """Then neither is read."""
    monkeypatch.setattr("headroom_autogen.messages.handle_of", lambda digest: "000000000000")
    messages = [UserMessage(content=payload(number), source="researcher") for number in (1, 2, 1)]

    assert find_original(messages[:1], "000000000000", ()) == find_original([messages[0], messages[2]], "000000000000", ())
    assert find_original(messages, "000000000000", ()) == Miss("ambiguous")
