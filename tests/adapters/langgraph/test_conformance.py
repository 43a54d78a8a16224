"""Each way into a graph passes the kit of adapters."""

import operator
from typing import Annotated, TypedDict

from langchain.agents import create_agent
from langchain_core.messages import AnyMessage, HumanMessage, ToolMessage
from langchain_core.tools import tool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages
from langgraph.prebuilt import ToolNode, ToolRuntime
from langgraph.types import Command

from headroom_core import SharedContext
from headroom_core.testing import AdapterConformance, Delivery
from headroom_langgraph import (
    HeadroomMiddleware,
    compressed_view,
    handing_over,
    handoff,
    handoff_messages,
    handoff_tool,
    headroom_read_tool,
)
from tests.adapters.langgraph.scripted import Scripted, call

RUN = {"configurable": {"thread_id": "the run"}}


def options(counter):
    """Return the counter as an option, where there is one."""
    return {} if counter is None else {"counter": counter}


def reading(graph, config=RUN):
    """Return how the reading tool of a graph is asked, in the state that a run left behind."""

    def read(reference):
        values = graph.get_state(config).values
        asked = call("headroom_read", reference=reference)

        class State(TypedDict):
            messages: Annotated[list[AnyMessage], add_messages]
            research: object

        builder = StateGraph(State)
        builder.add_node("tools", ToolNode([headroom_read_tool()]))
        builder.add_edge(START, "tools")
        state = {**values, "messages": [*values.get("messages", []), asked]}
        return str(builder.compile(store=graph.store).invoke(state, config)["messages"][-1].text)

    return read


class State(TypedDict, total=False):
    """What a writer needs."""

    research: str
    report: str
    messages: Annotated[list[AnyMessage], add_messages]


def writing(model):
    """Return a node that has a model write a report, with the reading tool."""
    bound = model.bind_tools([headroom_read_tool()])

    def writer(state):
        said = bound.invoke([HumanMessage(f"Write a report on {state['research']}")])
        return {"report": str(said.text), "log": ["written"]} if "log" in state else {"report": str(said.text)}

    return writer


def deliver(schema, researcher, writer, model, *, unlike=()):
    """Run two nodes; what stands under `unlike` is not compared."""
    builder = StateGraph(schema)
    builder.add_node("researcher", researcher)
    builder.add_node("writer", writer)
    builder.add_edge(START, "researcher")
    builder.add_edge("researcher", "writer")
    builder.add_edge("writer", END)
    graph = builder.compile(checkpointer=InMemorySaver())
    result = graph.invoke({}, RUN)
    return Delivery(
        prompt=model.prompt(), result={key: value for key, value in result.items() if key not in unlike}, read=reading(graph)
    )


class TestCompressedView(AdapterConformance):
    """The read side: `compressed_view(node, key)`."""

    def deliver(self, content, *, adapted=True, counter=None):
        """Run a researcher, and a writer that reads a view."""
        model = Scripted(script=["a report"])
        writer = writing(model)
        if adapted:
            writer = compressed_view(writer, "research", references=True, **options(counter))
        return deliver(State, lambda state: {"research": content}, writer, model)

    def prompts(self, contents):
        """Run a node that reads messages as views, again and again."""
        return prompts(contents, add_messages, lambda node: compressed_view(node, "messages"))


class TestReducer(AdapterConformance):
    """The write side: a channel of `handoff()`."""

    def deliver(self, content, *, adapted=True, counter=None):
        """Run a researcher whose channel has a reducer, and a writer that reads its text."""
        model = Scripted(script=["a report"])
        write = writing(model)

        class Handed(TypedDict, total=False):
            research: Annotated[dict, handoff(**options(counter))]
            log: Annotated[list, operator.add]
            report: str

        def writer(state):
            return write({**state, "research": state["research"]["text"]})

        if not adapted:
            return deliver(State, lambda state: {"research": content}, write, model, unlike=("research", "log", "messages"))
        return deliver(Handed, lambda state: {"research": content}, writer, model, unlike=("research", "log", "messages"))


class TestHandingOver(AdapterConformance):
    """The write side, in the node."""

    def deliver(self, content, *, adapted=True, counter=None):
        """Run a researcher whose result is a record when the reducer sees it."""
        model = Scripted(script=["a report"])
        write = writing(model)

        class Handed(TypedDict, total=False):
            research: Annotated[dict, handoff()]
            report: str

        def researcher(state):
            return {"research": content}

        if not adapted:
            return deliver(State, researcher, write, model, unlike=("research", "messages"))
        node = handing_over(researcher, "research", agent="researcher", **options(counter))
        return deliver(
            Handed, node, lambda s: write({**s, "research": s["research"]["text"]}), model, unlike=("research", "messages")
        )


def asking(content):
    """Return a tool that says `content`."""

    @tool
    def checks() -> str:
        """Return all checks."""
        return content

    return checks


def asking_each(contents):
    """Return a tool that says one of the contents, and what a model says that asks for each of them."""

    @tool
    def checks(part: int) -> str:
        """Return some checks."""
        return contents[part]

    return checks, [*(call("checks", part, part=part) for part in range(len(contents))), "a report"]


