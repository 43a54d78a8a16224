"""What a model read before it answered, which stands before that answer in its later prompts too."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence

from autogen_core import FunctionCall
from autogen_core.models import AssistantMessage, LLMMessage

from headroom_autogen.messages import texts_of

REMEMBERED = 256
"""Answers whose readings are remembered, those that were used last."""


class Readings:
    """
    Remembers what a model read on its way to an answer, by what it was given and what it answered.

    An agent keeps the answers of its model and knows nothing of what was read for them. Without this a model that reads a part
    and then calls a tool would have forgotten the part when the tool has answered. A prompt that does not go on from the same
    start and the same answer is given nothing: the digest is of every text in it. Safe to use from any thread.
    """

    def __init__(self) -> None:
        self._read: OrderedDict[bytes, tuple[LLMMessage, ...]] = OrderedDict()
        self._lock = threading.Lock()

    def note(self, given: Sequence[LLMMessage], answer: str | list[FunctionCall], read: Sequence[LLMMessage]) -> None:
        """Remember what was read, between what was given and what was answered."""
        chain = _Chain()
        for message in given:
            chain.add(message)
        with self._lock:
            self._read[chain.key(answer)] = tuple(read)
            while len(self._read) > REMEMBERED:
                self._read.popitem(last=False)

    def inserted(self, given: Sequence[LLMMessage]) -> list[LLMMessage]:
        """Return the messages, with what was read for them before each answer."""
        if not self._read:
            return list(given)
        chain, messages = _Chain(), list[LLMMessage]()
        for message in given:
            if isinstance(message, AssistantMessage):
                key = chain.key(message.content)
                with self._lock:
                    if key in self._read:
                        self._read.move_to_end(key)
                        messages += self._read[key]
            messages.append(message)
            chain.add(message)
        return messages


class _Chain:
    """The digest of a series of messages: who said what. Images do not count, nor do ids of results, which calls have."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()

    def add(self, message: LLMMessage) -> None:
        """Add a message."""
        if isinstance(message, AssistantMessage):
            self._digest.update(_answer(message.content))
        else:
            self._digest.update(_written([message.type, getattr(message, "source", ""), *texts_of(message)]))

    def key(self, answer: str | list[FunctionCall]) -> bytes:
        """Return the digest of the series and an answer to it."""
        digest = self._digest.copy()
        digest.update(_answer(answer))
        return digest.digest()


def _answer(answer: str | list[FunctionCall]) -> bytes:
    said = [answer] if isinstance(answer, str) else [part for call in answer for part in (call.id, call.name, call.arguments)]
    return _written(["answer", *said])


def _written(texts: Sequence[str]) -> bytes:
    """Return texts as bytes, each behind its length, so that no two series are written alike."""
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    return b"".join(b"%d:%b" % (len(one), one) for one in [b"%d" % len(encoded), *encoded])
