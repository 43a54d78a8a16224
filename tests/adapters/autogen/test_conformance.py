"""The client and the model context pass the kit of adapters."""

import asyncio

from autogen_agentchat.teams import RoundRobinGroupChat

from headroom_autogen import HeadroomChatCompletionClient, HeadroomChatCompletionContext
from headroom_core.testing import AdapterConformance, Delivery
from tests.adapters.autogen.scripted import Recorder, agent, reads, said


def two(content, writer, **options):
    """Return a team of a researcher that says `content`, and of a writer."""
    return RoundRobinGroupChat([agent("researcher", Recorder([content])), agent("writer", writer, **options)], max_turns=2)


def prompts(contents, writer, model, **options):
    """Return what the model of a writer is given, which gets one content after the other."""
    researcher = agent("researcher", Recorder([*contents]))
    team = RoundRobinGroupChat([researcher, agent("writer", writer, **options)], max_turns=2 * len(contents))
    asyncio.run(team.run(task="Report."))
    return [given.texts for given in model.given]


class TestHeadroomChatCompletionClient(AdapterConformance):
    """A team of two agents, the second of which has the client."""

    def deliver(self, content, *, adapted=True, counter=None):
        """Run the team."""
        model = Recorder(["a report"])
        client = HeadroomChatCompletionClient(model, model="gpt-4o", counter=counter) if adapted else model
        result = asyncio.run(two(content, client).run(task="Report."))
        given = model.given[-1]

        def read(reference):
            model.reset()
            model.chat_completions = [reads(reference), "read"]
            asyncio.run(client.create(originals))
            return model.given[-1].messages[-1].content[0].content

        originals = result.messages[0].to_model_message(), result.messages[1].to_model_message()
        return Delivery(prompt=given.text, result=said(result), read=read)

    def prompts(self, contents):
        """Let the two speak in turn."""
        model = Recorder(["a remark"] * len(contents))
        return prompts(contents, HeadroomChatCompletionClient(model, model="gpt-4o"), model)


class TestHeadroomChatCompletionContext(AdapterConformance):
    """A team of two agents, the second of which has the model context and its tool."""

    def deliver(self, content, *, adapted=True, counter=None):
        """Run the team."""
        model = Recorder(["a report"])
        options = {}
        if adapted:
            context = HeadroomChatCompletionContext(model="gpt-4o", counter=counter)
            options = {"model_context": context, "tools": [context.read_tool()]}
        result = asyncio.run(two(content, model, **options).run(task="Report."))

        def read(reference):
            return asyncio.run(context.read_tool().run_json({"reference": reference}, None))

        return Delivery(prompt=model.given[-1].text, result=said(result), read=read)

    def prompts(self, contents):
        """Let the two speak in turn."""
        model = Recorder(["a remark"] * len(contents))
        return prompts(contents, model, model, model_context=HeadroomChatCompletionContext(model="gpt-4o"))
