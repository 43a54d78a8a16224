"""LangGraph, CrewAI and AutoGen in one process, with one context."""

import asyncio
import json
import subprocess
import sys
from itertools import permutations
from typing import TypedDict

import pytest
from autogen_agentchat.messages import TextMessage
from autogen_agentchat.teams import RoundRobinGroupChat
from autogen_core.tools import FunctionTool
from langchain.agents import create_agent
from langchain_core.messages import HumanMessage
from langchain_core.tools import tool
from langgraph.graph import START, MessagesState, StateGraph

from headroom_autogen import HeadroomChatCompletionClient
from headroom_core import SharedContext
from headroom_core.markers import handles_in
from headroom_core.testing.adapters import payload
from headroom_crewai import HeadroomReadTool, compressed_handoffs
from headroom_langgraph import compressed_view, handoff_tool, headroom_read_tool
from tests.adapters.autogen import scripted as autogen
from tests.adapters.crewai import scripted as crewai
from tests.adapters.langgraph import scripted as langgraph

BIG = payload()
RUN = {"configurable": {"thread_id": "7"}}


def context():
    """Return a context."""
    return SharedContext(model="gpt-4o")


def own(prompt):
    """Return a reference to a part of what a prompt shows a view of."""
    return f"{next(handles_in(prompt))} rows 600-601"


def rows(content):
    """Return that part of a payload."""
    return [json.dumps(row) for row in json.loads(content)[599:601]]


async def in_langgraph(content, ctx=None, ask=own):
    """Let a researcher hand over to a writer, whose model asks to read; return what this model is given in each call."""

    @tool
    def checks() -> str:
        """Return all checks."""
        return content

    if ctx is None:
        model = langgraph.Scripted(script=[langgraph.call("checks"), "a report"])
        await create_agent(model, [checks]).ainvoke({"messages": [HumanMessage("Report.")]})
        return [model.prompt()]
    model = langgraph.Scripted(script=[lambda said: langgraph.call("headroom_read", reference=ask(said[-1].text)), "a report"])
    finds = langgraph.Scripted(script=[langgraph.call("checks"), langgraph.call("transfer_to_writer", 2, task="Report.")])
    builder = StateGraph(MessagesState)
    builder.add_node("researcher", create_agent(finds, [checks, handoff_tool(ctx, "writer")]))
    builder.add_node("writer", create_agent(model, [headroom_read_tool(ctx=ctx)]))
    builder.add_edge(START, "researcher")
    await builder.compile().ainvoke({"messages": [HumanMessage("Report.")]}, RUN)
    return [model.prompt(number) for number in range(len(model.seen))]


async def in_crewai(content, ctx=None, ask=own):
    """Do the same in a crew."""
    if ctx is None:
        model = crewai.Scripted(crewai.answer("a report"))
        await crewai.two(content, model).akickoff()
        return model.seen
    model = crewai.Scripted(lambda prompt: crewai.use("headroom_read", reference=ask(prompt)), crewai.answer("a report"))
    async with compressed_handoffs(ctx):
        await crewai.two(content, model, tools=[HeadroomReadTool()]).akickoff()
    return model.seen


async def in_autogen(content, ctx=None, ask=own):
    """Do the same in a team."""
    model = autogen.Recorder(["a report"] if ctx is None else [lambda given: autogen.reads(ask(given.text)), "a report"])
    client = model if ctx is None else HeadroomChatCompletionClient(model, ctx=ctx)
    agents = [autogen.agent("researcher", autogen.Recorder([content])), autogen.agent("writer", client)]
    await RoundRobinGroupChat(agents, max_turns=2).run(task="Report.")
    return [given.text for given in model.given]


FRAMEWORKS = {"langgraph": in_langgraph, "crewai": in_crewai, "autogen": in_autogen}
EACH = pytest.mark.parametrize("run", FRAMEWORKS.values(), ids=FRAMEWORKS)
PAIRS = {f"{one} {other}": (FRAMEWORKS[one], FRAMEWORKS[other]) for one, other in permutations(FRAMEWORKS, 2)}


@EACH
def test_the_next_model_gets_a_fifth_at_the_most(run):
    """In each framework, beside the other two."""
    (without,), (shown, _) = asyncio.run(run(BIG)), asyncio.run(run(BIG, context()))

    tokens = langgraph.COUNTER.count(without)
    assert tokens > 20_000
    assert langgraph.COUNTER.count(shown) * 5 <= tokens
    assert "9041" in shown


def test_runs_at_the_same_time_read_what_is_their_own():
    """One context, one event loop, three frameworks: each model is shown its own payload, and reads a part of it exactly."""
    ctx = context()
    contents = [payload(number) for number in range(len(FRAMEWORKS))]

    async def together():
        return await asyncio.gather(*(run(content, ctx) for run, content in zip(FRAMEWORKS.values(), contents, strict=True)))

    found = asyncio.run(together())
    handles = [set(handles_in(shown)) for shown, _ in found]

    assert [len(each) for each in handles] == [1, 1, 1]
    assert len(set.union(*handles)) == 3
    for content, (_, answered) in zip(contents, found, strict=True):
        assert all(row in answered for row in rows(content))


