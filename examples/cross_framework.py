# One context for LangGraph, CrewAI and AutoGen: a graph finds, a crew explains, an agent of AutoGen reviews.
# What the models say is written down here, so this runs offline. The payloads are 600 trials, of which three failed, and the
# logs of the furnaces. Inside of a framework its adapter shows views; from one framework to the next, `put` and `get` do.
#
# Run it where headroom-core[all] and autogen-ext are installed. It prints:
#
#     $ python examples/cross_framework.py
#     Tokens received                    without    with     saved
#     LangGraph, the model                28,206   2,648    90.6 %
#     CrewAI, inspector                   28,264   2,182    92.3 %
#     CrewAI, reporter                    13,269   1,481    88.8 %
#     AutoGen, reviewer                   41,461   3,783    90.9 %
#     AutoGen, with the row it read            -   3,915
#     all calls                          111,200  14,009    87.4 %
#
#     The reviewer in AutoGen asked for one row of what LangGraph had found, and got it:
#
#     564807183710 rows 437-437
#     {"trial": 437, "furnace": "F3", "paste": "lot 44", "peak_celsius": 849, "efficiency_percent": 22.9, "result": "pass"}
#
#     Exactly as it stands in the original: True
#     Same outputs of all three without headroom: True
#
#     Yes. The last good trial before them was 437, at 22.9 %.
"""A handoff crosses three frameworks: what one of them put into the context, an agent of another one reads by its reference."""

from __future__ import annotations

import asyncio
import json
import os
import re
import tempfile
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from itertools import zip_longest
from typing import Any, TypedDict

# CrewAI reads these when it is imported. They keep the example offline, and what CrewAI stores out of your home folder.
os.environ |= {"CREWAI_DISABLE_TELEMETRY": "true", "CREWAI_TRACING_ENABLED": "false", "OTEL_SDK_DISABLED": "true"}
os.environ["CREWAI_STORAGE_DIR"] = tempfile.mkdtemp(prefix="headroom-example-")

from autogen_agentchat.agents import AssistantAgent
from autogen_core import FunctionCall
from autogen_core.models import CreateResult, LLMMessage, ModelInfo, RequestUsage
from autogen_ext.models.replay import ReplayChatCompletionClient
from crewai import Agent, Crew, Task
from crewai.llms.base_llm import BaseLLM
from langgraph.graph import START, StateGraph

from headroom_autogen import HeadroomChatCompletionClient
from headroom_core import SharedContext
from headroom_core.tokens.counters import VocabularyCounter
from headroom_crewai import compressed_handoffs
from headroom_langgraph import compressed_view

COUNTER = VocabularyCounter("o200k_base")  # of gpt-4o, gpt-5 and others
FAILED = (438, 441, 444)
TRIALS = [
    {
        "trial": n,
        "furnace": f"F{n % 3 + 1}",
        "paste": f"lot {41 + n // 120}",
        "peak_celsius": 848 + n * 5 % 7,
        "efficiency_percent": 11.4 if n in FAILED else (221 + n * 7 % 9) / 10,
        "result": "fail" if n in FAILED else "pass",
    }
    for n in range(1, 601)
]
LOGS = [{"trial": n, "belt_mm_s": 95 + n % 3, "oxygen_ppm": 312 if n in FAILED else 38 + n * 5 % 11} for n in range(1, 601)]


# A model, and how CrewAI and AutoGen call it. A node of LangGraph calls it as it is.
class Model:
    """Says its lines one after the other, and keeps what it receives."""

    def __init__(self, *lines: str | Callable[[str], str]) -> None:
        self.lines = lines
        self.received: list[str] = []

    def say(self, prompt: str) -> str:
        """Say the next line."""
        self.received.append(prompt)
        line = self.lines[len(self.received) - 1]
        return line(prompt) if callable(line) else line


class ModelOfCrewAI(BaseLLM):
    """A model as CrewAI calls it."""

    scripted: Any = None

    def call(self, messages: Any, *_: Any, **__: Any) -> str:
        """Say the next line, which ends the task."""
        said = self.scripted.say("\n".join(str(message["content"]) for message in messages))
        return f"Thought: I now can give a great answer\nFinal Answer: {said}"

    def get_input_tokens_count(self, messages: Any, *_: Any, **__: Any) -> int:
        """Return the tokens of a prompt, which CrewAI would estimate, and say so."""
        return COUNTER.count(str(messages))


class ModelOfAutoGen(ReplayChatCompletionClient):
    """A model as AutoGen calls it. A line that is a reference is a call of the reading tool."""

    def __init__(self, scripted: Model) -> None:
        info = ModelInfo(vision=False, function_calling=True, json_output=False, structured_output=False, family="unknown")
        super().__init__([], info)
        self.scripted = scripted

    async def create(self, messages: Sequence[LLMMessage], *, tools: Sequence[Any] = (), **_: Any) -> CreateResult:
        """Say the next line."""
        parts = [[one.content] if isinstance(one.content, str) else one.content for one in messages]
        texts = [str(getattr(part, "content", part)) for message in parts for part in message]
        said = self.scripted.say("\n".join([*map(json.dumps, tools), *texts]))
        call = FunctionCall(id="1", name="headroom_read", arguments=json.dumps({"reference": said}))
        content = [call] if re.match(r"\d{12} ", said) else said
        return CreateResult(finish_reason="unknown", content=content, usage=RequestUsage(0, 0), cached=False)


