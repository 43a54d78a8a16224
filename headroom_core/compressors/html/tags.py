"""
The tags and texts of an HTML document with their places, found in one pass.

No tree is built: broken pages have none, and what is left out must be named by its place in the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_OPENS = re.compile(r"<(?:!--|!\[CDATA\[|[!?]|(?P<closing>/?)(?P<name>[A-Za-z][A-Za-z0-9:-]{0,40}))")
_ATTRIBUTE = re.compile(r"([A-Za-z_:][\w:.-]{0,60})\s{0,9}=\s{0,9}(\"[^\"]*\"|'[^']*'|[^\s\"'>]+)")

SKIPPED = frozenset(
    {"script", "style", "noscript", "template", "svg", "math", "iframe", "object", "canvas", "textarea", "select"}
)
"""Elements whose inside is not text to read."""

MAX_QUOTED = 64
"""Ends of tags that are looked over, because they seem to stand in quotes, before the first is taken."""

ATTRIBUTE_CHARS = 4_000
"""Characters of a tag that are searched for attributes."""


@dataclass(frozen=True, slots=True)
class Token:
    """
    A tag, a text between tags, or an element that is skipped, from `start` to `end`.

    `name` is that of the tag in small letters, and empty for a text; `closing` and `skipped` say which of these it is.
    """

    start: int
    end: int
    name: str = ""
    closing: bool = False
    skipped: bool = False


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a document in order; comments and declarations are left out."""
    position = written = 0
    missing: set[str] = set()  # elements that nothing closes any more
    while True:
        found = _OPENS.search(text, position)
        if found is None:
            break
        if found.start() > written:
            yield Token(written, found.start())
        name = (found["name"] or "").lower()
        end = _end_of_tag(text, found.end()) if name else _end_of_declaration(text, found, missing)
        if end < 0:
            # A tag without an end: the rest of the document is text.
            yield Token(found.start(), len(text))
            return
        if name in SKIPPED and not found["closing"] and text[end - 2 : end] != "/>" and name not in missing:
            closing = re.compile(rf"</{name}\b[^>]{{0,200}}>", re.IGNORECASE).search(text, end)
            if closing is None:
                missing.add(name)
            else:
                yield Token(found.start(), closing.end(), name, skipped=True)
                position = written = closing.end()
                continue
        if name:
            yield Token(found.start(), end, name, closing=bool(found["closing"]), skipped=name in SKIPPED)
        position = written = end
    if written < len(text):
        yield Token(written, len(text))


def attributes(text: str, tag: Token) -> dict[str, str]:
    """Return the attributes of a tag, names in small letters, without the quotes."""
    end = min(tag.end, tag.start + ATTRIBUTE_CHARS)
    return {found[1].lower(): found[2].strip("\"'") for found in _ATTRIBUTE.finditer(text, tag.start, end)}


def _end_of_declaration(text: str, found: re.Match[str], missing: set[str]) -> int:
    """Return the place behind a comment or a declaration, or behind its opening when nothing closes it."""
    closing = {"<!--": "-->", "<![CDATA[": "]]>"}.get(found[0], ">")
    if closing not in missing:
        end = text.find(closing, found.end())
        if end >= 0:
            return end + len(closing)
        missing.add(closing)
    return found.end()


def _end_of_tag(text: str, position: int) -> int:
    """Return the place behind the `>` that ends a tag, or -1 when there is none."""
    first = end = text.find(">", position)
    if end < 0:
        return -1
    quotes = text.count('"', position, end)
    for _ in range(MAX_QUOTED):
        if quotes % 2 == 0:
            return end + 1
        further = text.find(">", end + 1)
        if further < 0:
            break
        quotes += text.count('"', end, further)
        end = further
    return first + 1
