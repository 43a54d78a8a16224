"""The read side: a node reads views, the state keeps the originals."""

import asyncio
import dataclasses
import functools
import threading
import time
from typing import Annotated, Any, TypedDict

import pytest
from langchain.agents import create_agent
from langchain_core.messages import AnyMessage, HumanMessage, ToolMessage
from langchain_core.runnables import RunnableConfig, RunnableLambda
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.config import get_store
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages
from langgraph.runtime import Runtime
from langgraph.store.base import BaseStore
from langgraph.store.memory import InMemoryStore
from langgraph.types import Command, Overwrite, Send
from pydantic import BaseModel

from headroom_core import errors, markers
from headroom_core.testing.adapters import payload
from headroom_langgraph import compressed_view, handoff_reducer
from headroom_langgraph.originals import namespace_of
from tests.adapters.langgraph.scripted import Scripted

BIG = payload()


class State(TypedDict, total=False):
    """A payload, and what a node made of it."""

    research: Any
    report: str


READ = "What I read: "
"""What a node puts before what it read: what it passes on as it read it goes on as the original."""


def read(result):
    """Return what a node read."""
    return result["report"].removeprefix(READ)


def graph_of(node, schema=State, *, first=None, **compiled):
    """Return a graph of a researcher and one more node."""
    builder = StateGraph(schema)
    builder.add_node("researcher", first or (lambda state: {"research": BIG}))
    builder.add_node("writer", node)
    builder.add_edge(START, "researcher")
    builder.add_edge("researcher", "writer")
    builder.add_edge("writer", END)
    return builder.compile(**compiled)


def echo(state):
    """Report what was read."""
    return {"report": f"{READ}{state['research']}"}


async def aecho(state):
    """Report what was read."""
    return {"report": f"{READ}{state['research']}"}


class Echo:
    """A node that is an object."""

    def __call__(self, state):
        """Report what was read."""
        return {"report": f"{READ}{state['research']}"}


class AsyncEcho:
    """An async node that is an object."""

    async def __call__(self, state):
        """Report what was read."""
        return {"report": f"{READ}{state['research']}"}


SYNC = [echo, Echo(), functools.partial(echo), RunnableLambda(echo)]
ASYNC = [aecho, AsyncEcho(), functools.partial(aecho), RunnableLambda(aecho)]


@pytest.mark.parametrize("node", SYNC)
def test_a_node_of_any_form_reads_a_view(node):
    """Functions, objects, partials and Runnables; the state keeps what was written."""
    result = graph_of(compressed_view(node, "research")).invoke({})

    assert markers.is_view(read(result))
    assert result["research"] == BIG


@pytest.mark.parametrize("node", ASYNC)
def test_an_async_node_of_any_form_reads_a_view(node):
    """The same, awaited; small and large."""
    result = asyncio.run(graph_of(compressed_view(node, "research")).ainvoke({}))
    small = asyncio.run(graph_of(compressed_view(node, "research"), first=lambda state: {"research": "few words"}).ainvoke({}))

    assert markers.is_view(read(result))
    assert result["research"] == BIG
    assert read(small) == "few words"


def test_what_langgraph_passes_beside_the_state_still_comes():
    """Config, store, stream writer and runtime, by name, are those that the node itself asks for."""
    got = {}

    def node(state: State, config: RunnableConfig, *, store: BaseStore, runtime: Runtime, writer):
        got.update(thread=config["configurable"]["thread_id"], store=store, runtime=runtime, writer=callable(writer))
        return {"report": f"{READ}{state['research']}"}

    store = InMemoryStore()
    graph = graph_of(compressed_view(node, "research"), checkpointer=InMemorySaver(), store=store)
    graph.invoke({}, {"configurable": {"thread_id": "7"}})

    assert got["thread"] == "7"
    assert got["store"] is store or got["store"].search((), limit=1) == []
    assert isinstance(got["runtime"], Runtime)
    assert got["writer"]


def test_a_node_keeps_the_schema_that_it_is_annotated_with():
    """LangGraph reads a node's private input from its annotations."""

    class Private(TypedDict):
        research: str

    def node(state: Private):
        return {"report": ",".join(sorted(state))}

    assert graph_of(compressed_view(node, "research")).invoke({})["report"] == "research"


