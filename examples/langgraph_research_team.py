# A researcher and a writer in LangGraph, with headroom and without: the tokens that each call of a model receives.
# What the models say is written down here, so this runs offline. The payload is a series of 600 trials; three of them failed.
# A model receives the schemas of its tools with every call: the first one takes more with headroom, by the reading tool.
#
# Run it where headroom-core[langchain] is installed. It prints:
#
#     $ python examples/langgraph_research_team.py
#     Tokens received                    without    with     saved
#     researcher, asked the question         122     283  -132.0 %
#     researcher, with the trials         33,130   3,443    89.6 %
#     writer, handed over to              33,034   3,347    89.9 %
#     writer, with the row it read             -   3,476
#     the team, all calls                 66,286  10,549    84.1 %
#     the node of the plain graph         33,006   3,038    90.8 %
#
#     The writer asked for one row, and got it:
#
#     646916093976 rows 437-437
#     {
#       "trial": 437,
#       "furnace": "F3",
#       "paste": "lot 44",
#       "peak_celsius": 849,
#       "efficiency_percent": 22.9,
#       "result": "pass"
#      }
#
#     Exactly as it stands in the original: True
#     Same report without headroom: True
#     Same state in the plain graph: True
#
#     Trials 438, 441 and 444 failed. The last good one before them was 437, at 22.9 %.
"""A researcher hands over to a writer, who reads a view and a part of the original; in a plain graph a node reads a view."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from itertools import chain, zip_longest
from typing import Any, TypedDict

from langchain.agents import create_agent
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import tool
from langchain_core.utils.function_calling import convert_to_openai_tool
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolRuntime
from langgraph.types import Command
from pydantic import Field

from headroom_core import SharedContext
from headroom_core.tokens.counters import VocabularyCounter
from headroom_langgraph import HeadroomMiddleware, compressed_view, handoff_tool, headroom_read_tool

COUNTER = VocabularyCounter("o200k_base")  # of gpt-4o, gpt-5 and others
THREAD: RunnableConfig = {"configurable": {"thread_id": "1"}}
QUESTION = "Which trials failed, and what was the last good one before them?"

Prompt = Sequence[BaseMessage]
Line = AIMessage | Callable[[Prompt], AIMessage]


class Scripted(BaseChatModel):
    """A chat model that says its lines one after the other, and counts the tokens that it receives."""

    lines: list[Any]
    tools: list[dict[str, Any]] = Field(default_factory=list)
    received: list[int] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Sequence[Any], **_: Any) -> Scripted:
        """Take the tools: a model receives their schemas with every call."""
        self.tools = [convert_to_openai_tool(one) for one in tools]
        return self

    def _generate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
        texts = [str(message.text) for message in messages]
        calls = [json.dumps([one["name"], one["args"]]) for message in messages for one in getattr(message, "tool_calls", ())]
        schemas = [json.dumps(schema) for schema in self.tools]
        line: Line = self.lines[len(self.received)]
        self.received.append(sum(COUNTER.count(text) for text in [*schemas, *texts, *calls]))
        said = line(messages) if callable(line) else line
        return ChatResult(generations=[ChatGeneration(message=said)])


def call(name: str, **args: str) -> AIMessage:
    """Return what a model says to call a tool."""
    return AIMessage("", tool_calls=[{"name": name, "args": args, "id": name, "type": "tool_call"}])


@tool
def trials() -> str:
    """Return all trials."""
    rows = [
        {
            "trial": n,
            "furnace": f"F{n % 3 + 1}",
            "paste": f"lot {41 + n // 120}",
            "peak_celsius": 848 + n * 5 % 7,
            "efficiency_percent": (221 + n * 7 % 9) / 10,
            "result": "pass",
        }
        for n in range(1, 601)
    ]
    for n in (438, 441, 444):
        rows[n - 1] |= {"efficiency_percent": 11.4, "result": "fail"}
    return json.dumps(rows, indent=1)


# What the researcher says: it calls its tool, and hands over.
RESEARCHER = [call("trials"), call("transfer_to_writer", task="Answer the question.")]


# What the writer says. It sees in its view that trial 438 failed, and that the rows above it were left out.
def read_above_the_failure(prompt: Prompt) -> AIMessage:
    """Ask for the last of the rows that were left out above the first failure."""
    view = str(prompt[-1].text)
    handle = re.search(r"\[view of (\d+);", view)
    marker = re.search(r"\[rows \d+-(\d+) omitted\]\n[^\n]*result=fail", view)
    if handle is None or marker is None:
        return AIMessage("There is nothing to read.")
    return call("headroom_read", reference=f"{handle[1]} rows {marker[1]}-{marker[1]}")


def report(prompt: Prompt) -> AIMessage:
    """Take the last good trial from what the prompt holds: all of them, or a view and that one."""
    before = "\n".join(str(message.text) for message in prompt).split('"result": "fail"')[0]
    number, percent = re.findall(r'"trial": (\d+),[^}]*"efficiency_percent": ([\d.]+),[^}]*"pass"', before)[-1]
    return AIMessage(f"Trials 438, 441 and 444 failed. The last good one before them was {number}, at {percent} %.")


@tool
def transfer_to_writer(task: str, runtime: ToolRuntime[Any, Any]) -> Command[Any]:
    """Hand over to writer: say what it is to do. What you found so far goes along."""
    *_, found, called = runtime.state["messages"]
    answer = ToolMessage(f"{task}\n\n{found.text}", tool_call_id=runtime.tool_call_id or "")
    return Command(goto="writer", graph=Command.PARENT, update={"messages": [called, answer]})


def run(*, with_headroom: bool) -> tuple[list[BaseMessage], list[int], list[int]]:
    """Let the team answer the question; return its messages, and what each call of the two models received."""
    researcher = Scripted(lines=RESEARCHER)
    writer = Scripted(lines=[read_above_the_failure, report] if with_headroom else [report])
    if with_headroom:
        ctx = SharedContext(counter=COUNTER)
        tools, views = [trials, handoff_tool(ctx, "writer")], [HeadroomMiddleware(counter=COUNTER)]
        reading = [headroom_read_tool(ctx=ctx, counter=COUNTER)]
    else:
        tools, views, reading = [trials, transfer_to_writer], [], []
    builder = StateGraph(MessagesState)
    builder.add_node("researcher", create_agent(researcher, tools, middleware=views))
    builder.add_node("writer", create_agent(writer, reading))
    builder.add_edge(START, "researcher")
    result = builder.compile().invoke({"messages": [HumanMessage(QUESTION)]}, THREAD)
    return result["messages"], researcher.received, writer.received


class Series(TypedDict, total=False):
    """The state of the plain graph."""

    trials: str
    answer: str


def answer_in_a_plain_graph(*, with_headroom: bool) -> tuple[dict[str, Any], list[int]]:
    """Let one node fetch the trials and another one ask a model about them; return the state, and what the model received."""
    model = Scripted(lines=[AIMessage("Trials 438, 441 and 444 failed.")])

    def fetch(state: Series) -> Series:
        return {**state, "trials": trials.invoke({})}

    def answer(state: Series) -> Series:
        return {"answer": str(model.invoke(f"Which trials failed?\n\n{state['trials']}").text)}

    builder = StateGraph(Series)
    builder.add_node("fetch", fetch)
    builder.add_node("answer", compressed_view(answer, "trials", counter=COUNTER) if with_headroom else answer)
    builder.add_edge(START, "fetch")
    builder.add_edge("fetch", "answer")
    return builder.compile().invoke({}), model.received


def row(name: str, without: int | None, with_headroom: int) -> str:
    """Return a row of the table. A call that is made with headroom alone has nothing to be compared with."""
    if without is None:
        return f"{name:<34}{'-':>8}{with_headroom:>8,}"
    return f"{name:<34}{without:>8,}{with_headroom:>8,}{100 * (1 - with_headroom / without):>8.1f} %"


CALLS = [
    "researcher, asked the question",
    "researcher, with the trials",
    "writer, handed over to",
    "writer, with the row it read",
]

messages, *calls = run(with_headroom=True)
plain_messages, *plain_calls = run(with_headroom=False)
state, node_call = answer_in_a_plain_graph(with_headroom=True)
plain_state, plain_node_call = answer_in_a_plain_graph(with_headroom=False)

print(f"{'Tokens received':<34}{'without':>8}{'with':>8}{'saved':>10}")
for name, without, tokens in zip_longest(CALLS, chain(*plain_calls), chain(*calls)):
    print(row(name, without, tokens))
print(row("the team, all calls", sum(map(sum, plain_calls)), sum(map(sum, calls))))
print(row("the node of the plain graph", *plain_node_call, *node_call))

asked, answered = messages[-3:-1]
part = "\n".join(str(answered.text).splitlines()[2:-1])  # between the fences of the answer
print("\nThe writer asked for one row, and got it:\n")
print(*(request["args"]["reference"] for request in getattr(asked, "tool_calls", ())))
print(part)

print("\nExactly as it stands in the original:", part in trials.invoke({}))
print("Same report without headroom:", messages[-1].text == plain_messages[-1].text)
print("Same state in the plain graph:", state == plain_state)
print(f"\n{messages[-1].text}")
