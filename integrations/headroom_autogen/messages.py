"""Messages to a model: which of their texts are handoffs, what they say, and copies of them with views."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import NamedTuple

from autogen_core.models import (
    AssistantMessage,
    FunctionExecutionResult,
    FunctionExecutionResultMessage,
    LLMMessage,
    SystemMessage,
    UserMessage,
)

from headroom_core.content import digest_and_size
from headroom_core.handoff import READ_TOOL, REFUSAL, SHORTEST_CHARS
from headroom_core.markers import handle_of
from headroom_core.prompt import Prompt
from headroom_core.store.base import Miss, Original

EXEMPT = ("user", "user_proxy", "MagenticOneOrchestrator")
"""Names whose messages are tasks and instructions: those of users in AutoGen, and the manager of a MagenticOneGroupChat."""


class Said(NamedTuple):
    """A text, and who said it: the name of an agent or of a tool."""

    by: str
    text: str


def task_in(messages: Iterable[LLMMessage]) -> str | None:
    """
    Return what a user, or a manager that gives orders, said first: the task, whatever else they say later.

    None where another agent or a tool said something before: what a user says behind it would change the view of it.
    """
    for one in messages:
        if isinstance(one, UserMessage) and one.source in EXEMPT:
            text = "\n".join(texts_of(one))
            if text:
                return text
        elif isinstance(one, UserMessage | FunctionExecutionResultMessage):
            return None
    return None


def with_views(message: LLMMessage, view_of: Callable[[Said], str], exempt: Collection[str], prompt: Prompt) -> LLMMessage:
    """
    Return a copy of a message with views in the place of what other agents and tools said, or the message where none is.

    Messages of systems and of the model itself stay as they are, and so do images, calls, the ids of results, what is exempt,
    and what the reading tool said: the model asked for it. The prompt then goes on with all that the message says, as it is
    shown; `view_of` is called with what stands before it in there.
    """

    def shown(said: Said) -> str:
        text = view_of(said)
        prompt.add(text)
        return text

    if isinstance(message, UserMessage) and message.source not in exempt:
        parts = [message.content] if isinstance(message.content, str) else message.content
        views = [shown(Said(message.source, part)) if isinstance(part, str) else part for part in parts]
        if all(one is part for one, part in zip(views, parts, strict=True)):
            return message
        return message.model_copy(update={"content": views[0] if isinstance(message.content, str) else views})
    if isinstance(message, FunctionExecutionResultMessage):
        results = []
        for one in message.content:
            if _is_handoff(one, exempt):
                results.append(_result(one, shown))
            else:
                prompt.add(one.content)
                results.append(one)
        if all(one is result for one, result in zip(results, message.content, strict=True)):
            return message
        return message.model_copy(update={"content": results})
    prompt.add(*texts_of(message))
    return message


def _is_handoff(result: FunctionExecutionResult, exempt: Collection[str]) -> bool:
    return result.name != READ_TOOL and result.name not in exempt


def _result(result: FunctionExecutionResult, view_of: Callable[[Said], str]) -> FunctionExecutionResult:
    view = view_of(Said(result.name, result.content))
    return result if view is result.content else result.model_copy(update={"content": view})


def handoffs_in(messages: Iterable[LLMMessage], exempt: Collection[str]) -> Iterator[Said]:
    """Yield what other agents and tools said in messages, where it is long enough for a view."""
    for message in messages:
        found: list[Said] = []
        if isinstance(message, UserMessage) and message.source not in exempt:
            found = [Said(message.source, text) for text in texts_of(message)]
        elif isinstance(message, FunctionExecutionResultMessage):
            found = [Said(one.name, one.content) for one in message.content if _is_handoff(one, exempt)]
        yield from (said for said in found if len(said.text) >= SHORTEST_CHARS)


def find_original(messages: Iterable[LLMMessage], handle: str, exempt: Collection[str]) -> Original | Miss:
    """Return the original of a handle from messages, or why there is none."""
    found: Original | Miss = Miss("unknown")
    for by, text in handoffs_in(messages, exempt):
        digest, _ = digest_and_size(text)
        if handle_of(digest) == handle:
            if isinstance(found, Original) and found.digest != digest:
                return Miss("ambiguous")
            found = Original(text, digest, by, by)
    return found


def texts_of(message: LLMMessage) -> list[str]:
    """Return all that a message says to the model: its texts, and the arguments of its calls."""
    if isinstance(message, SystemMessage):
        return [message.content]
    if isinstance(message, UserMessage):
        return (
            [message.content] if isinstance(message.content, str) else [one for one in message.content if isinstance(one, str)]
        )
    if isinstance(message, AssistantMessage):
        return [message.content] if isinstance(message.content, str) else [call.arguments for call in message.content]
    return [result.content for result in message.content]


def told_in(messages: Iterable[LLMMessage]) -> Iterator[str]:
    """
    Yield what messages tell a model that it may ask to read more of.

    What the model says itself is not among it, nor is a refusal of the reading tool, which quotes what the model asked for.
    """
    for message in messages:
        if isinstance(message, FunctionExecutionResultMessage):
            results = message.content
            yield from (one.content for one in results if one.name != READ_TOOL or not one.content.startswith(REFUSAL))
        elif not isinstance(message, AssistantMessage):
            yield from texts_of(message)


def chars_in(messages: Iterable[LLMMessage]) -> int:
    """Return how many characters messages have."""
    return sum(len(text or "") for message in messages for text in texts_of(message))
