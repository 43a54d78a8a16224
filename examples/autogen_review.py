# A tester, a reviewer and a writer in AutoGen, with headroom and without: the tokens that each call of a model receives.
# What the models say is written down here, so this runs offline. The payload is what 500 tests came to; one of them failed.
# The tools of an agent take tokens in every call, so they are counted too, the reading tool among them.
#
# Run it where headroom-core[autogen] is installed. It prints:
#
#     $ python examples/autogen_review.py
#     Tokens received                    without    with     saved
#     tester                                  72      72     0.0 %
#     reviewer, handed over to            11,141   2,328    79.1 %
#     reviewer, with the row it read           -   2,421
#     reviewer, after it ran two tests    11,186   2,466    78.0 %
#     writer                              11,054   2,241    79.7 %
#     the team, all calls                 33,453   9,528    71.5 %
#
#     The reviewer asked for one row, and got it:
#
#     060250922752 rows 311-311
#     {"test": "test_clock_51", "milliseconds": 19, "outcome": "passed"}
#
#     Exactly as it stands in the original: True
#     Same messages and stop reason without headroom: True
#
#     Ticket: test_clock_51 must put the clock back. test_mail_51, which runs right after it, fails otherwise.
"""A reviewer's model reads a view of what a tool returned and one row of it, and acts on it; the result is as without."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Any

from autogen_agentchat.agents import AssistantAgent
from autogen_agentchat.base import TaskResult
from autogen_agentchat.teams import RoundRobinGroupChat
from autogen_core import FunctionCall
from autogen_core.models import ChatCompletionClient, CreateResult, LLMMessage, ModelInfo, RequestUsage
from autogen_core.tools import Tool, ToolSchema

from headroom_autogen import HeadroomChatCompletionClient
from headroom_core.tokens.counters import VocabularyCounter

COUNTER = VocabularyCounter("o200k_base")  # of gpt-4o, gpt-5 and others
CALLS_TOOLS = ModelInfo(vision=False, function_calling=True, json_output=False, structured_output=False, family="unknown")

Said = str | list[FunctionCall]


class Scripted(ChatCompletionClient):
    """A client that says its lines one after the other, and keeps what it receives."""

    def __init__(self, *lines: Said | Callable[[str], Said]) -> None:
        """Take the lines. One that is a function is given the prompt."""
        self.lines = lines
        self.received: list[str] = []

    async def create(
        self, messages: Sequence[LLMMessage], *, tools: Sequence[Tool | ToolSchema] = (), **_: Any
    ) -> CreateResult:
        """Say the next line."""
        self.received.append(written(messages, tools))
        line = self.lines[len(self.received) - 1]
        said = line(self.received[-1]) if callable(line) else line
        return CreateResult(content=said, finish_reason="unknown", usage=self.total_usage(), cached=False)

    async def create_stream(self, messages: Sequence[LLMMessage], **options: Any) -> AsyncGenerator[str | CreateResult, None]:
        """Say the next line at once."""
        yield await self.create(messages, **options)

    async def close(self) -> None:
        """There is nothing to close."""

    def actual_usage(self) -> RequestUsage:
        """Return no tokens, as the example counts them itself."""
        return RequestUsage(prompt_tokens=0, completion_tokens=0)

    total_usage = actual_usage

    def count_tokens(self, messages: Sequence[LLMMessage], *, tools: Sequence[Tool | ToolSchema] = ()) -> int:
        """Return the tokens of a prompt."""
        return COUNTER.count(written(messages, tools))

    def remaining_tokens(self, messages: Sequence[LLMMessage], *, tools: Sequence[Tool | ToolSchema] = ()) -> int:
        """Return what a window of a million tokens has left."""
        return 1_000_000 - self.count_tokens(messages, tools=tools)

    @property
    def model_info(self) -> ModelInfo:
        """The model calls tools, and no more than that."""
        return CALLS_TOOLS

    capabilities = model_info


def written(messages: Sequence[LLMMessage], tools: Sequence[Tool | ToolSchema]) -> str:
    """Return all that a call gives to the model, as one text."""
    texts: list[str] = []
    for message in messages:
        parts = [message.content] if isinstance(message.content, str) else message.content
        texts += [one.arguments if isinstance(one, FunctionCall) else str(getattr(one, "content", one)) for one in parts]
    return "\n".join([*texts, *(json.dumps(tool.schema if isinstance(tool, Tool) else tool) for tool in tools)])


# What the agents can do.
def run_tests() -> str:
    """Run all tests, and return what they came to, in the order in which they ran."""
    areas = ("cart", "stock", "search", "login", "clock", "mail")
    rows = [
        {"test": f"test_{areas[n % 6]}_{n // 6:02}", "milliseconds": 11 + n * 7 % 23, "outcome": "passed"} for n in range(500)
    ]
    rows[311] |= {"outcome": "failed", "message": "expected 2026-11-03, got 1970-01-01"}
    return json.dumps(rows)


def run_pair(first: str, second: str) -> str:
    """Run two tests, in this order and then the other way round."""
    return f"{first}, {second}: the second failed. {second}, {first}: both passed."


# What their models say.
def call(name: str, **arguments: str) -> list[FunctionCall]:
    """Return what a model says that calls a tool."""
    return [FunctionCall(id=name, name=name, arguments=json.dumps(arguments))]


def read_above_the_failure(prompt: str) -> Said:
    """Ask for the test that ran right before the one that failed: the last of the rows that were left out above it."""
    handle = re.search(r"^\[view of (\d{12});", prompt, re.MULTILINE)
    marker = re.search(r"\[rows \d+-(\d+) omitted\]\n[^\n]*outcome=failed", prompt)
    if handle is None or marker is None:
        return "There is nothing to read."
    return call("headroom_read", reference=f"{handle[1]} rows {marker[1]}-{marker[1]}")


def run_both(prompt: str) -> Said:
    """Run the test that failed after the one before it, from what the prompt holds: all of them, or a view and that one."""
    failed = re.findall(r"(test_\w+)[\",][^{}\n]*failed", prompt)
    before = re.findall(r'"test": "(test_\w+)"[^{}]*"passed"', prompt.split('"failed"', maxsplit=1)[0])
    return call("run_pair", first=before[-1], second=failed[0])


def verdict(prompt: str) -> Said:
    """Say what the two runs tell."""
    first, second = re.findall(r"(test_\w+), (test_\w+): the second failed", prompt)[0]
    return f"{second} fails right after {first}, and only then."


def ticket(prompt: str) -> Said:
    """Write down what the reviewer said."""
    second, first = re.findall(r"(test_\w+) fails right after (test_\w+), and only then", prompt)[0]
    return f"Ticket: {first} must put the clock back. {second}, which runs right after it, fails otherwise."


def team_of(tester: ChatCompletionClient, reviewer: ChatCompletionClient, writer: ChatCompletionClient) -> RoundRobinGroupChat:
    """Return the team: what the tester's tool returned goes to the two others."""
    return RoundRobinGroupChat(
        [
            AssistantAgent("tester", tester, tools=[run_tests], system_message="You run tests."),
            AssistantAgent(
                "reviewer", reviewer, tools=[run_pair], max_tool_iterations=3, system_message="You find out why tests fail."
            ),
            AssistantAgent("writer", writer, system_message="You write tickets."),
        ],
        max_turns=3,
    )


