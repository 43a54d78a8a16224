"""The client: what the model is given, how it reads, and what passes through unchanged."""

import asyncio
import json
import logging

import pytest
from autogen_agentchat.agents import AssistantAgent
from autogen_core import CancellationToken, FunctionCall
from autogen_core.models import (
    AssistantMessage,
    ChatCompletionClient,
    CreateResult,
    FunctionExecutionResult,
    FunctionExecutionResultMessage,
    RequestUsage,
    SystemMessage,
    UserMessage,
)
from autogen_core.tools import FunctionTool
from pydantic import BaseModel

from headroom_autogen import EXEMPT, HeadroomChatCompletionClient, HeadroomChatCompletionContext
from headroom_core import SharedContext
from headroom_core.errors import InvalidOptionError, InvalidOptionTypeError
from headroom_core.markers import handle_of, handles_in
from headroom_core.testing.adapters import BrokenCounter, payload
from tests.adapters.autogen.scripted import CALLS, COUNTER, MUTE, Recorder, agent, calls, reads

BIG = payload()
TASK = UserMessage(content="Which checks failed?", source="user")
FOUND = UserMessage(content=BIG, source="researcher")
GEMINI = CALLS | {"family": "gemini-2.5-pro"}


class Verdict(BaseModel):
    """A form that a caller asks for."""

    failed: int


class NotAllowed(Exception):  # noqa: N818  # as clients of providers name theirs
    """What a provider answers that refuses a call."""

    status_code = 400


class TooMany(NotAllowed):
    """What it answers one call too many."""

    status_code = 429


def lookup(which: str) -> str:
    """Return a check."""
    return which


LOOKUP = FunctionTool(lookup, "Looks a check up.", strict=True)


def wrapped(*lines, info=None, **options):
    """Return a recorder and a client around it."""
    model = Recorder(list(lines), info)
    return model, HeadroomChatCompletionClient(model, model="gpt-4o", **options)


def create(client, *messages, **options):
    """Return what a call comes to."""
    return asyncio.run(client.create(list(messages), **options))


def stream(client, *messages, **options):
    """Return the chunks of a call, and what it comes to."""

    async def run():
        return [chunk async for chunk in client.create_stream(list(messages), **options)]

    *chunks, result = asyncio.run(run())
    return chunks, result


def first_reference(given):
    """Return a reference to a row that a view left out."""
    handle = next(handles_in(given.text))
    return f"{handle} rows 100-101"


def read_once(given):
    """Ask for it."""
    return reads(first_reference(given), tokens=7)


