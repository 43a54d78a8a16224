"""From a text to its syntax tree: grammars loaded on first use, and the language that parses it best."""

from __future__ import annotations

import importlib
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from headroom_core.compressors.code.languages import KIN, LANGUAGES, Language, known_language

if TYPE_CHECKING:
    import tree_sitter

TRIED_CHARS = 20_000
"""Characters that are looked at to tell which languages are likely."""

LONG_CHARS = 60_000
"""Characters from which on a text is told by its beginning."""

MOST_WRONG = 0.1
"""Share of a text that may stand in errors of syntax; with more, less likely languages are tried, too."""

LOOKED_LINES = 200
"""Lines that are held against what lines of each language look like."""

LIKELY = 3
"""Languages that are tried of those that a text looks like."""

TOO_WRONG = 0.25
"""Share of errors with which a text of which nobody said what it is in is not taken for code."""

FEW_WRONG = 0.01
"""A share of errors with which no other language is tried."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """
    A text in its language, with its tree.

    Attributes:
        language: The language.
        data: The text in UTF-8, which the nodes' offsets count.
        root: The tree.
        read: The same with blanks in the place of macros that had to be passed over.

    """

    language: Language
    data: bytes
    root: tree_sitter.Node
    read: bytes

    @property
    def blanked(self) -> bool:
        """Whether macros had to be passed over, so that it is a compiler that knows whether the text is sound."""
        return self.read is not self.data

    def sound_as(self, other: Parsed) -> bool:
        """Tell whether this text parses no worse than another did."""
        return other.root.has_error or (not self.root.has_error and (other.blanked or not self.blanked))


_local = threading.local()


@cache
def grammar(language: Language) -> tree_sitter.Language:
    """Return the grammar of a language. It is not changed by use, and so shared by all threads."""
    import tree_sitter  # noqa: PLC0415  # not before there is code

    return tree_sitter.Language(getattr(importlib.import_module(language.module), language.grammar)())


def parse(text: str, language: Language) -> Parsed:
    """Parse a text in a language. Never fails: what does not parse stands in nodes of errors."""
    import tree_sitter  # noqa: PLC0415  # not before there is code

    # A parser works on one text at a time, so each thread has its own.
    parsers: dict[str, tree_sitter.Parser] | None = getattr(_local, "parsers", None)
    if parsers is None:
        parsers = _local.parsers = {}
    parser = parsers.get(language.name)
    if parser is None:
        parser = parsers[language.name] = tree_sitter.Parser(grammar(language))
    data = text.encode("utf-8", "replace")
    best = Parsed(language, data, parser.parse(data).root_node, data)
    read = data
    for pattern in language.macros:
        if not best.root.has_error:
            break
        # Blanks of the same length leave every offset as it is.
        read = re.sub(pattern, _blank, read, flags=re.MULTILINE | re.ASCII)
        other = Parsed(language, data, parser.parse(read).root_node, read)
        if wrong_share(other) < wrong_share(best):
            best = other
    return best


def _blank(found: re.Match[bytes]) -> bytes:
    return re.sub(rb"[^\n]", b" ", found[0])


def wrong_share(parsed: Parsed) -> float:
    """Return the share of a text that stands in errors of syntax; what is missing counts as a byte."""
    wrong = 0
    waiting = [parsed.root]
    while waiting:
        node = waiting.pop()
        if node.is_error:
            wrong += max(1, node.end_byte - node.start_byte)
        elif node.is_missing:
            wrong += 1
        elif node.has_error:
            waiting.extend(node.children)
    return wrong / max(1, len(parsed.data))


def parse_best(text: str, hint: str | None) -> Parsed | None:
    """
    Return the text parsed in the language that fits it best, or None where it looks like none.

    The hint is tried first, then languages that look like it, then what detection takes the text for. Where none fits well,
    the hint holds.
    """
    told = known_language(hint) if hint else None
    parsed = parse(text, told) if told is not None else None
    if parsed is not None and wrong_share(parsed) <= FEW_WRONG:
        return parsed
    # A grammar may take very long over what is in another language, so that a part of a long text tells which one it is.
    tried = text if len(text) <= LONG_CHARS else text[: _open(text)]
    best = _best(tried, told)
    return best if best is None or tried is text else parse(text, best.language)


def _open(text: str) -> int:
    """Return where a long text is cut, so that what is tried of it holds whole declarations, as far as a look tells."""
    found = re.compile(r"\n\s*\n(?=\S)").search(text, TRIED_CHARS, LONG_CHARS)
    return found.end() if found else text.find("\n", TRIED_CHARS) + 1 or TRIED_CHARS


def _best(text: str, told: Language | None) -> Parsed | None:
    best: Parsed | None = None
    said: Parsed | None = None
    least = 2.0
    for group in _candidates(told, text[:TRIED_CHARS]):
        for language in group:
            parsed = parse(text, language)
            share = wrong_share(parsed)
            if share < least:
                best, least = parsed, share
            if share <= FEW_WRONG:
                return best
        # Some grammars take nearly any text, so that unlikely languages are asked only where likely ones fail.
        if least <= MOST_WRONG:
            return best
        said = said or best
    if told is not None:
        return said
    return best if least <= TOO_WRONG else None


def _candidates(first: Language | None, head: str) -> Iterator[list[Language]]:
    """Yield languages, the likeliest first, with those that look like them."""
    seen: set[str] = set()

    def group(name: str) -> list[Language]:
        names = [one for one in (name, *KIN.get(name, ())) if one in LANGUAGES and one not in seen]
        seen.update(names)
        return [LANGUAGES[one] for one in names]

    if first is not None:
        yield group(first.name)
    from headroom_core.detection.languages import LANGUAGES as LOOKS  # noqa: PLC0415  # not where the first one fits

    lines = [line for line in head.split("\n")[:LOOKED_LINES] if line.strip()]
    hits = {name: sum(1 for line in lines if pattern.match(line)) for name, pattern in LOOKS.items()}
    for name in sorted(hits, key=lambda one: -hits[one])[:LIKELY]:
        if hits[name]:
            yield group(name)
