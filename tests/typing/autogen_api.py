"""The public API of the AutoGen adapter as a type checker sees it. Checked, never run: `nox -s typing`."""

from typing import assert_type

from autogen_agentchat.agents import AssistantAgent
from autogen_core.model_context import BufferedChatCompletionContext, ChatCompletionContext
from autogen_core.models import ChatCompletionClient, CreateResult, LLMMessage

from headroom_autogen import (
    HeadroomChatCompletionClient,
    HeadroomChatCompletionContext,
    HeadroomMessageTransform,
    HeadroomReadTool,
)
from headroom_core import SharedContext


def of_a_model(client: ChatCompletionClient) -> AssistantAgent:
    """A client around a client is one."""
    viewing = HeadroomChatCompletionClient(client, model="gpt-4o", mode="compact", exempt=["user"], ctx=SharedContext())
    assert_type(viewing.client, ChatCompletionClient)
    return AssistantAgent("writer", viewing)


def of_a_context(client: ChatCompletionClient) -> AssistantAgent:
    """A context around a context is one, and its tool is a tool."""
    context = HeadroomChatCompletionContext(BufferedChatCompletionContext(10), max_tokens=2_000)
    assert_type(context.inner, ChatCompletionContext)
    assert_type(context.read_tool(), HeadroomReadTool)
    return AssistantAgent("writer", client, model_context=context, tools=[context.read_tool()])


async def called(client: HeadroomChatCompletionClient, messages: list[LLMMessage]) -> CreateResult:
    """Calls have the types of AutoGen's own."""
    async for chunk in client.create_stream(messages, tool_choice="none"):
        assert_type(chunk, str | CreateResult)
    return await client.create(HeadroomMessageTransform()(messages), json_output=True)
