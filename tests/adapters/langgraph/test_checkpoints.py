"""Runs that are interrupted, resumed in another process, forked, or restored from what another version wrote."""

import json
import operator
import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated, TypedDict

import pytest
from langchain_core.messages import AnyMessage, HumanMessage
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages
from langgraph.prebuilt import ToolNode
from langgraph.store.memory import InMemoryStore
from langgraph.types import Command, interrupt

from headroom_core import SharedContext, markers
from headroom_core.testing.adapters import payload
from headroom_langgraph import compressed_view, handing_over, handoff, handoff_reducer, headroom_read_tool
from tests.adapters.langgraph.resumed import ENDED, ORIGINALS, RUN, begun, built, finished, saver_of
from tests.adapters.langgraph.scripted import Scripted, call

ROOT = Path(__file__).parents[3]
ASKED = {"messages": [HumanMessage("Which checks failed?")]}
KINDS = ["memory", "sqlite", "postgres"]
FIELDS = ["metrics", "traces"]


def address(kind, request, folder):
    """Return where a checkpointer of a kind keeps what it keeps."""
    return request.getfixturevalue("postgres") if kind == "postgres" else str(folder / "checkpoints.db")


def plain(found):
    """Return what came of a run as it reads when it comes out of another process."""
    return json.loads(json.dumps(found))


# Two processes.


def child(part, kind, where):
    """Do a part of the run in a process of its own, in which any warning is an error, and return what it printed."""
    path = os.pathsep.join([*sys.path, str(ROOT)])
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.adapters.langgraph.resumed", part, kind, where],
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "PYTHONPATH": path, "LANGGRAPH_STRICT_MSGPACK": "true"},
    )
    # LangGraph logs what it restores against advice, and logging prints that.
    assert (done.returncode, done.stderr) == (ENDED if part == "begin" else 0, "")
    return json.loads(done.stdout)


@pytest.fixture(scope="module", params=KINDS)
def resumed(request, tmp_path_factory):
    """Return what came of a run whose first process ended itself before the writer; one that keeps nothing stays in its own."""
    if request.param == "memory":
        with saver_of("memory", "") as saver:
            first, second = begun(saver), plain(finished(saver, Command(resume="yes")))
    else:
        where = address(request.param, request, tmp_path_factory.mktemp("resumed"))
        first, second = child("begin", request.param, where), child("finish", request.param, where)
    assert first == {"asked": ["Write it?"], "prompts": 0}
    return second


@pytest.fixture(scope="module")
def uninterrupted():
    """Return what came of the same run without an interrupt."""
    return plain(finished(InMemorySaver(), ASKED, waits=False))


def test_a_resumed_run_reads_what_an_uninterrupted_one_reads(resumed, uninterrupted):
    """The writer's model is called once, with the same views; and each of them is one."""
    (prompt,) = resumed["prompts"]
    views = [
        *(one["text"] for one in resumed["state"]["handoffs"].values()),
        *(resumed["state"][key]["text"] for key in FIELDS),
    ]
    read = "\n".join(text for _, text in prompt)

    assert resumed["prompts"] == uninterrupted["prompts"]
    assert all(view in read and len(view) < 15_000 for view in views)
    assert not any(original in read for original in ORIGINALS.values())


def test_a_resumed_run_ends_in_the_same_state(resumed, uninterrupted):
    """Whoever started it gets the same."""
    assert resumed["state"] == uninterrupted["state"]
    assert resumed["state"]["report"] == "a report"


def test_originals_are_whole_after_a_restart(resumed):
    """What was handed over is there, byte for byte."""
    state = resumed["state"]
    found = {name: record["original"] for name, record in state["handoffs"].items()}
    found |= {name: state[name]["original"] for name in FIELDS} | {"notes": state["notes"]}
    found["said"] = next(one["original"] for one in state["artifacts"] if one is not None)

    assert found == ORIGINALS


