"""Crews of every form: the next task reads a view, and what comes out is as without."""

import asyncio
import contextvars
import json
import subprocess
import sys
import threading
from types import SimpleNamespace

import pytest
from crewai import Crew, Process, Task
from crewai.events import TaskCompletedEvent, TaskStartedEvent, crewai_event_bus
from crewai.flow.flow import Flow, listen, start
from crewai.memory.unified_memory import Memory
from crewai.tools import tool
from pydantic import BaseModel

from headroom_core import SharedContext, errors, markers
from headroom_core.content import digest_and_size
from headroom_core.testing.adapters import BrokenCounter, payload
from headroom_crewai import HeadroomReadTool, compressed_handoffs, headroom_task_callback
from headroom_crewai.handoffs import Run, current, run, scope_of, tasks_of
from tests.adapters.crewai.scripted import Scripted, agent, answer, two, use

BIG = payload()


def outputs(result):
    """Return what a caller may look at."""
    return result.raw, [(one.raw, one.agent, one.name) for one in result.tasks_output], result.pydantic, result.json_dict


def both(make, start=lambda crew: crew.kickoff(), **options):
    """Run a crew without and with views; return what each model was given last, and what came out of each."""
    found = []
    for adapted in (False, True):
        writer = Scripted(answer("a report"))
        crew = make(writer)
        if adapted:
            with compressed_handoffs(SharedContext(model="gpt-4o"), **options):
                result = start(crew)
        else:
            result = start(crew)
        found.append((writer.seen[-1], result))
    return found


def assert_shown(found):
    """Check that the second run showed a view, and that both came to the same."""
    (whole, plain), (shown, result) = found
    assert BIG in whole
    assert BIG not in shown
    assert "9041" in shown
    assert len(shown) * 5 < len(whole)
    assert outputs(result) == outputs(plain)


STARTS = {
    "kickoff": lambda crew: crew.kickoff(),
    "kickoff_async": lambda crew: asyncio.run(crew.kickoff_async()),
    "akickoff": lambda crew: asyncio.run(crew.akickoff()),
    "kickoff_for_each": lambda crew: crew.kickoff_for_each([{}])[0],
}


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
def test_each_way_to_start_a_crew(start):
    """Sync, async and for each input."""
    if start is STARTS["kickoff_for_each"]:
        writer = Scripted(answer("a report"))
        with compressed_handoffs(SharedContext(model="gpt-4o")):
            result = start(two(BIG, writer))
        assert result.tasks_output[0].raw == BIG
        return
    assert_shown(both(lambda writer: two(BIG, writer), start))


def test_tasks_that_run_at_the_same_time():
    """What an asynchronous task said is read by the one that waits for it."""

    def make(writer):
        crew = two(BIG, writer, research={"async_execution": True})
        crew.tasks[1].context = [crew.tasks[0]]
        return crew

    assert_shown(both(make))


def test_guardrails_files_and_forms_see_the_original(tmp_path, monkeypatch):
    """What a task returns goes through guardrails, to files and into forms as it was."""
    monkeypatch.chdir(tmp_path)
    seen = []

    class Report(BaseModel):
        failed: int

    def guardrail(output):
        seen.append(output.raw)
        return True, output.raw

    for adapted in (False, True):
        writer = Scripted(answer(json.dumps({"failed": 311})))
        path = tmp_path / f"{adapted}.json"
        research = {"output_file": path.name, "guardrail": guardrail}
        crew = two(BIG, writer, research=research, write={"output_pydantic": Report})
        if adapted:
            with compressed_handoffs():
                result = crew.kickoff()
        else:
            result = crew.kickoff()

        assert result.pydantic == Report(failed=311)
        assert path.read_text(encoding="utf-8") == BIG
    assert seen == [BIG, BIG]