# LangGraph: one node fetches the trials, and a model tells which failed. The state keeps the original.
class State(TypedDict, total=False):
    """The state of the graph."""

    trials: str
    failed: str


def find(model: Model, ctx: SharedContext | None) -> dict[str, Any]:
    """Run the graph."""

    def tell(state: State) -> State:
        return {"failed": model.say(f"Which trials failed?\n\n{state['trials']}")}

    if ctx is not None:
        tell = compressed_view(tell, "trials", counter=COUNTER)
    graph = StateGraph(State).add_sequence([("fetch", lambda _: {"trials": json.dumps(TRIALS)}), ("tell", tell)])
    return graph.add_edge(START, "fetch").compile().invoke({})


# CrewAI: an inspector reads of the trials and looks up the logs; a reporter reads of these and explains.
def explain(trials: str, inspects: Model, reports: Model, ctx: SharedContext | None) -> Any:
    """Run the crew."""
    inspector, reporter = (
        Agent(role=role, goal="Find the cause.", backstory="Knows ovens.", llm=ModelOfCrewAI(model="scripted", scripted=model))
        for role, model in (("inspector", inspects), ("reporter", reports))
    )
    inspect = Task(description=f"Get the logs.\n\n{trials}", expected_output="All of them, as JSON.", agent=inspector)
    report = Task(description="Why did trials fail?", expected_output="A sentence.", agent=reporter)
    crew = Crew(agents=[inspector, reporter], tasks=[inspect, report], verbose=False)
    with nullcontext() if ctx is None else compressed_handoffs(ctx):
        return crew.kickoff()


# AutoGen: a reviewer reads what both handed over. What its model asks to read, its client answers from the context.
def review(task: str, model: Model, ctx: SharedContext | None) -> str:
    """Run the agent."""
    client = ModelOfAutoGen(model)
    reviewer = AssistantAgent("reviewer", client if ctx is None else HeadroomChatCompletionClient(client, ctx=ctx))
    return asyncio.run(reviewer.run(task=task)).messages[-1].to_text()


# What the reviewer says. It sees in its view that trial 438 failed, and that the rows above it were left out.
def read_above_the_failure(prompt: str) -> str:
    """Ask for the last of the rows that were left out above the first failure."""
    handle = re.search(r"^\[view of (\d{12});", prompt, re.MULTILINE)
    marker = re.search(r"\[rows \d+-(\d+) omitted\]\n[^\n]*result=fail", prompt)
    return f"{handle[1]} rows {marker[1]}-{marker[1]}" if handle and marker else "There is nothing to read."


def verdict(prompt: str) -> str:
    """Take the last good trial from what the prompt holds: all of them, or a view and that one."""
    before = prompt.split('"result": "fail"', maxsplit=1)[0]
    number, percent = re.findall(r'"trial": (\d+),[^}]*"efficiency_percent": ([\d.]+),[^}]*"pass"', before)[-1]
    return f"Yes. The last good trial before them was {number}, at {percent} %."


def run(ctx: SharedContext | None) -> tuple[list[str], list[str]]:
    """Hand over from one framework to the next; return what came out of each, and what the models received."""
    tells, inspects = Model("Trials 438, 441 and 444 failed."), Model(json.dumps(LOGS))
    reports = Model("The furnace had 312 ppm of oxygen, and 48 at most in all other trials.")
    reviews = Model(verdict) if ctx is None else Model(read_above_the_failure, verdict)

    found = find(tells, ctx)
    trials = shown = found["trials"]
    if ctx is not None:
        ctx.put("trials", trials, agent="the graph")
        view = ctx.view("trials", references=False)  # the crew has no tool that reads the rest
        shown = view.text if view else trials
    crew = explain(shown, inspects, reports, ctx)
    logs = crew.tasks_output[0].raw
    if ctx is not None:
        ctx.put("logs", logs, agent="the crew")
        trials, logs = ctx.get("trials"), ctx.get("logs")
    said = review("\n\n".join(["Is this true?", found["failed"], crew.raw, trials, logs]), reviews, ctx)

    outputs = [found["trials"], found["failed"], *(task.raw for task in crew.tasks_output), said]
    return outputs, [prompt for model in (tells, inspects, reports, reviews) for prompt in model.received]


CALLS = ["LangGraph, the model", "CrewAI, inspector", "CrewAI, reporter", "AutoGen, reviewer", "AutoGen, with the row it read"]
plain_outputs, plain_prompts = run(None)
outputs, prompts = run(SharedContext(counter=COUNTER, mode="compact"))
without, counted = ([COUNTER.count(prompt) for prompt in each] for each in (plain_prompts, prompts))

print(f"{'Tokens received':<34}{'without':>8}{'with':>8}{'saved':>10}")
for name, before, after in [*zip_longest(CALLS, without, counted), ("all calls", sum(without), sum(counted))]:
    saved = f"{100 * (1 - after / before):>8.1f} %" if before else ""
    print(f"{name:<34}{f'{before:,}' if before else '-':>8}{after:>8,}{saved}")

part = prompts[-1].rpartition("Between the lines")[2].splitlines()[2]
print("\nThe reviewer in AutoGen asked for one row of what LangGraph had found, and got it:\n")
print(read_above_the_failure(prompts[-2]), part, sep="\n")

print("\nExactly as it stands in the original:", part in json.dumps(TRIALS))
print("Same outputs of all three without headroom:", outputs == plain_outputs)
print(f"\n{outputs[-1]}")
