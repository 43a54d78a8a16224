"""What the next model gets takes a fifth of the tokens at the most, in each way that an output reaches it."""

import pytest
from crewai import Crew, Process, Task
from crewai.tools import tool

from headroom_core import SharedContext
from headroom_core.testing.adapters import payload
from headroom_crewai import HeadroomReadTool, compressed_handoffs
from tests.adapters.crewai.scripted import COUNTER, Scripted, agent, answer, two, use

BIG = payload()


@tool("checks")
def checks(which: str) -> str:
    """Return all checks."""
    return BIG


def next_task(model, tools):
    """Return a crew whose second task reads what the first one said."""
    return two(BIG, model)


def next_task_that_may_read(model, tools):
    """Return one whose second agent has the reading tool, which its prompt describes."""
    return two(BIG, model, tools=tools)


def manager(model, tools):
    """Return a crew whose manager delegates."""
    researcher = agent("researcher", Scripted(answer(BIG)))
    task = Task(description="Report.", expected_output="A report.")
    return Crew(agents=[researcher], tasks=[task], process=Process.hierarchical, manager_llm=model, verbose=False)


def tool_result(model, tools):
    """Return a crew one of whose agents calls a tool that says much."""
    return two("a little", model, tools=[checks])


DELEGATES = use("delegate_work_to_coworker", task="Look.", context="All of it.", coworker="researcher")

WAYS = [
    (next_task, [], {}),
    (next_task_that_may_read, [], {}),
    (manager, [DELEGATES], {}),
    (tool_result, [use("checks", which="all")], {"tool_results": True}),
]


@pytest.mark.parametrize(("way", "before", "options"), WAYS, ids=[way.__name__ for way, *_ in WAYS])
def test_the_next_model_gets_a_fifth_at_the_most(way, before, options):
    """And what it may not miss is in it."""
    plain, viewing = (Scripted(*before, answer("a report")) for _ in range(2))
    way(plain, []).kickoff()
    with compressed_handoffs(SharedContext(model="gpt-4o"), **options):
        way(viewing, [HeadroomReadTool()]).kickoff()

    without, shown = COUNTER.count(plain.seen[-1]), COUNTER.count(viewing.seen[-1])
    print(f"{way.__name__}: {without:,} {shown:,} {100 * (1 - shown / without):.1f} %")  # noqa: T201  # the table of the benchmark
    assert without > 20_000
    assert shown * 5 <= without
    assert "9041" in viewing.seen[-1]
