"""Long strings of a JSON document, each compressed as what it holds: a log, a diff, code, HTML, or JSON once more."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import nlargest

from headroom_core import markers
from headroom_core.compressors.base import Place, Request
from headroom_core.compressors.json_crusher.pointer import pointer
from headroom_core.compressors.json_crusher.spelling import quote
from headroom_core.compressors.json_crusher.values import Steps
from headroom_core.payload import Spans

LONG_STRING = 800
"""Characters; shorter strings keep head and tail where they must be cut, which says about as much of so little."""

LEAST_ROOM = 240
"""Characters; a string with less room than this keeps head and tail: the markers of a view would fill it."""

MOST_PARTS = 256
"""Strings of one document that are compressed as what they hold, the longest first. It bounds the time that a document of many
strings takes, where each costs a look at what it is."""

WORTH_MORE_ROOM = 0.8
"""A view may take more room than its string was given, since it shows what may not be missed, as long as it takes no more than
this share of the string. Where a caller set a ceiling it may take `OVER_CEILING` times its room."""

OVER_CEILING = 2


class Parts:
    """
    Has the long strings of one document compressed, and keeps what their views leave out.

    Attributes:
        found: The way to each string that has a view, and what its view leaves out.
        over: Characters that views took beyond the room of their strings. What stands beside them does not pay for it.

    """

    def __init__(self, request: Request, chars: int, lengths: Iterable[int]) -> None:
        """Take the length of the document in characters, and those of its strings that may be shown."""
        self._request = request
        self._tokens_per_char = request.original_tokens / max(1, chars)
        longest = nlargest(MOST_PARTS, (length for length in lengths if length >= LONG_STRING))
        self._least = longest[-1] if len(longest) == MOST_PARTS else LONG_STRING
        self._left = MOST_PARTS
        self.found: list[tuple[Steps, Spans]] = []
        self.over = 0

    def view(self, value: str, escaped: int, steps: Steps, room: int) -> str | None:
        """
        Return a string's view as a JSON string literal, or None where it has none that is worth its room.

        Args:
            value: The string.
            escaped: Characters of its literal.
            steps: The way to it.
            room: Characters that its view's literal may have, about.

        """
        compress, request = self._request.compress_part, self._request
        if compress is None or room < LEAST_ROOM or len(value) < self._least or not self._left or markers.is_view(value):
            return None
        self._left -= 1
        # The room is counted in characters of the JSON text, where line ends and quotes take two.
        target = max(1, int(room * self._tokens_per_char * len(value) / escaped))
        path = (request.place.path or "") + pointer_of(steps)
        made = compress(value, Place(part=True, path=path, within=request.place.within), target_tokens=target)
        if made is None:
            return None
        text = quote(made.text)
        most = OVER_CEILING * room if request.firm else max(room, int(WORTH_MORE_ROOM * escaped))
        if len(text) > most:
            return None
        if made.omitted:
            self.found.append((steps, made.omitted))
        self.over += max(0, len(text) - room)
        return text


def pointer_of(steps: Steps) -> str:
    """Return the pointer to a string; a document that is a string itself is named like a member without a name."""
    return pointer(tuple(map(str, steps))) or "/"
