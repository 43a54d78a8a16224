"""A chat model that says what a test wrote, and keeps what it was given."""

import json
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import Field

from headroom_core.tokens.counters import VocabularyCounter

COUNTER = VocabularyCounter("o200k_base")


class Scripted(BaseChatModel):
    """Says its lines one after the other; `seen` are the prompts, `schemas` the tools it was given last."""

    script: list[Any] = Field(default_factory=list)
    seen: list[list[BaseMessage]] = Field(default_factory=list)
    schemas: list[dict[str, Any]] = Field(default_factory=list)

    @property
    def _llm_type(self):
        return "scripted"

    def bind_tools(self, tools, **kwargs):
        """Take note of the tools."""
        self.schemas[:] = [convert_to_openai_tool(one) for one in tools]
        return self

    def _generate(self, messages, stop=None, run_manager=None, **kwargs):
        self.seen.append(list(messages))
        said = self.script[len(self.seen) - 1] if len(self.seen) <= len(self.script) else "done"
        said = said(messages) if callable(said) else said
        message = said if isinstance(said, AIMessage) else AIMessage(said)
        return ChatResult(generations=[ChatGeneration(message=message.model_copy())])

    def prompt(self, number=-1):
        """Return what one call was given, as a text with the schemas of the tools."""
        return "\n".join([*(json.dumps(one) for one in self.schemas), *(str(one.text) for one in self.seen[number])])


def call(name, number=1, **args):
    """Return a message that calls a tool."""
    return AIMessage("", tool_calls=[{"name": name, "args": args, "id": f"call-{number}", "type": "tool_call"}])