@dataclasses.dataclass
class Plain:
    """A state that is a dataclass."""

    research: Any = None
    report: str = ""


class Checked(BaseModel):
    """A state that pydantic checks."""

    research: Any = None
    report: str = ""


@pytest.mark.parametrize("schema", [Plain, Checked])
def test_states_of_classes_are_read_alike(schema):
    """The node gets its own class, and the state keeps the original."""
    seen = []

    def node(state):
        seen.append(type(state))
        return {"report": f"{READ}{state.research}"}

    result = graph_of(compressed_view(node, "research"), schema).invoke({"research": "x"})

    assert seen == [schema]
    assert markers.is_view(read(result))
    assert result["research"] == BIG


def test_other_values_are_shown_as_their_json():
    """Lists and dicts become the view of their JSON; what JSON cannot hold is shown as Python does."""
    rows = [{"id": n, "status": "ok", "host": f"web-{n % 9}"} for n in range(900)]
    node = compressed_view(echo, "research")

    assert markers.is_view(graph_of(node, first=lambda state: {"research": rows}).invoke({})["report"].removeprefix(READ))
    assert graph_of(node, first=lambda state: {"research": {"a": 1}}).invoke({})["report"] == f'{READ}{{"a":1}}'
    assert graph_of(node, first=lambda state: {"research": {1, 2}}).invoke({})["report"] == f"{READ}{{1, 2}}"


def test_missing_keys_are_passed_over():
    """A key that the state does not have, or has as None, changes nothing."""
    node = compressed_view(lambda state: {"report": repr(state.get("research"))}, "research", "nothing")

    assert graph_of(node, first=lambda state: {"research": None}).invoke({})["report"] == "None"


def test_send_and_overwrite_go_around_reducers_and_not_around_views():
    """What a branch is sent, and what is written over a reducer, never passed one: a node reads a view of it all the same."""

    class Handed(TypedDict, total=False):
        research: Annotated[dict, handoff_reducer]
        report: str

    def fan(state):
        return [Send("writer", {"research": BIG})]

    builder = StateGraph(Handed)
    builder.add_node("writer", compressed_view(echo, "research"))
    builder.add_conditional_edges(START, fan, ["writer"])
    builder.add_edge("writer", END)
    over = graph_of(compressed_view(echo, "research"), Handed, first=lambda state: {"research": Overwrite(BIG)})
    commanded = graph_of(compressed_view(echo, "research"), first=lambda state: Command(update={"research": BIG}))

    assert markers.is_view(builder.compile().invoke({})["report"].removeprefix(READ))
    assert markers.is_view(over.invoke({})["report"].removeprefix(READ))
    assert markers.is_view(commanded.invoke({})["report"].removeprefix(READ))


def test_a_subgraph_is_a_node_too():
    """It reads a view, keeps its place in the graph, and what it writes under other keys comes through."""
    inner = StateGraph(State)
    inner.add_node("echo", echo)
    inner.add_edge(START, "echo")
    inner.add_edge("echo", END)
    sub = inner.compile()
    graph = graph_of(compressed_view(sub, "research"))
    result = graph.invoke({})

    assert markers.is_view(read(result))
    assert [name for name, _ in graph.get_subgraphs()] == ["writer"]


def test_messages_of_tools_are_shown_as_views():
    """Human messages and what models said stay as they are, and so does the state."""

    class Talk(TypedDict):
        messages: Annotated[list[AnyMessage], add_messages]
        report: list

    seen = []

    def node(state):
        seen.extend(state["messages"])
        return {"report": []}

    said = [
        HumanMessage(BIG),
        ToolMessage(BIG, tool_call_id="1", name="checks"),
        ToolMessage(BIG, tool_call_id="2", name="headroom_read"),
    ]
    builder = StateGraph(Talk)
    builder.add_node("node", compressed_view(node, "messages"))
    builder.add_edge(START, "node")
    result = builder.compile().invoke({"messages": said})

    assert [markers.is_view(one.text) for one in seen] == [False, True, False]
    assert [one.text for one in result["messages"]] == [BIG] * 3


