"""Views in the place of what earlier tasks said, for as long as a `with` block lasts."""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ContextDecorator
from contextvars import ContextVar, Token
from itertools import takewhile
from typing import Any, NamedTuple, Self, TypeVar, cast

from crewai.hooks.dispatch import InterceptionPoint, get_scoped_hooks, scoped_hooks

from headroom_core import SharedContext
from headroom_core import _validation as check
from headroom_core.content import digest_and_size
from headroom_core.handoff import READ_TOOL, SHORTEST_CHARS, open_to_failures, viewer_for
from headroom_core.markers import handle_of
from headroom_core.payload import Mode
from headroom_core.tokens.counters import CounterLike
from headroom_core.viewer import DEFAULT_MODEL
from headroom_crewai.prompts import prompt_of, with_views

DELEGATIONS = ("delegate_work_to_coworker", "ask_question_to_coworker")
"""The tools by which agents of a hierarchical crew hand work to each other."""

FuncT = TypeVar("FuncT", bound=Callable[..., Any])

logger = logging.getLogger("headroom_crewai")

run: ContextVar[Run | None] = ContextVar("headroom_crewai_run", default=None)
"""The crew whose task runs."""


class Run(NamedTuple):
    """A crew, and what it has handed over."""

    crew: object
    scope: SharedContext
    around: Run | None = None  # where a tool, a guardrail or a callback started it


class _Entered(NamedTuple):
    """What a block leaves behind it."""

    handoffs: Handoffs
    scope: AbstractContextManager[object]
    run: Token[Run | None]


entered: ContextVar[tuple[_Entered, ...]] = ContextVar("headroom_crewai_entered", default=())
"""The blocks around the code that runs."""


def current() -> Handoffs | None:
    """Return the handoffs that are in force where code runs: those of the innermost block."""
    blocks = entered.get()
    return blocks[-1].handoffs if blocks else None


