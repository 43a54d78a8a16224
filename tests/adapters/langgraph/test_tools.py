"""The tools of agents, the middleware that brings one, and messages."""

import asyncio
import time
from itertools import pairwise
from typing import Annotated, TypedDict

import pytest
from langchain.agents import create_agent
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import tool
from langchain_core.utils.function_calling import convert_to_openai_tool
from langchain_tests.integration_tests import ToolsIntegrationTests
from langchain_tests.unit_tests import ToolsUnitTests
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.func import entrypoint
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages
from langgraph.prebuilt import ToolNode
from langgraph.store.memory import InMemoryStore
from pydantic import BaseModel

from headroom_core import SharedContext, errors, markers
from headroom_core.content import digest_and_size
from headroom_core.markers import handle_of
from headroom_core.testing import FakeClock
from headroom_core.testing.adapters import payload
from headroom_langgraph import (
    HeadroomMiddleware,
    compressed_view,
    handing_over,
    handoff,
    handoff_messages,
    handoff_tool,
    headroom_read_tool,
    original_of,
)
from headroom_langgraph.records import original_in
from tests.adapters.langgraph.scripted import COUNTER, Scripted, call

BIG = payload()
LARGE = payload(rows=4_000)
HANDLE = handle_of(digest_and_size(LARGE)[0])
FIRST_ROWS = f"{HANDLE} rows 1-2"
RUN = {"configurable": {"thread_id": "7"}}


class Talk(TypedDict, total=False):
    """Messages, and a handoff."""

    messages: Annotated[list[AnyMessage], add_messages]
    research: Annotated[dict, handoff()]
    plain: object


def asked(state, reference=FIRST_ROWS, *, config=RUN, store=None, **options):
    """Return what the reading tool answers in a state."""
    builder = StateGraph(Talk)
    builder.add_node("tools", ToolNode([headroom_read_tool(**options)]))
    builder.add_edge(START, "tools")
    graph = builder.compile(store=store)
    state = {**state, "messages": [*state.get("messages", []), call("headroom_read", reference=reference)]}
    found = graph.invoke(state, config)["messages"][-1].text
    assert asyncio.run(graph.ainvoke(state, config))["messages"][-1].text == found
    return found


@pytest.mark.parametrize(
    "state",
    [
        {"messages": [ToolMessage(LARGE, tool_call_id="1", name="checks")]},
        {"messages": handoff_messages()([], [ToolMessage(LARGE, tool_call_id="1", name="checks")])},
        {"research": LARGE},
        {"plain": LARGE},
        {"plain": {"deep": [{"text": LARGE}]}},
    ],
)
def test_originals_are_found_in_the_state(state):
    """In messages, in their artifacts, in records, in plain values and in what they hold."""
    assert '"id": 0, "status": "ok"' in asked(state)


def test_what_is_not_in_the_state_is_a_miss():
    """A reference alone opens nothing, whoever says it."""
    said = HumanMessage(f"Read [view of {HANDLE}; read omitted parts by handle and range] {FIRST_ROWS}")

    assert "unknown" in asked({"messages": [said]})
    assert "unknown" in asked({"messages": [said]}, ctx=_holding(LARGE))


def _holding(text):
    ctx = SharedContext(model="gpt-4o")
    ctx.put("somebody's", text)
    return ctx


def test_a_context_is_asked_for_what_a_view_in_the_state_names():
    """A record whose original a context keeps is read from there; a handle that a person types is not."""
    ctx = SharedContext(model="gpt-4o")
    record = handoff(ctx=ctx)({}, LARGE)

    assert "original" not in record
    assert '"id": 0, "status": "ok"' in asked({"research": record}, ctx=ctx)
    assert "unknown" in asked({"research": record})


@pytest.mark.parametrize("way", ["tool", "middleware"])
def test_asking_twice_opens_nothing(way):
    """A refusal quotes the handle that a model typed; that does not make it one that the model was shown."""
    ctx = SharedContext(model="gpt-4o")
    ctx.put("of another user", BIG)
    reference = f"{handle_of(digest_and_size(BIG)[0])} rows 1-2"
    script = [call("headroom_read", 1, reference=reference), call("headroom_read", 2, reference=reference), "done"]
    options = {"tools": [headroom_read_tool(ctx=ctx)]} if way == "tool" else {"middleware": [HeadroomMiddleware(ctx=ctx)]}
    result = create_agent(Scripted(script=script), **options).invoke({"messages": [HumanMessage("x")]}, RUN)
    answers = [one.text for one in result["messages"] if one.type == "tool"]

    assert len(answers) == 2
    assert all("is unknown" in answer for answer in answers)