class TestWhatTheModelIsGiven:
    """Views of what others said; everything else as it is."""

    def test_other_agents_are_views_and_the_task_is_not(self):
        """The user's words are the task, however long they are. What repeats them is named."""
        model, client = wrapped("done")
        task = UserMessage(content=BIG, source="user")
        create(client, SystemMessage(content=BIG), task, FOUND)
        given = model.given[0].messages

        assert given[0].content == BIG
        assert given[1].content == BIG
        assert given[2].content != BIG
        assert "as above" in given[2].content

    def test_exempt_sources_pass_whole(self):
        """Who is named is not shortened, and who is not, is."""
        model, client = wrapped("done", exempt=["researcher"])
        create(client, UserMessage(content=BIG, source="user"), FOUND)

        assert model.given[0].messages[0].content != BIG
        assert model.given[0].messages[1].content == BIG

    def test_exempt_tools_pass_whole(self):
        """What they return may be there to be edited."""
        results = [FunctionExecutionResult(content=BIG, name=name, call_id=name, is_error=False) for name in ("load", "fetch")]
        model, client = wrapped("done", exempt=[*EXEMPT, "load"])
        create(client, TASK, FunctionExecutionResultMessage(content=results))
        loaded, fetched = model.given[0].messages[1].content

        assert loaded.content == BIG
        assert fetched.content != BIG

    def test_tools_are_views_and_their_calls_stay(self):
        """Pairs of call and result hold together: ids, names and errors are those of the caller."""
        asked = AssistantMessage(
            content=[FunctionCall(id="c1", name="fetch", arguments=json.dumps({"all": BIG}))], source="writer", thought="hm"
        )
        results = [
            FunctionExecutionResult(content=BIG, name="fetch", call_id="c1", is_error=False),
            FunctionExecutionResult(content="short", name="other", call_id="c2", is_error=True),
        ]
        model, client = wrapped("done")
        create(client, TASK, asked, FunctionExecutionResultMessage(content=results))
        _, call, shown = model.given[0].messages

        assert call == asked
        assert [(one.name, one.call_id, one.is_error) for one in shown.content] == [
            ("fetch", "c1", False),
            ("other", "c2", True),
        ]
        assert shown.content[0].content != BIG
        assert shown.content[1].content == "short"

    def test_what_the_model_read_or_said_itself_stays(self):
        """What was fetched is never compressed again, and nobody's own words are."""
        own = AssistantMessage(content=BIG, source="writer")
        read = FunctionExecutionResult(content=BIG, name="headroom_read", call_id="c1", is_error=False)
        model, client = wrapped("done")
        create(client, TASK, own, FunctionExecutionResultMessage(content=[read]))

        assert model.given[0].messages[1] == own
        assert model.given[0].messages[2].content[0].content == BIG

    def test_the_messages_given_are_not_changed(self):
        """They are the ones that the thread, the result and the saved state hold."""
        found = FOUND.model_copy()
        _, client = wrapped("done")
        create(client, TASK, found)

        assert found.content == BIG

    def test_small_prompts_are_given_as_they_are(self):
        """No tool is offered where nothing was left out."""
        model, client = wrapped("done")
        messages = [TASK, UserMessage(content="three hosts are down", source="researcher")]
        create(client, *messages, tools=[LOOKUP])

        assert model.given[0].messages == messages
        assert model.given[0].names == ["lookup"]
        assert model.given[0].choice == "auto"


