"""Tools for the agents of a graph: reading what a view left out, and handing over to another agent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from langchain_core.tools import BaseTool, InjectedToolArg, StructuredTool
from langgraph.prebuilt import ToolRuntime
from langgraph.types import Command
from pydantic import BaseModel, Field

from headroom_core import SharedContext
from headroom_core import _validation as check
from headroom_core.handoff import (
    LEAST_READ_TOKENS,
    READ_TOKENS,
    READ_TOOL,
    READ_TOOL_SAYS,
    REFERENCE_SAYS,
    read_for_agent,
    read_from,
    viewer_for,
)
from headroom_core.markers import parse_reference
from headroom_core.payload import Mode
from headroom_core.prompt import Prompt
from headroom_core.store.base import Miss, Original
from headroom_core.tokens.counters import CounterLike, counter_for
from headroom_core.viewer import DEFAULT_MODEL
from headroom_langgraph.messages import originals_of
from headroom_langgraph.originals import (
    Place,
    aget,
    config_here,
    find_in_state,
    get,
    here,
    namespace_of,
    original_from,
    shown_in,
    thread_of,
)
from headroom_langgraph.records import is_record, kept_in, original_in


class _Asked(BaseModel):
    """What a model passes, and what LangGraph does, which no model is shown and no call is checked for."""

    reference: str = Field(description=REFERENCE_SAYS)
    runtime: Annotated[Any, InjectedToolArg()] = None


def headroom_read_tool(
    *,
    ctx: SharedContext | None = None,
    model: str = DEFAULT_MODEL,
    counter: CounterLike | None = None,
    max_tokens: int = READ_TOKENS,
) -> BaseTool:
    """
    Return the tool by which an agent reads what its views left out.

    It finds originals in the state of the agent's own graph, then in the graph's store under the thread's id, then in `ctx`,
    where one is given: what `handoff_tool` put for this thread, and what a view in the state names. What another thread has is
    answered as unknown.

    Args:
        ctx: The context that keeps originals, where one does.
        model: The model whose tokens are counted.
        counter: Counts tokens, instead of the counter of `ctx`, or of the model.
        max_tokens: Tokens of an answer at the most, 200 at the least; a longer part says how to go on.

    Raises:
        InvalidOptionError: `max_tokens` leaves no room.

    """
    max_tokens = check.count("max_tokens", max_tokens, least=LEAST_READ_TOKENS)
    ctx = None if ctx is None else check.instance("ctx", ctx, SharedContext)
    counts = ctx.counter if counter is None and ctx is not None else counter_for(model, counter)

    def answer(reference: str, run: _Run, item: object) -> str:
        found = _found(reference, run.state, item)
        if ctx is None or not isinstance(found, Miss):
            return read_from(lambda _: found, reference, counter=counts, max_tokens=max_tokens)
        scope = ctx.scoped(thread_of(run.config))
        parsed = parse_reference(reference)
        if parsed is not None and isinstance(scope.passage(f"{parsed[0]} chars 0-1"), Miss):
            scope = ctx
        return read_for_agent(scope, reference, max_tokens=max_tokens, allowed=shown_in(run.state))

    # The default is for calls outside of a graph; it is no union, which LangGraph would not know for its own.
    def headroom_read(reference: str, runtime: ToolRuntime[Any, Any] = None) -> str:  # type: ignore[assignment]
        run = _Run.of(runtime)
        place, parsed = run.place, parse_reference(reference)
        return answer(reference, run, get(place, parsed[0]) if place and parsed else None)

    async def aheadroom_read(reference: str, runtime: ToolRuntime[Any, Any] = None) -> str:  # type: ignore[assignment]
        run = _Run.of(runtime)
        place, parsed = run.place, parse_reference(reference)
        item = await aget(place, parsed[0]) if place and parsed else None
        return await asyncio.to_thread(answer, reference, run, item)

    return StructuredTool.from_function(
        headroom_read, aheadroom_read, name=READ_TOOL, description=READ_TOOL_SAYS, args_schema=_Asked
    )


@dataclass(frozen=True, slots=True)
class _Run:
    """The run that a tool is called in. Where LangGraph passes none it has no state, but the store and the thread in force."""

    state: Any
    place: Place | None
    config: Mapping[str, Any]

    @classmethod
    def of(cls, runtime: ToolRuntime[Any, Any] | None) -> _Run:
        if runtime is None:
            return cls({}, here(), config_here())
        namespace = namespace_of(runtime.config)
        place = None if runtime.store is None or namespace is None else (runtime.store, namespace)
        return cls(runtime.state, place, runtime.config)


def _found(reference: str, state: object, item: object) -> Original | Miss:
    parsed = parse_reference(reference)
    found = Miss("unknown") if parsed is None else find_in_state(state, parsed[0])
    return original_from(item) if isinstance(found, Miss) else found


def handoff_tool(
    ctx: SharedContext,
    agent_name: str,
    *,
    agent: str | None = None,
    name: str | None = None,
    description: str | None = None,
    payload: Callable[[Any], object] | None = None,
    update: Mapping[str, object] | None = None,
    mode: Mode = "balanced",
    max_tokens: int | None = None,
    graph: str | None = Command.PARENT,
) -> BaseTool:
    """
    Return a tool by which an agent hands over to another one, for supervisor and swarm graphs.

    The model says what the other agent is to do; what it hands over is put into `ctx`, in the scope of the thread. The other
    agent reads its view in the message that the tool returns, behind what it is to do, which the view is made for; and the
    rest by a `headroom_read_tool` of the same `ctx`.

    Args:
        ctx: The context that keeps what is handed over.
        agent_name: The node to go to.
        agent: Who hands over; the name on the message that calls the tool when None. Readers are told.
        name: The tool's name; `transfer_to_<agent_name>` when None.
        description: What the model is told of the tool.
        payload: Takes what is handed over from the agent's state; the last text that a tool or a model said when None.
        update: What else is written to the state, such as `{"active_agent": "writer"}` for a swarm.
        mode: How much the view leaves out: `lossless`, `balanced` or `compact`.
        max_tokens: Tokens that the view may have at the most.
        graph: The graph in which the node is; the parent of the agent's own, as for agents that are nodes of a graph.

    """
    ctx = check.instance("ctx", ctx, SharedContext)
    agent = check.optional_str("agent", agent)
    title = name or f"transfer_to_{agent_name}"
    viewer = viewer_for(mode=mode, max_tokens=max_tokens, counter=ctx.counter)

    def hand_over(task: str, runtime: ToolRuntime[Any, Any]) -> Command[Any]:
        call = _call(runtime)
        content = (payload or _last_said)(runtime.state)
        said, record = task, None
        if content is not None:
            scope = ctx.scoped(thread_of(runtime.config))
            by = agent or (call.name if call else None)
            record = kept_in(scope, f"for {agent_name}", content, viewer, agent=by, prompt=Prompt(task or None, [task]))
            said = f"{task}\n\n{record['text']}"
        message = ToolMessage(said, name=title, tool_call_id=runtime.tool_call_id or "", artifact=record)
        messages: list[BaseMessage] = [message] if call is None else [call, message]
        return Command(goto=agent_name, graph=graph, update={**(update or {}), "messages": messages})

    said = description or f"Hand over to {agent_name}: say what it is to do. What you found so far goes along."
    return StructuredTool.from_function(hand_over, name=title, description=said)


def _messages(state: object) -> list[BaseMessage]:
    said = state.get("messages", ()) if isinstance(state, Mapping) else getattr(state, "messages", ())
    return [one for one in said if isinstance(one, BaseMessage)]


def _call(runtime: ToolRuntime[Any, Any]) -> AIMessage | None:
    """Return the message that called the tool, with this call alone: others have no answer where it goes."""
    for message in reversed(_messages(runtime.state)):
        calls = message.tool_calls if isinstance(message, AIMessage) else []
        here = [one for one in calls if one["id"] == runtime.tool_call_id]
        if here and isinstance(message, AIMessage):
            alone = {} if len(calls) == 1 else {"tool_calls": here, "id": f"{message.id}-{runtime.tool_call_id}"}
            return message.model_copy(update=alone)
    return None


def _last_said(state: object) -> str | None:
    """
    Return the last text of a tool or of a model.

    What was read of a view is a part of what stands further up, and goes along with it. What was handed over to this agent is
    handed on as the view that it got, whose original the next agent can read as well.
    """
    for message in reversed(_messages(state)):
        if isinstance(message, ToolMessage) and message.name != READ_TOOL:
            if is_record(message.artifact):
                return original_in(message.artifact) or message.artifact["text"]
            return "\n\n".join(originals_of(message)) or str(message.content)
        if isinstance(message, AIMessage) and not message.tool_calls and message.text:
            return str(message.text)
    return None