def test_without_the_reading_tool_no_reference_is_named():
    """No dead ends: a view names its original only where the caller says that its reader can ask for it."""
    large = payload(rows=4_000)
    first = {"first": lambda state: {"research": large}}
    without = graph_of(compressed_view(echo, "research"), **first).invoke({})["report"]
    named = graph_of(compressed_view(echo, "research", references=True), **first).invoke({})["report"]

    assert list(markers.handles_in(without)) == []
    assert "omitted parts cannot be read" in without
    assert len(list(markers.handles_in(named))) == 1


def test_originals_go_to_the_graphs_store_where_asked():
    """For an agent with a state of its own, in the namespace of the thread; sync and async."""
    store = InMemoryStore()
    run = {"configurable": {"thread_id": "7"}}
    options = {"references": True, "kept": "store"}
    graph_of(compressed_view(echo, "research", **options), checkpointer=InMemorySaver(), store=store).invoke({}, run)
    (item,) = store.search(namespace_of(run))
    other = {"configurable": {"thread_id": "8"}}
    graph = graph_of(compressed_view(aecho, "research", **options), checkpointer=InMemorySaver(), store=store)
    asyncio.run(graph.ainvoke({}, other))

    assert item.value["original"] == BIG
    assert [one.key for one in store.search(namespace_of(other))] == [item.key]
    assert graph_of(compressed_view(echo, "research", **options)).invoke({})["research"] == BIG  # no store, no harm


def test_fields_of_stored_items_are_shown_as_views_and_written_back_whole():
    """A node that reads an item, changes it and puts it back does not put the view in the original's place."""
    store = InMemoryStore()
    store.put(("notes",), "one", {"text": BIG, "by": "researcher"})

    def node(state, *, store: BaseStore):
        item = store.get(("notes",), "one")
        found = store.search(("notes",))
        store.put(("notes",), "one", {**item.value, "read": True})
        return {"report": f"{READ}{item.value['text']}", "research": f"{READ}{found[0].value['text']}"}

    result = graph_of(compressed_view(node, store_fields=["text"]), store=store).invoke({})

    assert markers.is_view(read(result))
    assert markers.is_view(result["research"].removeprefix(READ))
    assert store.get(("notes",), "one").value == {"text": BIG, "by": "researcher", "read": True}


def test_the_store_of_a_runtime_is_shown_alike():
    """Also async, where the runtime brings it."""
    store = InMemoryStore()
    store.put(("notes",), "one", {"text": BIG})

    async def node(state, runtime: Runtime):
        return {"report": f"{READ}{(await runtime.store.aget(('notes',), 'one')).value['text']}"}

    result = asyncio.run(graph_of(compressed_view(node, store_fields=["text"]), store=store).ainvoke({}))

    assert markers.is_view(read(result))


def test_a_large_view_keeps_no_event_loop_waiting():
    """While a view of some megabytes is made, other things on the loop go on."""
    large = payload(rows=20_000)
    gaps = []

    async def beat():
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0)
            gaps.append(time.perf_counter() - last)
            last = time.perf_counter()

    async def run():
        beating = asyncio.create_task(beat())
        graph = graph_of(compressed_view(aecho, "research"), first=lambda state: {"research": large})
        start = time.perf_counter()
        await graph.ainvoke({})
        took = time.perf_counter() - start
        beating.cancel()
        return took

    took = asyncio.run(run())

    assert len(gaps) > 10
    assert max(gaps) < max(0.5 * took, 0.2)


def test_fifty_threads_at_once_get_their_own():
    """Nothing crosses between runs."""
    graph = graph_of(
        compressed_view(aecho, "research"), first=lambda state: {"research": state["research"]}, checkpointer=InMemorySaver()
    )

    async def run():
        runs = [graph.ainvoke({"research": payload(n, rows=300)}, {"configurable": {"thread_id": str(n)}}) for n in range(50)]
        return await asyncio.gather(*runs)

    results = asyncio.run(run())

    assert all(f"\n{100_000 * n}," in result["report"] for n, result in enumerate(results))
    assert [result["research"] for result in results] == [payload(n, rows=300) for n in range(50)]


@pytest.mark.parametrize("mode", ["values", "updates"])
def test_streams_show_the_originals(mode):
    """What a caller streams is the state, not what the node's model read."""
    streamed = list(graph_of(compressed_view(echo, "research")).stream({}, stream_mode=mode))
    flat = streamed[-1] if mode == "values" else streamed[0]["researcher"]

    assert flat["research"] == BIG