def test_a_manager_reads_views_of_what_it_delegated():
    """In a hierarchical crew the answers of coworkers come back through a tool."""
    prompts = []
    for adapted in (False, True):
        manager = Scripted(
            use("delegate_work_to_coworker", task="Look.", context="All.", coworker="researcher"), answer("a report")
        )
        researcher = agent("researcher", Scripted(answer(BIG)))
        crew = Crew(
            agents=[researcher],
            tasks=[Task(description="Report.", expected_output="A report.")],
            process=Process.hierarchical,
            manager_llm=manager,
            verbose=False,
        )
        if adapted:
            with compressed_handoffs():
                result = crew.kickoff()
        else:
            result = crew.kickoff()
        prompts.append(manager.seen[-1])
        assert result.raw == "a report"

    assert BIG in prompts[0]
    assert BIG not in prompts[1]
    assert "9041" in prompts[1]


def test_results_of_other_tools_are_shown_as_views_where_wanted():
    """An opt-in: the tools of an agent may say much, too. What the reading tool said is shown as it is."""

    @tool("checks")
    def checks(which: str) -> str:
        """Return all checks."""
        return BIG

    for wanted in (False, True):
        writer = Scripted(use("checks", which="all"), answer("a report"))
        crew = two("few words", writer, tools=[checks, HeadroomReadTool()])
        with compressed_handoffs(tool_results=wanted):
            crew.kickoff()

        assert (BIG in writer.seen[-1]) == (not wanted)


def test_an_agent_reads_what_its_view_left_out():
    """By the reading tool, exactly; the view names references because the agent has it."""
    large = payload(rows=4_000)

    def ask(prompt):
        return use("headroom_read", reference=f"{next(markers.handles_in(prompt))} rows 2000-2001")

    writer = Scripted(ask, answer("a report"))
    without = Scripted(answer("a report"))
    with compressed_handoffs():
        two(large, writer, tools=[HeadroomReadTool()]).kickoff()
        two(large, without).kickoff()

    assert '{"id": 1999, ' in writer.seen[-1]
    assert list(markers.handles_in(without.seen[-1])) == []
    assert "omitted parts cannot be read" in without.seen[-1]


def test_tasks_can_ask_for_all_of_it():
    """`full` names those that need the original."""
    writer = Scripted(answer("a report"))
    with compressed_handoffs(full=["report"]):
        two(BIG, writer).kickoff()

    assert BIG in writer.seen[-1]


def test_outputs_that_hold_the_divider_or_each_other_are_put_in_place():
    """What CrewAI writes between outputs may stand in one, and one output may quote another."""
    quoted = f"I looked at this:\n\n----------\n\n{BIG}\n\n----------\n\nand found it good."
    writer = Scripted(answer("a report"))
    first, second = agent("first", Scripted(answer(BIG))), agent("second", Scripted(answer(quoted)))
    author = agent("writer", writer)
    tasks = [
        Task(name=name, description=name, expected_output="x", agent=one)
        for name, one in (("first", first), ("second", second), ("third", author))
    ]
    ctx = SharedContext(model="gpt-4o")
    crew = Crew(agents=[first, second, author], tasks=tasks, verbose=False)
    with compressed_handoffs(ctx):
        result = crew.kickoff()

    assert BIG not in writer.seen[-1]
    assert [one.raw for one in result.tasks_output] == [BIG, quoted, "a report"]
    assert sorted(scope_of(ctx, crew).keys()) == ["first", "second"]
    assert scope_of(ctx, crew).get_entry("second").agent == "second"


def test_three_crews_at_once_do_not_meet():
    """Each in a thread with a context of its own: each writer reads what its own researcher said."""
    writers, contexts = [Scripted(answer("a report")) for _ in range(3)], [SharedContext(model="gpt-4o") for _ in range(3)]

    def run(number):
        with compressed_handoffs(contexts[number]):
            two(payload(number + 1), writers[number]).kickoff()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    for number, writer in enumerate(writers):
        assert f"\n{100_000 * (number + 1)}," in writer.seen[-1]
        assert not any(f"\n{100_000 * (other + 1)}," in writer.seen[-1] for other in range(3) if other != number)


