"""Where rows, lines and characters of a JSON document's tables and strings stand, for a reader who asks for them."""

from __future__ import annotations

from dataclasses import dataclass

from headroom_core.compressors.json_crusher.blocks import main_block, split
from headroom_core.compressors.json_crusher.locate import Span, Wanted, locate
from headroom_core.compressors.json_crusher.parse import Document, NotJsonError, parse
from headroom_core.compressors.json_crusher.pointer import lead, names_in
from headroom_core.compressors.json_crusher.values import Json, Steps


@dataclass(frozen=True, slots=True)
class _Here:
    """A place in a JSON text: the way to a value, and whether the text is JSON lines."""

    text: str
    lines: bool
    steps: Steps

    def chars(self, span: Span) -> Span:
        """Return the span of characters of the string that stands here."""
        wanted = Wanted()
        wanted.at(self.steps).chars.append((*span, None))
        ((found, _),) = locate(self.text, wanted, lines=self.lines)
        return found

    def value(self) -> Span:
        """Return the span of the value that stands here."""
        wanted = Wanted()
        wanted.at(self.steps).value.append(None)
        ((found, _),) = locate(self.text, wanted, lines=self.lines)
        return found

    def rows(self, first: int, last: int) -> Span:
        """Return the span of items or members, counted from 0, both included, of what stands here."""
        wanted = Wanted()
        wanted.at(self.steps).runs.append((first, last, None))
        ((found, _),) = locate(self.text, wanted, lines=self.lines)
        return found


@dataclass(frozen=True, slots=True)
class String:
    """A string of a JSON document, or of one that stands in a string of it: the text it stands for, and its places."""

    text: str
    places: tuple[_Here, ...]

    def span(self, inner: Span) -> Span:
        """Return where characters of the text stand in the document."""
        for here in reversed(self.places):
            inner = here.chars(inner)
        return inner


def find_string(original: str, pointer: str) -> String | None:
    """Return the string that a pointer leads to, or None when it leads to no string."""
    found = _reach(original, names_in(pointer), into_last=False)
    if found is None or type(found[1]) is not str:
        return None
    places, text = found
    return String(text, places)


def find_value(original: str, names: list[str]) -> Span | None:
    """Return the span of the value that names lead to, without its key, or None when they lead nowhere."""
    found = _reach(original, names, into_last=False) if names else None
    if found is None:
        return None
    places, _ = found
    return String("", places[:-1]).span(places[-1].value())


def find_rows(original: str, first: int, last: int, pointer: str | None) -> Span | None:
    """
    Return the span from row `first` to row `last` (from 1, both included) of a table, or None when there are no such rows.

    The table is the list or object at `pointer`, or the main table: the list of objects with the most rows, see
    `headroom_core.compressors.json_crusher.blocks.main_block`. Where a string that holds JSON stands at `pointer`, the table is
    all of that JSON.
    """
    if pointer is None:
        document = parsed(original)
        block = None if document is None else main_block(split(document.root).blocks)
        if document is None or block is None:
            return None
        places: tuple[_Here, ...] = (_Here(original, document.lines, block.steps),)
        count = len(block.rows)
    else:
        found = _reach(original, names_in(pointer), into_last=True)
        if found is None or type(found[1]) not in (list, dict):
            return None
        places, count = found[0], len(found[1])
    if first > count:
        return None
    span = places[-1].rows(first - 1, min(last, count) - 1)
    return String("", places[:-1]).span(span)


def rows_of(original: str) -> list[Span]:
    """Return the spans of all rows of the main table, in order; none where there is no table."""
    document = parsed(original)
    block = None if document is None else main_block(split(document.root).blocks)
    if document is None or block is None:
        return []
    wanted = Wanted()
    here = wanted.at(block.steps)
    if block.keys is None:
        here.each = Wanted(value=[None])
    else:
        here.runs.extend((row, row, None) for row in range(len(block.rows)))
    return [span for span, _ in locate(original, wanted, lines=document.lines)]


def _reach(text: str, names: list[str], *, into_last: bool) -> tuple[tuple[_Here, ...], Json] | None:
    """
    Follow names through a JSON text and on into strings that hold JSON.

    Returns the places on the way, one for each text, and the value that the last one is; None where the names lead nowhere.
    `into_last` leads into the JSON of a string that stands at the end of the way.
    """
    places: list[_Here] = []
    while (document := parsed(text)) is not None:
        value = document.root
        steps: Steps = ()
        if type(value) is not str:
            steps, value, names = lead(value, names)
        elif names:  # a document that is a string is named like a member without a name
            if names[0]:
                return None
            names = names[1:]
        places.append(_Here(text, document.lines, steps))
        if type(value) is not str or not (names or into_last):
            return None if names else (tuple(places), value)
        text = value
    return None


def parsed(text: str) -> Document | None:
    """Return a text as a JSON document, or None when it is none."""
    try:
        return parse(text)
    except NotJsonError:
        return None
