"""Real teams of every type: what their models are given, and that what they return and keep is as without."""

import asyncio
import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from autogen_agentchat.base import TaskResult
from autogen_agentchat.messages import HandoffMessage, MultiModalMessage, StructuredMessage, TextMessage
from autogen_agentchat.teams import RoundRobinGroupChat
from autogen_core import CancellationToken, Image
from pydantic import BaseModel

from headroom_autogen import HeadroomChatCompletionClient, HeadroomChatCompletionContext
from headroom_core.markers import handles_named_in
from headroom_core.testing.adapters import BrokenCounter, payload
from tests.adapters.autogen.scripted import COUNTER, Recorder, agent, said
from tests.adapters.autogen.teams import BIG, TEAMS, researcher, swarm
from tests.adapters.autogen.test_transform import PIXEL

ROOT = Path(__file__).parents[3]


def as_it_is(client):
    """Return a client as it is."""
    return client


def viewing(client, **options):
    """Return a client whose model reads views."""
    return HeadroomChatCompletionClient(client, model="gpt-4o", **options)


async def ran(team, *, stream=False, **options):
    """Return what a team returns, run in one of the two ways."""
    if not stream:
        return await team.run(task="Report.", **options)
    *_, result = [one async for one in team.run_stream(task="Report.", **options)]
    assert isinstance(result, TaskResult)
    return result


STREAMS = pytest.mark.parametrize("stream", [False, True], ids=["run", "stream"])


@pytest.mark.parametrize("build", TEAMS)
@STREAMS
class TestEveryTeam:
    """A team is as it was; its models read a fifth at the most."""

    def test_models_read_a_fifth_and_the_team_says_the_same(self, build, stream):
        """In each call in which a model was given the payload."""
        (plain, without), (team, models) = (
            build(as_it_is, model_client_stream=stream),
            build(viewing, model_client_stream=stream),
        )
        expected, result = (asyncio.run(ran(one, stream=stream)) for one in (plain, team))

        assert said(result) == said(expected)
        for with_views, all_of_it in zip(models, without, strict=True):
            assert [len(one.messages) for one in with_views.given] == [len(one.messages) for one in all_of_it.given]
            tokens = [
                (COUNTER.count(one.text), COUNTER.count(was.text))
                for one, was in zip(with_views.given, all_of_it.given, strict=True)
            ]
            given = [(some, every) for some, every in tokens if every > 20_000]
            assert given, "no call was given the payload"
            assert all(some * 5 <= every for some, every in given)
            assert all(
                "9041" in one.text for one, was in zip(with_views.given, all_of_it.given, strict=True) if BIG in was.text
            )

    def test_states_hold_originals_and_no_view(self, build, stream):
        """Whoever loads them has all of it."""
        team, _ = build(viewing, model_client_stream=stream)
        asyncio.run(ran(team, stream=stream))
        state = json.dumps(asyncio.run(team.save_state()))

        assert json.dumps(BIG)[1:-1] in state
        assert "[view" not in state

    def test_a_failure_does_not_end_the_run(self, build, stream):
        """The models read all of it, and the team says the same."""
        broken = BrokenCounter()
        plain, without = build(as_it_is, model_client_stream=stream)
        team, models = build(lambda client: viewing(client, counter=broken), model_client_stream=stream)
        expected, result = (asyncio.run(ran(one, stream=stream)) for one in (plain, team))

        assert broken.counted
        assert said(result) == said(expected)
        assert models[0].given[-1].texts[1:] == without[0].given[-1].texts[1:]


def test_a_handoff_keeps_its_target_and_takes_its_context_along():
    """What was fetched before it goes to the next agent as a view, with the call that it answers."""
    team, (model,) = swarm(viewing)
    result = asyncio.run(team.run(task="Report."))
    handoff = next(one for one in result.messages if isinstance(one, HandoffMessage))
    call, fetched = (
        one for one in model.given[0].messages if one.type in {"AssistantMessage", "FunctionExecutionResultMessage"}
    )

    assert handoff.target == "writer"
    assert handoff.context[1].content[0].content == BIG
    assert [one.id for one in call.content] == [one.call_id for one in fetched.content]
    assert fetched.content[0].content != BIG
    assert "9041" in fetched.content[0].content