def test_outside_of_the_block_nothing_is_changed():
    """Before and after, and where it was only imported."""
    before, behind = Scripted(answer("a report")), Scripted(answer("a report"))
    two(BIG, before).kickoff()
    with compressed_handoffs():
        pass
    two(BIG, behind).kickoff()

    assert BIG in before.seen[-1]
    assert BIG in behind.seen[-1]
    assert "no task before this one" in HeadroomReadTool()._run(reference="482913207615 rows 1-2")


def test_it_is_a_decorator_and_works_in_async_code_too():
    """The same handoffs may be entered again."""
    handoffs = compressed_handoffs(SharedContext(model="gpt-4o"))
    writers = [Scripted(answer("a report")) for _ in range(2)]

    @handoffs
    def decorated():
        return two(BIG, writers[0]).kickoff()

    async def awaited():
        async with handoffs:
            return await two(BIG, writers[1]).kickoff_async()

    decorated()
    asyncio.run(awaited())

    assert all(BIG not in writer.seen[-1] for writer in writers)


def test_a_failure_is_logged_and_costs_the_saving(caplog, capsys):
    """The next task reads all of it; CrewAI, which prints what hooks raise, has nothing to print."""
    writer = Scripted(answer("a report"))
    with compressed_handoffs(SharedContext(model="gpt-4o"), counter=BrokenCounter()):
        result = two(BIG, writer).kickoff()

    assert BIG in writer.seen[-1]
    assert result.raw == "a report"
    assert "no view could be made" in caplog.text
    assert "out of order" not in capsys.readouterr().out


def test_callbacks_keep_what_tasks_said():
    """The put side alone, beside callbacks of the user's own."""
    ctx, seen = SharedContext(model="gpt-4o"), []
    research = {"callback": headroom_task_callback}
    crew = two(BIG, Scripted(answer("a report")), research=research, task_callback=lambda output: seen.append(output.name))
    with compressed_handoffs(ctx):
        crew.kickoff()
    two(BIG, Scripted(answer("a report")), task_callback=headroom_task_callback).kickoff()  # outside: nothing happens

    assert scope_of(ctx, crew).get("research", full=True) == BIG
    assert seen == ["research", "report"]


@pytest.mark.parametrize("names", [{}, {"research": {"name": "same"}, "report": {"name": "same"}}])
def test_callbacks_use_the_keys_that_views_have(names):
    """Of a task without a name, and of one that has the name of another."""
    ctx = SharedContext(model="gpt-4o")
    crew = two(BIG, Scripted(answer("a report")), task_callback=headroom_task_callback)
    for task, name in zip(crew.tasks, (names.get(one, {}).get("name") for one in ("research", "report")), strict=True):
        task.name = name
    with compressed_handoffs(ctx):
        crew.kickoff()

    first = "same" if names else "task-0"
    assert sorted(scope_of(ctx, crew).keys()) == sorted([first, "task-1"])
    assert scope_of(ctx, crew).get(first, full=True) == BIG


def test_a_run_reads_nothing_of_an_earlier_run_of_the_same_crew():
    """A service may start one crew for one user after the other."""
    ctx = SharedContext(model="gpt-4o")
    said = [BIG, BIG.replace("web-4", "web-x")]
    researcher = Scripted(*(answer(text) for text in said))
    crew = two("", Scripted(answer("a report")))
    crew.tasks[0].agent.llm = researcher
    reference = f"{markers.handle_of(digest_and_size(BIG)[0])} rows 1-2"
    found = []
    with compressed_handoffs(ctx):
        for _ in said:
            crew.kickoff()
            token = run.set(Run(crew, scope_of(ctx, crew)))
            found.append(HeadroomReadTool()._run(reference=reference))
            run.reset(token)

    assert '"id": 1' in found[0]
    assert "is deleted" in found[1]
    assert scope_of(ctx, crew).get("research", full=True) == said[1]


