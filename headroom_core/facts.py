"""
The facts of a text: its numbers, identifiers and paths, and the statements in it that tell of an error or deny something.

What tells a fact from a word is what the compressors go by, so that a report speaks of what they look at.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from headroom_core import markers
from headroom_core.alarms import NEGATIONS
from headroom_core.compressors.line_view import Lines
from headroom_core.compressors.log import hints
from headroom_core.compressors.log.source import numbers_with
from headroom_core.compressors.prose.passages import Passage, passages
from headroom_core.compressors.prose.runs import runs_of
from headroom_core.compressors.prose.sentences import denies, sentences_of
from headroom_core.compressors.prose.small_words import FILLERS
from headroom_core.compressors.prose.telegraph import RULES
from headroom_core.compressors.prose.units import TELLING, units_of
from headroom_core.compressors.prose.writing import GONE

JSON_KINDS = frozenset({"json", "jsonl"})
SENTENCE_KINDS = JSON_KINDS | {"text", "markdown", "transcript", "html"}
"""Kinds that may hold paragraphs of prose. In the others a line is a statement."""

_REWRITTEN_KINDS = JSON_KINDS | {"html", "search"}
"""Kinds of which statements are told from what their strings, tags and lines mean."""

_GAP = re.compile(r"\n[ \t\r]*\n")

_WORD = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]{1,15}://[^\s\"'<>(){}\[\]|,;`\\]*[^\s\"'<>(){}\[\]|,;`\\.:!?]"
    r"|(?<!\w)[A-Za-z]:\\[^\s\"'<>(){}\[\]|,;:*?]*[^\s\"'<>(){}\[\]|,;:*?.\\]"
    r"|(?<=[ $\u20ac\u00a3\u00a5(])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w,]|\.\d)%?"
    r"|(?:(?<![\w.)\]-])-(?=\.?\d)|(?<![\w-])--(?=[A-Za-z])|(?<![\w/.})\]@])(?:\.{1,2}/|[./@])(?=\w))?"
    r"\w+(?:(?:/\.?|[.@-]|(?<=\d):(?=\d\d(?!\d))|(?<=\d[eE])\+)\w+)*%?"
)
"""
A word: a link, a path with a drive, a number with its thousands apart, or letters, digits and what joins them.