class TestReading:
    """What the model asks to read is answered inside the call."""

    @pytest.mark.parametrize(
        "way", [create, lambda *args, **kwargs: stream(*args, **kwargs)[1]], ids=["create", "create_stream"]
    )
    def test_a_part_is_read_exactly(self, way):
        """The caller gets the answer, and sees nothing of the reading but its tokens."""
        model, client = wrapped(read_once, "row 100 is fine")
        result = way(client, TASK, FOUND)
        rows = json.loads(BIG)[99:101]

        assert result.content == "row 100 is fine"
        assert result.usage.prompt_tokens > 7
        assert model.given[0].names == ["headroom_read"]
        answer = model.given[1].messages[-1].content[0]
        assert answer.call_id == model.given[1].messages[-2].content[0].id
        assert all(json.dumps(row) in answer.content for row in rows)

    def test_tokens_are_summed(self):
        """Whoever pays sees all of it."""

        def said(tokens, content="done"):
            usage = RequestUsage(prompt_tokens=tokens, completion_tokens=tokens + 1)
            return CreateResult(finish_reason="stop", content=content, usage=usage, cached=True)

        _, client = wrapped(lambda given: reads(first_reference(given), tokens=10), said(100))
        result = create(client, TASK, FOUND)

        assert result.usage == RequestUsage(prompt_tokens=110, completion_tokens=111)
        assert result.cached is False, "one of the calls was not cached"

    def test_several_parts_at_once(self):
        """One round answers all that is asked in it."""
        model, client = wrapped(lambda given: reads(first_reference(given), "nonsense", tokens=1), "done")
        create(client, TASK, FOUND)
        read, missed = model.given[1].messages[-1].content

        assert "restored data" in read.content
        assert missed.content.startswith("Nothing was read")

    @pytest.mark.parametrize(
        "arguments", ["[" * 200_000, "", "no json", "[]", "null", '{"part": 3}', '{"reference": 3}', '"rows 1-2"']
    )
    def test_whatever_is_asked_is_answered(self, arguments):
        """A model may write anything."""
        asked = calls(("headroom_read", {}))
        asked.content[0].arguments = arguments
        model, client = wrapped(asked, "done")

        assert create(client, TASK, FOUND).content == "done"
        assert model.given[1].messages[-1].content[0].content.startswith("Nothing was read")

    def test_three_rounds_at_the_most(self):
        """Then the model is told to say what it has. Its tools are the same in all calls, so that its cache holds."""
        model, client = wrapped(*[read_once] * 3, "done")

        assert create(client, TASK, FOUND).content == "done"
        assert [given.names for given in model.given] == [["headroom_read"]] * 4
        assert [given.choice for given in model.given] == ["auto"] * 3 + ["none"]

    def test_a_fourth_wish_is_refused_and_the_model_may_go_on(self):
        """As models do that have tools of the caller's, which the tool of ours stands beside."""
        model, client = wrapped(*[read_once] * 4, calls(("lookup", {"which": "it"})))
        result = create(client, TASK, FOUND, tools=[LOOKUP])

        assert [call.name for call in result.content] == ["lookup"]
        assert [given.names for given in model.given] == [["lookup", "headroom_read"]] * 5
        answers = [given.messages[-1].content[0].content for given in model.given[1:]]
        assert ["restored data" in answer for answer in answers] == [True, True, True, False]
        assert answers[3].startswith("Nothing was read")

    def test_a_model_that_never_stops_reading_says_what_it_thought(self):
        """No raw call reaches the agent, which would answer that there is no such tool."""
        model, client = wrapped(*[read_once] * 4, lambda given: reads("x", thought="so far, so good"))
        result = create(client, TASK, FOUND)

        assert result.content == "so far, so good"
        assert result.finish_reason == "stop"
        assert len(model.given) == 5

    def test_what_one_turn_reads_is_limited(self):
        """However many parts are asked for: three readings of the longest, in all."""
        many = lambda given: reads(*[f"{next(handles_in(given.text))} rows {n}-{n + 60}" for n in range(1, 600, 10)])  # noqa: E731
        model, client = wrapped(many, many, "done", read_tokens=1_000)
        create(client, TASK, FOUND)
        read = [
            one.content
            for given in model.given[-1:]
            for message in given.messages[2:]
            for one in message.content
            if hasattr(one, "call_id")
        ]

        assert len(read) == 120
        assert sum(COUNTER.count(answer) for answer in read if "restored data" in answer) <= 3_000
        assert read[-1].startswith("Nothing was read: as much")

    def test_other_calls_wait_until_it_has_read(self):
        """They are made again with what was read in sight, so no call goes unanswered."""
        both = lambda given: calls(  # noqa: E731
            ("lookup", {"which": "blind"}), ("headroom_read", {"reference": first_reference(given)})
        )
        model, client = wrapped(both, calls(("lookup", {"which": "seen"})))
        result = create(client, TASK, FOUND, tools=[LOOKUP])

        assert [call.arguments for call in result.content] == ['{"which": "seen"}']
        assert [call.name for call in model.given[1].messages[-2].content] == ["headroom_read"]

    def test_reads_beside_other_calls_are_taken_out_at_the_end(self):
        """After three rounds the agent gets the calls that are its own."""
        last = calls(("headroom_read", {"reference": "x"}), ("lookup", {"which": "it"}))
        _, client = wrapped(*[read_once] * 4, last)
        result = create(client, TASK, FOUND, tools=[LOOKUP])

        assert [call.name for call in result.content] == ["lookup"]

    def test_what_was_read_stands_before_the_answer_later_on(self):
        """A model that read a part and then called a tool still has the part when the tool has answered."""
        model, client = wrapped(read_once, calls(("lookup", {"which": "row 100"})), "done", "other")
        called = create(client, TASK, FOUND, tools=[LOOKUP])
        pair = [
            AssistantMessage(content=called.content, source="writer"),
            FunctionExecutionResultMessage(
                content=[FunctionExecutionResult(content="fine", name="lookup", call_id=called.content[0].id, is_error=False)]
            ),
        ]
        create(client, TASK, FOUND, *pair, tools=[LOOKUP])
        before, after = model.given[1].messages, model.given[2].messages

        assert after[: len(before)] == before, "the prompt goes on from where it was"
        assert after[len(before) :] == pair

        create(client, SystemMessage(content="another agent"), TASK, FOUND, *pair, tools=[LOOKUP])
        assert len(model.given[3].messages) == 5, "another prompt is given nothing that was read for this one"

    def test_the_same_prompt_again_is_given_nothing_more(self):
        """What was read belongs to the answer, not to the prompt: same in, same out."""
        model, client = wrapped(read_once, "done", "again")
        create(client, TASK, FOUND)
        create(client, TASK, FOUND)

        assert model.given[2].messages == model.given[0].messages

    def test_where_reading_is_not_offered_nothing_is_remembered(self):
        """A call that forbids tools is given no calls of the tool."""
        model, client = wrapped(read_once, "done", "a text")
        create(client, TASK, FOUND, tools=[LOOKUP])
        answer = AssistantMessage(content="done", source="writer")
        create(client, TASK, FOUND, answer, tools=[LOOKUP], tool_choice="none")

        assert [one.type for one in model.given[2].messages] == ["UserMessage", "UserMessage", "AssistantMessage"]

    def test_a_reference_of_another_prompt_is_a_miss(self):
        """Whoever tells the model the handle."""
        other, client = wrapped("done")
        create(client, TASK, UserMessage(content=payload(3), source="researcher"))
        handle = next(handles_in(other.given[0].text))
        model, client = wrapped(reads(f"{handle} rows 2-3"), "done")
        create(client, TASK, FOUND)

        assert "is unknown" in model.given[1].messages[-1].content[0].content

    def test_a_reading_is_cut_where_the_client_says(self):
        """And says how to go on."""
        model, client = wrapped(lambda given: reads(f"{next(handles_in(given.text))} rows 1-700"), "done", read_tokens=300)
        create(client, TASK, FOUND)
        answer = model.given[1].messages[-1].content[0].content

        assert COUNTER.count(answer) <= 300
        assert "To go on, read" in answer


