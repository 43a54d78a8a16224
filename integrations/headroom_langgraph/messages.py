"""Messages of a conversation: which of them are handoffs, and how they are shown and kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from langchain_core.messages import BaseMessage, ToolMessage
from langgraph.graph.message import add_messages

from headroom_core.handoff import viewer_for
from headroom_core.payload import Mode
from headroom_core.tokens.counters import CounterLike
from headroom_core.viewer import DEFAULT_MODEL, Viewer
from headroom_langgraph.records import is_record, original_in, record_of, shown
from headroom_langgraph.reducer import Reducer

READ_TOOL = "headroom_read"
"""The name of the reading tool. What it returned is never compressed again: the agent asked for it."""


def text_in(message: BaseMessage) -> str | None:
    """Return what a tool said, where it is one text; None for other messages, and for what has images or parts in it."""
    if not isinstance(message, ToolMessage) or message.name == READ_TOOL or is_record(message.artifact):
        return None
    content = message.content
    if isinstance(content, list) and len(content) == 1 and isinstance(content[0], dict) and content[0].get("type") == "text":
        content = content[0].get("text", "")
    return content if isinstance(content, str) else None


def shown_messages(messages: Sequence[Any], viewer: Viewer) -> list[Any]:
    """
    Return messages with views in the place of what tools said. Those given are not changed.

    No view depends on a later message, so a conversation that grows keeps its start as it was, and the model's cache with it.
    """
    return [with_view(message, viewer) for message in messages]


def with_view(message: Any, viewer: Viewer) -> Any:
    """Return a message with a view in the place of what a tool said, or the message itself."""
    text = text_in(message) if isinstance(message, BaseMessage) else None
    if text is None:
        return message
    view = shown(text, viewer)
    return message if view == text else message.model_copy(update={"content": view})


def _kept(message: BaseMessage, viewer: Viewer) -> BaseMessage:
    """Return a message as it is kept in the state: with the view as its content, and the record as its artifact."""
    text = text_in(message)
    if text is None or getattr(message, "artifact", None) is not None:
        return message
    record = record_of(text, viewer)
    if original_in(record) == record["text"]:
        return message
    return message.model_copy(update={"content": record["text"], "artifact": record})


def original_of(message: BaseMessage) -> str | None:
    """Return what a tool said before a view took its place, or what it says now; None where it said no text."""
    artifact = getattr(message, "artifact", None)
    return original_in(artifact) if is_record(artifact) else text_in(message)


def handoff_messages(
    *,
    model: str = DEFAULT_MODEL,
    mode: Mode = "balanced",
    max_tokens: int | None = None,
    counter: CounterLike | None = None,
    references: bool = True,
) -> Reducer:
    """
    Return a reducer for messages.

    For `messages: Annotated[list[AnyMessage], handoff_messages()]`. It is LangGraph's `add_messages`, and large texts of tools
    become views; what they said is in `ToolMessage.artifact`, which checkpoints keep and models do not get. Messages of people,
    systems and models stay as they are, and so do tools' messages that have an artifact of their own.

    Args:
        model: The model whose tokens are counted.
        mode: How much views leave out: `lossless`, `balanced` or `compact`.
        max_tokens: Tokens that each view may have at the most.
        counter: Counts tokens, instead of the model's own counter.
        references: Whether views name references. False where the model has no reading tool.

    """
    viewer = viewer_for(model, mode=mode, max_tokens=max_tokens, counter=counter, references=references)

    def messages_reducer(left: Any, right: Any) -> Any:
        return [_kept(message, viewer) for message in cast("list[BaseMessage]", add_messages(left, right))]

    return messages_reducer
