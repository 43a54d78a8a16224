"""The prompt of a task: how it begins, and what its context reads like with views of what earlier tasks said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from headroom_core.prompt import Prompt
from headroom_core.viewer import Viewer


def prompt_of(task: Any) -> Prompt:
    """
    Return how the prompt of a task begins, whoever works on it and however often: with what is to be done and to come of it.

    That is also the query. Where CrewAI has a task done again, because a guardrail refused it, it writes a prompt that has
    nothing else of the first one.
    """
    told = [str(text) for text in (getattr(task, "description", None), getattr(task, "expected_output", None)) if text]
    return Prompt("\n\n".join(told) or None, told)


def with_views(context: str, handed: Mapping[str, str], viewer: Viewer, prompt: Prompt) -> str:
    """
    Return a context with views in the place of what other tasks said, each made for a reader that has read what is before it.

    Args:
        context: What CrewAI wrote, with those texts in it.
        handed: The texts, and the names of the tasks.
        viewer: Makes the views.
        prompt: What stands before the context.

    """
    views: dict[str, str] = {}
    written: list[str] = []
    left = _parts(context, handed)
    while left:
        text = left.pop()
        if text in handed and text not in views:
            name = handed[text]
            views[text] = viewer.view(text, name=name, known=prompt.before(), query=prompt.query).text
        shown = views.get(text, text)
        quoted: dict[str, str] = {}
        if text in handed and shown == text:  # no view is shorter, so what it quotes of others is shown as views
            quoted = {one: name for one, name in handed.items() if len(one) < len(text)}
        if quoted:
            left += _parts(text, quoted)
        else:
            prompt.add(shown)
            written.append(shown)
    return "".join(written)


def _parts(text: str, handed: Iterable[str]) -> list[str]:
    """Return a text in pieces, the last one first: the handed texts in it, the longest before others, and what is between."""
    parts = [text]
    for one in sorted(handed, key=len, reverse=True):
        parts = [piece for part in parts for piece in ([part] if part in handed else _split(part, one))]
    return parts[::-1]


def _split(text: str, one: str) -> Iterator[str]:
    for number, piece in enumerate(text.split(one)):
        if number:
            yield one
        if piece:
            yield piece