def given(model):
    """Return the texts of a model's prompts."""
    return [[str(message.text) for message in messages] for messages in model.seen]


def prompts(contents, reducer, wrap):
    """Run a graph of a node that asks a tool for each of the contents, and of its tools; return the prompts of its model."""
    checks, script = asking_each(contents)
    model = Scripted(script=script)

    class Talk(TypedDict):
        messages: Annotated[list[AnyMessage], reducer]

    builder = StateGraph(Talk)
    builder.add_node("model", wrap(lambda state: {"messages": [model.invoke(state["messages"])]}))
    builder.add_node("tools", ToolNode([checks]))
    builder.add_edge(START, "model")
    builder.add_conditional_edges("model", lambda s: "tools" if s["messages"][-1].tool_calls else END, ["tools", END])
    builder.add_edge("tools", "model")
    builder.compile().invoke({"messages": [HumanMessage("Which checks failed?")]})
    return given(model)


class TestMessages(AdapterConformance):
    """A channel of messages with `handoff_messages()`."""

    def deliver(self, content, *, adapted=True, counter=None):
        """Run a model that asks a tool, and reads its answer."""
        model = Scripted(script=[call("checks"), "a report"])
        reducer = handoff_messages(**options(counter)) if adapted else add_messages

        class Talk(TypedDict):
            messages: Annotated[list[AnyMessage], reducer]

        bound = model.bind_tools([headroom_read_tool()])
        builder = StateGraph(Talk)
        builder.add_node("model", lambda state: {"messages": [bound.invoke(state["messages"])]})
        builder.add_node("tools", ToolNode([asking(content)]))
        builder.add_edge(START, "model")
        builder.add_conditional_edges("model", lambda s: "tools" if s["messages"][-1].tool_calls else END, ["tools", END])
        builder.add_edge("tools", "model")
        graph = builder.compile(checkpointer=InMemorySaver())
        result = graph.invoke({"messages": [HumanMessage("Which checks failed?")]}, RUN)
        said = [one.text for one in result["messages"] if one.type != "tool"]
        return Delivery(prompt=model.prompt(), result=said, read=reading(graph))

    def prompts(self, contents):
        """Run a model that asks again and again."""
        return prompts(contents, handoff_messages(), lambda node: node)


class TestMiddleware(AdapterConformance):
    """`create_agent` with `HeadroomMiddleware`."""

    def deliver(self, content, *, adapted=True, counter=None):
        """Run an agent that asks a tool."""
        model = Scripted(script=[call("checks"), "a report"])
        middleware = [HeadroomMiddleware(**options(counter))] if adapted else []
        agent = create_agent(model, [asking(content)], middleware=middleware, checkpointer=InMemorySaver())
        result = agent.invoke({"messages": [HumanMessage("Which checks failed?")]}, RUN)
        said = [(one.type, one.text) for one in result["messages"]]
        return Delivery(prompt=model.prompt(), result=said, read=reading(agent))

    def prompts(self, contents):
        """Run an agent that asks again and again."""
        checks, script = asking_each(contents)
        model = Scripted(script=script)
        agent = create_agent(model, [checks], middleware=[HeadroomMiddleware()])
        agent.invoke({"messages": [HumanMessage("Which checks failed?")]})
        return given(model)


class TestHandoffTool(AdapterConformance):
    """A supervisor whose agents hand over by `handoff_tool`."""

    def deliver(self, content, *, adapted=True, counter=None):
        """Run a researcher that asks a tool and hands over to a writer."""
        ctx = SharedContext(model="gpt-4o", counter=counter)
        researcher = Scripted(script=[call("checks"), call("transfer_to_writer", 2, task="Write a report.")])
        writer = Scripted(script=["a report"])
        tools = [asking(content), handoff_tool(ctx, "writer") if adapted else _plain(content)]
        builder = StateGraph(State)
        builder.add_node("researcher", create_agent(researcher, tools))
        builder.add_node("writer", create_agent(writer, [headroom_read_tool(ctx=ctx)]))
        builder.add_edge(START, "researcher")
        builder.add_edge("writer", END)
        graph = builder.compile(checkpointer=InMemorySaver())
        result = graph.invoke({"messages": [HumanMessage("Which checks failed?")]}, RUN)

        def read(reference):
            asked = call("headroom_read", reference=reference)
            inner = StateGraph(State)
            inner.add_node("tools", ToolNode([headroom_read_tool(ctx=ctx)]))
            inner.add_edge(START, "tools")
            return str(inner.compile().invoke({"messages": [*result["messages"], asked]}, RUN)["messages"][-1].text)

        said = [one.text for one in result["messages"] if one.type != "tool"]
        return Delivery(prompt=writer.prompt(), result=said, read=read)


def _plain(content):
    """Return a tool that hands over all of it, as one does without views."""

    @tool
    def transfer_to_writer(task: str, runtime: ToolRuntime) -> Command:
        """Hand over."""
        said = ToolMessage(f"{task}\n\n{content}", tool_call_id=runtime.tool_call_id)
        return Command(goto="writer", graph=Command.PARENT, update={"messages": [runtime.state["messages"][-1], said]})

    return transfer_to_writer
