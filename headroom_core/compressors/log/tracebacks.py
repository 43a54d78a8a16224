"""Tracebacks in a text: where they stand, which of their lines tell, and which of them say the same thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from headroom_core.compressors.log import stack_at, stack_native, stack_python
from headroom_core.compressors.log.source import Source
from headroom_core.compressors.log.stacks import Frame, Stack

FINDERS: tuple[Callable[[Source], list[Stack]], ...] = (
    stack_python.find,
    stack_at.find,
    stack_native.find_go,
    stack_native.find_rust,
    stack_native.find_ruby,
    stack_native.find_php,
)
"""What reads the stack traces of each language; each looks for a few words in the whole text before it looks at a line."""


@dataclass(frozen=True, slots=True)
class Traceback:
    """
    A traceback on the lines from `start` up to `end`, counted from 0.

    Attributes:
        start: The first line.
        end: The line behind the last one.
        kept: The lines to show: exceptions, messages, and the frames of the user's own code.
        signature: Equal for tracebacks that say the same thing.
        frames: All frames, those of libraries included.
        innermost_first: Whether frames stand from where it broke to where it was entered.

    """

    start: int
    end: int
    kept: tuple[int, ...]
    signature: str
    frames: tuple[Frame, ...] = field(default=(), repr=False, compare=False)
    innermost_first: bool = False


def find_tracebacks(source: Source) -> list[Traceback]:
    """Return the tracebacks of a text, in order and without overlap."""
    stacks = sorted((stack for finder in FINDERS for stack in finder(source)), key=lambda stack: (stack.start, -stack.end))
    found: list[Traceback] = []
    end = 0
    for stack in stacks:
        if stack.start >= end:
            found.append(_traceback(stack))
            end = stack.end
    return found


def _traceback(stack: Stack) -> Traceback:
    kept = set(stack.said)
    for frame in stack.shown():
        kept.update(range(frame.start, frame.end))
    return Traceback(
        stack.start, stack.end, tuple(sorted(kept)), stack.signature(), tuple(stack.frames()), stack.innermost_first
    )
