"""What the next model gets takes a fifth of the tokens at the most, in each way that an output reaches it."""

import asyncio

import pytest
from autogen_agentchat.teams import RoundRobinGroupChat

from headroom_autogen import HeadroomChatCompletionClient, HeadroomChatCompletionContext
from tests.adapters.autogen.scripted import COUNTER, MUTE, Recorder, agent, calls
from tests.adapters.autogen.teams import BIG, magentic, nested, selector, society, swarm


def client(model):
    """Return a client whose model reads views."""
    return HeadroomChatCompletionClient(model, model="gpt-4o")


def two(wrap, **options):
    """Return a team whose second agent reads what the first one said."""
    model = Recorder(["a report"])
    team = RoundRobinGroupChat([agent("researcher", Recorder([BIG])), agent("writer", wrap(model), **options)], max_turns=2)
    return team, [model]


def next_agent(wrap):
    """A client around the model's."""
    return two(wrap)


def next_agent_that_calls_no_tools(wrap):
    """The same, for a model that cannot call tools, so that nothing can be read."""
    model = Recorder(["a report"], MUTE)
    team = RoundRobinGroupChat([agent("researcher", Recorder([BIG])), agent("writer", wrap(model))], max_turns=2)
    return team, [model]


def model_context(wrap):
    """A model context in the place of a client."""
    adapted = wrap is client
    return two(lambda model: model, model_context=HeadroomChatCompletionContext(model="gpt-4o") if adapted else None)


def model_context_with_its_tool(wrap):
    """The same, with the tool that reads."""
    context = HeadroomChatCompletionContext(model="gpt-4o")
    return two(
        lambda model: model, **({} if wrap is not client else {"model_context": context, "tools": [context.read_tool()]})
    )


def own_tool(wrap):
    """What a tool of the agent's own said."""

    def fetch() -> str:
        """Return all checks."""
        return BIG

    model = Recorder([calls(("fetch", {})), "a report"])
    return agent("writer", wrap(model), tools=[fetch], reflect_on_tool_use=True), [model]


def handoff_of_a_swarm(wrap):
    """What the other agent fetched before it handed over."""
    return swarm(wrap)


def prompt_of_a_selector(wrap):
    """The prompt by which a SelectorGroupChat chooses who speaks next."""
    team, models = selector(wrap)
    return team, models[1:]


def manager_of_magentic_one(wrap):
    """The ledger and the answer of a MagenticOneGroupChat."""
    team, models = magentic(wrap)
    return team, models[1:]


def society_of_mind(wrap):
    """An agent that answers from what a team inside of it said."""
    team, models = society(wrap)
    return team, models[:1]


def team_in_a_team(wrap):
    """What a team said that is a member of another one."""
    team, models = nested(wrap)
    return team, models[1:]


WAYS = [
    next_agent,
    next_agent_that_calls_no_tools,
    model_context,
    model_context_with_its_tool,
    own_tool,
    handoff_of_a_swarm,
    prompt_of_a_selector,
    manager_of_magentic_one,
    society_of_mind,
    team_in_a_team,
]


@pytest.mark.parametrize("way", WAYS, ids=[way.__name__ for way in WAYS])
def test_the_next_model_gets_a_fifth_at_the_most(way):
    """And what it may not miss is in it."""
    (plain, (without,)), (viewing, (shown,)) = (way(wrap) for wrap in (lambda model: model, client))
    for team in (plain, viewing):
        asyncio.run(team.run(task="Report."))

    before, after = COUNTER.count(without.given[-1].text), COUNTER.count(shown.given[-1].text)
    print(f"{way.__name__}: {before:,} {after:,} {100 * (1 - after / before):.1f} %")  # noqa: T201  # the table of the benchmark
    assert before > 20_000
    assert after * 5 <= before
    assert "9041" in shown.given[-1].text