def test_an_expired_original_is_a_miss_that_says_so():
    """And the run goes on."""
    clock = FakeClock()
    ctx = SharedContext(model="gpt-4o", ttl=60, clock=clock)
    record = handoff(ctx=ctx)({}, LARGE)
    clock.advance(60)

    assert "expired" in asked({"research": record}, ctx=ctx)


def test_the_graphs_store_is_asked_in_the_namespace_of_the_thread():
    """What another thread put there is a miss, and so is what was changed behind our back."""
    store = InMemoryStore()
    node = handing_over(lambda state: {"research": LARGE}, "research", kept="store")
    builder = StateGraph(Talk)
    builder.add_node("node", node)
    builder.add_edge(START, "node")
    state = builder.compile(store=store).invoke({}, RUN)

    assert '"id": 0, "status": "ok"' in asked(state, store=store)
    assert "unknown" in asked(state, store=store, config={"configurable": {"thread_id": "8"}})
    assert "unknown" in asked(state, store=store, config={})
    store.put(("headroom", "7"), HANDLE, {"original": "something else", "digest": "0" * 64})
    assert "unknown" in asked(state, store=store)


def test_an_answer_is_limited_and_says_how_to_go_on():
    """Nobody's prompt is flooded by one reading."""
    answer = asked({"plain": LARGE}, f"{HANDLE} rows 1-3000", max_tokens=500)

    assert COUNTER.count(answer) <= 500 * 1.4  # the estimate for the default model has a margin
    assert "Cut here. To go on, read: " in answer


def test_a_model_sees_the_reference_and_nothing_else():
    """What LangGraph passes to the tool is not in its schema."""
    schema = convert_to_openai_tool(headroom_read_tool())["function"]

    assert schema["name"] == "headroom_read"
    assert list(schema["parameters"]["properties"]) == ["reference"]
    assert COUNTER.count(str(schema)) < 250


class ReadTool:
    """The reading tool, as the standard suites of LangChain's tools want it."""

    @property
    def tool_constructor(self):
        """Return the tool."""
        return headroom_read_tool()

    @property
    def tool_invoke_params_example(self):
        """Return what a model passes."""
        return {"reference": FIRST_ROWS}


class TestStandardUnit(ReadTool, ToolsUnitTests):
    """What a tool says of itself."""


class TestStandardIntegration(ReadTool, ToolsIntegrationTests):
    """Calls of a tool, here outside of any graph: there is nothing to read, and it says so."""


def test_outside_of_a_graph_there_is_nothing_to_read():
    """The tool answers all the same, sync and async."""
    reading = headroom_read_tool()

    assert "unknown" in reading.invoke({"reference": FIRST_ROWS})
    assert "unknown" in asyncio.run(reading.ainvoke({"reference": FIRST_ROWS}))


@tool
def checks() -> str:
    """Return all checks."""
    return LARGE


def test_what_was_read_is_not_compressed_again():
    """An agent asks a tool, reads a part of what its view left out, and gets it exactly; the state keeps it all."""
    model = Scripted(script=[call("checks"), call("headroom_read", 2, reference=f"{HANDLE} rows 2000-2100"), "a report"])
    agent = create_agent(model, [checks], middleware=[HeadroomMiddleware()])
    result = agent.invoke({"messages": [HumanMessage("Which checks failed?")]})
    _, _, view, _, part = (one.text for one in model.seen[2])

    assert markers.is_view(view)
    assert f"{HANDLE} rows 2000-2100" in part
    assert '{"id": 1999, ' in part
    assert [one.text for one in result["messages"] if one.name == "checks"] == [LARGE]


def test_earlier_messages_read_the_same_in_every_call():
    """So that a model's cache of its prompt holds."""
    model = Scripted(script=[call("checks"), call("checks", 2), call("checks", 3), "a report"])
    asyncio.run(
        create_agent(model, [checks], middleware=[HeadroomMiddleware()]).ainvoke({"messages": [HumanMessage("Which?")]})
    )
    prompts = [[one.text for one in seen] for seen in model.seen]

    assert len(prompts) == 4
    assert all(later[: len(sooner)] == sooner for sooner, later in pairwise(prompts))