def native(name, **arguments):
    """Return what a model that calls functions says."""
    return [{"id": "1", "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}]


@pytest.mark.parametrize("calls", ["in words", "natively"])
def test_what_a_tool_answers_for_the_agent_is_the_output(calls):
    """With `result_as_answer` the result of the tool is what the task returns."""

    class Native(Scripted):
        def supports_function_calling(self):
            return calls == "natively"

    @tool("checks", result_as_answer=True)
    def checks(which: str) -> str:
        """Return all checks."""
        return BIG

    call = native("checks", which="all") if calls == "natively" else use("checks", which="all")
    with compressed_handoffs(SharedContext(model="gpt-4o"), tool_results=True):
        result = two("a little", Native(call, "a report"), tools=[checks]).kickoff()

    assert result.raw == BIG


def test_crews_that_share_an_agent_do_not_meet():
    """An agent names the crew that took it last; a tool of the first crew's starts the second one."""
    ctx, writer = SharedContext(model="gpt-4o"), agent("writer", model := Scripted(answer("a report")))

    def crew_of(line, tools=()):
        researcher = agent("researcher", Scripted(*line), tools=list(tools))
        tasks = [
            Task(name="research", description="Look.", expected_output="All.", agent=researcher),
            Task(name="report", description="Write.", expected_output="A report.", agent=writer),
        ]
        return Crew(agents=[researcher, writer], tasks=tasks, task_callback=headroom_task_callback, verbose=False)

    inner = crew_of([answer("a little")])

    @tool("ask")
    def ask(what: str) -> str:
        """Ask another crew."""
        return inner.kickoff().raw

    outer = crew_of([use("ask", what="all"), answer(BIG)], [ask])
    with compressed_handoffs(ctx):
        outer.kickoff()

    assert BIG not in model.seen[-1]
    assert scope_of(ctx, outer).get("research", full=True) == BIG
    assert scope_of(ctx, inner).get("research", full=True) == "a little"


def test_a_crew_that_a_guardrail_starts_does_not_take_over():
    """After it, the task of the outer crew reads and keeps in the outer scope, and after both there is nothing to read."""
    ctx, left = SharedContext(model="gpt-4o"), []
    inner = two("a little", Scripted(answer("b")))

    def guardrail(output):
        inner.kickoff()
        left.append(run.get().crew)
        return True, output.raw

    outer = two(BIG, Scripted(answer("a report")), write={"guardrail": guardrail}, task_callback=headroom_task_callback)
    with compressed_handoffs(ctx):
        outer.kickoff()
        assert run.get() is None

    assert left == [outer]
    assert sorted(scope_of(ctx, outer).keys()) == ["report", "research"]


def test_an_agent_by_itself_reads_what_its_tools_say_as_it_is():
    """It belongs to no crew, so its reading tool would have nothing to read."""

    @tool("checks")
    def checks(which: str) -> str:
        """Return all checks."""
        return BIG

    model = Scripted(use("checks", which="all"), answer("a report"))
    with compressed_handoffs(SharedContext(model="gpt-4o"), tool_results=True):
        agent("alone", model, tools=[checks]).kickoff("Go.")

    assert BIG in model.seen[-1]


def test_keys_of_tasks_are_their_own():
    """Also where one task bears the name that another would be given."""
    tasks = [SimpleNamespace(name=name) for name in ("task-1", None, "task-1", None)]

    keys = [key for key, _ in tasks_of(SimpleNamespace(tasks=tasks))]

    assert keys == ["task-1", "unnamed task-1", "task-2", "task-3"]


def test_a_task_reads_a_view_of_what_it_names_of_another_crew():
    """CrewAI allows a context of any task."""
    ctx, model = SharedContext(model="gpt-4o"), Scripted(answer("a report"))
    first = two(BIG, Scripted(answer("x")))
    writer = agent("writer", model)
    task = Task(description="Write.", expected_output="A report.", agent=writer, context=[first.tasks[0]])
    second = Crew(agents=[writer], tasks=[task], verbose=False)
    with compressed_handoffs(ctx):
        first.kickoff()
        second.kickoff()

    assert BIG not in model.seen[-1]
    assert scope_of(ctx, second).keys() == ["context-0"]


def test_blocks_leave_nothing_behind():
    """A service may open one for each request."""
    ctx = SharedContext(model="gpt-4o")
    with compressed_handoffs(ctx):
        pass
    before = len(contextvars.copy_context())
    for _ in range(20):
        with compressed_handoffs(ctx):
            pass

    assert len(contextvars.copy_context()) == before


def test_the_block_that_was_entered_last_is_in_force():
    """Also where they are left in the order in which they were entered."""
    first, second = (compressed_handoffs(SharedContext(model="gpt-4o")) for _ in range(2))
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert current() is second
    second.__exit__(None, None, None)

    assert current() is None


def test_a_block_left_in_another_context_says_so(caplog):
    """And raises nothing in the place of what was raised."""
    handoffs = compressed_handoffs(SharedContext(model="gpt-4o"))
    handoffs.__exit__(None, None, None)

    assert "another context" in caplog.text


def test_a_callback_that_cannot_keep_what_a_task_said_does_not_end_the_run(caplog):
    """It says so in the log."""
    crew = two(BIG, Scripted(answer("a report")), task_callback=headroom_task_callback)
    with compressed_handoffs(SharedContext(model="gpt-4o", max_entry_bytes=100)):
        result = crew.kickoff()

    assert "a report" in result.raw
    assert "the output of a task was not kept" in caplog.text


def test_a_task_without_a_name_may_read_all_of_it():
    """Its key names it."""
    writer = Scripted(answer("a report"))
    crew = two(BIG, writer)
    crew.tasks[1].name = None
    with compressed_handoffs(SharedContext(model="gpt-4o"), full=["task-1"]):
        crew.kickoff()

    assert BIG in writer.seen[-1]


def test_a_block_inside_of_another_is_the_one_in_force():
    """Also the same one again: nothing is shown a second time."""
    outer, inner = SharedContext(model="gpt-4o"), SharedContext(model="gpt-4o")
    crew = two(BIG, Scripted(answer("a report")))
    with compressed_handoffs(outer), (handoffs := compressed_handoffs(inner)), handoffs:
        crew.kickoff()

    assert scope_of(outer, crew).keys() == []
    assert scope_of(inner, crew).keys() == ["research"]


def test_an_async_function_runs_inside_of_a_block():
    """As one that is not async does."""
    writer = Scripted(answer("a report"))

    @compressed_handoffs(SharedContext(model="gpt-4o"))
    async def main():
        return await two(BIG, writer).kickoff_async()

    asyncio.run(main())

    assert BIG not in writer.seen[-1]


def test_methods_of_flows_read_views_where_wanted():
    """A method that listens to another one gets the view of what that returned."""
    seen = {}

    class Reporting(Flow):
        @start()
        def research(self):
            return BIG

        @listen(research)
        def write(self, found):
            seen["write"] = found
            return "a report"

        @listen(research)
        def archive(self, found):
            seen["archive"] = found

    with compressed_handoffs(flow_methods=["write"]):
        Reporting().kickoff()

    assert markers.is_view(seen["write"])
    assert seen["archive"] == BIG


def test_options_that_mean_nothing_are_refused():
    """At the call."""
    for wrong in ({"full": "report"}, {"mode": "tiny"}, {"tool_results": "yes"}, {"max_tokens": 0}):
        with pytest.raises(errors.InvalidOptionError):
            compressed_handoffs(**wrong)


def test_without_crewai_the_import_says_what_to_do():
    """And with one that is too old."""
    code = """
import sys, types
{}
try:
    import headroom_crewai
except ImportError as exc:
    print(exc)
"""
    absent = "sys.modules['crewai'] = None"
    old = "sys.modules['crewai.hooks.dispatch'] = types.ModuleType('crewai.hooks.dispatch')"
    for setup in (absent, old):
        found = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code.format(setup)], capture_output=True, text=True, check=True
        )

        assert "pip install 'headroom-core[crewai]'" in found.stdout


