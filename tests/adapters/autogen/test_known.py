"""What the views of a prompt are made for: the task, and what stands before them in it."""

import asyncio

import pytest
from autogen_agentchat.teams import RoundRobinGroupChat
from autogen_core.model_context import BufferedChatCompletionContext
from autogen_core.models import (
    AssistantMessage,
    FunctionExecutionResult,
    FunctionExecutionResultMessage,
    SystemMessage,
    UserMessage,
)

from headroom_autogen import EXEMPT, HeadroomChatCompletionClient, HeadroomChatCompletionContext, HeadroomMessageTransform
from headroom_core import SharedContext, handoff, markers
from headroom_core.content import digest_and_size
from headroom_core.testing import FakeCounter
from headroom_core.testing.adapters import payload
from tests.adapters.autogen.scripted import Recorder, agent, calls, reads
from tests.adapters.autogen.teams import TEAMS
from tests.adapters.telling import assert_known_is_read, assert_start_kept, telling
from tests.core.timing import assert_linear

FOUND = [payload(number, rows=120) for number in range(3)]


def client(model):
    """Return the options of an agent with the client."""
    return HeadroomChatCompletionClient(model, model="gpt-4o"), {}


def context(model):
    """Return the options of an agent with the model context."""
    return model, {"model_context": HeadroomChatCompletionContext(model="gpt-4o")}


@pytest.mark.parametrize("adapted", [client, context])
def test_a_prompt_that_grows_keeps_its_start(asked, adapted):
    """Over many turns and a second task: each view stays as it was first shown, and is made for the first task."""
    model = Recorder(["a remark"] * 6)
    wrapped, options = adapted(model)
    team = RoundRobinGroupChat(
        [agent("researcher", Recorder([*FOUND, *FOUND])), agent("writer", wrapped, **options)], max_turns=6
    )

    async def twice():
        await team.run(task="Report.")
        await team.run(task="And now?")

    asyncio.run(twice())
    prompts = [given.texts for given in model.given]

    assert_start_kept(prompts)
    assert_known_is_read(asked, prompts)
    assert {one.query for one in asked} == {"Report."}
    assert asked[-1].known[-1] == "a remark"
    assert "And now?" in asked[-1].known
    assert not any(found in prompts[-1] for found in FOUND)


@pytest.mark.parametrize("make", TEAMS, ids=lambda make: make.__name__)
def test_what_is_known_stands_in_the_same_prompt(asked, make):
    """In a team of each type: nothing of another agent's prompt, and nothing that comes later."""
    team, models = make(lambda model: HeadroomChatCompletionClient(model, model="gpt-4o"))
    asyncio.run(team.run(task="Report on the checks."))

    prompts = [given.texts for model in models for given in model.given]

    assert asked
    assert_known_is_read(asked, prompts)
    assert {one.query for one in asked if one.query} <= {text for prompt in prompts for text in prompt}


def test_all_that_stands_before_is_known_as_it_is_shown(asked):
    """Instructions, the task, calls, what the model said itself, what is exempt and what was read: all of it, in order."""
    results = [
        FunctionExecutionResult(content=content, name=name, call_id=name, is_error=False)
        for name, content in (("fetch", FOUND[0]), ("headroom_read", "what was read"), ("search", FOUND[1]))
    ]
    messages = [
        SystemMessage(content="You are the writer."),
        UserMessage(content="Report.", source="user"),
        UserMessage(content="all of it", source="librarian"),
        AssistantMessage(content=calls(("fetch", {"which": "all"})).content, source="writer"),
        FunctionExecutionResultMessage(content=results),
        AssistantMessage(content="I see.", source="writer"),
        UserMessage(content=FOUND[2], source="researcher"),
        UserMessage(content="Go on.", source="user"),
    ]
    HeadroomMessageTransform(model="gpt-4o", exempt=[*EXEMPT, "librarian"])(messages)
    start = ("You are the writer.", "Report.", "all of it", '{"which": "all"}')
    fetched, searched, researched = asked

    assert fetched.known == start
    assert searched.known == (*start, fetched.shown, "what was read")
    assert researched.known == (*start, fetched.shown, "what was read", searched.shown, "I see.")
    assert fetched.query == searched.query == researched.query == "Report."