class TestWhenReadingIsNotOffered:
    """Then views name no references, for nobody could redeem them."""

    @pytest.mark.parametrize(
        ("info", "options"),
        [
            (MUTE, {}),
            (None, {"tools": [LOOKUP], "tool_choice": "none"}),
            (None, {"tools": [LOOKUP], "tool_choice": LOOKUP}),
            (GEMINI, {"json_output": Verdict}),
        ],
        ids=["no function calls", "tools forbidden", "one tool demanded", "JSON of Gemini"],
    )
    def test_no_tool_and_no_references(self, info, options):
        """And the call is otherwise as the caller made it."""
        model, client = wrapped("{}", info=info)
        create(client, TASK, FOUND, **options)
        given = model.given[0]

        assert "headroom_read" not in given.names
        assert next(handles_in(given.text), None) is None
        assert "[view; omitted parts cannot be read]" in given.text
        assert given.choice == options.get("tool_choice", "auto")

    @pytest.mark.parametrize(
        ("info", "options", "choice"),
        [
            (None, {"tools": [LOOKUP], "tool_choice": "required"}, "required"),
            (None, {"tool_choice": "none"}, "auto"),
            (None, {"json_output": Verdict}, "auto"),
            (GEMINI, {}, "auto"),
        ],
        ids=["some tool demanded", "reflection", "structured output", "Gemini"],
    )
    def test_it_is_offered_where_the_answer_comes_out_as_asked(self, info, options, choice):
        """A reflection after tools allows none, but what is read is answered here."""
        model, client = wrapped("{}", info=info)
        create(client, TASK, FOUND, **options)
        given = model.given[0]

        assert given.names[-1] == "headroom_read"
        assert given.tools[-1]["strict"] is True, "structured output allows strict tools alone"
        assert given.choice == choice

    def test_a_call_that_the_caller_did_not_allow_is_not_returned(self):
        """A manager that passes no tools must get a text."""
        model, client = wrapped(calls(("invented", {})), "a text")

        assert create(client, TASK, FOUND).content == "a text"
        assert model.given[1].choice == "none"

    def test_where_the_caller_does_not_want_it(self):
        """An option says so."""
        model, client = wrapped("done", references=False)
        create(client, TASK, FOUND)

        assert model.given[0].names == []
        assert "[view; omitted parts cannot be read]" in model.given[0].text

    def test_an_agent_with_a_reading_tool_of_its_own_answers_itself(self):
        """Its calls reach it, and the tool stands there once."""
        context = HeadroomChatCompletionContext(model="gpt-4o")
        model, client = wrapped(reads("482913207615 rows 1-2"))
        result = create(client, TASK, FOUND, tools=[context.read_tool()])

        assert model.given[0].names == ["headroom_read"]
        assert [call.name for call in result.content] == ["headroom_read"]

    def test_a_client_around_a_client_is_one(self):
        """Views are shown as they are, and one of the two reads."""
        model, client = wrapped(read_once, "done")
        outer = HeadroomChatCompletionClient(client, model="gpt-4o")
        once, _ = wrapped("done")
        create(HeadroomChatCompletionClient(once, model="gpt-4o"), TASK, FOUND)

        assert create(outer, TASK, FOUND).content == "done"
        assert model.given[0].messages == once.given[0].messages
        assert model.given[0].names == ["headroom_read"]


