"""Compression without a context: nothing is kept, so views name no references."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, overload

from headroom_core import _validation as check
from headroom_core.compressors.base import Compressor
from headroom_core.errors import InvalidPayloadError
from headroom_core.payload import Format, Mode, View
from headroom_core.prompt import Prompt
from headroom_core.tokens.counters import CounterLike
from headroom_core.viewer import DEFAULT_MODEL, Viewer

COMPRESSED_ROLES = frozenset({"assistant", "tool", "function"})
"""Roles whose messages are handoffs. What a user or a system message says is the task, and stays as it was written."""


@overload
def compress(
    text_or_messages: str,
    model: str = ...,
    *,
    mode: Mode = ...,
    max_tokens: int | None = ...,
    format: Format = ...,
    kind: str | None = ...,
    counter: CounterLike | None = ...,
    known: Iterable[str] = ...,
    query: str | None = ...,
    strict: bool = ...,
    compressors: Mapping[str, Compressor] | None = ...,
) -> View: ...
@overload
def compress(
    text_or_messages: Sequence[Mapping[str, Any]],
    model: str = ...,
    *,
    mode: Mode = ...,
    max_tokens: int | None = ...,
    format: Format = ...,
    kind: str | None = ...,
    counter: CounterLike | None = ...,
    known: Iterable[str] = ...,
    query: str | None = ...,
    strict: bool = ...,
    compressors: Mapping[str, Compressor] | None = ...,
) -> list[dict[str, Any]]: ...
def compress(
    text_or_messages: str | Sequence[Mapping[str, Any]],
    model: str = DEFAULT_MODEL,
    *,
    mode: Mode = "balanced",
    max_tokens: int | None = None,
    format: Format = "text",  # noqa: A002  # as SharedContext.view
    kind: str | None = None,
    counter: CounterLike | None = None,
    known: Iterable[str] = (),
    query: str | None = None,
    strict: bool = False,
    compressors: Mapping[str, Compressor] | None = None,
) -> View | list[dict[str, Any]]:
    """
    Return the view of a text; or a list of chat messages with the views of what tools and assistants said in their place.

    Nothing is kept, so omitted parts cannot be read back: the views say so and name no references. Use `SharedContext`
    where a reader should be able to.

    Args:
        text_or_messages: A text, or messages such as `{"role": "tool", "content": "…"}`. Of these only `content` that is a
            str changes, and only for the roles assistant, tool and function; everything else passes as it is, and the
            messages given are not edited. No view depends on later messages, so a growing list keeps its start.
        model: The model whose tokens are counted.
        mode: How much may be left out: `lossless`, `balanced` or `compact`.
        max_tokens: Tokens that each view may have at the most.
        format: `text` for a model, `json` for a receiver that parses.
        kind: The kind of what is compressed, where it is known. Detected when None.
        counter: Counts tokens, instead of the model's own counter.
        known: Texts that precede all this in the same prompt, oldest first.
        query: The reader's task.
        strict: Whether a failing compressor raises. Otherwise the original passes.
        compressors: Compressors by the kind they are for, instead of those that come with the package.

    Raises:
        InvalidPayloadError: Neither a text nor a list of messages.
        CompressionError: A compressor failed, and `strict` is set.

    """
    viewer = Viewer(
        model,
        mode=mode,
        max_tokens=max_tokens,
        references=False,
        counter=counter,
        strict=strict,
        compressors=compressors,
        remembered=0,
    )
    before = check.texts("known", known)
    query = check.optional_str("query", query)
    format = check.format_(format)  # noqa: A001
    kind = None if kind is None else check.choice("kind", kind, viewer.kinds)

    def view_of(text: str, known: tuple[str, ...]) -> View:
        return viewer.view(text, kind=kind, known=known, query=query, format=format)

    if isinstance(text_or_messages, str):
        return view_of(str.__str__(text_or_messages), before)
    shown, prompt = [], Prompt(query, before)
    for message in _messages(text_or_messages):
        content = message.get("content")
        if isinstance(content, str):
            if message["role"] in COMPRESSED_ROLES:
                content = message["content"] = view_of(content, prompt.before()).text
            prompt.add(content)
        shown.append(message)
    return shown


def _messages(messages: object) -> list[dict[str, Any]]:
    """Return copies of the messages; what is no message is refused."""
    if isinstance(messages, Sequence) and all(
        isinstance(message, Mapping) and isinstance(message.get("role"), str) for message in messages
    ):
        return [dict(message) for message in messages]
    got = type(messages).__name__
    msg = f"compress takes a str or a list of messages with a role, got {got}; pass other content as JSON text"
    raise InvalidPayloadError(msg)