A comma, a colon, a tilde and an equals sign part words, because views write them between the cells and names of a table.
"""

_NUMBER = re.compile(r"-?\.?\d[\d.,:/T_-]*(?:[eE][+-]?\d+)?(?:%|[A-Za-z\u00b5]{1,3})?")
_PATH = re.compile(r"[\\/].*[\\/._\d]|^[./@]{0,2}/|[._\d].*[\\/]|://|[\\/]\w+\.")
"""What a word with a slash has that is a path: another slash, a dot, a digit. "and/or" has none."""

_DOTTED_LETTERS = re.compile(r"\w(?:\.\w)+")
_DIFF_SIDE = re.compile(r"[ab]/(?=.)")

_ESCAPE = re.compile(r"(\\+)(?:u([0-9a-fA-F]{4})|([\"/nrtbf]))")
_TAG = re.compile(r"<(/?(?:a|abbr|b|bdi|cite|code|em|font|i|kbd|mark|q|s|small|span|strong|sub|sup|u|var)\b)?[^<>]{0,2000}>")
_TAG_NAME = re.compile(r"<[/!]?[A-Za-z][\w-]*")
_PLACE = re.compile(r"(?:[^:\n]{1,400}?[:-])?\d+(?:[,:]\d+)*[:-]")
"""What stands before the text of a match: a path and a number, or the numbers under a path."""

_OWN_LINE = re.compile(
    r"(?:^|(?<=\")|(?<=\\n))\((?:[#\w -]{1,40} x\d+, last \d+|[\d,]+ lines of [\d,]+ shapes).*?\)(?=$|\"|\\n)"
    r"|^\[(?:table: \d|omitted rows hold: ).*\]$|^(?:table|list)(?: /\S*)?: \d+ rows.*$|\((?:table|list) /\S*\)",
    re.MULTILINE,
)
"""Lines of counts and legends, which a view says itself. That a range or a count names a fact does not show where it stands."""

_EDGES = "()[]{}\"'\u201c\u201d\u2018\u2019*`.,;:!?|\x01"
_LEFT_OUT = frozenset(RULES) | FILLERS
"""Words that a view of prose may leave out of a sentence that it shows."""

_ESCAPED_QUOTE = "\x01"
_CELL_ENDS = (re.compile(r"[\",()]"), re.compile(r"[\",()=~\[\]]"))
_NEGATION_HINTS = tuple(sorted({*NEGATIONS, "n't", "n\u2019t"}))
_NEGATED = re.compile(rf"\b(?:{'|'.join(sorted(NEGATIONS))})\b|n['\u2019]t\b")


@dataclass(slots=True)
class Statement:
    """
    What a text says in a line, a sentence or a string.

    Attributes:
        text: It as it stands there.
        starts: Where it stands in the text, as often as it does; nothing where escapes or markup were read.

    """

    text: str
    starts: list[int]


class FactReader:
    """
    Reads the facts of an original, of its parts, and of its view.

    `kinds` are those of the original: they say how strings are escaped and where a statement ends.
    """

    def __init__(self, kinds: Collection[str]) -> None:
        self._kinds = frozenset(kinds)

    def words(self, original: str) -> dict[str, None]:
        """Return the different words of an original, or of a part of it, in order."""
        return self._words(self._plain(original))

    def words_shown(self, view: str) -> set[str]:
        """Return the words that a view shows, apart from those that it says itself."""
        shown: set[str] = set()
        for text in _readings(view):
            words = self._words(text)
            shown.update(words)
            # Two cells of a table may read like one number.
            shown.update(part for word in words if "," in word for part in word.split(","))
            if self._kinds & JSON_KINDS:
                # The names of nested members are joined so in the header of a table.
                shown.update(part for word in words if "." in word and "/" not in word for part in _members(word))
        return shown

    @property
    def verbatim(self) -> bool:
        """Whether statements are told from the text as it stands, so that they have a place in it."""
        return not self._kinds & _REWRITTEN_KINDS

    def statements(self, original: str) -> tuple[dict[str, Statement], dict[str, Statement]]:
        """
        Return the statements of an original that tell of an error, and those that deny something.

        Statements have a key, which is the same where they differ in white space, or in words that views leave out.
        """
        by_key: dict[str, Statement] = {}
        for start, text in self._said(self._plain(original), parted=False):
            key = _key(text)
            if key:
                known = by_key.setdefault(key, Statement(text.replace(_ESCAPED_QUOTE, '"'), []))
                if self.verbatim:
                    known.starts.append(start)
        texts = [" ".join(one.text.split()) for one in by_key.values()]
        heard = hints.judge(texts, [tuple(text[: hints.HEARD_CHARS].split()) for text in texts])
        told = zip(by_key.items(), texts, heard, strict=True)
        errors, negations = {}, {}
        for (key, statement), text, (severity, _) in told:
            if severity == hints.ERROR:
                errors[key] = statement
            if _NEGATED.search(text.lower()) and denies(list(units_of(text, 0, len(text)))):
                negations[key] = statement
        return errors, negations

    def keys(self, part: str) -> dict[str, None]:
        """Return the keys of the statements in a part, which may begin and end inside of a paragraph or a line."""
        return dict.fromkeys(_key(text) for _, text in self._said(self._plain(part), parted=True))

    def keys_shown(self, view: str) -> set[str]:
        """Return the keys of the statements that a view shows, be it as lines, in sentences or in the cells of a table."""
        keys: set[str] = set()
        for reading in _readings(view):
            text = reading.replace(GONE, "\n\n")
            keys.update(_key(said) for _, said in self._said(text, parted=True))
            for ends in _CELL_ENDS if self._kinds & JSON_KINDS else ():
                keys.update(_key(said) for _, said in _in_paragraphs(ends.sub("\n\n", text), parted=True))
        return keys

    def _plain(self, text: str) -> str:
        if self._kinds & JSON_KINDS:
            return _unescaped(text)
        return html.unescape(text) if "html" in self._kinds else text

    def _words(self, text: str) -> dict[str, None]:
        if "html" in self._kinds:
            text = _TAG_NAME.sub("<", text)
        words = dict.fromkeys(_WORD.findall(text))
        if "diff" in self._kinds:
            words = dict.fromkeys(_DIFF_SIDE.sub("", word, count=1) if word[1:2] == "/" else word for word in words)
        return words

    def _said(self, text: str, *, parted: bool) -> Iterator[tuple[int, str]]:
        """
        Yield the statements of a text that hold a hint, each with where it starts.

        A text that is `parted` from its surroundings may begin and end anywhere, so that its lines and its sentences are
        statements.
        """
        if self._kinds & JSON_KINDS:
            strings = list(_strings(text))
            for number in _hinted(strings):
                yield from _in_paragraphs(strings[number], parted=parted)
            return
        if "html" in self._kinds:
            text = _TAG.sub(lambda tag: "" if tag[1] else "\n", text)
        elif "search" in self._kinds:
            text = "\n".join(map(_behind_place, text.split("\n")))
        yield from _in_paragraphs(text, parted=parted) if self._kinds & SENTENCE_KINDS else _lines(text)


def kind_of(word: str) -> str | None:
    """Return whether a word is a number, an identifier or a path; None for any other word."""
    if _NUMBER.fullmatch(word):
        return "numbers"
    if ("/" in word or "\\" in word) and _PATH.search(word):
        return "paths"
    if TELLING.search(word) and "/" not in word and not _DOTTED_LETTERS.fullmatch(word):
        return "identifiers"
    return None


def _members(word: str) -> list[str]:
    return [word.split(".", number)[-1] for number in range(1, word.count(".") + 1)]


def _unescaped(text: str) -> str:
    """Return a text with the escapes of JSON strings read; a quote inside of a string becomes a sign of its own."""
    return _ESCAPE.sub(_read, text) if "\\" in text else text


def _read(escape: re.Match[str]) -> str:
    signs, code, char = escape.groups()
    if len(signs) % 2 == 0:  # the backslash is escaped, and not what follows
        return f"\\{f'u{code}' if code else char}"
    if code:
        return chr(int(code, 16))
    return _ESCAPED_QUOTE if char == '"' else "/" if char == "/" else "\n"


def _readings(view: str) -> Iterator[str]:
    """
    Yield the ways in which a view may be read, without what it says itself.

    Cells of a table stand bare, and strings escaped; a log in a string has lines once its escapes are read.
    """
    said = markers.without_markers(view)
    for text in (said, _unescaped(said)) if "\\" in said else (said,):
        yield _OWN_LINE.sub("\n", text)


def _behind_place(line: str) -> str:
    found = _PLACE.match(line)
    return line[found.end() :] if found else line


def _strings(text: str) -> Iterator[str]:
    """Yield what stands between the quotes of JSON, apart from names of members."""
    pieces = text.split('"')
    for piece, behind in zip(pieces, [*pieces[1:], ""], strict=True):
        if not behind.lstrip().startswith(":"):
            yield piece


def _hinted(texts: Sequence[str]) -> list[int]:
    """Return the numbers of the texts that hold a hint of an error or of a negation, in order."""
    lower = [text.lower() for text in texts]
    starts = list(accumulate((len(text) + 1 for text in lower), initial=0))
    together = "\n".join(lower)
    found = {number for hint in hints.BAD_WORDS for number in numbers_with(hint, together, starts)}
    maybe = {number for hint in _NEGATION_HINTS for number in numbers_with(hint, together, starts)}
    return sorted(found | {number for number in maybe - found if _NEGATED.search(lower[number])})


def _in_paragraphs(text: str, *, parted: bool) -> Iterator[tuple[int, str]]:
    """Yield the sentences of paragraphs that are prose, and the lines of others; of a parted text both."""
    gaps = [gap.span() for gap in _GAP.finditer(text)]
    starts = [0, *(end for _, end in gaps)]
    paragraphs = [text[first:end] for first, end in zip(starts, [*(gap for gap, _ in gaps), len(text)], strict=True)]
    for number in _hinted(paragraphs):
        paragraph = paragraphs[number]
        prose = any(passages(paragraph.split("\n")))
        if prose or parted:
            yield from _sentences(paragraph, starts[number])
        if parted or not prose:
            yield from _lines(paragraph, starts[number])


def _lines(text: str, start: int = 0) -> Iterator[tuple[int, str]]:
    lines = Lines(text)
    return ((start + lines.starts[number], lines.texts[number]) for number in _hinted(lines.texts))


def _sentences(paragraph: str, start: int) -> Iterator[tuple[int, str]]:
    lines = Lines(paragraph)
    for run in runs_of(lines, Passage(0, len(lines))):
        if not run.units:
            first, end = lines.span(run.lines.start, run.lines.stop)
            yield from _lines(paragraph[first:end], start + first)
            continue
        ends = [(run.units[first].start, run.units[end - 1].end) for first, end in sentences_of(run.units, run.quoted)]
        said = [paragraph[first:end] for first, end in ends]
        yield from ((start + ends[number][0], said[number]) for number in _hinted(said))


def _key(statement: str) -> str:
    chunks = [chunk.strip(_EDGES) for chunk in statement.replace('"', "").split()]
    return "".join([chunk for chunk in chunks if chunk.lower() not in _LEFT_OUT])
