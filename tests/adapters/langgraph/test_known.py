"""What the views of a prompt are made for: the task, and what stands before them in it."""

import operator
from typing import Annotated, Any, TypedDict

import pytest
from langchain.agents import create_agent
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import tool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages
from langgraph.prebuilt import ToolNode
from langgraph.store.base import BaseStore
from langgraph.store.memory import InMemoryStore
from langgraph.types import Send

from headroom_core import SharedContext, errors, handoff, markers
from headroom_core.content import digest_and_size
from headroom_core.testing import FakeCounter
from headroom_core.testing.adapters import payload
from headroom_core.viewer import Viewer
from headroom_langgraph import (
    HeadroomMiddleware,
    compressed_view,
    handing_over,
    handoff_messages,
    handoff_reducer,
    handoff_tool,
    headroom_read_tool,
)
from headroom_langgraph.messages import shown_messages, told_by
from tests.adapters.langgraph.scripted import Scripted, call
from tests.adapters.telling import assert_known_is_read, assert_start_kept, telling
from tests.core.timing import assert_linear

FOUND = [payload(number, rows=120) for number in range(4)]
RUN = {"configurable": {"thread_id": "1"}}


@tool
def find(part: int) -> str:
    """Return some checks."""
    return FOUND[part]


def said(messages):
    """Return the texts of a prompt."""
    return [text for message in messages for text in told_by(message) if text]


def find_all():
    """Return what a model says that asks for each payload, one after the other, and then answers."""
    return [*(call("find", part, part=part) for part in range(3)), "a report"]


class Talk(TypedDict, total=False):
    """A conversation, and a payload."""

    messages: Annotated[list[AnyMessage], add_messages]
    research: Any
    brief: Any
    report: Any


def test_a_prompt_of_an_agent_keeps_its_start(asked):
    """Call after call, and when a person says more: each view stays as it was, and is made for what was said first."""
    model = Scripted(script=[*find_all(), call("find", 4, part=0), "done"])
    agent = create_agent(model, [find], middleware=[HeadroomMiddleware(model="gpt-4o")], checkpointer=InMemorySaver())
    agent.invoke({"messages": [HumanMessage("Which checks failed?")]}, RUN)
    agent.invoke({"messages": [HumanMessage("And now?")]}, RUN)
    prompts = [said(messages) for messages in model.seen]

    assert_start_kept(prompts)
    assert_known_is_read(asked, prompts)
    assert {one.query for one in asked} == {"Which checks failed?"}
    assert asked[0].known == ("Which checks failed?", '{"part":0}')
    assert not any(found in prompts[-1] for found in FOUND)


def test_a_run_that_is_resumed_shows_the_same(asked):
    """What a view knows is in the state, and so in checkpoints."""
    saver, prompts = InMemorySaver(), []
    for task, script in (("Which checks failed?", find_all()), ("And now?", ["done"])):
        model = Scripted(script=script)
        agent = create_agent(model, [find], middleware=[HeadroomMiddleware(model="gpt-4o")], checkpointer=saver)
        agent.invoke({"messages": [HumanMessage(task)]}, RUN)
        prompts += [said(messages) for messages in model.seen]

    assert_start_kept(prompts)
    assert_known_is_read(asked, prompts)


def test_messages_under_a_key_know_those_before_them(asked):
    """A node that reads messages as views, turn after turn."""
    model = Scripted(script=find_all())
    bound = model.bind_tools([find])

    def write(state):
        return {"messages": [bound.invoke([SystemMessage("You are the writer."), *state["messages"]])]}

    builder = StateGraph(Talk)
    builder.add_node("model", compressed_view(write, "messages", model="gpt-4o"))
    builder.add_node("tools", ToolNode([find]))
    builder.add_edge(START, "model")
    builder.add_conditional_edges("model", lambda s: "tools" if s["messages"][-1].tool_calls else END, ["tools", END])
    builder.add_edge("tools", "model")
    result = builder.compile().invoke({"messages": [HumanMessage("Which checks failed?")]})
    prompts = [said(messages) for messages in model.seen]

    assert_start_kept(prompts)
    assert_known_is_read(asked, prompts)
    assert {one.query for one in asked} == {"Which checks failed?"}
    assert [one.text for one in result["messages"] if one.type == "tool"] == FOUND[:3]


def run_one(node, state, schema=Talk, **options):
    """Run a graph of one node."""
    builder = StateGraph(schema)
    builder.add_node("node", node)
    builder.add_edge(START, "node")
    return builder.compile(**options).invoke(state, RUN)


def reading(read):
    """Return a node that puts what it reads into a dict."""

    def node(state):
        read.update(state)

    return node


TALK = [HumanMessage("Which checks failed?"), ToolMessage(FOUND[0], tool_call_id="1"), AIMessage("I see.")]