class TestWhatPassesThrough:
    """A client is a client."""

    def test_every_argument(self):
        """Formats, extra arguments and tokens reach the model's client."""
        model, client = wrapped("{}", "{}")
        token = CancellationToken()
        options = {"json_output": Verdict, "extra_create_args": {"seed": 3}, "cancellation_token": token, "tools": [LOOKUP]}
        create(client, TASK, **options)
        stream(client, TASK, **options)

        for given in model.given:
            assert (given.json_output, given.extra, given.token) == (Verdict, {"seed": 3}, token)
            assert given.names == ["lookup"]

    def test_results_are_the_clients_own(self):
        """Where nothing was read nothing of the result changes, logprobs and thoughts included."""
        said = CreateResult(finish_reason="length", content="x", usage=RequestUsage(1, 2), cached=True, thought="hm")
        _, client = wrapped(said)

        assert create(client, TASK, FOUND) is said

    def test_streams_come_as_they_come(self):
        """What the model says before it reads is passed on, and the result comes last."""
        model, client = wrapped("one two three")
        chunks, result = stream(client, TASK, FOUND)

        assert chunks == ["one ", "two ", "three"]
        assert result.content == "one two three"
        assert len(model.given) == 1

    def test_a_stream_that_is_left_is_closed(self):
        """The model's client learns that nobody listens any more."""
        closed = []

        class Endless(Recorder):
            component_provider_override = "nowhere.Endless"

            async def create_stream(self, messages, **options):
                try:
                    while True:
                        yield "word "
                finally:
                    closed.append(True)

        async def run():
            chunks = HeadroomChatCompletionClient(Endless([])).create_stream([TASK])
            async for _ in chunks:
                break
            await chunks.aclose()

        asyncio.run(run())

        assert closed == [True]

    def test_a_stream_without_a_result_has_none(self):
        """What that means is for the caller to say."""

        class Cut(Recorder):
            component_provider_override = "nowhere.Cut"

            async def create_stream(self, messages, **options):
                yield "word"

        async def run():
            return [chunk async for chunk in HeadroomChatCompletionClient(Cut([])).create_stream([TASK])]

        assert asyncio.run(run()) == ["word"]

    def test_what_the_client_says_of_itself(self):
        """Usage, information and closing."""
        model, client = wrapped("done")
        create(client, TASK)

        assert client.client is model
        assert client.actual_usage() == model.actual_usage()
        assert client.total_usage() == model.total_usage()
        assert client.model_info == model.model_info
        with pytest.deprecated_call():
            assert client.capabilities == model.model_info
        asyncio.run(client.close())

    def test_tokens_are_those_of_what_the_model_is_given(self):
        """So a context that is limited by a wrapped client keeps what fits as a view."""
        model, client = wrapped()
        tokens = client.count_tokens([TASK, FOUND])

        assert tokens < model.count_tokens([TASK, FOUND])
        assert client.remaining_tokens([TASK, FOUND]) == model.remaining_tokens([])

    def test_an_error_of_the_model_is_the_callers(self):
        """It is not ours to hide."""
        _, client = wrapped()
        with pytest.raises(ValueError, match="No more mock responses"):
            create(client, TASK, FOUND)

    def test_cancelled_between_two_calls(self):
        """A run that is cancelled while the model reads does not call it again."""
        token = CancellationToken()

        def cancelling(given):
            token.cancel()
            return read_once(given)

        model, client = wrapped(cancelling, "never")
        with pytest.raises(asyncio.CancelledError):
            create(client, TASK, FOUND, cancellation_token=token)
        assert len(model.given) == 1


