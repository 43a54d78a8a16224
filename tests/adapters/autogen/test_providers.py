"""The clients that AutoGen ships take what this one gives them: real ones, against a server on this machine."""

import asyncio
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from autogen_core.models import AssistantMessage, ModelInfo, UserMessage
from autogen_core.tools import FunctionTool
from autogen_ext.models.anthropic import AnthropicChatCompletionClient
from autogen_ext.models.openai import OpenAIChatCompletionClient
from pydantic import BaseModel

from headroom_autogen import HeadroomChatCompletionClient
from headroom_core.markers import handles_in
from headroom_core.testing.adapters import payload

BIG = payload()
MESSAGES = [UserMessage(content="Report.", source="user"), UserMessage(content=BIG, source="researcher")]
INFO = ModelInfo(
    vision=False,
    function_calling=True,
    json_output=True,
    structured_output=True,
    family="claude-4-sonnet",
    multiple_system_messages=True,
)


class Verdict(BaseModel):
    """A form."""

    failed: int


def lookup(which: str) -> str:
    """Return a check."""
    return which


LOOKUP = FunctionTool(lookup, "Looks a check up.", strict=True)


def openai_says(body, number):
    """Return what the API of OpenAI answers: a call that reads, then a text."""
    handle = next(handles_in(json.dumps(body["messages"])))
    call = {
        "id": "call_1",
        "type": "function",
        "function": {"name": "headroom_read", "arguments": json.dumps({"reference": f"{handle} rows 100-100"})},
    }
    said = {"content": None, "tool_calls": [call]} if number == 1 else {"content": '{"failed": 311}'}
    message = {"role": "assistant", **said}
    return {
        "id": "1",
        "object": "chat.completion",
        "created": 1,
        "model": "gpt-4o-2024-08-06",
        "choices": [{"index": 0, "finish_reason": "tool_calls" if number == 1 else "stop", "message": message}],
        "usage": {"prompt_tokens": 10, "completion_tokens": 1, "total_tokens": 11},
    }


def anthropic_says(body, number):
    """Return what the API of Anthropic answers."""
    handle = next(handles_in(json.dumps(body["messages"])))
    call = {"type": "tool_use", "id": "t1", "name": "headroom_read", "input": {"reference": f"{handle} rows 100-100"}}
    content = [call] if number == 1 else [{"type": "text", "text": '{"failed": 311}'}]
    return {
        "id": "1",
        "type": "message",
        "role": "assistant",
        "model": "claude",
        "content": content,
        "stop_reason": "tool_use" if number == 1 else "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 10, "output_tokens": 1},
    }


@contextmanager
def serving(says):
    """Serve an API on a free port of this machine; yield its address and the bodies that it was sent."""
    bodies = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            bodies.append(body)
            answer = json.dumps(says(body, len(bodies))).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", bodies
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


async def called(client, **options):
    """Call a client twice, the second time with what it answered at first."""
    wrapped = HeadroomChatCompletionClient(client, model="gpt-4o")
    try:
        first = await wrapped.create(MESSAGES, **options)
        answer = AssistantMessage(content=first.content, source="writer")
        await wrapped.create([*MESSAGES, answer, UserMessage(content="And?", source="user")], **options)
    finally:
        await wrapped.close()
    return first


@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")  # of the form that it logs
@pytest.mark.parametrize(
    "options",
    [{}, {"json_output": Verdict}, {"json_output": True}, {"tools": [LOOKUP]}, {"tools": [LOOKUP], "json_output": Verdict}],
    ids=["plain", "structured", "JSON", "tools", "tools and structured"],
)
def test_openai(options):
    """Its own checks of strict tools included, which structured output asks for."""
    with serving(openai_says) as (address, bodies):
        client = OpenAIChatCompletionClient(model="gpt-4o", api_key="none", base_url=f"{address}/v1", max_retries=0)
        result = asyncio.run(called(client, **options))
    asked, read, later = bodies

    assert result.content == '{"failed": 311}'
    assert result.usage.prompt_tokens == 20
    assert asked["tools"][-1]["function"]["name"] == "headroom_read"
    assert json.dumps(json.loads(BIG)[99]) in read["messages"][-1]["content"]
    assert later["messages"][: len(read["messages"])] == read["messages"], "the cache of the provider holds"
    assert later["tools"] == read["tools"]


@pytest.mark.parametrize("options", [{}, {"tools": [LOOKUP]}], ids=["plain", "tools"])
def test_anthropic(options):
    """Calls and their results are blocks there."""
    with serving(anthropic_says) as (address, bodies):
        client = AnthropicChatCompletionClient(
            model="claude-sonnet-4-5", api_key="none", base_url=address, max_retries=0, model_info=INFO
        )
        result = asyncio.run(called(client, **options))
    asked, read, later = bodies

    assert result.content == '{"failed": 311}'
    assert asked["tools"][-1]["name"] == "headroom_read"
    assert json.dumps(json.loads(BIG)[99]) in read["messages"][-1]["content"][0]["content"]
    assert later["messages"][: len(read["messages"])] == read["messages"], "the cache of the provider holds"