def test_a_node_that_raises_still_raises():
    """A wrapper hides nothing of the node's own."""

    def node(state):
        msg = "the node's own"
        raise LookupError(msg)

    with pytest.raises(LookupError, match="the node's own"):
        graph_of(compressed_view(node, "research")).invoke({})


def test_what_is_no_node_is_refused():
    """At the call, with what it got."""
    with pytest.raises(TypeError, match="node must be a function or a Runnable, got str"):
        compressed_view("writer", "research")


def test_get_store_still_finds_the_graphs_store():
    """What a node asks for by `get_store` is the graph's own store."""
    store = InMemoryStore()

    def node(state):
        return {"report": str(get_store() is store or threading.current_thread().name)}

    assert graph_of(compressed_view(node, "research"), store=store).invoke({})["report"] == "True"


def test_what_a_node_passes_on_goes_on_as_the_original():
    """A subgraph that has the key, and a node that returns what it read, put no view in the original's place."""
    inner = StateGraph(State)
    inner.add_node("look", lambda state: {"report": str(markers.is_view(state["research"]))})
    inner.add_edge(START, "look")
    passing = [
        inner.compile(),
        lambda state: {"research": state["research"], "report": "True"},
        lambda state: Command(update={"research": state["research"], "report": "True"}),
    ]
    for node in passing:
        result = graph_of(compressed_view(node, "research")).invoke({})

        assert result["research"] == BIG
        assert result["report"] == "True"


def test_messages_that_a_node_passes_on_stay_whole():
    """An agent as a node returns all messages of its state: those of tools go on as they were."""

    class Talk(TypedDict):
        messages: Annotated[list[AnyMessage], add_messages]

    model = Scripted(script=["a report"])
    said = [HumanMessage("Which?", id="1"), ToolMessage(BIG, tool_call_id="1", name="checks", id="2")]
    for node in (
        create_agent(model, []),
        lambda state: {"messages": [*state["messages"], model.invoke(state["messages"])]},
    ):
        builder = StateGraph(Talk)
        builder.add_node("node", compressed_view(node, "messages"))
        builder.add_edge(START, "node")
        result = builder.compile().invoke({"messages": said})

        assert markers.is_view(model.seen[-1][1].text)
        assert [one.text for one in result["messages"][:2]] == ["Which?", BIG]
        assert len(result["messages"]) == 3


class BrokenStore(InMemoryStore):
    """A store that takes nothing."""

    def put(self, namespace, key, value, index=None, *, ttl=None):
        """Fail."""
        msg = "disk full"
        raise OSError(msg)

    async def aput(self, namespace, key, value, index=None, *, ttl=None):
        """Fail."""
        msg = "disk full"
        raise OSError(msg)


@pytest.mark.parametrize("store", [None, BrokenStore()])
def test_where_no_store_takes_originals_no_reference_is_named(store, caplog):
    """The run goes on, and the view says that omitted parts cannot be read."""
    run = {"configurable": {"thread_id": "7"}}
    for node in (echo, aecho):
        wrapped = compressed_view(node, "research", references=True, kept="store")
        graph = graph_of(
            wrapped, first=lambda state: {"research": payload(rows=4_000)}, store=store, checkpointer=InMemorySaver()
        )
        result = asyncio.run(graph.ainvoke({}, run))

        assert "omitted parts cannot be read" in read(result)
    assert ("did not take an original" in caplog.text) == (store is not None)


def test_options_that_mean_nothing_are_refused():
    """At the call."""
    with pytest.raises(errors.InvalidOptionError, match="kept must be one of 'state', 'store'"):
        compressed_view(echo, "research", kept="disk")
    with pytest.raises(errors.InvalidOptionError, match="keys must be one key of the state at least"):
        compressed_view(echo)


def test_equal_messages_of_tools_each_go_back():
    """Two answers with the same words have the same view, and each is put back where it was."""

    class Talk(TypedDict):
        messages: Annotated[list[AnyMessage], add_messages]

    said = [ToolMessage(BIG, tool_call_id=str(n), id=str(n)) for n in range(2)]
    builder = StateGraph(Talk)
    builder.add_node("node", compressed_view(lambda state: {"messages": state["messages"]}, "messages"))
    builder.add_edge(START, "node")

    assert [one.text for one in builder.compile().invoke({"messages": said})["messages"]] == [BIG, BIG]


