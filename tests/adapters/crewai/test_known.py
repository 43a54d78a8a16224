"""What the views of a task's prompt are made for: what is to be done, and what stands before them in it."""

import threading

import pytest
from crewai import Crew, Process, Task
from crewai.tools import tool

from headroom_core import SharedContext, handoff, markers
from headroom_core.content import digest_and_size
from headroom_core.testing.adapters import payload
from headroom_crewai import HeadroomReadTool, compressed_handoffs
from headroom_crewai.handoffs import scope_of
from tests.adapters.crewai.scripted import Scripted, agent, answer, two, use
from tests.adapters.telling import assert_known_is_read, assert_start_kept, telling

FOUND = [payload(number, rows=120) for number in range(3)]
DIVIDER = "\n\n----------\n\n"
TASK = ("Write.", "A report.")
"""What the second task of a crew is told."""


def finding(number):
    """Return a tool that says one of the payloads."""

    @tool(f"find_{number}")
    def find(which: str) -> str:
        """Return some checks."""
        return FOUND[number]

    return find


def crew_of(contents, writer, *, order=None, **options):
    """Return a crew whose first tasks say the contents, and whose last one is the writer's."""
    tasks = [
        Task(
            name=f"find-{n}",
            description=f"Find {n}.",
            expected_output="All.",
            agent=agent(f"finder-{n}", Scripted(answer(one))),
        )
        for n, one in enumerate(contents)
    ]
    given = {} if order is None else {"context": [tasks[n] for n in order]}
    report = Task(
        name="report", description=TASK[0], expected_output=TASK[1], agent=agent("writer", writer), **given, **options
    )
    tasks.append(report)
    return Crew(agents=[one.agent for one in tasks], tasks=tasks, verbose=False)


def run(crew, **options):
    """Run a crew with views."""
    with compressed_handoffs(SharedContext(model="gpt-4o"), **options):
        return crew.kickoff()


def test_the_views_of_a_context_know_each_other_in_order(asked):
    """The description and what is expected come first; each view knows those before it, and no other."""
    writer = Scripted(answer("a report"))
    run(crew_of([FOUND[0], "few words", FOUND[1]], writer, order=[2, 1, 0]))
    (last, first) = asked[-2:]

    assert (last.text, first.text) == (FOUND[1], FOUND[0])
    assert last.known == TASK
    assert first.known == (*TASK, last.shown, f"{DIVIDER}few words{DIVIDER}")
    assert last.query == first.query == "Write.\n\nA report."
    assert_known_is_read([last, first], writer.prompts)


def test_a_text_that_quotes_another_is_known_as_it_is_shown(asked):
    """It is shown as one view, and what it quotes as another where it stands by itself."""
    quoted = f"I looked at this:\n\n{FOUND[0]}\n\nand found it good."
    writer = Scripted(answer("a report"))
    run(crew_of([FOUND[0], quoted, FOUND[0]], writer, order=[1, 0, 2]))
    of_quoted, of_first = asked[-2:]

    assert of_quoted.text == quoted
    assert of_first.text == FOUND[0]
    assert of_first.known == (*TASK, of_quoted.shown, DIVIDER)
    assert writer.seen[-1].count(of_first.shown) == 2


def test_what_passes_whole_is_shown_with_views_of_what_it_quotes(monkeypatch):
    """Where no view of it is shorter; what stands before what it quotes is known."""
    asked, quoted = [], f"I looked at this:\n\n{FOUND[0]}\n\nand found it good."
    monkeypatch.setattr(handoff, "Viewer", telling(asked, whole=[quoted]))
    writer = Scripted(answer("a report"))
    run(crew_of([FOUND[0], quoted], writer, order=[1, 0]))
    of_quoted, of_first = asked[-2:]

    assert (of_quoted.text, of_first.text) == (quoted, FOUND[0])
    assert of_first.known == (*TASK, "I looked at this:\n\n")
    assert writer.seen[-1].count(of_first.shown) == 2
    assert FOUND[0] not in writer.seen[-1]


def test_a_prompt_that_grows_keeps_its_start(asked):
    """What tools said stays as it was first shown, call after call."""
    writer = Scripted(*(use(f"find_{number}", which="all") for number in range(3)), answer("a report"))
    crew = crew_of([FOUND[2]], writer, tools=[finding(number) for number in range(3)])
    run(crew, tool_results=True)

    assert_start_kept(writer.prompts)
    assert len(asked) == 4
    assert {one.query for one in asked} == {"Write.\n\nA report."}
    assert all(one.known == TASK for one in asked)
    assert_known_is_read(asked, writer.prompts)


