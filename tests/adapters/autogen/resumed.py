"""A team that one process begins and another one goes on with: `python -m tests.adapters.autogen.resumed begin FILE`."""

import asyncio
import json
import sys
from pathlib import Path

from autogen_agentchat.teams import RoundRobinGroupChat

from headroom_autogen import HeadroomChatCompletionClient, HeadroomChatCompletionContext
from headroom_core.markers import handles_in
from headroom_core.testing.adapters import payload
from tests.adapters.autogen.scripted import Recorder, agent, reads


def reading(given):
    """Ask for a row that the view left out."""
    return reads(f"{next(handles_in(given.text))} rows 100-100")


def built(*lines):
    """Return a team, and the models of its writer and of its editor."""
    writes, edits = Recorder(list(lines)), Recorder(["fine", "fine"])
    context = HeadroomChatCompletionContext(model="gpt-4o")
    writer = agent("writer", HeadroomChatCompletionClient(writes, model="gpt-4o"))
    editor = agent("editor", edits, model_context=context, tools=[context.read_tool()])
    researcher = agent("researcher", Recorder([payload(), payload(1)]))
    return RoundRobinGroupChat([researcher, writer, editor], max_turns=3), writes, edits


async def begin():
    """Run the team once; return its state, and what its models were given."""
    team, writes, edits = built("a report")
    await team.run(task="Report.")
    return await team.save_state(), [writes.given[-1].texts, edits.given[-1].texts]


async def go_on(state):
    """Go on with the state in another process; the writer reads a part of what was found in the first one."""
    team, writes, edits = built(reading, "another report")
    await team.load_state(state)
    result = await team.run(task="And now?")
    return [writes.given[0].texts, edits.given[-1].texts, writes.given[1].texts[-1], result.messages[-2].to_text()]


if __name__ == "__main__":
    step, file = sys.argv[1], Path(sys.argv[2])
    if step == "begin":
        state, shown = asyncio.run(begin())
        file.write_text(json.dumps(state), encoding="utf-8")
    else:
        shown = asyncio.run(go_on(json.loads(file.read_text(encoding="utf-8"))))
    print(json.dumps(shown))  # noqa: T201
