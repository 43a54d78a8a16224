"""A run that one process begins and another one ends: `python -m tests.adapters.langgraph.resumed begin sqlite FILE`."""

import json
import os
import sys
from contextlib import contextmanager
from typing import Annotated, TypedDict
from unittest.mock import patch

from langchain_core.messages import AnyMessage, HumanMessage
from langchain_core.tools import tool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.graph import END, START, StateGraph
from langgraph.prebuilt import ToolNode
from langgraph.types import Command, interrupt

from headroom_core.testing.adapters import payload
from headroom_core.viewer import Viewer
from headroom_langgraph import compressed_view, handoff, handoff_messages, handoff_reducer
from tests.adapters.langgraph.scripted import Scripted, call

ENDED = 9
"""The status with which the first process ends itself."""

RUN = {"configurable": {"thread_id": "the run"}}
ORIGINALS = {
    name: payload(number, 400) for number, name in enumerate(("first", "second", "metrics", "traces", "said", "notes"))
}


class State(TypedDict, total=False):
    """Every way of handing over, side by side."""

    handoffs: Annotated[dict, handoff_reducer]
    metrics: Annotated[dict, handoff()]
    traces: Annotated[dict, handoff()]
    messages: Annotated[list[AnyMessage], handoff_messages()]
    notes: str
    approved: str
    report: str


@tool
def checks() -> str:
    """Return all checks."""
    return ORIGINALS["said"]


def built(saver, model, *, waits=True):
    """Return a graph whose branches run side by side and meet before a writer, which waits for a person."""
    researcher = Scripted(script=[call("checks")])

    def writer(state):
        views = [*state["handoffs"].values(), state["metrics"], state["traces"], state["notes"]]
        said = model.invoke([*state["messages"], HumanMessage("\n".join([*views, state["approved"]]))])
        return {"report": str(said.text), "messages": [said]}

    builder = StateGraph(State)
    builder.add_node("first", lambda state: {"handoffs": {"first": ORIGINALS["first"]}})
    builder.add_node("second", lambda state: {"handoffs": {"second": ORIGINALS["second"]}})
    builder.add_node("metrics of it", lambda state: {"metrics": ORIGINALS["metrics"]})
    builder.add_node("traces of it", lambda state: {"traces": ORIGINALS["traces"]})
    builder.add_node("notes on it", lambda state: {"notes": ORIGINALS["notes"]})
    builder.add_node("researcher", lambda state: {"messages": [researcher.invoke(state["messages"])]})
    builder.add_node("tools", ToolNode([checks]))
    builder.add_node("approval", lambda state: {"approved": interrupt("Write it?") if waits else "yes"})
    builder.add_node("writer", compressed_view(writer, "handoffs", "metrics", "traces", "notes"))
    branches = ["first", "second", "metrics of it", "traces of it", "notes on it"]
    for branch in [*branches, "researcher"]:
        builder.add_edge(START, branch)
    builder.add_edge("researcher", "tools")
    builder.add_edge([*branches, "tools"], "approval")
    builder.add_edge("approval", "writer")
    builder.add_edge("writer", END)
    return builder.compile(checkpointer=saver)


@contextmanager
def saver_of(kind, where):
    """Open a checkpointer."""
    if kind == "memory":
        yield InMemorySaver()
    elif kind == "sqlite":
        with SqliteSaver.from_conn_string(where) as saver:
            yield saver
    else:
        from langgraph.checkpoint.postgres import PostgresSaver  # noqa: PLC0415  # needs a client library of PostgreSQL's

        with PostgresSaver.from_conn_string(where) as saver:
            saver.setup()
            yield saver


def begun(saver):
    """Run until a person is asked; return what they are asked, and what the writer's model was given."""
    model = Scripted()
    result = built(saver, model).invoke({"messages": [HumanMessage("Which checks failed?")]}, RUN)
    return {"asked": [one.value for one in result["__interrupt__"]], "prompts": len(model.seen)}


def finished(saver, given, *, waits=True):
    """Run to the end; return prompts, state, the types in its records, and the texts of which views were asked for."""
    model = Scripted(script=["a report"])
    graph = built(saver, model, waits=waits)
    # A view that is remembered counts as well: what is asked for matters, not what is computed.
    with patch.object(Viewer, "view", autospec=True, side_effect=Viewer.view) as view:
        graph.invoke(given, RUN)
    values = graph.get_state(RUN).values
    artifacts = [getattr(one, "artifact", None) for one in values["messages"]]
    records = [values["handoffs"], values["metrics"], values["traces"], *(one for one in artifacts if one is not None)]
    return {
        "prompts": [[(one.type, one.text) for one in prompt] for prompt in model.seen],
        "state": {**values, "messages": [(one.type, one.text) for one in values["messages"]], "artifacts": artifacts},
        "types": sorted({f"{one.__module__}.{one.__qualname__}" for record in records for one in types_in(record)}),
        "viewed": [text for (_, text), _ in view.call_args_list],
    }


def types_in(value):
    """Yield the types of a value and of everything in it."""
    yield type(value)
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from types_in(inner)


def main():
    """Do one of the two parts, and print what came of it."""
    part, kind, where = sys.argv[1:]
    with saver_of(kind, where) as saver:
        sys.stdout.write(json.dumps(begun(saver) if part == "begin" else finished(saver, Command(resume="yes"))))
        if part == "begin":
            sys.stdout.flush()
            os._exit(ENDED)


if __name__ == "__main__":
    main()
