"""The public API of the LangGraph adapter as a type checker sees it. Checked, never run: `nox -s typing`."""

from collections.abc import Callable
from typing import Annotated, Any, TypedDict, assert_type

from langchain.agents import create_agent
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AnyMessage
from langchain_core.tools import BaseTool
from langgraph.graph import START, StateGraph
from langgraph.store.memory import InMemoryStore

from headroom_core import SharedContext
from headroom_langgraph import (
    HeadroomMiddleware,
    Record,
    compressed_view,
    handing_over,
    handoff,
    handoff_messages,
    handoff_reducer,
    handoff_tool,
    handoffs,
    headroom_read_tool,
    original_of,
)

ctx = SharedContext(model="gpt-4o")


class State(TypedDict, total=False):
    """A state with every channel there is."""

    research: Annotated[dict[str, Any], handoff(agent="researcher", mode="compact", max_tokens=2_000, references=False)]
    handoffs: Annotated[dict[str, Any], handoff_reducer]
    kept: Annotated[dict[str, Any], handoffs(ctx=ctx)]
    messages: Annotated[list[AnyMessage], handoff_messages(model="gpt-4o")]
    report: str


def researcher(state: State) -> State:
    """Hand over."""
    return {"research": {"found": len(state)}}


async def writer(state: State) -> State:
    """Write a report."""
    return {"report": str(state["research"])}


# A wrapped node has the type of the node.
same: Callable[[State], State] = compressed_view(researcher, "research")
builder = StateGraph(State)
builder.add_node("researcher", handing_over(researcher, "research", "handoffs.*", kept="store"))
builder.add_node("writer", compressed_view(writer, "research", references=True, kept="store", store_fields=["text"]))
builder.add_node("editor", compressed_view(writer, "research", known=["report", "messages"], query="Edit the report."))
builder.add_edge(START, "researcher")


def agents(model: BaseChatModel) -> None:
    """Make agents."""
    tools: list[BaseTool] = [headroom_read_tool(ctx=ctx), handoff_tool(ctx, "writer", agent="researcher")]
    create_agent(model, tools, middleware=[HeadroomMiddleware(mode="balanced", ctx=ctx)])


def record_of(record: Record) -> None:
    """Read a record."""
    assert_type(record["text"], str)
    assert_type(record["v"], int)
    assert_type(original_of(record, store=InMemoryStore(), ctx=ctx, thread="7"), str | None)