def test_nothing_is_compressed_again_after_a_restart(resumed, uninterrupted):
    """Only what is shown by `compressed_view` is made into a view: the records and messages that are restored are views."""
    assert resumed["viewed"] == [ORIGINALS["notes"]]
    assert sorted(uninterrupted["viewed"]) == sorted(ORIGINALS.values()), "the measure sees nothing"


def test_restored_records_are_plain_data(resumed):
    """What a checkpointer restores has the types that JSON has, whatever it is told to allow."""
    assert resumed["types"] == ["builtins.dict", "builtins.int", "builtins.str"]


def test_a_branch_that_waits_changes_nothing_for_those_beside_it():
    """A run that is resumed in the middle of a step ends with the same records as one that never waited."""

    class Waiting(TypedDict, total=False):
        handoffs: Annotated[dict, handoff_reducer]
        metrics: Annotated[dict, handoff()]

    def ended(waits):
        builder = StateGraph(Waiting)
        builder.add_node("one", lambda state: {"handoffs": {"one": ORIGINALS["first"]}})
        builder.add_node("two", handing_over(lambda state: {"metrics": ORIGINALS["metrics"]}, "metrics"))
        builder.add_node("three", lambda state: {"handoffs": {"three": interrupt("?") if waits else ORIGINALS["second"]}})
        for name in ("one", "two", "three"):
            builder.add_edge(START, name)
        graph = builder.compile(checkpointer=InMemorySaver())
        found = graph.invoke({}, RUN)
        return graph.invoke(Command(resume=ORIGINALS["second"]), RUN) if waits else found

    assert ended(waits=True) == ended(waits=False)


# Time travel.


@pytest.fixture(params=KINDS)
def past(request, tmp_path):
    """Return a graph that ran to its end, its writer's model, and the checkpoint before the writer."""
    with saver_of(request.param, address(request.param, request, tmp_path)) as saver:
        saver.delete_thread("the run")  # the one database has that of other tests
        model = Scripted()
        graph = built(saver, model, waits=False)
        graph.invoke(ASKED, RUN)
        yield graph, model, next(one for one in graph.get_state_history(RUN) if one.next == ("writer",))


def test_every_checkpoint_of_the_past_has_the_same_records(past):
    """A record stays what it was when it was made."""
    graph, _, before = past
    history = [one.values for one in graph.get_state_history(RUN) if one.values.get("metrics")]

    assert len(history) >= 3
    assert all(one["metrics"] == before.values["metrics"] for one in history)
    assert all(one["handoffs"] == before.values["handoffs"] for one in history)


def test_a_run_from_an_older_checkpoint_reads_the_same(past):
    """What is run again is given the same prompt."""
    graph, model, before = past
    graph.invoke(None, before.config)

    assert len(model.seen) == 2
    assert model.prompt(1) == model.prompt(0)


def test_a_big_payload_that_is_written_into_the_past_becomes_a_record(past):
    """The fork's writer reads its view, and the views of the rest as they were."""
    graph, model, before = past
    late = payload(77, 400)
    fork = graph.update_state(before.config, {"metrics": late, "handoffs": {"late": late}}, as_node="approval")
    values = graph.get_state(fork).values
    graph.invoke(None, fork)

    assert values["metrics"]["original"] == values["handoffs"]["late"]["original"] == late
    assert values["metrics"]["text"] == values["handoffs"]["late"]["text"]
    assert values["handoffs"] == before.values["handoffs"] | {"late": values["metrics"]}
    assert model.prompt().count(values["metrics"]["text"]) == 2
    assert before.values["metrics"]["text"] not in model.prompt()
    assert before.values["traces"]["text"] in model.prompt()


def test_a_record_that_is_written_into_the_past_stays_as_it_is(past):
    """A fork that writes what is there already changes nothing, messages included."""
    graph, model, before = past
    same = {key: before.values[key] for key in ("metrics", "traces", "handoffs", "messages")}
    fork = graph.update_state(before.config, same, as_node="approval")

    assert graph.get_state(fork).values == before.values
    graph.invoke(None, fork)
    assert model.prompt(1) == model.prompt(0)


# What checkpoints take.

