"""The model context: what it keeps, what it shows, and the tool that reads for it."""

import asyncio
import gc
import json
import logging

import pytest
from autogen_agentchat.agents import AssistantAgent
from autogen_agentchat.messages import TextMessage
from autogen_core import CancellationToken
from autogen_core.model_context import (
    BufferedChatCompletionContext,
    ChatCompletionContext,
    HeadAndTailChatCompletionContext,
    TokenLimitedChatCompletionContext,
    UnboundedChatCompletionContext,
)
from autogen_core.models import UserMessage

from headroom_autogen import HeadroomChatCompletionClient, HeadroomChatCompletionContext
from headroom_core import SharedContext
from headroom_core.errors import InvalidOptionError
from headroom_core.markers import handles_in
from headroom_core.testing.adapters import payload
from tests.adapters.autogen.scripted import COUNTER, Recorder, agent, reads

BIG = payload()
TASK_MESSAGE = TextMessage(content="Which checks failed?", source="user")
FOUND_MESSAGE = TextMessage(content=BIG, source="researcher")
TASK = UserMessage(content="Which checks failed?", source="user")
FOUND = UserMessage(content=BIG, source="researcher")


def filled(inner=None, *messages, **options):
    """Return a context with messages in it."""
    context = HeadroomChatCompletionContext(inner, model="gpt-4o", **options)

    async def fill():
        for message in messages or (TASK, FOUND):
            await context.add_message(message)

    asyncio.run(fill())
    return context


def shown(context):
    """Return what a context shows."""
    return asyncio.run(context.get_messages())


def read(context, reference):
    """Return what the tool of a context answers."""
    return asyncio.run(context.read_tool().run_json({"reference": reference}, CancellationToken()))


def handle(context):
    """Return the handle that stands in what a context shows."""
    return next(handles_in("\n".join(str(one.content) for one in shown(context))))


INNER = [
    lambda: None,
    UnboundedChatCompletionContext,
    lambda: BufferedChatCompletionContext(5),
    lambda: HeadAndTailChatCompletionContext(1, 4),
    lambda: TokenLimitedChatCompletionContext(HeadroomChatCompletionClient(Recorder([]), model="gpt-4o"), token_limit=4_000),
]


@pytest.mark.parametrize("inner", INNER, ids=["none", "unbounded", "buffered", "head and tail", "token limited"])
class TestAroundEveryContext:
    """The inner context keeps and chooses; this one shows views."""

    def test_views_and_originals(self, inner):
        """Views are copies: what the inner one keeps, and the messages themselves, stay."""
        found = FOUND.model_copy()
        context = filled(inner(), TASK, found)
        task, view = shown(context)

        assert task is TASK
        assert "9041" in view.content
        assert COUNTER.count(view.content) * 5 <= COUNTER.count(BIG)
        assert found.content == BIG
        assert asyncio.run(context.inner.get_messages())[1].content == BIG

    def test_states_hold_originals(self, inner):
        """As JSON, for another context that has said nothing yet."""
        state = json.loads(json.dumps(asyncio.run(filled(inner()).save_state())))
        context = HeadroomChatCompletionContext(inner(), model="gpt-4o")
        asyncio.run(context.load_state(state))

        assert state["messages"][1]["content"] == BIG
        assert shown(context) == shown(filled(inner()))

    def test_configurations(self, inner):
        """Dumped and loaded with the inner context and the options."""
        context = HeadroomChatCompletionContext(inner(), model="gpt-4o", mode="compact", max_tokens=700, exempt=["boss"])
        loaded = ChatCompletionContext.load_component(json.loads(context.dump_component().model_dump_json()))

        assert isinstance(loaded, HeadroomChatCompletionContext)
        assert type(loaded.inner) is type(context.inner)
        assert loaded.dump_component() == context.dump_component()

    def test_cleared(self, inner):
        """Nothing is left to show, nor to read."""
        context = filled(inner())
        context.read_tool()
        named = handle(context)
        asyncio.run(context.clear())

        assert shown(context) == []
        assert "is unknown" in read(context, f"{named} rows 1-2")