@pytest.mark.parametrize("schema", [Plain, Checked])
def test_a_node_that_returns_its_whole_state_keeps_the_original(schema):
    """As LangGraph allows for states that are classes."""

    def node(state):
        assert markers.is_view(state.research)
        return dataclasses.replace(state, report="x") if schema is Plain else state.model_copy(update={"report": "x"})

    result = graph_of(compressed_view(node, "research"), schema).invoke({"research": "x"})

    assert result["research"] == BIG
    assert result["report"] == "x"


def test_commands_carry_originals():
    """To the parent graph, to a branch, and as pairs of a channel and a write."""
    seen = []
    inner = StateGraph(State)
    inner.add_node("leave", lambda state: Command(graph=Command.PARENT, goto="behind", update={"research": state["research"]}))
    inner.add_edge(START, "leave")
    nodes = [
        inner.compile(),
        lambda state: Command(goto=Send("behind", {"research": state["research"]})),
        lambda state: Command(goto="behind", update=[("research", state["research"])]),
    ]
    for node in nodes:
        builder = StateGraph(State)
        builder.add_node("node", compressed_view(node, "research"))
        builder.add_node("behind", lambda state: seen.append(state["research"]))
        builder.add_edge(START, "node")
        builder.compile().invoke({"research": BIG})

    assert seen == [BIG] * 3


def test_what_was_never_written_stays_empty():
    """Empty messages and channels of handoffs, and those whose handoffs were deleted."""

    class Empty(TypedDict, total=False):
        messages: Annotated[list[AnyMessage], add_messages]
        handoffs: Annotated[dict, handoff_reducer]
        deleted: Annotated[dict, handoff_reducer]

    seen = {}
    builder = StateGraph(Empty)
    builder.add_node("node", compressed_view(lambda state: seen.update(**state), "messages", "handoffs", "deleted"))
    builder.add_edge(START, "node")
    builder.compile().invoke({"messages": [], "deleted": {"a": None}})

    assert seen == {"messages": [], "handoffs": {}, "deleted": {"a": None}}


def test_the_store_gets_what_a_view_was_made_of_and_nothing_else():
    """One item for each original, however much it is made of."""
    rows = [{"id": n, "host": f"web-{n % 9}", "note": "checked by the nightly run " * 9} for n in range(400)]
    store = InMemoryStore()
    node = compressed_view(lambda state: {}, "research", "report", references=True, kept="store")
    first = {"first": lambda state: {"research": rows, "report": "few words"}}
    graph_of(node, store=store, checkpointer=InMemorySaver(), **first).invoke({}, {"configurable": {"thread_id": "a.b@c"}})

    assert len(store.search(("headroom",))) == 1


def test_generators_are_nodes_too():
    """What they yield goes through as it comes."""

    def node(state):
        yield {"report": f"{READ}{state['research']}"}

    async def anode(state):
        yield {"report": f"{READ}{state['research']}"}

    assert next(compressed_view(node, "research")({"research": BIG}))["report"].startswith(f"{READ}[view")

    async def run():
        return [one async for one in compressed_view(anode, "research")({"research": BIG})]

    assert asyncio.run(run())[0]["report"].startswith(f"{READ}[view")


class PrivateInput(TypedDict):
    """The input of one node."""

    research: str


class Private:
    """A node that is an object with a schema of its own."""

    def __call__(self, state: PrivateInput):
        """Report which keys were read."""
        return {"report": ",".join(sorted(state))}


def test_objects_and_runnables_keep_their_schemas_and_names():
    """LangGraph names a node after what it is given, and reads the annotations of its call."""
    builder = StateGraph(State)
    builder.add_node(compressed_view(Private(), "research"))
    builder.add_node(compressed_view(RunnableLambda(echo, name="echoes"), "research"))

    assert sorted(builder.nodes) == ["Private", "echoes"]
    assert graph_of(compressed_view(Private(), "research")).invoke({})["report"] == "research"