def test_a_stream_ends_in_the_same():
    """Whoever streams a crew gets the same result."""

    def start(crew):
        streaming = crew.kickoff()
        for _ in streaming:
            pass
        return streaming.result

    assert_shown(both(lambda writer: two(BIG, writer, stream=True), start))


def test_a_replayed_task_reads_a_view_too():
    """Replay starts in the middle, from outputs that CrewAI stored."""
    writer = Scripted(answer("a report"))
    crew = two(BIG, writer)
    with compressed_handoffs(SharedContext(model="gpt-4o")):
        crew.kickoff()
        first = writer.seen[-1]
        result = crew.replay(str(crew.tasks[1].id))

    assert writer.seen[-1] == first
    assert len(writer.seen) == 2
    assert result.tasks_output[0].raw == BIG


def test_a_crew_that_plans_reads_views():
    """The planner writes what each task is told beside its description; that stays."""
    plans = {"list_of_plans_per_task": [{"task_number": n, "task": "One.", "plan": f" Step {n} of the plan."} for n in (1, 2)]}

    def make(writer):
        return two(BIG, writer, planning=True, planning_llm=Scripted(answer(json.dumps(plans))))

    found = both(make)
    assert_shown(found)
    assert all("Step 2 of the plan." in prompt for prompt, _ in found)