SIDES = [payload(number, 512) for number in range(10)]
"""Ten handoffs of 80 KB."""


def stored_bytes(path, fields, update, *, kept, beside, store=None):
    """Return the bytes that SQLite holds after ten nodes handed over, one after the other or side by side."""
    builder = StateGraph(TypedDict("Handed", fields, total=False))
    for number in range(10):
        builder.add_node(f"node {number}", kept(lambda state, number=number: update(number)))
        builder.add_edge(START if beside or not number else f"node {number - 1}", f"node {number}")
    with SqliteSaver.from_conn_string(str(path)) as saver:
        builder.compile(checkpointer=saver, store=store).invoke({}, RUN)
        query = "SELECT sum(length(checkpoint)) + (SELECT sum(length(value)) FROM writes) FROM checkpoints"
        return saver.conn.execute(query).fetchone()[0]


@pytest.mark.parametrize("beside", [True, False], ids=["side by side", "one after the other"])
def test_records_take_little_more_than_originals_in_checkpoints(tmp_path, beside):
    """A view adds at most three parts in ten, and originals that are kept elsewhere take nothing."""
    ctx = SharedContext(model="gpt-4o")

    def one_each(kind):
        return {f"key {number}": kind(number) for number in range(10)}, lambda number: {f"key {number}": SIDES[number]}

    def one_dict(reducer):
        return {"handoffs": Annotated[dict, reducer]}, lambda number: {"handoffs": {f"key {number}": SIDES[number]}}

    def as_it_is(node):
        return node

    def to_the_store(node):
        return handing_over(node, "handoffs.*", *(f"key {number}" for number in range(10)), kept="store")

    handed = one_each(lambda number: Annotated[dict, handoff()])
    ways = {
        "str, one each": (one_each(lambda number: str), as_it_is),
        "handoff(), one each": (handed, as_it_is),
        "handing_over(kept='store'), one each": (handed, to_the_store),
        "handoff(ctx=), one each": (one_each(lambda number: Annotated[dict, handoff(ctx=ctx, key=f"{number}")]), as_it_is),
        "operator.or_, one dict": (one_dict(operator.or_), as_it_is),
        "handoff_reducer, one dict": (one_dict(handoff_reducer), as_it_is),
        "handing_over(kept='store'), one dict": (one_dict(handoff_reducer), to_the_store),
    }
    taken = {
        name: stored_bytes(tmp_path / f"{number}.db", *channels, kept=kept, beside=beside, store=InMemoryStore())
        for number, (name, (channels, kept)) in enumerate(ways.items())
    }
    each, one = taken["str, one each"], taken["operator.or_, one dict"]
    for name, size in taken.items():  # `pytest -rP` shows it
        print(f"{name:40}{size:>12,}{size / (one if 'one dict' in name else each):>7.2f}")  # noqa: T201

    assert each > 2 * sum(map(len, SIDES)) - 1, "a checkpoint and a write hold each of them"
    assert taken["handoff(), one each"] <= 1.3 * each
    assert taken["handoff_reducer, one dict"] <= 1.3 * one
    assert taken["handing_over(kept='store'), one each"] < 0.3 * each
    assert taken["handing_over(kept='store'), one dict"] < 0.3 * one
    assert taken["handoff(ctx=), one each"] < each


# What another version wrote, and what is gone.


class Earlier(TypedDict, total=False):
    """A state as another version has it: nothing here makes records."""

    research: dict
    handoffs: dict
    messages: Annotated[list[AnyMessage], add_messages]
    report: str


class Now(TypedDict, total=False):
    """The same state as this version has it."""

    research: Annotated[dict, handoff()]
    handoffs: Annotated[dict, handoff_reducer]
    messages: Annotated[list[AnyMessage], add_messages]
    report: str


