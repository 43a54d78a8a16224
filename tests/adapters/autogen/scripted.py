"""A client of AutoGen that says what a test wrote, and keeps what it was given; agents, and what a team returned."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from autogen_agentchat.agents import AssistantAgent
from autogen_core import FunctionCall
from autogen_core.models import CreateResult, ModelInfo, RequestUsage
from autogen_ext.models.replay import ReplayChatCompletionClient

from headroom_autogen.messages import texts_of
from headroom_core.tokens.counters import VocabularyCounter

COUNTER = VocabularyCounter("o200k_base")

CALLS = ModelInfo(
    vision=True, function_calling=True, json_output=True, structured_output=True, family="gpt-4o", multiple_system_messages=True
)
MUTE = ModelInfo(vision=False, function_calling=False, json_output=False, structured_output=False, family="unknown")


@dataclass
class Given:
    """What one call of the model was given."""

    messages: list
    tools: list
    choice: object
    json_output: object
    extra: object = None
    token: object = None
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All messages, and the schemas of the tools."""
        return "\n".join([*self.texts, *(json.dumps(tool) for tool in self.tools)])

    @property
    def names(self) -> list[str]:
        """The names of the tools."""
        return [tool["name"] for tool in self.tools]


class Recorder(ReplayChatCompletionClient):
    """Says its lines one after the other. A line is a text, a result, or a function of the call that returns one."""

    component_provider_override = "tests.adapters.autogen.scripted.Recorder"

    def __init__(self, chat_completions, model_info=None):
        super().__init__(chat_completions, CALLS if model_info is None else model_info)
        self.given: list[Given] = []

    def _take(self, messages, tools, tool_choice, json_output, extra, token):
        given = Given(
            messages=[message.model_copy(deep=True) for message in messages],
            tools=[tool if isinstance(tool, dict) else dict(tool.schema) for tool in tools],
            choice=tool_choice,
            json_output=json_output,
            extra=extra,
            token=token,
            texts=[text for message in messages for text in texts_of(message)],
        )
        self.given.append(given)
        if self._current_index < len(self.chat_completions):
            line = self.chat_completions[self._current_index]
            if isinstance(line, Callable):
                self.chat_completions[self._current_index] = line(given)

    async def create(
        self, messages, *, tools=(), tool_choice="auto", json_output=None, extra_create_args=None, cancellation_token=None
    ):
        """Say the next line."""
        self._take(messages, tools, tool_choice, json_output, extra_create_args, cancellation_token)
        return await super().create(messages, json_output=json_output, cancellation_token=cancellation_token)

    async def create_stream(
        self, messages, *, tools=(), tool_choice="auto", json_output=None, extra_create_args=None, cancellation_token=None
    ):
        """Say the next line, word by word."""
        self._take(messages, tools, tool_choice, json_output, extra_create_args, cancellation_token)
        async for chunk in super().create_stream(messages, json_output=json_output, cancellation_token=cancellation_token):
            yield chunk


def calls(*asked, thought=None, tokens=0):
    """Return what a model says that calls tools: pairs of a name and arguments."""
    content = [
        FunctionCall(id=f"call-{n}-{name}", name=name, arguments=json.dumps(args)) for n, (name, args) in enumerate(asked)
    ]
    usage = RequestUsage(prompt_tokens=tokens, completion_tokens=tokens)
    return CreateResult(finish_reason="function_calls", content=content, usage=usage, cached=False, thought=thought)


def reads(*references, **options):
    """Return what a model says that asks to read."""
    return calls(*(("headroom_read", {"reference": reference}) for reference in references), **options)


def agent(name, client, **options):
    """Return an agent."""
    return AssistantAgent(name, client, description=f"the {name}", system_message=f"You are the {name}.", **options)


def said(result):
    """Return what came of a run: who said what, and why it stopped; ids, times and tokens of calls are aside."""
    return [(type(one).__name__, one.source, one.to_text()) for one in result.messages], result.stop_reason