def test_a_stream_of_messages_is_as_without():
    """Whoever streams an agent's messages gets what the tools and the model said, whole."""
    streams = []
    for middleware in ([HeadroomMiddleware()], []):
        agent = create_agent(Scripted(script=[call("checks"), "a report"]), [checks], middleware=middleware)
        stream = agent.stream({"messages": [HumanMessage("Which?")]}, stream_mode="messages")
        streams.append([(one.type, one.text) for one, _ in stream])

    assert streams[0] == streams[1]
    assert ("tool", LARGE) in streams[0]


def test_structured_output_is_as_without():
    """What the agent returns in a form is the same."""

    class Report(BaseModel):
        failed: int

    said = call("Report", 2, failed=311)
    results = [
        create_agent(Scripted(script=[call("checks"), said]), [checks], middleware=middleware, response_format=Report).invoke(
            {"messages": [HumanMessage("Which?")]}
        )["structured_response"]
        for middleware in ([HeadroomMiddleware()], [])
    ]

    assert results == [Report(failed=311)] * 2


def test_only_what_tools_said_is_shown_as_a_view():
    """Messages of people, systems and models, images, other artifacts and the reading tool's answers stay."""
    reducer = handoff_messages()
    image = [{"type": "text", "text": BIG}, {"type": "image_url", "image_url": {"url": "data:,"}}]
    given = [
        SystemMessage(BIG, id="1"),
        HumanMessage(BIG, id="2"),
        AIMessage(BIG, id="3"),
        ToolMessage(image, tool_call_id="4", id="4"),
        ToolMessage(BIG, tool_call_id="5", id="5", artifact={"own": 1}),
        ToolMessage(BIG, tool_call_id="6", id="6", name="headroom_read"),
        ToolMessage("few words", tool_call_id="7", id="7"),
    ]

    assert reducer([], given) == given


def test_what_a_tool_said_is_in_its_artifact():
    """The view is the content, and what the model is sent; the message keeps its call."""
    reducer = handoff_messages()
    (kept,) = reducer([], [ToolMessage(BIG, tool_call_id="1", id="1", name="checks")])
    (parts,) = reducer([], [ToolMessage([{"type": "text", "text": BIG}], tool_call_id="1", id="1")])

    assert markers.is_view(kept.text)
    assert original_in(kept.artifact) == BIG
    assert (kept.tool_call_id, kept.name, kept.id) == ("1", "checks", "1")
    assert parts.content == kept.content
    assert reducer([kept], []) == [kept]
    assert reducer([], [kept]) == [kept]
    assert reducer([kept], [ToolMessage("again", tool_call_id="1", id="1")])[0].text == "again"


def test_a_handoff_tool_goes_to_the_other_agent_with_a_view():
    """The other agent gets the call and its answer alone, and can read the rest; nobody else's thread can."""
    ctx = SharedContext(model="gpt-4o")
    researcher = Scripted(script=[call("checks"), call("transfer_to_writer", 2, task="Write a report.")] * 2)
    writer = Scripted(script=[call("headroom_read", 3, reference=FIRST_ROWS), "a report"] * 2)
    builder = StateGraph(Talk)
    builder.add_node("researcher", create_agent(researcher, [checks, handoff_tool(ctx, "writer")], name="researcher"))
    builder.add_node("writer", create_agent(writer, middleware=[HeadroomMiddleware(ctx=ctx)]))
    builder.add_edge(START, "researcher")
    builder.add_edge("writer", END)
    graph = builder.compile(checkpointer=InMemorySaver())
    for _ in range(2):
        graph.invoke({"messages": [HumanMessage("Which checks failed?")]}, RUN)
    first, second = writer.seen[0], writer.seen[1]

    assert [one.type for one in first] == ["human", "ai", "tool"]
    assert first[-1].text.startswith(f"Write a report.\n\n[view of {HANDLE};")
    assert "9041" in first[-1].text
    assert '{"id": 0, "status": "ok"' in second[-1].text
    assert len(ctx) == 0  # it is in the scope of the thread
    assert len(ctx.scoped("thread 7")) == 1
    assert "unknown" in asked({"messages": first}, ctx=ctx, config={"configurable": {"thread_id": "8"}})