def test_keys_know_nothing_of_each_other_unless_the_node_says_so(asked):
    """What prompt a node writes of them, and in which order, is its own; the task is what a person said first."""
    read = {}
    node = compressed_view(reading(read), "messages", "research", "brief", model="gpt-4o")
    run_one(node, {"messages": TALK, "research": FOUND[1], "brief": FOUND[2]})
    of_message, of_research, of_brief = asked

    assert of_message.known == ("Which checks failed?",)
    assert of_research.known == of_brief.known == ()
    assert {one.query for one in asked} == {"Which checks failed?"}
    assert read["research"] == of_research.shown


def test_a_node_may_say_what_it_writes_first(asked):
    """Texts, records and messages, as they are shown, in the order in which the keys are named; and its own task."""
    model = Scripted(script=["a report"])

    def write(state):
        start = [SystemMessage(state["handoffs"]["note"]["text"] if "note" in state["handoffs"] else "")]
        return {"report": model.invoke([*start, HumanMessage(state["brief"]), *state["messages"], *state["rest"]]).text}

    class Full(Talk):
        handoffs: dict
        rest: list[AnyMessage]

    record = handoff_reducer({}, {"note": FOUND[3]})
    known = ["handoffs", "brief", "messages"]
    node = compressed_view(write, "rest", "messages", "brief", known=known, query="Write a report.", model="gpt-4o")
    rest = [ToolMessage(FOUND[2], tool_call_id="2")]
    asked.clear()
    run_one(node, {"messages": TALK, "brief": FOUND[1], "handoffs": record, "rest": rest}, Full)
    of_brief, of_message, of_rest = asked
    start = (record["note"]["text"],)

    assert of_brief.known == start
    assert of_message.known == (*start, of_brief.shown, "Which checks failed?")
    assert of_rest.known == (*start, of_brief.shown, "Which checks failed?", of_message.shown, "I see.")
    assert {one.query for one in asked} == {"Write a report."}
    assert_known_is_read(asked, [said(model.seen[0])])


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("few words", ("few words",)),
        ({"b": 1}, ('{"b":1}',)),
        ([{"b": 1}], ('[{"b":1}]',)),
        (["one", "two"], ("one", "two")),
        ([HumanMessage("one"), AIMessage("", tool_calls=[{"name": "a", "args": {"b": 1}, "id": "1"}])], ("one", '{"b":1}')),
        (None, ()),
        ([], ("[]",)),
    ],
)
def test_what_a_known_key_says(asked, value, says):
    """Whatever stands there, as it is."""
    run_one(
        compressed_view(lambda state: {}, "research", known=["brief"], model="gpt-4o"), {"brief": value, "research": FOUND[0]}
    )

    assert [one.known for one in asked] == [says]


def test_a_copy_further_up_is_known_as_it_is_shown(asked):
    """Where a person said the same text, it is known whole; where a tool did, the view of it is."""
    messages = [HumanMessage(FOUND[0]), *(ToolMessage(FOUND[0], tool_call_id=str(number)) for number in range(2))]
    run_one(compressed_view(lambda state: {}, "messages", model="gpt-4o"), {"messages": messages})
    first, second = asked

    assert first.known == (FOUND[0],)
    assert second.known == (FOUND[0], first.shown)

    asked.clear()
    run_one(
        compressed_view(lambda state: {}, "research", known=["brief", "research"], model="gpt-4o"),
        {"brief": FOUND[0], "research": FOUND[0]},
    )
    assert [one.known for one in asked] == [(FOUND[0],)]


def test_branches_know_nothing_of_each_other(asked):
    """Each reads what was sent to it."""

    class Sent(TypedDict, total=False):
        research: str
        reports: Annotated[list, operator.add]

    node = compressed_view(lambda state: {"reports": [f"read: {state['research']}"]}, "research", model="gpt-4o")
    builder = StateGraph(Sent)
    builder.add_node("branch", node)
    builder.add_conditional_edges(START, lambda state: [Send("branch", {"research": one}) for one in FOUND], ["branch"])
    result = builder.compile().invoke({})

    assert len(result["reports"]) == len(asked) == 4
    assert all(one.known == () and one.query is None for one in asked)


def test_records_of_branches_are_shown_as_they_were_stored(asked):
    """They are not made again for a reader; a value beside them that is no record knows nothing of them."""
    record = handoff_reducer({}, {"one": FOUND[0]})["one"]
    asked.clear()
    read = {}
    node = compressed_view(reading(read), "research", query="Report.", model="gpt-4o")
    run_one(node, {"research": {"one": record, "two": FOUND[1]}})

    assert read["research"]["one"] == record["text"]
    assert [(one.text, one.known, one.query) for one in asked] == [(FOUND[1], (), "Report.")]


def test_the_write_side_is_told_nothing(asked):
    """A reducer and a node that hands over see no prompt, and what they write has many readers."""

    class Written(TypedDict, total=False):
        messages: Annotated[list[AnyMessage], handoff_messages(model="gpt-4o")]
        handoffs: Annotated[dict, handoff_reducer]
        research: dict

    node = handing_over(lambda state: {"research": FOUND[1], "handoffs": {"two": FOUND[2]}}, "research", model="gpt-4o")
    run_one(node, {"messages": TALK}, Written)

    assert FOUND[0] in {one.text for one in asked}
    assert FOUND[1] in {one.text for one in asked}
    assert all(one.known == () and one.query is None for one in asked)