def in_a_process(step, file):
    """Run a team in a process of its own, in which any warning is an error, and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.adapters.autogen.resumed", step, file],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([*sys.path, str(ROOT)])},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_another_process_goes_on(tmp_path):
    """State holds originals: the same views are made of it, and what they leave out is read."""
    first, second = (in_a_process(step, str(tmp_path / "state.json")) for step in ("begin", "go_on"))
    writes, edits = first
    writes_on, edits_on, read, answer = second

    assert writes_on[: len(writes)] == writes, "the prompt goes on from where it was"
    assert edits_on[: len(edits)] == edits
    assert json.dumps(json.loads(payload())[99]) in read
    assert answer == "another report"


@pytest.mark.parametrize("way", ["client", "context"])
def test_a_long_run_keeps_its_prompts(way):
    """Before each call all messages are shown anew, and those shown before are the same, byte for byte."""
    rounds = 12
    model = Recorder([f"report {number}" for number in range(rounds)])
    finder = agent("researcher", Recorder([payload(number, rows=150) for number in range(rounds)]))
    if way == "client":
        writer = agent("writer", viewing(model))
    else:
        writer = agent("writer", model, model_context=HeadroomChatCompletionContext(model="gpt-4o"))
    asyncio.run(RoundRobinGroupChat([finder, writer], max_turns=2 * rounds).run(task="Report."))

    assert len(model.given) == rounds
    for before, after in zip(model.given, model.given[1:], strict=False):
        assert after.messages[: len(before.messages)] == before.messages
    assert "[view" in model.given[-1].text


def test_structured_messages_stay_typed():
    """The model reads a view of the JSON, and the result holds the object."""

    class Checks(BaseModel):
        rows: list[dict[str, str | int]]

    model = Recorder(["a report"])
    content = json.dumps({"rows": json.loads(BIG)})
    team = RoundRobinGroupChat(
        [researcher(content, output_content_type=Checks), agent("writer", viewing(model))],
        max_turns=2,
        custom_message_types=[StructuredMessage[Checks]],
    )
    result = asyncio.run(team.run(task="Report."))

    assert isinstance(result.messages[1].content, Checks)
    assert len(result.messages[1].content.rows) == 340
    assert COUNTER.count(model.given[0].text) * 5 <= COUNTER.count(content)
    assert "9041" in model.given[0].text


def test_a_form_is_filled_from_what_was_read():
    """An agent with an output type gets its form, though its model asked to read first."""

    class Verdict(BaseModel):
        failed: int

    from tests.adapters.autogen.resumed import reading  # noqa: PLC0415  # a script, which other tests start

    model = Recorder([reading, '{"failed": 311}'])
    team = RoundRobinGroupChat(
        [researcher(), agent("writer", viewing(model), output_content_type=Verdict)],
        max_turns=2,
        custom_message_types=[StructuredMessage[Verdict]],
    )
    result = asyncio.run(team.run(task="Report."))

    assert result.messages[-1].content == Verdict(failed=311)
    assert model.given[0].json_output is Verdict
    assert len(result.messages) == 3


def test_images_pass():
    """Texts beside them are views."""
    image = Image.from_uri("data:image/png;base64," + base64.b64encode(PIXEL).decode())
    model = Recorder(["a report"])
    task = [
        TextMessage(content="What is this?", source="user"),
        MultiModalMessage(content=[BIG, image], source="browser"),
    ]
    result = asyncio.run(agent("writer", viewing(model)).run(task=task))
    text, picture = model.given[0].messages[-1].content

    assert text != BIG
    assert "9041" in text
    assert picture.to_base64() == image.to_base64()
    assert result.messages[1].content[0] == BIG


def test_a_run_that_is_cancelled_can_go_on():
    """In the middle of a call of the model, which is cancelled with it; nothing said before is lost."""
    token, begun = CancellationToken(), []

    class Waiting(Recorder):
        component_provider_override = "nowhere.Waiting"

        async def create(self, messages, *, cancellation_token=None, **options):
            if not begun:
                begun.append(True)
                asyncio.get_running_loop().call_soon(token.cancel)
                await cancellation_token.link_future(asyncio.get_running_loop().create_future())
            return await super().create(messages, cancellation_token=cancellation_token, **options)

    model = Waiting(["a report"])
    team = RoundRobinGroupChat([researcher(), agent("writer", viewing(model))], max_turns=2)

    async def run():
        with pytest.raises(asyncio.CancelledError):
            await team.run(task="Report.", cancellation_token=token)
        state = json.dumps(await team.save_state())
        await team.reset()
        return state

    state = asyncio.run(run())

    assert begun
    assert json.dumps(BIG)[1:-1] in state
    assert "[view" not in state


def test_two_teams_side_by_side_share_nothing():
    """Each reads what its own prompt was made of, in one event loop, with one client for both."""
    model = Recorder(["one", "two"])
    client = viewing(model)
    teams = [RoundRobinGroupChat([researcher(payload(number)), agent("writer", client)], max_turns=2) for number in (1, 2)]

    async def run():
        return await asyncio.gather(*(team.run(task="Report.") for team in teams))

    results = asyncio.run(run())

    assert sorted(result.messages[-1].content for result in results) == ["one", "two"]
    (one,), (other,) = (handles_named_in("\n".join(given.texts)) for given in model.given)
    assert one != other
