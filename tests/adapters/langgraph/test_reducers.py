"""The write side: what nodes hand over becomes a record, beside its original."""

import asyncio
import json
import subprocess
import sys
from functools import reduce
from typing import Annotated, Optional, TypedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.store.memory import InMemoryStore
from langgraph.types import Command

import headroom_langgraph
from headroom_core import SharedContext, errors, markers
from headroom_core.testing.adapters import payload
from headroom_langgraph import handing_over, handoff, handoff_reducer, handoffs, original_of
from headroom_langgraph.originals import namespace_of
from headroom_langgraph.records import VERSION, is_record, original_in

BIG = payload()
values = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.just(BIG),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)
updates = st.dictionaries(st.sampled_from("abc"), values, max_size=3)


@given(updates, updates, updates)
def test_the_reducer_is_associative_and_idempotent(first, second, third):
    """However LangGraph groups writes, and however often it applies what came out, the channel holds the same."""
    left = handoff_reducer(handoff_reducer(handoff_reducer({}, first), second), third)
    right = handoff_reducer(handoff_reducer({}, first), handoff_reducer(handoff_reducer({}, second), third))

    assert left == right
    assert handoff_reducer(left, left) == left
    assert handoff_reducer({}, left) == left


@given(updates, updates)
def test_the_order_of_different_names_does_not_matter(first, second):
    """Parallel branches may write in any order."""
    apart = {name: value for name, value in second.items() if name not in first}

    assert handoff_reducer(handoff_reducer({}, first), apart) == handoff_reducer(handoff_reducer({}, apart), first)


@given(values)
def test_a_record_is_plain_data_and_holds_the_original(value):
    """Every checkpointer can hold it, and what was handed over is in it byte for byte."""
    record = handoff_reducer({}, {"a": value})["a"]

    assert json.loads(json.dumps(record)) == record
    if value is None:
        assert record is None
    else:
        assert is_record(record)
        assert original_in(record) == (
            value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        )


def test_the_last_writer_of_a_name_wins_and_none_deletes():
    """A deletion stays as a mark that it was made."""
    state = reduce(handoff_reducer, [{"a": "one"}, {"a": "two", "b": "three"}, {"b": None}], {})

    assert state["a"]["text"] == "two"
    assert state["b"] is None


def test_a_channel_of_one_handoff():
    """The last write counts; None leaves an empty dict, and so does what was never written."""
    reducer = handoff(agent="researcher")
    record = reducer({}, BIG)

    assert record["agent"] == "researcher"
    assert markers.is_view(record["text"])
    assert record["original"] == BIG
    assert reducer({"v": 1}, record) is record
    assert reducer(record, None) == {}
    assert reducer({}, {}) == {}


def test_small_handoffs_are_kept_once():
    """Where the view is the original, the record has it once."""
    assert set(handoff()({}, "few words")) == {"v", "text", "digest"}


def test_a_version_that_is_not_known_is_a_payload_like_any_other():
    """A state written by a later release is shown whole, and never misread."""
    later = {"v": VERSION + 1, "text": "short", "digest": "0" * 64}
    record = handoff()({}, later)

    assert is_record(record)
    assert json.loads(original_in(record)) == later


def test_a_failure_in_a_reducer_does_not_end_the_run(caplog):
    """LangGraph ends a run whose reducer raises, so that ours never does: the original passes, and the log says why."""

    def broken(text):
        msg = "out of order"
        raise RuntimeError(msg)

    record = handoff(counter=broken)({}, BIG)

    assert record["text"] == BIG
    assert "no view could be made" in caplog.text


def graph_of(schema, *nodes, **compiled):
    """Return a graph of nodes that run at the same time, and one behind them that reports what it reads."""
    builder = StateGraph(schema)
    builder.add_node(
        "join", lambda state: {"report": json.dumps({key: value for key, value in state.items() if key != "report"})}
    )
    for number, node in enumerate(nodes):
        builder.add_node(f"node{number}", node)
        builder.add_edge(START, f"node{number}")
    builder.add_edge([f"node{number}" for number in range(len(nodes))], "join")
    builder.add_edge("join", END)
    return builder.compile(**compiled)


class Handed(TypedDict, total=False):
    """Handoffs by name."""

    handoffs: Annotated[dict, handoff_reducer]
    report: str


def test_parallel_branches_fan_in():
    """Each name is there, whatever order the branches ended in."""
    nodes = [lambda state, n=n: {"handoffs": {f"part{n}": payload(n, rows=300)}} for n in range(4)]
    found = graph_of(Handed, *nodes).invoke({})["handoffs"]

    assert sorted(found) == [f"part{n}" for n in range(4)]
    assert [found[f"part{n}"]["original"] for n in range(4)] == [payload(n, rows=300) for n in range(4)]


