"""One team of each type that AutoGen has: a researcher finds much, and a writer, a manager or both are given it."""

import json

from autogen_agentchat.agents import SocietyOfMindAgent
from autogen_agentchat.conditions import MaxMessageTermination
from autogen_agentchat.teams import (
    DiGraphBuilder,
    GraphFlow,
    MagenticOneGroupChat,
    RoundRobinGroupChat,
    SelectorGroupChat,
    Swarm,
)

from headroom_autogen import HeadroomChatCompletionContext
from headroom_core.testing.adapters import payload
from tests.adapters.autogen.scripted import Recorder, agent, calls

BIG = payload(rows=340)
"""About 20,000 tokens."""


def fetch() -> str:
    """Return all checks."""
    return BIG


def researcher(content=BIG, **options):
    """Return an agent that says it all, in one piece: AutoGen takes seconds to pass on twenty thousand words one by one."""
    return agent("researcher", Recorder([content]), **options)


def round_robin(wrap, **options):
    """Return two agents that speak in turn."""
    model = Recorder(["a report"])
    return RoundRobinGroupChat([researcher(), agent("writer", wrap(model), **options)], max_turns=2), [model]


def selector(wrap, **options):
    """Return a team whose manager's model says who speaks next; its own prompt holds what was said, too."""
    model, manager = Recorder(["a report"]), Recorder(["researcher", "writer"])
    adapted = wrap(model) is not model
    team = SelectorGroupChat(
        [researcher(), agent("writer", wrap(model), **options), agent("editor", Recorder([]))],
        model_client=manager,
        model_context=HeadroomChatCompletionContext(model="gpt-4o") if adapted else None,
        max_turns=2,
    )
    return team, [model, manager]


def swarm(wrap, **options):
    """Return two agents, one of which fetches and hands over in one go: the handoff takes what was fetched along."""
    model = Recorder(["a report"])
    finder = agent(
        "researcher",
        Recorder([calls(("fetch", {}), ("transfer_to_writer", {}))]),
        tools=[fetch],
        handoffs=["writer"],
    )
    team = Swarm([finder, agent("writer", wrap(model), **options)], termination_condition=MaxMessageTermination(3))
    return team, [model]


def graph_flow(wrap, **options):
    """Return a graph of two nodes."""
    model, builder = Recorder(["a report"]), DiGraphBuilder()
    first, second = researcher(), agent("writer", wrap(model), **options)
    builder.add_node(first).add_node(second).add_edge(first, second)
    return GraphFlow(builder.get_participants(), builder.build()), [model]


def ledger(speaker, *, done=False):
    """Return what the manager of a MagenticOneGroupChat writes down."""
    entries = {"is_request_satisfied": done, "is_progress_being_made": True, "is_in_loop": False}
    told = {"instruction_or_question": "Go on.", "next_speaker": speaker}
    return json.dumps({name: {"reason": "so it is", "answer": value} for name, value in (entries | told).items()})


def magentic(wrap, **options):
    """Return a team whose manager plans, keeps a ledger and answers."""
    model = Recorder(["a report"])
    lines = ["facts", "a plan", ledger("researcher"), ledger("writer"), ledger("writer", done=True), "the answer"]
    manager = Recorder(lines)
    return MagenticOneGroupChat([researcher(), agent("writer", wrap(model), **options)], model_client=wrap(manager)), [
        model,
        manager,
    ]


def society(wrap, **options):
    """Return an agent that answers from what a team inside of it said, and a writer."""
    model, mind = Recorder(["a report"]), Recorder([BIG])
    inner = RoundRobinGroupChat([researcher()], max_turns=1)
    speaker = SocietyOfMindAgent("mind", inner, wrap(mind))
    return RoundRobinGroupChat([speaker, agent("writer", wrap(model), **options)], max_turns=2), [mind, model]


def nested(wrap, **options):
    """Return a team one of whose members is a team."""
    model, reviewer = Recorder(["a report"]), Recorder(["looks fine"])
    inner = RoundRobinGroupChat(
        [researcher(), agent("reviewer", wrap(reviewer), **options)], max_turns=2, name="inner", description="a team"
    )
    return RoundRobinGroupChat([inner, agent("writer", wrap(model), **options)], max_turns=2), [reviewer, model]


TEAMS = [round_robin, selector, swarm, graph_flow, magentic, society, nested]