class TestConfigurations:
    """A client is a component."""

    def test_dumped_and_loaded(self):
        """With the client inside, and all options that JSON can hold."""
        client = HeadroomChatCompletionClient(
            Recorder(["done"]), model="gpt-4o", mode="compact", max_tokens=900, exempt=["user", "boss"], read_tokens=500
        )
        loaded = ChatCompletionClient.load_component(json.loads(client.dump_component().model_dump_json()))

        assert isinstance(loaded, HeadroomChatCompletionClient)
        assert loaded.dump_component() == client.dump_component()
        create(loaded, TASK, FOUND, UserMessage(content=BIG, source="boss"))
        given = loaded.client.given[0]
        assert COUNTER.count(given.messages[1].content) <= 900
        assert given.messages[2].content == BIG

    def test_a_counter_is_left_out_with_a_warning(self, caplog):
        """It is no JSON."""
        client = HeadroomChatCompletionClient(Recorder([]), counter=len)
        with caplog.at_level(logging.WARNING, "headroom_autogen"):
            client.dump_component()

        assert "counter" in caplog.text

    def test_an_agent_with_it_is_dumped_and_loaded(self):
        """As AutoGen does with agents and teams."""
        _, client = wrapped("done")
        loaded = AssistantAgent.load_component(agent("writer", client).dump_component())

        assert asyncio.run(loaded.run(task="Hello")).messages[-1].content == "done"

    @pytest.mark.parametrize("options", [{"max_tokens": 0}, {"mode": "tiny"}, {"read_tokens": 20}])
    def test_options_that_mean_nothing(self, options):
        """They fail where they are written."""
        with pytest.raises(InvalidOptionError):
            HeadroomChatCompletionClient(Recorder([]), **options)

    @pytest.mark.parametrize(("client", "ctx"), [("gpt-4o", None), (Recorder([]), "shared")])
    def test_options_of_another_type(self, client, ctx):
        """And not at the first call."""
        with pytest.raises(InvalidOptionTypeError):
            HeadroomChatCompletionClient(client, ctx=ctx)


