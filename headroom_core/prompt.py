"""One prompt, as it is written from its start: what stands before the view that is made next, and the task of its reader."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self


class Prompt:
    """
    What one reader has been shown so far, as it was shown.

    A view that is made of what stands before it, and is then added itself, depends on nothing behind it. So a prompt that grows
    keeps its start, as long as nobody changes that start.

    Args:
        query: The reader's task. The same one for the whole prompt: a later message would change what was shown.
        texts: What the prompt begins with, oldest first.

    """

    def __init__(self, query: str | None = None, texts: Iterable[str] = ()) -> None:
        self._query = query
        self._texts: list[str] = []
        self.add(*texts)

    @property
    def query(self) -> str | None:
        """The reader's task."""
        return self._query

    def add(self, *texts: str) -> None:
        """Go on with texts, as they are shown."""
        self._texts.extend(text for text in texts if text)

    def before(self) -> tuple[str, ...]:
        """
        Return what is known where a view is to stand next, oldest first.

        The tuple is made at each call, so ask only where a view is really made.
        """
        return tuple(self._texts)

    def branch(self) -> Self:
        """Return a prompt that begins like this one. What is added to one of them is not in the other."""
        return type(self)(self._query, self._texts)
