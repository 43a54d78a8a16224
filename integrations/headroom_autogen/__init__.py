"""
headroom-core in AutoGen: a model reads short views of what other agents and tools said, and the team keeps all of it.

`HeadroomChatCompletionClient` is the line to begin with: `AssistantAgent("writer", HeadroomChatCompletionClient(client))`.
`HeadroomChatCompletionContext` does the same where an agent or a team takes a model context, and `HeadroomMessageTransform`
is what both do to the messages of a call. Nothing happens before one of them is used.
"""

from __future__ import annotations

try:
    import autogen_core.model_context  # noqa: F401  # to say what is missing before a module of this package is imported
except ModuleNotFoundError as exc:
    if (exc.name or "").partition(".")[0] != "autogen_core":
        raise  # something that AutoGen needs is missing, and its own message says what
    _msg = "headroom_autogen needs autogen-core 0.7, which is not installed: pip install 'headroom-core[autogen]'"
    raise ImportError(_msg, name=exc.name) from exc

from headroom_autogen.client import HeadroomChatCompletionClient
from headroom_autogen.context import HeadroomChatCompletionContext
from headroom_autogen.messages import EXEMPT
from headroom_autogen.tools import HeadroomReadTool
from headroom_autogen.transform import HeadroomMessageTransform

__all__ = [
    "EXEMPT",
    "HeadroomChatCompletionClient",
    "HeadroomChatCompletionContext",
    "HeadroomMessageTransform",
    "HeadroomReadTool",
]