class TestFailures:
    """They cost the saving and nothing else."""

    def test_a_broken_counter(self, caplog):
        """The model is given all of it, and the log says why."""
        model, client = wrapped("done", counter=BrokenCounter())
        create(client, TASK, FOUND)

        assert model.given[0].messages == [TASK, FOUND]
        assert model.given[0].names == []
        assert "out of order" in caplog.text

    def test_a_counter_that_breaks_before_the_reading(self):
        """The model is told that nothing was read, and the run goes on."""
        counts = [COUNTER]
        model = Recorder([])
        client = HeadroomChatCompletionClient(model, counter=lambda text: counts[-1].count(text))  # noqa: PLW0108  # the last one changes

        def breaking(given):
            counts.append(BrokenCounter())
            return read_once(given)

        model.chat_completions = [breaking, "done"]

        assert create(client, TASK, FOUND).content == "done"
        assert model.given[1].messages[-1].content[0].content.startswith("Nothing was read: reading failed")

    @pytest.mark.parametrize(
        "way", [create, lambda *args, **kwargs: stream(*args, **kwargs)[1]], ids=["create", "create_stream"]
    )
    @pytest.mark.parametrize("late", [False, True], ids=["offer", "reading"])
    def test_a_provider_that_refuses_the_tool(self, way, late, caplog):
        """The call is made again as the caller asked, and no other of its kind offers to read."""

        class Refusing(Recorder):
            component_provider_override = "nowhere.Refusing"

            def _take(self, messages, tools, *args):
                super()._take(messages, tools, *args)
                names = [tool["name"] for tool in tools]
                if "headroom_read" in names and (not late or messages[-1].type == "FunctionExecutionResultMessage"):
                    raise NotAllowed

        model = Refusing([read_once, "done", "again", "with tools"] if late else ["done", "again", "with tools"])
        client = HeadroomChatCompletionClient(model, model="gpt-4o")
        first, second = (way(client, TASK, FOUND, json_output=True) for _ in range(2))

        assert (first.content, second.content) == ("done", "again")
        assert first.usage.completion_tokens == (8 if late else 1)
        assert "was refused" in caplog.text
        offered = [given.names for given in model.given]
        assert offered == ([["headroom_read"]] * 2 if late else [["headroom_read"]]) + [[], []]
        assert all("cannot be read" in given.text for given in model.given[-2:])

    def test_what_is_no_refusal_is_the_callers(self):
        """Such as a limit of calls a minute: to call again at once would make it worse."""

        class Busy(Recorder):
            component_provider_override = "nowhere.Busy"

            def _take(self, *args):
                super()._take(*args)
                raise TooMany

        model = Busy([])
        with pytest.raises(TooMany):
            create(HeadroomChatCompletionClient(model), TASK, FOUND)
        assert len(model.given) == 1

    def test_a_client_that_says_nothing_of_itself(self):
        """Then the model is given all of it."""

        class Silent(Recorder):
            component_provider_override = "nowhere.Silent"

            @property
            def model_info(self):
                raise RuntimeError

        model = Silent(["done"])
        create(HeadroomChatCompletionClient(model), TASK, FOUND)

        assert model.given[0].messages == [TASK, FOUND]