@pytest.mark.parametrize(("holder", "reader"), PAIRS.values(), ids=PAIRS)
def test_what_a_run_of_one_framework_holds_is_unknown_to_another(holder, reader):
    """A handle alone opens nothing, though both have the same context."""
    ctx = context()
    shown, answered = asyncio.run(holder(payload(1), ctx))
    assert rows(payload(1))[0] in answered
    asked = own(shown)
    _, answered = asyncio.run(reader(payload(2), ctx, lambda _: asked))

    assert f'"{asked}" is unknown' in answered.replace('\\"', '"')
    assert rows(payload(1))[0] not in answered


def test_a_view_of_a_thread_is_read_by_a_client_with_the_scope_of_the_thread():
    """A client with the whole context, or with another one, is not offered to read what the view in its task left out."""
    ctx = context()
    shown, _ = asyncio.run(in_langgraph(BIG, ctx))
    view = shown[shown.index("[view of ") :]
    told = {}
    for name, one in {"scope": ctx.scoped("thread 7"), "whole": ctx, "other": context()}.items():
        model = autogen.Recorder([lambda given: autogen.reads(own(given.text)) if given.names else "no tool", "a report"])
        writer = autogen.agent("writer", HeadroomChatCompletionClient(model, ctx=one))
        asyncio.run(writer.run(task=TextMessage(content=f"Report.\n\n{view}", source="user")))
        told[name] = model.given

    assert all(row in told["scope"][1].text for row in rows(BIG))
    assert [len(given) for given in told.values()] == [2, 1, 1]
    assert told["whole"][0].names == told["other"][0].names == []


def test_what_is_put_into_the_context_is_read_where_a_tool_returned_its_view():
    """This is how something crosses from one framework to the next: LangGraph and AutoGen read what a crew has put."""
    ctx = context()
    with compressed_handoffs(ctx):
        crew = crewai.two(BIG, crewai.Scripted(crewai.answer("a report"))).kickoff()
    ctx.put("checks", crew.tasks_output[0].raw, agent="the crew")

    @tool
    def checks() -> str:
        """Return a view of all checks."""
        return ctx.view("checks", mode="compact").text

    graphs = langgraph.Scripted(
        script=[
            langgraph.call("checks"),
            lambda said: langgraph.call("headroom_read", 2, reference=own(said[-1].text)),
            "a report",
        ]
    )
    agent = create_agent(graphs, [checks, headroom_read_tool(ctx=ctx)])
    agent.invoke({"messages": [HumanMessage("Report.")]}, RUN)
    team = autogen.Recorder([autogen.calls(("checks", {})), lambda given: autogen.reads(own(given.text)), "a report"])
    looks = FunctionTool(lambda: checks.invoke({}), "Returns a view of all checks.", name="checks")
    writer = autogen.agent("writer", HeadroomChatCompletionClient(team, ctx=ctx), tools=[looks], max_tool_iterations=2)
    asyncio.run(writer.run(task="Report."))

    for prompt in (graphs.prompt(), team.given[-1].text):
        assert all(row in prompt for row in rows(BIG))


class State(TypedDict, total=False):
    """The state of a graph one of whose nodes starts a crew."""

    checks: str
    report: str


def test_a_crew_that_a_node_starts():
    """The block stands round the graph: the crew reads views, the state has all of it, and the next node reads a view again."""
    ctx, model, seen = context(), crewai.Scripted(crewai.answer("a report")), []

    def research(state):
        return {"checks": crewai.two(BIG, model).kickoff().tasks_output[0].raw}

    def report(state):
        seen.append(state["checks"])
        return {"report": "a report"}

    builder = StateGraph(State)
    builder.add_sequence([("research", research), ("report", compressed_view(report, "checks"))])
    builder.add_edge(START, "research")
    with compressed_handoffs(ctx):
        result = builder.compile().invoke({}, RUN)

    assert result == {"checks": BIG, "report": "a report"}
    for shown in (model.seen[-1], *seen):
        assert BIG not in shown
        assert "9041" in shown
    assert len(ctx) == len(ctx.scoped("thread 7")) == 0  # the crew has a scope of its own


def test_a_crew_that_a_tool_of_an_agent_starts():
    """AutoGen calls the tool in a thread, so the block stands in the tool; what the tool returns is shown as a view."""
    ctx, model = context(), crewai.Scripted(crewai.answer("a report"))

    def checks() -> str:
        with compressed_handoffs(ctx):
            return crewai.two(BIG, model).kickoff().tasks_output[0].raw

    writes = autogen.Recorder([autogen.calls(("checks", {})), lambda given: autogen.reads(own(given.text)), "a report"])
    client = HeadroomChatCompletionClient(writes, ctx=ctx)
    looks = FunctionTool(checks, "Returns all checks.", name="checks")
    result = asyncio.run(autogen.agent("writer", client, tools=[looks], max_tool_iterations=2).run(task="Report."))

    assert any(getattr(one, "content", None) and BIG in one.to_text() for one in result.messages)
    for shown in (model.seen[-1], writes.given[1].text):
        assert BIG not in shown
        assert "9041" in shown
    assert all(row in writes.given[2].text for row in rows(BIG))


@pytest.mark.parametrize(
    ("adapter", "framework"), [("autogen", "autogen_core"), ("crewai", "crewai"), ("langgraph", "langgraph")]
)
def test_an_adapter_imports_no_other_framework(adapter, framework):
    """Though all of them are installed, none costs the time of another."""
    code = f"import sys, headroom_{adapter} as one; [getattr(one, name) for name in one.__all__]; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    found = {"autogen_core", "crewai", "langgraph"} & set(done.stdout.split())

    assert found == {framework}
