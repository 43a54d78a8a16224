# A researcher and a writer in CrewAI, with headroom and without: the tokens that each call of a model receives.
# What the models say is written down here, so this runs offline. The payload is a series of 600 trials; three of them failed.
# CrewAI describes the tools of an agent in its prompt, so the writer's prompts hold the reading tool too.
#
# Run it where headroom-core[crewai] is installed. It prints:
#
#     $ python examples/crewai_report.py
#     Tokens received                    without    with     saved
#     researcher                              64      64     0.0 %
#     writer, handed over to              28,269   3,199    88.7 %
#     writer, with the row it read             -   3,366
#     the crew, all calls                 28,333   6,629    76.6 %
#
#     The writer asked for one row, and got it:
#
#     564807183710 rows 437-437
#     {"trial": 437, "furnace": "F3", "paste": "lot 44", "peak_celsius": 849, "efficiency_percent": 22.9, "result": "pass"}
#
#     Exactly as it stands in the original: True
#     Same output of each task without headroom: True
#     Same output of the crew without headroom: True
#
#     Trials 438, 441 and 444 failed. The last good one before them was 437, at 22.9 %.
"""A researcher hands over to a writer, whose model reads a view and one row of the original; the output is as without."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Callable
from typing import Any

# CrewAI reads these when it is imported. They keep the example offline, and what CrewAI stores out of your home folder.
os.environ.update(
    CREWAI_DISABLE_TELEMETRY="true",
    CREWAI_STORAGE_DIR=tempfile.mkdtemp(prefix="headroom-example-"),
    CREWAI_TRACING_ENABLED="false",
    OTEL_SDK_DISABLED="true",
)

from crewai import Agent, Crew, Task
from crewai.crews.crew_output import CrewOutput
from crewai.llms.base_llm import BaseLLM
from pydantic import Field

from headroom_core import SharedContext
from headroom_core.tokens.counters import VocabularyCounter
from headroom_crewai import HeadroomReadTool, compressed_handoffs

COUNTER = VocabularyCounter("o200k_base")  # of gpt-4o, gpt-5 and others


class Scripted(BaseLLM):
    """A model that says its lines one after the other, and keeps what it receives."""

    lines: list[Any] = Field(default_factory=list)
    received: list[str] = Field(default_factory=list)

    def call(self, messages: Any, *_: Any, **__: Any) -> str:
        """Say the next line."""
        self.received.append("\n".join(str(message["content"]) for message in messages))
        line: str | Callable[[str], str] = self.lines[len(self.received) - 1]
        return line(self.received[-1]) if callable(line) else line

    def get_context_window_size(self) -> int:
        """Return more than any prompt here has."""
        return 1_000_000

    def get_input_tokens_count(self, messages: Any, *_: Any, **__: Any) -> int:
        """Return the tokens of a prompt, which CrewAI would estimate, and say so."""
        return COUNTER.count(str(messages))

    def supports_function_calling(self) -> bool:
        """Tools are asked for in words."""
        return False


def answer(text: str) -> str:
    """Return what a model says to end its task."""
    return f"Thought: I now can give a great answer\nFinal Answer: {text}"


def trials() -> str:
    """Return what the researcher found."""
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
    return json.dumps(rows)


# What the writer says. It sees in its view that trial 438 failed, and that the rows above it were left out.
def read_above_the_failure(prompt: str) -> str:
    """Ask for the last of the rows that were left out above the first failure."""
    handle = re.search(r"^\[view of (\d{12});", prompt, re.MULTILINE)
    marker = re.search(r"\[rows \d+-(\d+) omitted\]\n[^\n]*result=fail", prompt)
    if handle is None or marker is None:
        return answer("There is nothing to read.")
    asked = json.dumps({"reference": f"{handle[1]} rows {marker[1]}-{marker[1]}"})
    return f"Thought: I need the row above\nAction: headroom_read\nAction Input: {asked}"


def report(prompt: str) -> str:
    """Take the last good trial from what the prompt holds: all of them, or a view and that one."""
    before = prompt.split('"result": "fail"', maxsplit=1)[0]
    number, percent = re.findall(r'"trial": (\d+),[^}]*"efficiency_percent": ([\d.]+),[^}]*"pass"', before)[-1]
    return answer(f"Trials 438, 441 and 444 failed. The last good one before them was {number}, at {percent} %.")


def run(*, with_headroom: bool) -> tuple[CrewOutput, Scripted, Scripted]:
    """Let the crew write its report; return what came out, and the two models."""
    finds = Scripted(model="scripted", lines=[answer(trials())])
    writes = Scripted(model="scripted", lines=[read_above_the_failure, report] if with_headroom else [report])
    researcher = Agent(role="researcher", goal="Find all trials.", backstory="Knows the furnaces.", llm=finds)
    writer = Agent(
        role="writer",
        goal="Report on them.",
        backstory="Writes in few words.",
        llm=writes,
        tools=[HeadroomReadTool()] if with_headroom else [],
    )
    crew = Crew(
        agents=[researcher, writer],
        tasks=[
            Task(name="research", description="Find all trials.", expected_output="All of them, as JSON.", agent=researcher),
            Task(name="report", description="Which trials failed?", expected_output="Two sentences.", agent=writer),
        ],
        verbose=False,
    )
    if with_headroom:
        with compressed_handoffs(SharedContext(counter=COUNTER)):
            result = crew.kickoff()
    else:
        result = crew.kickoff()
    if not isinstance(result, CrewOutput):
        raise TypeError(result)  # a stream, which this crew does not ask for
    return result, finds, writes


def row(name: str, without: int | None, with_headroom: int) -> str:
    """Return a row of the table. A call that is made with headroom alone has nothing to be compared with."""
    if without is None:
        return f"{name:<34}{'-':>8}{with_headroom:>8,}"
    return f"{name:<34}{without:>8,}{with_headroom:>8,}{100 * (1 - with_headroom / without):>8.1f} %"


def tokens(model: Scripted) -> list[int]:
    """Return the tokens that each call received."""
    return [COUNTER.count(prompt) for prompt in model.received]


plain, plain_finds, plain_writes = run(with_headroom=False)
result, finds, writes = run(with_headroom=True)
without = [*tokens(plain_finds), *tokens(plain_writes)]
counted = [*tokens(finds), *tokens(writes)]

print(f"{'Tokens received':<34}{'without':>8}{'with':>8}{'saved':>10}")
print(row("researcher", without[0], counted[0]))
print(row("writer, handed over to", without[1], counted[1]))
print(row("writer, with the row it read", None, counted[2]))
print(row("the crew, all calls", sum(without), sum(counted)))

part = re.findall(r"^\{\"trial\": .*\}$", writes.received[-1], re.MULTILINE)[-1]
reference = re.findall(r'"reference": "(\d{12} [^"]*)"', writes.received[-1])[-1]
print("\nThe writer asked for one row, and got it:\n")
print(reference)
print(part)


def returned(output: CrewOutput) -> list[tuple[str, str]]:
    """Return what each task of a crew returned."""
    return [(task.agent, task.raw) for task in output.tasks_output]


print("\nExactly as it stands in the original:", part in trials())
print("Same output of each task without headroom:", returned(result) == returned(plain))
print("Same output of the crew without headroom:", result.raw == plain.raw)
print(f"\n{result.raw}")