def test_a_subgraph_passes_the_reducer_twice_and_nothing_is_lost():
    """The same channel in parent and child is reduced in both: a record stays as it is."""
    inner = StateGraph(Handed)
    inner.add_node("write", lambda state: {"handoffs": {"a": BIG}})
    inner.add_edge(START, "write")
    outer = graph_of(Handed, inner.compile()).invoke({})["handoffs"]["a"]

    assert outer == handoff_reducer({}, {"a": BIG})["a"]


def test_types_that_cannot_be_made_without_arguments_skip_their_reducer_once():
    """LangGraph stores the first write to such a channel as it is. This is why a channel of ours is annotated as dict."""

    class Optionally(TypedDict, total=False):
        research: Annotated[Optional[str], handoff()]  # noqa: UP045  # the trap
        report: str

    class Rightly(TypedDict, total=False):
        research: Annotated[dict, handoff()]
        report: str

    assert graph_of(Optionally, lambda state: {"research": BIG}).invoke({})["research"] == BIG
    assert is_record(graph_of(Rightly, lambda state: {"research": BIG}).invoke({})["research"])


def test_reducers_take_two_values_and_have_a_name():
    """LangGraph asks for exactly two parameters, and compares channels by the name of their function."""
    for reducer in (handoff_reducer, handoffs(mode="compact"), handoff()):
        assert reducer.__name__ == "handoff_reducer"
        assert reducer.__code__.co_argcount == 2


def test_streams_of_updates_show_what_the_node_returned():
    """Reducers run behind the stream of updates: `values` has the record, `updates` the raw payload."""
    graph = graph_of(Handed, lambda state: {"handoffs": {"a": BIG}})
    (update,) = (one["node0"] for one in graph.stream({}, stream_mode="updates") if "node0" in one)
    last = list(graph.stream({}, stream_mode="values"))[-1]

    assert update["handoffs"]["a"] == BIG
    assert is_record(last["handoffs"]["a"])


@pytest.mark.parametrize("result", [{"research": BIG}, Command(update={"research": BIG}), [Command(update={"research": BIG})]])
def test_a_node_can_hand_over_records(result):
    """`handing_over` makes them before the reducer, from a dict, a `Command`, or several commands."""

    class Single(TypedDict, total=False):
        research: Annotated[dict, handoff()]
        report: str

    graph = graph_of(Single, handing_over(lambda state: result, "research", agent="researcher"))
    (update,) = (one["node0"] for one in graph.stream({}, stream_mode="updates") if "node0" in one)

    assert is_record(update["research"])
    assert update["research"]["agent"] == "researcher"
    assert graph.invoke({})["research"]["original"] == BIG


def test_every_name_of_a_channel_can_be_handed_over():
    """A star stands for all names; None still deletes."""
    node = handing_over(lambda state: {"handoffs": {"a": BIG, "b": "few", "c": None}, "report": "x"}, "handoffs.*")
    result = node({})

    assert is_record(result["handoffs"]["a"])
    assert is_record(result["handoffs"]["b"])
    assert result["handoffs"]["c"] is None
    assert result["report"] == "x"


def test_originals_can_be_kept_in_the_graphs_store():
    """The state has the view alone; sync and async, in the namespace of the thread."""

    async def node(state):
        return {"handoffs": {"a": BIG}}

    store = InMemoryStore()
    for number, one in enumerate([lambda state: {"handoffs": {"a": BIG}}, node]):
        run = {"configurable": {"thread_id": str(number)}}
        graph = graph_of(Handed, handing_over(one, "handoffs.*", kept="store"), store=store, checkpointer=InMemorySaver())
        record = asyncio.run(graph.ainvoke({}, run))["handoffs"]["a"]
        (item,) = store.search(namespace_of(run))

        assert record["kept"] == "store"
        assert "original" not in record
        assert item.value["original"] == BIG


def test_without_a_store_originals_stay_in_the_state():
    """Nothing is lost where there is nowhere to put it."""
    record = graph_of(Handed, handing_over(lambda state: {"handoffs": {"a": BIG}}, "handoffs.*", kept="store")).invoke({})[
        "handoffs"
    ]["a"]

    assert record["original"] == BIG


def test_originals_can_be_kept_in_a_context():
    """Two payloads under one name do not replace each other's: a view that was shown can still be read."""
    ctx = SharedContext(model="gpt-4o")
    reducer = handoffs(ctx=ctx)
    first, second = reducer({}, {"a": payload(1)})["a"], reducer({}, {"a": payload(2)})["a"]

    assert first["kept"] == second["kept"] == "context"
    assert sorted(ctx.get(key, full=True) for key in list(ctx.keys())) == sorted([payload(1), payload(2)])


def test_a_node_can_keep_originals_in_a_context():
    """In the scope of the thread, out of every checkpoint."""
    ctx = SharedContext(model="gpt-4o")
    node = handing_over(lambda state: {"handoffs": {"a": BIG}}, "handoffs.*", ctx=ctx)
    graph = graph_of(Handed, node, checkpointer=InMemorySaver())
    record = graph.invoke({}, {"configurable": {"thread_id": "7"}})["handoffs"]["a"]
    scope = ctx.scoped("thread 7")

    assert record["kept"] == "context"
    assert [scope.get(key, full=True) for key in scope.keys()] == [BIG]  # noqa: SIM118  # a context is no dict
    assert len(ctx) == 0