class Handoffs(ContextDecorator):
    """
    The handoffs of the crews that run inside of a block, see `compressed_handoffs`.

    One may be entered again, by the same thread or by another. Each crew has a scope of its own in the context, with what
    its last run handed over.
    """

    def __init__(
        self,
        ctx: SharedContext,
        *,
        model: str,
        mode: Mode,
        max_tokens: int | None,
        counter: CounterLike | None,
        full: Iterable[str],
        tool_results: bool,
        flow_methods: Iterable[str],
    ) -> None:
        self.ctx = ctx
        options = {"mode": mode, "max_tokens": max_tokens, "counter": counter if counter is not None else ctx.counter}
        self._naming = viewer_for(model, **options)  # type: ignore[arg-type]  # as they were given
        self._plain = viewer_for(model, references=False, **options)  # type: ignore[arg-type]
        self._full = frozenset(check.texts("full", full))
        self._tool_results = check.flag("tool_results", tool_results)
        self._flow_methods = frozenset(check.texts("flow_methods", flow_methods))
        self._hooks = {
            InterceptionPoint.EXECUTION_START: self._open(self._before_crew),
            InterceptionPoint.EXECUTION_END: self._open(self._after_crew),
            InterceptionPoint.PRE_STEP: self._open(self._before_task),
            InterceptionPoint.POST_TOOL_CALL: self._open(self._after_tool),
        }

    def __enter__(self) -> Self:
        hooks: dict[InterceptionPoint, list[Callable[[Any], Any]]] = {
            point: [*get_scoped_hooks(point)] for point in InterceptionPoint
        }
        for point, hook in self._hooks.items():
            if hook not in hooks[point]:
                hooks[point].append(hook)
        scope = scoped_hooks(hooks)
        scope.__enter__()
        entered.set((*entered.get(), _Entered(self, scope, run.set(None))))
        return self

    def __exit__(self, *exc: object) -> None:
        left = next((one for one in reversed(entered.get()) if one.handoffs is self), None)
        if left is None:
            logger.warning("a block is left in another context than it was entered in; nothing was in force there")
            return
        entered.set(tuple(one for one in entered.get() if one is not left))
        run.reset(left.run)
        left.scope.__exit__(None, None, None)

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(self, *exc: object) -> None:
        self.__exit__(*exc)

    def __call__(self, func: FuncT) -> FuncT:
        """Have a function run inside of a block, also one that is async."""
        if not inspect.iscoroutinefunction(func):
            return super().__call__(func)

        @functools.wraps(func)
        async def inside(*args: Any, **kwargs: Any) -> Any:
            async with self:
                return await func(*args, **kwargs)

        return cast("FuncT", inside)

    def keep(self, output: Any) -> None:
        """Keep what a task said, in the scope of its crew."""
        crew = running.crew if (running := run.get()) else None
        key = next((key for key, task in tasks_of(crew) if task.output is output), output.name or "task")
        scope_of(self.ctx, crew).put(key, output.raw, output.agent)

    def _open(self, hook: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """Return a hook that rests while a block inside is in force, and fails open: CrewAI would print what it raises."""

        def failing_open(context: Any) -> Any:
            if current() is not self:
                return None
            with open_to_failures(logger, "no view could be made; the original passes"):
                return hook(context)
            return None

        return failing_open

    def _before_crew(self, execution: Any) -> None:
        """Forget what an earlier run of the same crew handed over, so that no run reads what another one said."""
        if execution.crew is not None:
            scope = scope_of(self.ctx, execution.crew)
            run.set(Run(execution.crew, scope, run.get()))
            scope.clear()

    def _after_crew(self, execution: Any) -> None:
        """Go on with the run around this one, if there is one."""
        running = run.get()
        if running is not None and running.crew is execution.crew:
            run.set(running.around)

    def _before_task(self, step: Any) -> Any:
        """Return what a task reads of earlier ones, or None where it reads it as it is."""
        if step.kind == "flow_method":
            return self._before_method(step)
        running = self._run_of(step)
        context = step.payload
        if not isinstance(context, str) or not context or key_of(running.crew, step.task) in self._full:
            return None
        viewer = self._naming if _reads(step.agent, step.task) else self._plain
        handed: dict[str, str] = {}
        for key, task in earlier(running.crew, step.task):
            output = task.output
            if output is not None and output.raw and output.raw in context:
                running.scope.put(key, output.raw, output.agent)
                if len(output.raw) >= SHORTEST_CHARS:
                    handed[output.raw] = key
        return with_views(context, handed, viewer, prompt_of(step.task))

    def _run_of(self, step: Any) -> Run:
        """Return the run of a task. An agent names the last crew that took it, which may be another one."""
        running = run.get()
        if running is None or all(task is not step.task for _, task in tasks_of(running.crew)):
            crew = getattr(step.agent, "crew", None)  # as in a replay, which CrewAI does not announce
            running = Run(crew, scope_of(self.ctx, crew), running)
            run.set(running)
        return running

    def _before_method(self, step: Any) -> dict[str, Any] | None:
        """Return what a method of a flow reads: views of the texts that it is given."""
        if step.step_name not in self._flow_methods or not isinstance(step.payload, dict):
            return None
        scope = self.ctx.scoped(f"flow {getattr(step.flow, 'flow_id', 'none')}")
        shown = {}
        for name, value in step.payload.items():
            raw = value if isinstance(value, str) else getattr(value, "raw", None)
            if isinstance(raw, str) and raw:
                scope.put(f"{step.step_name} {name}", raw)
                shown[name] = self._plain.view(raw, name=name).text if isinstance(value, str) else value
        return {**step.payload, **shown}

    def _after_tool(self, call: Any) -> str | None:
        """Return what an agent reads of what another one answered it; what other tools say too, where that is wanted."""
        said, running = call.tool_result, run.get()
        if (
            not isinstance(said, str)
            or running is None
            or call.crew is None  # an agent by itself, which could read nothing
            or call.tool_name == READ_TOOL
            or getattr(call.tool, "result_as_answer", False)  # then it is what the task returns
            or not (self._tool_results or call.tool_name in DELEGATIONS)
        ):
            return None
        running.scope.put(f"{call.tool_name} {handle_of(digest_and_size(said)[0])}", said, _asked(call.tool_input))
        viewer, prompt = self._naming if _reads(call.agent, call.task) else self._plain, prompt_of(call.task)
        return viewer.view(said, name=call.tool_name, known=prompt.before(), query=prompt.query).text


def compressed_handoffs(
    ctx: SharedContext | None = None,
    *,
    model: str = DEFAULT_MODEL,
    mode: Mode = "balanced",
    max_tokens: int | None = None,
    counter: CounterLike | None = None,
    full: Iterable[str] = (),
    tool_results: bool = False,
    flow_methods: Iterable[str] = (),
) -> Handoffs:
    """
    Have the tasks of crews read views of what earlier tasks said.

    For `with compressed_handoffs(ctx): crew.kickoff()`, also with `async with`, and as a decorator. The model of the next task
    gets a view, and may read what it leaves out where its agent has a `HeadroomReadTool`; managers of hierarchical crews get
    views of what they delegated. What tasks and crews return, and their files and events, do not change. Whatever fails costs
    its saving: the task then reads all of it.

    Args:
        ctx: Where what tasks said is kept, for each crew in a scope of its own; a context of its own when None.
        model: The model whose tokens are counted, where there is no `ctx`.
        mode: How much views leave out: `lossless`, `balanced` or `compact`.
        max_tokens: Tokens that each view may have at the most.
        counter: Counts tokens, instead of the counter of `ctx`.
        full: Names of tasks, or `task-<index>`, that read all of what earlier ones said.
        tool_results: Whether agents read views of what all their tools say, and not only of what they delegated.
        flow_methods: Names of methods of flows that read views of the texts that they are given.

    Raises:
        InvalidOptionError: An option that means nothing.

    """
    return Handoffs(
        SharedContext(model=model, counter=counter) if ctx is None else check.instance("ctx", ctx, SharedContext),
        model=model,
        mode=mode,
        max_tokens=max_tokens,
        counter=counter,
        full=full,
        tool_results=tool_results,
        flow_methods=flow_methods,
    )


def scope_of(ctx: SharedContext, crew: object) -> SharedContext:
    """Return what a crew has handed over. A copy of a crew, as for each input, is a crew of its own."""
    return ctx.scoped(f"crew {getattr(crew, 'id', 'none')}")


def tasks_of(crew: object) -> Iterator[tuple[str, Any]]:
    """Yield the tasks of a crew by key: the name, or `task-<index>` for one that has none or that of an earlier one."""
    tasks = getattr(crew, "tasks", ())
    names = {task.name for task in tasks}
    seen: set[str] = set()
    for index, task in enumerate(tasks):
        key = task.name
        if not key or key in seen:
            key = f"task-{index}"
            while key in names:
                key = f"unnamed {key}"
        seen.add(key)
        yield key, task


def earlier(crew: object, task: Any) -> Iterator[tuple[str, Any]]:
    """Yield the tasks whose outputs a task may be given: those before it in its crew, and what it names of other crews."""
    own = {id(one) for _, one in tasks_of(crew)}
    yield from takewhile(lambda pair: pair[1] is not task, tasks_of(crew))
    named = task.context if isinstance(task.context, list) else ()
    for index, one in enumerate(named):
        if id(one) not in own:
            yield f"context-{index}", one


def key_of(crew: object, task: Any) -> str | None:
    """Return the key of a task in its crew, or its name where it stands in none."""
    return next((key for key, one in tasks_of(crew) if one is task), task.name)


def _reads(agent: Any, task: Any) -> bool:
    """Tell whether an agent has the reading tool in a task."""
    tools = [*(getattr(task, "tools", None) or ()), *(getattr(agent, "tools", None) or ())]
    return any(getattr(one, "name", "") == READ_TOOL for one in tools)


def _asked(arguments: Mapping[str, Any]) -> str | None:
    """Return who was asked, by the arguments of a delegation."""
    coworker = arguments.get("coworker")
    return coworker if isinstance(coworker, str) else None