def test_a_copy_further_up_is_known(asked):
    """Where the description of a task is what an earlier one said, the output need not be told again."""
    writer = Scripted(answer("a report"))
    crew = two(FOUND[0], writer)
    crew.tasks[1].description = FOUND[0]
    run(crew)

    assert [one.known for one in asked] == [(FOUND[0], "A report.")]


def test_a_manager_knows_its_task(asked):
    """What coworkers answer is made for what the manager is to do, and knows nothing of their prompts."""
    manager = Scripted(
        use("delegate_work_to_coworker", task="Look.", context="All.", coworker="researcher"), answer("a report")
    )
    crew = Crew(
        agents=[agent("researcher", Scripted(answer(FOUND[0])))],
        tasks=[Task(description=TASK[0], expected_output=TASK[1])],
        process=Process.hierarchical,
        manager_llm=manager,
        verbose=False,
    )
    run(crew)

    assert [(one.known, one.query) for one in asked] == [(TASK, "Write.\n\nA report.")]
    assert_known_is_read(asked, manager.prompts)


def test_a_task_that_is_done_again_is_told_nothing_of_the_first_prompt(asked):
    """A guardrail refuses what it said; its new prompt has neither the context nor what tools said."""
    refused = []

    def guardrail(output):
        refused.append(output.raw)
        return (True, output.raw) if len(refused) > 1 else (False, "Once more.")

    ask = use("find_0", which="all")
    writer = Scripted(ask, answer("no report"), ask, answer("a report"))
    run(crew_of([FOUND[1]], writer, tools=[finding(0)], guardrail=guardrail), tool_results=True)

    assert len(refused) == 2
    assert_known_is_read(asked, writer.prompts)


def test_tasks_at_the_same_time_know_nothing_of_each_other(asked):
    """Each reads what came before both; what the other one says is in no prompt of its own."""
    first = Task(name="find", description="Find.", expected_output="All.", agent=agent("finder", Scripted(answer(FOUND[0]))))
    writers = [Scripted(answer(FOUND[1])), Scripted(answer(FOUND[2]))]
    branches = [
        Task(
            name=f"branch-{n}",
            description=f"Branch {n}.",
            expected_output="All.",
            agent=agent(f"branch-{n}", writer),
            async_execution=True,
            context=[first],
        )
        for n, writer in enumerate(writers)
    ]
    last = Scripted(answer("a report"))
    report = Task(description=TASK[0], expected_output=TASK[1], agent=agent("writer", last), context=branches)
    tasks = [first, *branches, report]
    run(Crew(agents=[one.agent for one in tasks], tasks=tasks, verbose=False))
    known = {one.query: one.known for one in asked if one.text == FOUND[0]}

    assert known == {f"Branch {n}.\n\nAll.": (f"Branch {n}.", "All.") for n in range(2)}
    assert_known_is_read(asked, [prompt for writer in (*writers, last) for prompt in writer.prompts])


def test_crews_at_the_same_time_know_nothing_of_each_other(asked):
    """Each in a thread, with one block and one context."""
    writers = [Scripted(answer("a report")) for _ in range(3)]
    handoffs = compressed_handoffs(SharedContext(model="gpt-4o"))

    def start(number):
        with handoffs:
            crew_of([FOUND[number], FOUND[number][:9_000]], writers[number]).kickoff()

    threads = [threading.Thread(target=start, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(asked) == 9
    for number in range(3):
        of_this = [one for one in asked if one.text[:200] == FOUND[number][:200] and one.query == "Write.\n\nA report."]
        assert_known_is_read(of_this, writers[number].prompts)


@pytest.mark.parametrize("broken", [0, 1])
def test_a_view_that_cannot_be_made_leaves_the_context_as_it_is(monkeypatch, broken):
    """The task reads all of it."""
    asked = []
    monkeypatch.setattr(handoff, "Viewer", telling(asked, broken=[FOUND[broken]]))
    writer = Scripted(answer("a report"))
    run(crew_of(FOUND[:2], writer))

    assert all(found in writer.seen[-1] for found in FOUND[:2])


def test_what_is_known_changes_no_handle():
    """An original has one name in its crew, whoever reads a view of it behind whatever, and is read by it."""
    large = payload(7, rows=2_000)
    handle = markers.handle_of(digest_and_size(large)[0])
    for before in ([], [FOUND[0]], [large[:9_000]]):
        writer = Scripted(use("headroom_read", reference=f"{handle} rows 2-3"), answer("a report"))
        crew = crew_of([*before, large], writer, order=range(len(before) + 1), tools=[HeadroomReadTool()])
        ctx = SharedContext(model="gpt-4o")
        with compressed_handoffs(ctx):
            crew.kickoff()

        assert f"[view of {handle};" in writer.seen[0]
        assert "Nothing was read" not in writer.seen[-1]
        assert scope_of(ctx, crew).get(f"find-{len(before)}", full=True) == large