def test_what_a_context_refuses_passes_as_it_is(caplog):
    """Larger than the context takes: the run goes on with the original."""
    ctx = SharedContext(model="gpt-4o", max_entry_bytes=1_000)

    assert handoffs(ctx=ctx)({}, {"a": BIG})["a"]["text"] == BIG
    assert "the context did not take it" in caplog.text


def test_the_reducers_need_no_langgraph():
    """The package and its reducers import nothing of the frameworks."""
    code = """
import sys, headroom_langgraph
headroom_langgraph.handoff()({}, "x")
print(sorted({"langgraph", "langchain", "langchain_core"} & set(sys.modules)))
"""
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout.strip() == "[]"


def test_what_is_missing_is_named_with_the_command_that_brings_it():
    """Without the framework an import says which extra to install."""
    code = """
import sys
for name in ("langgraph", "langchain", "langchain_core"):
    sys.modules[name] = None
try:
    from headroom_langgraph import {}
except ImportError as exc:
    print(exc)
"""
    for name, extra in (("compressed_view", "langgraph"), ("HeadroomMiddleware", "langchain")):
        found = subprocess.run([sys.executable, "-c", code.format(name)], capture_output=True, text=True, check=True)

        assert f"pip install 'headroom-core[{extra}]'" in found.stdout


def test_an_attribute_that_is_not_there_is_not_there():
    """As of any module."""
    with pytest.raises(AttributeError, match="no attribute 'anything'"):
        headroom_langgraph.anything  # noqa: B018
    assert isinstance(headroom_langgraph.__all__, list)


def test_references_are_named_only_where_they_can_be_read():
    """Each way to write has the option."""
    large = payload(rows=4_000)
    texts = [
        handoff(references=False)({}, large)["text"],
        handoffs(references=False)({}, {"a": large})["a"]["text"],
        handing_over(lambda state: {"a": large}, "a", references=False)({})["a"]["text"],
    ]

    assert all("omitted parts cannot be read" in text for text in texts)


def test_outside_of_a_graph_a_node_hands_over_all_the_same():
    """As in a test of the node alone."""
    ctx = SharedContext(model="gpt-4o")
    record = handing_over(lambda state: {"a": BIG}, "a", ctx=ctx)({})["a"]

    assert record["kept"] == "context"
    assert original_of(record, ctx=ctx) == BIG


def test_the_original_of_a_record_is_found_wherever_it_is_kept():
    """In the record, in the graph's store, in a context and in the scope of a thread; elsewhere it is None."""
    store, ctx = InMemoryStore(), SharedContext(model="gpt-4o")
    run = {"configurable": {"thread_id": "7"}}
    node = handing_over(lambda state: {"handoffs": {"a": BIG}}, "handoffs.*", kept="store")
    stored = graph_of(Handed, node, store=store, checkpointer=InMemorySaver()).invoke({}, run)["handoffs"]["a"]
    in_context = handoff(ctx=ctx)({}, BIG)

    assert original_of(handoff()({}, BIG)) == BIG
    assert original_of(handoff()({}, "few")) == "few"
    assert original_of(stored, store=store, thread="7") == BIG
    assert original_of(stored, store=store, thread="8") is None
    assert original_of(stored) is None
    assert original_of(in_context, ctx=ctx) == BIG
    assert original_of(in_context, ctx=SharedContext(model="gpt-4o")) is None


def test_a_store_that_fails_leaves_originals_in_the_state(caplog):
    """Nothing is said to be where it is not."""

    class BrokenStore(InMemoryStore):
        def put(self, namespace, key, value, index=None, *, ttl=None):
            msg = "disk full"
            raise OSError(msg)

    run = {"configurable": {"thread_id": "7"}}
    node = handing_over(lambda state: {"handoffs": {"a": BIG}}, "handoffs.*", kept="store")
    record = graph_of(Handed, node, store=BrokenStore(), checkpointer=InMemorySaver()).invoke({}, run)["handoffs"]["a"]

    assert record["original"] == BIG
    assert "kept" not in record
    assert "did not take an original" in caplog.text


def test_options_that_mean_nothing_are_refused():
    """At the call, and not in the middle of a run."""
    ctx = SharedContext(model="gpt-4o")
    for wrong in ({"kept": "disk"}, {"kept": "store", "ctx": ctx}, {"agent": 3}):
        with pytest.raises(errors.InvalidOptionError):
            handing_over(dict, "a", **wrong)
    with pytest.raises(errors.InvalidOptionError, match="one key of the result at least"):
        handing_over(dict)
    with pytest.raises(errors.InvalidOptionError, match="agent must be a str or None"):
        handoff(agent=3)
