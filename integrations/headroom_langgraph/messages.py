"""Messages of a conversation: which of them are handoffs, and how they are shown and kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeGuard, cast

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langgraph.graph.message import add_messages

from headroom_core.handoff import READ_TOOL, SHORTEST_CHARS, open_to_failures, viewer_for
from headroom_core.payload import Mode
from headroom_core.prompt import Prompt
from headroom_core.tokens.counters import CounterLike
from headroom_core.viewer import DEFAULT_MODEL, Viewer
from headroom_langgraph.records import is_record, logger, original_in, record_of, shown, text_of
from headroom_langgraph.reducer import Reducer


def texts_in(message: BaseMessage) -> list[str]:
    """Return the texts that a tool said: one, or one for each block of text, images aside; none of other messages."""
    if not isinstance(message, ToolMessage) or message.name == READ_TOOL or is_record(message.artifact):
        return []
    content = message.content
    return [content] if isinstance(content, str) else [str(block["text"]) for block in content if _is_text(block)]


def _is_text(block: Any) -> TypeGuard[dict[str, Any]]:
    return isinstance(block, dict) and block.get("type") == "text" and isinstance(block.get("text"), str)


def told_by(message: BaseMessage) -> list[str]:
    """Return what a message says to a model: its text, and what it asks tools."""
    calls = message.tool_calls if isinstance(message, AIMessage) else ()
    return [_text(message), *(text_of(call["args"]) for call in calls)]


def task_in(messages: Iterable[Any]) -> str | None:
    """
    Return what a person said first, which is the task: it stays the same for as long as a conversation grows.

    None where a tool said something before: what a person says behind it would change the view of it.
    """
    for one in messages:
        if isinstance(one, HumanMessage) and (text := _text(one)):
            return text
        if isinstance(one, BaseMessage) and texts_in(one):
            return None
    return None


def _text(message: BaseMessage) -> str:
    """Return the text of a message; nothing where its content has a form that LangChain does not know."""
    with open_to_failures(logger, "a message has no text that could be told; views know nothing of it"):
        return str(message.text)
    return ""


def with_views(message: Any, view_of: Callable[[str], str], prompt: Prompt) -> Any:
    """
    Return a message with views in the place of what a tool said, or the message itself.

    The prompt then goes on with what it says, as it is shown; `view_of` is called with all before it in there.
    """
    texts = texts_in(message) if isinstance(message, BaseMessage) else []
    if not texts and isinstance(message, BaseMessage):
        prompt.add(*told_by(message))
    views = []
    for text in texts:
        views.append(view_of(text))
        prompt.add(views[-1])
    if views == texts:
        return message
    if isinstance(message.content, str):
        return message.model_copy(update={"content": views[0]})
    rest = iter(views)
    content = [{**block, "text": next(rest)} if _is_text(block) else block for block in message.content]
    return message.model_copy(update={"content": content})


def shown_messages(messages: Sequence[Any], viewer: Viewer) -> list[Any]:
    """
    Return the messages of a prompt with views in the place of what tools said. Those given are not changed.

    A view knows the messages before it, as they are shown, and the task. None depends on a later message, so a conversation
    that grows keeps its start as it was, and the model's cache with it.
    """
    prompt = Prompt(task_in(messages))
    return [with_views(message, lambda text: shown(text, viewer, prompt), prompt) for message in messages]


def chars_in(messages: Sequence[BaseMessage]) -> int:
    """Return how many characters the views of messages are made of, with what stands before them; 0 where none is made."""
    if not any(len(text) >= SHORTEST_CHARS for message in messages for text in texts_in(message)):
        return 0
    return sum(len(_text(message)) for message in messages)


def _kept(message: BaseMessage, viewer: Viewer) -> BaseMessage:
    """Return a message as it is kept in the state: with the view as its content, and the record as its artifact."""
    texts = texts_in(message)
    alone = isinstance(message.content, str) or len(message.content) == 1
    if len(texts) != 1 or not alone or getattr(message, "artifact", None) is not None:
        return message
    record = record_of(texts[0], viewer)
    if original_in(record) == record["text"]:
        return message
    return message.model_copy(update={"content": record["text"], "artifact": record})


def originals_of(message: BaseMessage) -> list[str]:
    """Return what a tool said before views took the place of it, or what it says now."""
    artifact = getattr(message, "artifact", None)
    original = original_in(artifact) if is_record(artifact) else None
    return texts_in(message) if original is None else [original]


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