class TestReading:
    """The tool reads what its context showed, and nothing else."""

    def test_references_come_with_the_tool(self):
        """Before it is asked for nobody has it, and views name none."""
        context = filled()

        assert "omitted parts cannot be read" in shown(context)[1].content
        assert context.read_tool() is context.read_tool()
        assert context.read_tool().name == "headroom_read"
        assert json.dumps(json.loads(BIG)[99]) in read(context, f"{handle(context)} rows 100-100")

    def test_another_contexts_reference_is_a_miss(self):
        """Each context shows its own."""
        first, second = filled(), filled(None, TASK, UserMessage(content=payload(2), source="researcher"))
        first.read_tool(), second.read_tool()

        assert "is unknown" in read(second, f"{handle(first)} rows 1-2")

    def test_what_a_buffer_let_go_of_since_is_still_read(self):
        """The model asks about the prompt that it was given, and its own call moves the buffer on."""
        context = filled(BufferedChatCompletionContext(1), FOUND)
        context.read_tool()
        named = handle(context)
        asyncio.run(context.add_message(UserMessage(content="next", source="user")))

        assert "restored data" in read(context, f"{named} rows 1-2")
        shown(context)
        assert "is unknown" in read(context, f"{named} rows 1-2")

    def test_an_agent_reads_and_answers(self):
        """With as many iterations as reading takes; what was read is never shown as a view."""
        context = HeadroomChatCompletionContext(model="gpt-4o")
        model = Recorder([lambda given: reads(f"{next(handles_in(given.text))} rows 1-700"), "done"])
        writer = agent("writer", model, model_context=context, tools=[context.read_tool()], max_tool_iterations=4)
        result = asyncio.run(writer.run(task=[TASK_MESSAGE, FOUND_MESSAGE]))

        assert result.messages[-1].content == "done"
        answer = model.given[1].messages[-1].content[0].content
        assert json.dumps(json.loads(BIG)[0]) in answer
        assert "To go on, read" in answer

    def test_a_tool_that_was_given_no_context(self):
        """As when a configuration is loaded in part."""
        tool = HeadroomChatCompletionContext().read_tool()
        loaded = type(tool).load_component(tool.dump_component())

        assert "Nothing was read" in asyncio.run(loaded.run_json({"reference": "482913207615 rows 1-2"}, CancellationToken()))

    def test_loaded_agents_read_their_own(self):
        """Each agent that is loaded from one configuration has a tool and a context that belong together."""
        context = HeadroomChatCompletionContext(model="gpt-4o")
        writer = agent("writer", Recorder([]), model_context=context, tools=[context.read_tool()])
        config = writer.dump_component()
        loaded = [AssistantAgent.load_component(config) for _ in range(2)]
        for number, one in enumerate(loaded):
            asyncio.run(one.model_context.add_message(UserMessage(content=payload(number), source="researcher")))
            assert "\n[view of" in "\n" + shown(one.model_context)[0].content

        handles = [handle(one.model_context) for one in loaded]
        answers = [[read(one.model_context, f"{named} rows 1-2") for named in handles] for one in loaded]
        assert [["restored data" in answer for answer in row] for row in answers] == [[True, False], [False, True]]
        (bench,) = loaded[0].dump_component().config["workbench"]
        assert bench["config"]["tools"][0]["provider"] == "headroom_autogen.HeadroomReadTool"

    def test_a_context_that_is_loaded_without_its_tool_names_no_references(self):
        """Nobody could redeem them; a tool that is loaded afterwards is of another agent."""
        context = filled()
        config, tool = (context.read_tool(), context)[1].dump_component(), context.read_tool().dump_component()
        loaded = ChatCompletionContext.load_component(config)
        type(context.read_tool()).load_component(tool)
        asyncio.run(loaded.add_message(FOUND))

        assert "omitted parts cannot be read" in shown(loaded)[0].content


class TestSharing:
    """Only what is passed is shared."""

    def test_a_context_that_is_passed_is_where_originals_are(self):
        """For whoever else has it."""
        ctx = SharedContext(model="gpt-4o")
        context = filled(ctx=ctx)
        context.read_tool()
        named = handle(context)

        assert ctx.scoped("autogen").read(f"{named} rows 100-100") == json.dumps(json.loads(BIG)[99])

    def test_a_view_that_came_with_the_task_is_read(self):
        """It was made elsewhere, of what the shared context has."""
        ctx = SharedContext(model="gpt-4o")
        ctx.put("checks", BIG, "researcher")
        context = filled(None, UserMessage(content=ctx.get("checks"), source="user"), ctx=ctx)
        alone = filled(None, UserMessage(content=ctx.get("checks"), source="user"))
        context.read_tool(), alone.read_tool()
        named = handle(context)
        shown(alone)

        assert json.dumps(json.loads(BIG)[99]) in read(context, f"{named} rows 100-100")
        assert "is unknown" in read(alone, f"{named} rows 100-100")

    def test_a_name_that_nobody_holds_is_a_fresh_context(self, caplog):
        """With one warning."""
        ctx = SharedContext(model="gpt-4o", namespace="held for a while")
        config = HeadroomChatCompletionContext(ctx=ctx).dump_component()
        del ctx
        gc.collect()
        with caplog.at_level(logging.WARNING, "headroom_autogen"):
            loaded = [ChatCompletionContext.load_component(config) for _ in range(2)]
        for one in loaded:
            asyncio.run(one.add_message(FOUND))
            assert "9041" in shown(one)[0].content

        assert len(caplog.records) == 1


@pytest.mark.parametrize(
    "options", [{"max_tokens": 0}, {"mode": "tiny"}, {"read_tokens": 20}, {"exempt": "user"}, {"inner": 3}]
)
def test_options_that_mean_nothing(options):
    """They fail where they are written."""
    with pytest.raises(InvalidOptionError):
        HeadroomChatCompletionContext(**options)