def test_a_handoff_is_made_for_the_task_that_goes_with_it(asked):
    """The other agent reads its task, then the view; the message is stored, and shown so from then on."""
    ctx = SharedContext(model="gpt-4o")
    finds = Scripted(script=[call("find", part=0), call("transfer_to_writer", 2, task="Write a report.")])
    writes = Scripted(script=["a report"])
    builder = StateGraph(Talk)
    builder.add_node("researcher", create_agent(finds, [find, handoff_tool(ctx, "writer")]))
    builder.add_node("writer", create_agent(writes, [], middleware=[HeadroomMiddleware(model="gpt-4o", ctx=ctx)]))
    builder.add_edge(START, "researcher")
    builder.compile().invoke({"messages": [HumanMessage("Which checks failed?")]}, RUN)

    assert [(one.text, one.known, one.query) for one in asked] == [(FOUND[0], ("Write a report.",), "Write a report.")]
    assert_known_is_read(asked, [said(writes.seen[0])])


def test_items_of_the_store_are_made_for_the_node_task(asked):
    """Where in its prompt a node writes them is its own."""
    store = InMemoryStore()
    store.put(("found",), "1", {"report": FOUND[0]})

    def write(state, *, store: BaseStore):
        return {"report": len(store.get(("found",), "1").value["report"])}

    node = compressed_view(write, store_fields=["report"], query="Report.", model="gpt-4o")
    run_one(node, {"messages": TALK}, store=store)

    assert [(one.text, one.known, one.query) for one in asked] == [(FOUND[0], (), "Report.")]


def test_a_text_of_which_no_view_is_made_is_known_as_it_passes(monkeypatch):
    """What fails costs its own saving, and changes nothing else."""
    asked = []
    monkeypatch.setattr(handoff, "Viewer", telling(asked, broken=[FOUND[0]]))
    model = Scripted(script=find_all())
    agent = create_agent(model, [find], middleware=[HeadroomMiddleware(model="gpt-4o")])
    agent.invoke({"messages": [HumanMessage("Which checks failed?")]})
    prompts = [said(messages) for messages in model.seen]

    assert FOUND[0] in prompts[-1]
    assert FOUND[0] in asked[0].known
    assert_start_kept(prompts)
    assert_known_is_read(asked, prompts)


def test_what_cannot_be_told_is_not_known(asked):
    """Content that LangChain cannot make a text of, and values without an end: the run goes on, and the view is made."""
    deep = ["", None]
    deep[1] = deep
    messages = [HumanMessage([{"type": "text"}]), HumanMessage("Which checks failed?"), *TALK[1:]]
    node = compressed_view(lambda state: {}, "messages", "research", known=["brief"], model="gpt-4o")
    run_one(node, {"messages": messages, "brief": deep, "research": FOUND[1]})
    shown_messages(messages, handoff.viewer_for("gpt-4o"))

    assert [one.known for one in asked] == [("Which checks failed?",), (), ("Which checks failed?",)]
    assert {one.query for one in asked} == {"Which checks failed?"}


def test_what_is_known_changes_no_handle():
    """An original has one name, whoever reads a view of it behind whatever, and is read by it."""
    large = payload(7, rows=2_000)
    handle = markers.handle_of(digest_and_size(large)[0])
    for before in ("few words", FOUND[0], large[:4_000]):
        read = {}
        node = compressed_view(
            lambda s, read=read: read.update(s), "research", known=["brief"], references=True, model="gpt-4o"
        )
        run_one(node, {"brief": before, "research": large})
        asks = [call("headroom_read", reference=f"{handle} rows 2-3")]
        answer = run_one(ToolNode([headroom_read_tool(model="gpt-4o")]), {"messages": asks, "research": large})

        assert read["research"].startswith(f"[view of {handle};")
        assert "Nothing was read" not in answer["messages"][-1].text


@pytest.mark.parametrize("options", [{"known": "brief"}, {"known": [1]}, {"query": 3}])
def test_what_means_nothing_is_refused(options):
    """At the call."""
    with pytest.raises(errors.InvalidOptionError):
        compressed_view(lambda state: {}, "research", **options)


def test_short_messages_ask_for_nothing(asked):
    """What stands before is put together only where a view is made."""
    messages = [ToolMessage(f"remark {number}", tool_call_id="1") for number in range(2_000)]
    shown_messages([*messages, ToolMessage(FOUND[0], tool_call_id="1")], handoff.viewer_for("gpt-4o"))

    assert [len(one.known) for one in asked] == [2_000]


def test_time_grows_with_the_messages():
    """Twice as many take about twice as long."""
    viewer = Viewer(counter=FakeCounter())

    def messages(count):
        texts = (FOUND[number // 2_000 % 3] if number % 2_000 == 0 else f"remark {number}" for number in range(count))
        return [ToolMessage(text, tool_call_id="1") for text in texts]

    assert_linear(lambda given: shown_messages(given, viewer), messages)