def test_handoffs_at_the_same_time_each_carry_their_own_call():
    """A model that hands over twice in one message: each receiver gets a call that has an answer."""
    ctx = SharedContext(model="gpt-4o")
    both = AIMessage(
        "", tool_calls=[{**call(f"transfer_to_{name}", n, task=name).tool_calls[0]} for n, name in enumerate("ab")]
    )
    builder = StateGraph(Talk)
    builder.add_node("first", create_agent(Scripted(script=[both]), [handoff_tool(ctx, "a"), handoff_tool(ctx, "b")]))
    seen = {}
    for name in "ab":
        builder.add_node(name, lambda state, name=name: seen.update({name: state["messages"]}))
        builder.add_edge(name, END)
    builder.add_edge(START, "first")
    builder.compile().invoke({"messages": [HumanMessage("Both, please.")]})

    for messages in seen.values():
        calls = [one["id"] for message in messages if isinstance(message, AIMessage) for one in message.tool_calls]
        answers = [message.tool_call_id for message in messages if isinstance(message, ToolMessage)]
        assert sorted(calls) == sorted(answers)


def test_a_handoff_tool_takes_what_it_is_told_to():
    """`payload` takes it from the state, and `update` writes what a swarm needs."""
    ctx = SharedContext(model="gpt-4o")
    handing = handoff_tool(
        ctx, "writer", name="to_writer", payload=lambda state: {"n": len(state["messages"])}, update={"plain": "writer"}
    )
    builder = StateGraph(Talk)
    builder.add_node("first", create_agent(Scripted(script=[call("to_writer", task="Go.")]), [handing]))
    builder.add_node("writer", lambda state: {})
    builder.add_edge(START, "first")
    result = builder.compile().invoke({"messages": [HumanMessage("Hand over.")]})

    assert result["messages"][-1].text == 'Go.\n\n{"n":2}'
    assert result["plain"] == "writer"


def test_an_agent_with_a_state_of_its_own_reads_from_the_graphs_store():
    """A node that runs an agent on a view: the agent's state has no original, the store has."""
    model = Scripted(script=[call("headroom_read", reference=FIRST_ROWS), "a report"])
    agent = create_agent(model, [headroom_read_tool()])

    def writer(state):
        said = agent.invoke({"messages": [HumanMessage(f"Write a report on {state['plain']}")]})
        return {"messages": said["messages"][-1:]}

    builder = StateGraph(Talk)
    builder.add_node("writer", compressed_view(writer, "plain", references=True, kept="store"))
    builder.add_edge(START, "writer")
    builder.compile(store=InMemoryStore(), checkpointer=InMemorySaver()).invoke({"plain": LARGE}, RUN)

    assert '{"id": 0, "status": "ok"' in model.seen[1][-1].text


def test_what_was_read_is_not_what_is_handed_over():
    """An agent that reads a part and then hands over, hands over what it read from, and not the part."""
    ctx = SharedContext(model="gpt-4o")
    script = [call("checks"), call("headroom_read", 2, reference=FIRST_ROWS), call("transfer_to_writer", 3, task="Write.")]
    builder = StateGraph(Talk)
    tools = [checks, handoff_tool(ctx, "writer", agent="researcher")]
    builder.add_node("researcher", create_agent(Scripted(script=script), tools, middleware=[HeadroomMiddleware(ctx=ctx)]))
    builder.add_node("writer", lambda state: {})
    builder.add_edge(START, "researcher")
    result = builder.compile().invoke({"messages": [HumanMessage("Which?")]}, RUN)

    assert result["messages"][-1].text.startswith(f"Write.\n\n[view of {HANDLE};")
    assert [ctx.scoped("thread 7").get_entry(key).agent for key in ctx.scoped("thread 7").keys()] == ["researcher"]  # noqa: SIM118


def test_what_was_handed_over_is_handed_on():
    """From one agent to the next and the one behind it: one view, one handle, and the last one can read the original."""
    ctx = SharedContext(model="gpt-4o")
    scripts = {
        "first": [call("checks"), call("transfer_to_second", 2, task="Check.")],
        "second": [call("transfer_to_third", 3, task="Write.")],
        "third": [call("headroom_read", 4, reference=FIRST_ROWS), "a report"],
    }
    models = {name: Scripted(script=script) for name, script in scripts.items()}
    tools = {"first": [checks, handoff_tool(ctx, "second")], "second": [handoff_tool(ctx, "third")], "third": []}
    builder = StateGraph(Talk)
    for name, model in models.items():
        builder.add_node(name, create_agent(model, tools[name], middleware=[HeadroomMiddleware(ctx=ctx)]))
    builder.add_edge(START, "first")
    builder.compile(checkpointer=InMemorySaver()).invoke({"messages": [HumanMessage("Which?")]}, RUN)
    handed = models["third"].seen[0][-1].text

    assert handed.startswith(f"Write.\n\n[view of {HANDLE};")
    assert list(markers.handles_in(handed)) == [HANDLE]
    assert '{"id": 0, "status": "ok"' in models["third"].seen[1][-1].text