class TestSharedContexts:
    """Nothing is shared unless a context is passed."""

    def test_what_one_client_showed_another_reads(self):
        """Where both have the context, and the second one's prompt names it."""
        ctx = SharedContext(model="gpt-4o")
        first, client = wrapped("done", ctx=ctx)
        create(client, TASK, FOUND)
        reference = first_reference(first.given[0])
        named = UserMessage(content=f"The researcher's view says: look at {reference}.", source="writer")
        model, client = wrapped(reads(reference), "done", ctx=ctx)
        create(client, TASK, named)
        alone, private = wrapped("done")
        create(private, TASK, named)

        assert model.given[0].names == ["headroom_read"]
        assert json.dumps(json.loads(BIG)[99]) in model.given[1].messages[-1].content[0].content
        assert alone.given[0].names == []

    def test_a_handle_that_its_prompt_does_not_name_is_unknown(self):
        """Even where the context has it."""
        ctx = SharedContext(model="gpt-4o")
        other, client = wrapped("done", ctx=ctx)
        create(client, TASK, UserMessage(content=payload(3), source="researcher"))
        reference = first_reference(other.given[0])
        model, client = wrapped(reads(reference), "done", ctx=ctx)
        create(client, TASK, FOUND)

        assert "is unknown" in model.given[1].messages[-1].content[0].content

    def test_asking_twice_opens_nothing(self):
        """Neither in the same call nor in a later one, where the refusal stands in the prompt."""
        ctx = SharedContext(model="gpt-4o")
        ctx.put("of another user", payload(3))
        reference = f"{handle_of(ctx.get_entry('of another user').digest)} rows 2-3"
        model, client = wrapped(reads(reference), reads(reference), "no", reads(reference), "no", ctx=ctx)
        create(client, TASK, FOUND)
        create(client, TASK, FOUND, AssistantMessage(content="no", source="writer"), UserMessage(content="?", source="user"))

        answers = [one.content[0].content for one in model.given[-1].messages if one.type == "FunctionExecutionResultMessage"]
        assert len(answers) == 3
        assert all("is unknown" in answer for answer in answers)

    def test_originals_are_kept_in_a_scope_under_who_said_them(self):
        """They take no room of what the context's owner puts, and one that has gone is not put again in every call."""
        ctx = SharedContext(model="gpt-4o", max_entries=3)
        ctx.put("research", "of the owner")
        _, client = wrapped("a", "b", ctx=ctx)
        found = [UserMessage(content=payload(number, rows=400), source="researcher") for number in range(6)]
        create(client, TASK, *found)
        scope = ctx.scoped("autogen")
        entries = [*map(scope.get_entry, scope.keys())]
        create(client, TASK, *found)

        assert ctx.keys() == ["research"]
        assert [(one.agent, one.original) for one in entries] == [("researcher", one.content) for one in found[3:]]
        assert [scope.get_entry(one.key) for one in entries] == entries
        assert all(one.key.startswith("researcher ") for one in entries)

    def test_what_a_context_refuses_is_read_from_the_prompt(self, caplog):
        """The view is shown, and its references hold."""
        ctx = SharedContext(model="gpt-4o", max_entry_bytes=100)
        model, client = wrapped(read_once, "done", ctx=ctx)
        create(client, TASK, FOUND)

        assert "restored data" in model.given[1].messages[-1].content[0].content
        assert "did not take" in caplog.text

    def test_a_configuration_finds_the_context_that_is_held(self, caplog):
        """By its namespace; where nobody holds it, what is loaded gets a fresh one, with one warning."""
        ctx = SharedContext(model="gpt-4o", namespace="reviews of one team")
        config = HeadroomChatCompletionClient(Recorder(["done", "done"]), ctx=ctx).dump_component()
        loaded = ChatCompletionClient.load_component(config)
        create(loaded, TASK, FOUND)
        assert len(ctx.scoped("autogen")) == 1
        assert caplog.text == ""

        ctx.scoped("autogen").clear()
        namespace = config.config["context"] = "one that nobody holds"
        first, second = (ChatCompletionClient.load_component(config) for _ in range(2))
        create(first, TASK, FOUND)
        create(second, TASK, FOUND)

        assert len(ctx.scoped("autogen")) == 0
        assert caplog.text.count(namespace) == 2, "one warning, which says it twice"

    def test_a_name_that_two_stores_have_is_neither(self, caplog):
        """A namespace is one only within its store, and a configuration does not say which store is meant."""
        first, second = (SharedContext(model="gpt-4o", namespace="reviews") for _ in range(2))
        config = HeadroomChatCompletionClient(Recorder(["done"]), ctx=first).dump_component()
        HeadroomChatCompletionClient(Recorder([]), ctx=second)
        create(ChatCompletionClient.load_component(config), TASK, FOUND)

        assert len(first.scoped("autogen")) == len(second.scoped("autogen")) == 0
        assert "several stores" in caplog.text