def test_a_copy_further_up_is_known_as_it_is_shown(asked):
    """Where the same text passes whole further up, it is known whole; where it is a view, the view is."""
    messages = [
        UserMessage(content=FOUND[0], source="librarian"),
        UserMessage(content=FOUND[0], source="researcher"),
        UserMessage(content=FOUND[0], source="researcher"),
    ]
    shown = HeadroomMessageTransform(model="gpt-4o", exempt=["librarian"])(messages)
    first, second = asked

    assert shown[0].content == FOUND[0]
    assert first.known == (FOUND[0],)
    assert second.known == (FOUND[0], first.shown)
    assert first.query is None


def test_a_text_of_which_no_view_is_made_is_known_as_it_passes(monkeypatch):
    """What fails costs its own saving, and changes nothing else."""
    asked = []
    monkeypatch.setattr(handoff, "Viewer", telling(asked, broken=[FOUND[0]]))
    messages = [UserMessage(content=text, source="researcher") for text in FOUND[:2]]
    shown = HeadroomMessageTransform(model="gpt-4o")(messages)

    assert shown[0].content == FOUND[0]
    assert shown[1].content == asked[0].shown != FOUND[1]
    assert asked[0].known == (FOUND[0],)


def test_what_is_known_changes_no_handle():
    """An original has one name, whoever reads a view of it behind whatever, and is read by it."""
    large = payload(7, rows=2_000)
    handle = markers.handle_of(digest_and_size(large)[0])
    ctx = SharedContext(model="gpt-4o")
    for before in ([], [FOUND[0]], [large[:4_000]]):
        model = Recorder([lambda given: reads(f"{handle} rows 2-3"), "a report"])
        messages = [UserMessage(content=text, source="researcher") for text in [*before, large]]
        asyncio.run(HeadroomChatCompletionClient(model, model="gpt-4o", ctx=ctx).create(messages))

        assert f"[view of {handle};" in model.given[0].texts[len(before)]
        assert "Nothing was read" not in model.given[1].texts[-1]
    assert [key for key in ctx.scoped("autogen").keys() if handle in key] == [f"researcher {handle}"]  # noqa: SIM118  # no dict


def test_a_buffer_that_lets_go_of_the_front_makes_views_of_what_is_left(asked):
    """Then the prompt begins anew, and what is gone is known no more."""
    buffered = HeadroomChatCompletionContext(BufferedChatCompletionContext(buffer_size=2), model="gpt-4o")

    async def shown():
        for text in FOUND:
            await buffered.add_message(UserMessage(content=text, source="researcher"))
            messages = await buffered.get_messages()
        return [message.content for message in messages]

    texts = asyncio.run(shown())

    assert_known_is_read(asked[-2:], [texts])
    assert asked[-2].known == ()


def test_short_messages_ask_for_nothing(asked):
    """What stands before is put together only where a view is made."""
    messages = [UserMessage(content=f"remark {number}", source="researcher") for number in range(2_000)]
    HeadroomMessageTransform(model="gpt-4o")([*messages, UserMessage(content=FOUND[0], source="researcher")])

    assert [len(one.known) for one in asked] == [2_000]


def test_time_grows_with_the_messages():
    """Twice as many take about twice as long."""
    transform = HeadroomMessageTransform(counter=FakeCounter())

    def messages(count):
        texts = (FOUND[number // 2_000 % 3] if number % 2_000 == 0 else f"remark {number}" for number in range(count))
        return [UserMessage(content=text, source="researcher") for text in texts]

    assert_linear(transform, messages)