def two_nodes(schema, result, model, saver, **options):
    """Return a graph that hands over, and whose writer reads what is there and asks for what its views left out."""

    def writer(state):
        read = [json.dumps(state[key]) if isinstance(state[key], dict) else state[key] for key in ("research", "handoffs")]
        handle = next(markers.handles_in(read[0] + read[1]), "482913207615")
        said = model.invoke([HumanMessage(f"{read[0]}\n{read[1]}")])
        asked = call("headroom_read", reference=f"{handle} chars 0-40")
        return {"report": str(said.text), "messages": [asked]}

    builder = StateGraph(schema)
    builder.add_node("researcher", handing_over(lambda state: result, "research", "handoffs.*", kept="store"))
    builder.add_node("writer", compressed_view(writer, "research", "handoffs", references=True))
    builder.add_node("tools", ToolNode([headroom_read_tool()]))
    for start, end in ((START, "researcher"), ("researcher", "writer"), ("writer", "tools"), ("tools", END)):
        builder.add_edge(start, end)
    return builder.compile(checkpointer=saver, **options)


BIG = payload(5, 400)
FOREIGN = [{"v": 99, "text": "a view of later", "digest": "0" * 64, "body": BIG}, {"v": 1, "text": BIG}]


def restored(stored, saver):
    """Return the result of a run that another version began, and its writer's prompt."""
    model = Scripted(script=["a report"])
    older = StateGraph(Earlier)
    older.add_node("researcher", lambda state: stored)
    older.add_node("writer", lambda state: {})
    older.add_edge(START, "researcher")
    older.add_edge("researcher", "writer")
    older.compile(checkpointer=saver, interrupt_before=["writer"]).invoke({}, RUN)
    graph = two_nodes(Now, {}, model, saver)
    return graph, graph.invoke(None, RUN), model.prompt()


@pytest.mark.parametrize("foreign", FOREIGN, ids=["a later version", "no digest"])
def test_a_record_of_another_version_is_a_payload_like_any_other(foreign):
    """The run goes on, its node reads a view of the record's JSON, and the reading tool finds what that leaves out."""
    graph, result, prompt = restored({"research": foreign, "handoffs": {}}, InMemorySaver())
    answer = result["messages"][-1].text
    fork = graph.update_state(RUN, {"research": foreign}, as_node="researcher")

    assert (result["report"], result["research"]) == ("a report", foreign)
    assert 100 < len(prompt) < len(BIG) / 2
    assert "9041" in prompt
    assert json.dumps(foreign, separators=(",", ":"))[:40] in answer
    assert json.loads(graph.get_state(fork).values["research"]["original"]) == foreign, "written again it is a record"


@pytest.mark.parametrize("foreign", FOREIGN, ids=["a later version", "no digest"])
def test_a_record_of_another_version_among_others_is_shown_and_read(foreign):
    """What the view of such a dict leaves out can be read, and the run goes on."""
    record = handoff()(None, ORIGINALS["first"])
    _, result, prompt = restored({"research": {}, "handoffs": {"known": record, "foreign": foreign}}, InMemorySaver())

    assert result["report"] == "a report"
    assert len(prompt) < len(BIG) / 2
    assert "Nothing was read" not in result["messages"][-1].text


@pytest.mark.parametrize("lost", ["process", "item"])
def test_an_original_that_the_store_lost_is_a_miss_and_the_run_goes_on(lost):
    """The view is in the checkpoint and is read; what it leaves out is answered as gone."""
    saver, store, model = InMemorySaver(), InMemoryStore(), Scripted(script=["a report"])
    handed = {"research": BIG, "handoffs": {"one": BIG}}
    before = two_nodes(Now, handed, Scripted(), saver, store=store, interrupt_before=["writer"]).invoke({}, RUN)
    handle = next(markers.handles_in(before["research"]["text"]))
    namespace = ("headroom", "the run")
    assert store.get(namespace, handle).value["original"] == BIG
    if lost == "item":
        store.delete(namespace, handle)
    else:
        store = InMemoryStore()
    result = two_nodes(Now, handed, model, saver, store=store).invoke(None, RUN)

    assert result["report"] == "a report"
    assert before["research"]["text"] in model.prompt()
    assert "Nothing was read" in result["messages"][-1].text