def run(*, with_headroom: bool) -> tuple[TaskResult, list[Scripted]]:
    """Let the team write its ticket; return what came out, and the clients of the models."""
    reads = [read_above_the_failure] if with_headroom else []
    models = [Scripted(call("run_tests")), Scripted(*reads, run_both, verdict), Scripted(ticket)]
    tester, *readers = models
    clients = [HeadroomChatCompletionClient(one, counter=COUNTER) for one in readers] if with_headroom else readers
    return asyncio.run(team_of(tester, *clients).run(task="Run the tests. Find out why one fails.")), models


def row(name: str, without: int | None, with_headroom: int) -> str:
    """Return a row of the table. A call that is made with headroom alone has nothing to be compared with."""
    if without is None:
        return f"{name:<34}{'-':>8}{with_headroom:>8,}"
    return f"{name:<34}{without:>8,}{with_headroom:>8,}{100 * (1 - with_headroom / without):>8.1f} %"


def tokens(models: list[Scripted]) -> list[int]:
    """Return the tokens that each call received."""
    return [COUNTER.count(prompt) for model in models for prompt in model.received]


plain, plain_models = run(with_headroom=False)
result, models = run(with_headroom=True)
without, counted = tokens(plain_models), tokens(models)

print(f"{'Tokens received':<34}{'without':>8}{'with':>8}{'saved':>10}")
print(row("tester", without[0], counted[0]))
print(row("reviewer, handed over to", without[1], counted[1]))
print(row("reviewer, with the row it read", None, counted[2]))
print(row("reviewer, after it ran two tests", without[2], counted[3]))
print(row("writer", without[3], counted[4]))
print(row("the team, all calls", sum(without), sum(counted)))

received = models[1].received[1]
part = re.findall(r"^\{\"test\": .*\}$", received, re.MULTILINE)[-1]
reference = re.findall(r'"reference": "(\d{12} [^"]*)"', received)[-1]
print("\nThe reviewer asked for one row, and got it:\n")
print(reference)
print(part)


def returned(result: TaskResult) -> tuple[list[tuple[str, str, str]], str | None]:
    """Return who said what, and why the team stopped."""
    return [(type(one).__name__, one.source, one.to_text()) for one in result.messages], result.stop_reason


print("\nExactly as it stands in the original:", part in run_tests())
print("Same messages and stop reason without headroom:", returned(result) == returned(plain))
print(f"\n{result.messages[-1].to_text()}")