def test_readings_have_room():
    """An answer that could hold nothing but its frame is refused when the tool is made, and not in a run."""
    with pytest.raises(errors.InvalidOptionError, match="max_tokens must be an int of at least 200"):
        headroom_read_tool(max_tokens=10)
    with pytest.raises(errors.InvalidOptionError):
        HeadroomMiddleware(read_tokens=0)


def test_a_tool_counts_as_its_context_does():
    """So that a limit means the same for both."""
    ctx = SharedContext(model="gpt-4o")
    record = handoff(ctx=ctx)({}, LARGE)
    answer = asked({"research": record}, f"{HANDLE} rows 1-3000", ctx=ctx, max_tokens=500)

    assert 400 < COUNTER.count(answer) <= 500


def test_a_store_that_fails_to_answer_is_a_miss(caplog):
    """Reading does not end a run either."""

    class BrokenStore(InMemoryStore):
        def get(self, namespace, key, *, refresh_ttl=None):
            msg = "disk full"
            raise OSError(msg)

        async def aget(self, namespace, key, *, refresh_ttl=None):
            msg = "disk full"
            raise OSError(msg)

    assert "unknown" in asked({}, store=BrokenStore())
    assert "did not answer" in caplog.text


def test_a_list_of_messages_is_a_state_too():
    """As ToolNode is called in the functional API: with a context or without one."""
    said = [ToolMessage(LARGE, tool_call_id="1", name="checks"), call("headroom_read", reference=FIRST_ROWS)]

    def answers(messages, **options):
        @entrypoint()
        def run(given):
            return ToolNode([headroom_read_tool(**options)]).invoke(given)

        return run.invoke(messages, RUN)[-1].text

    assert '"id": 0, "status": "ok"' in answers(said)
    assert '"id": 0, "status": "ok"' in answers(said, ctx=SharedContext(model="gpt-4o"))
    assert "unknown" in answers(said[1:], ctx=SharedContext(model="gpt-4o"))


def test_threads_of_any_name_keep_originals_in_the_store():
    """LangGraph's namespaces have no points and no empty labels; ids of threads do."""
    for thread in ("alice@example.com", "100%", "a.b"):
        store, run = InMemoryStore(), {"configurable": {"thread_id": thread}}
        builder = StateGraph(Talk)
        builder.add_node("node", handing_over(lambda state: {"research": LARGE}, "research", kept="store"))
        builder.add_edge(START, "node")
        state = builder.compile(store=store).invoke({}, run)

        assert state["research"]["kept"] == "store"
        assert '"id": 0, "status": "ok"' in asked(state, store=store, config=run)
        assert original_of(state["research"], store=store, thread=thread) == LARGE


def test_blocks_of_text_are_shown_each_as_its_view():
    """A tool that says two texts, or one beside an image: the texts are views, the image stays."""
    image = {"type": "image_url", "image_url": {"url": "data:,"}}

    @tool
    def two() -> list:
        """Return two texts and an image."""
        return [{"type": "text", "text": LARGE}, image, {"type": "text", "text": BIG}]

    model = Scripted(script=[call("two"), call("headroom_read", 2, reference=FIRST_ROWS), "a report"])
    result = create_agent(model, [two], middleware=[HeadroomMiddleware()]).invoke({"messages": [HumanMessage("Which?")]})
    first, shown_image, second = model.seen[1][-1].content

    assert markers.is_view(first["text"])
    assert markers.is_view(second["text"])
    assert shown_image == image
    assert [block.get("text") for block in result["messages"][2].content] == [LARGE, None, BIG]
    assert '"id": 0, "status": "ok"' in model.seen[2][-1].text


def test_reading_is_quick_beside_much_else():
    """Rows that no view was made of are looked through, and not each made a text."""
    rows = [{"id": n, "host": f"web-{n % 9}", "ok": True} for n in range(20_000)]
    times = []
    for _ in range(3):
        start = time.perf_counter()
        assert "unknown" in asked({"plain": rows})
        times.append(time.perf_counter() - start)

    assert min(times) < 1
