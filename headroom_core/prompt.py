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
        self._distinct: set[str] = set()
        self.add(*texts)

    @property
    def query(self) -> str | None:
        """The reader's task."""
        return self._query

    def add(self, *texts: str) -> None:
        """Go on with texts, as they are shown."""
        for text in texts:
            if text:
                self._texts.append(text)
                self._distinct.add(text)

    def before(self, original: str) -> tuple[str, ...]:
        """
        Return what is known where a view of `original` is to stand next, oldest first.

        Another copy of it that is shown whole is left out: what is known already may be left out of a view, and nothing would
        be left of this one. The tuple is made at each call, so ask only where a view is really made.
        """
        if original in self._distinct:
            return tuple(text for text in self._texts if text != original)
        return tuple(self._texts)

    def branch(self) -> Self:
        """Return a prompt that begins like this one. What is added to one of them is not in the other."""
        return type(self)(self._query, self._texts)