def test_a_crew_that_remembers_reads_views(tmp_path):
    """What CrewAI takes from its memory stands beside them, and what it puts there is of the original."""
    remembered = []

    def make(writer):
        analyst = Scripted(json.dumps({"memories": ["web-4 was slow on Monday"]}))
        remembered.append(analyst.seen)
        memory = Memory(
            llm=analyst,
            embedder=lambda texts: [[float(len(text) % 7), 1.0, 0.5, 0.25] for text in texts],
            storage=str(tmp_path / str(len(remembered))),
        )
        memory.remember("The report goes to Ana.", scope="/", categories=["people"], importance=0.9)
        return two(BIG, writer, memory=memory)

    found = both(make)
    assert_shown(found)
    assert all("The report goes to Ana." in prompt for prompt, _ in found)
    assert all(any(BIG in prompt for prompt in seen) for seen in remembered)


def test_events_tell_of_originals():
    """What listens to the crew's events gets what tasks read and said, whole."""
    told = {}
    with crewai_event_bus.scoped_handlers():

        @crewai_event_bus.on(TaskStartedEvent)
        def started(source, event):
            told[f"before {event.task.name}"] = event.context

        @crewai_event_bus.on(TaskCompletedEvent)
        def completed(source, event):
            told[f"behind {source.name}"] = event.output.raw

        with compressed_handoffs(SharedContext(model="gpt-4o")):
            two(BIG, Scripted(answer("a report"))).kickoff()
        crewai_event_bus.flush()

    assert told["behind research"] == BIG
    assert told["before report"] == BIG


def test_crews_for_each_input_have_scopes_of_their_own():
    """Copies of one crew, at the same time: each is read by its own references."""
    ctx, writer = SharedContext(model="gpt-4o"), Scripted(answer("a report"))
    crew = two(BIG, writer)

    async def start():
        with compressed_handoffs(ctx):
            return await crew.kickoff_for_each_async([{}, {}, {}])

    results = asyncio.run(start())

    assert [one.tasks_output[0].raw for one in results] == [BIG] * 3
    assert len(ctx.store.entries(f"{ctx.namespace}/crew {crew.id}")) <= 1
    assert all(BIG not in prompt for prompt in writer.seen)
