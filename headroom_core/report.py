"""What of an original survived in its view: the answer to "what was lost?", without a model and without a store."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from headroom_core.payload import OmittedSpan, View

if TYPE_CHECKING:
    from headroom_core.facts import Statement

MOST_LISTED = 100
"""Facts of a kind that are listed, at the most. All of them are counted."""

LONGEST_FACT = 200
"""Characters of a fact in a list; what is longer ends with an ellipsis there."""

_FACTS_PRINTED = 5
_CHARS_PRINTED = 60


@dataclass(frozen=True, slots=True)
class OmittedFact:
    """
    A fact that the view does not show, and that stands in an omitted part.

    Attributes:
        text: The fact as the original spells it, the white space in it apart.
        part: The first omitted part that holds it.

    """

    text: str
    part: OmittedSpan

    @property
    def reference(self) -> str | None:
        """What `SharedContext.read()` takes to return the part; None where the view names no references."""
        return self.part.reference


@dataclass(frozen=True, slots=True)
class Kept:
    """
    What became of the facts of one kind. `total` is the sum of `shown`, `omitted` and `untraced`.

    Attributes:
        total: How many different ones the original has.
        shown: How many of them the view shows.
        omitted: How many stand in omitted parts only.
        untraced: How many stand in neither: the view writes them otherwise, or a cut goes through them.
        only_omitted: Those that stand in omitted parts only, in order; the first `MOST_LISTED` of them.
        in_neither: Those that stand in neither, likewise.

    """

    total: int
    shown: int
    omitted: int
    untraced: int
    only_omitted: tuple[OmittedFact, ...]
    in_neither: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """
    Which facts of an original its view shows.

    Attributes:
        numbers: Numbers in digits, with sign and unit; dates, times and versions.
        identifiers: Words with digits, underscores, inner dots or capitals; abbreviations, flags, addresses.
        paths: Paths of files and URLs.
        errors: Statements that tell of an error.
        negations: Statements that deny something, or make a rule of it: `not`, `never`, `must`.

    A number, an identifier or a path is shown where the view has the same whole word: `foo` is not shown by `foobar`, and `1E5`
    not by `100000`. Escapes of JSON strings and HTML entities are read, and `a/` and `b/` before the paths of a diff are not
    part of them. A statement is a line; in prose a sentence; in JSON a string, or a line of one. It is shown where the view has
    it apart from white space, quotes and the small words that views of prose leave out.

    Markers, headers, legends and lines of counts are what the view says itself: what is named in them alone is not shown.
    What the view writes otherwise, such as a link that a table builds from another column, is not guessed at: it is `untraced`.

    """

    numbers: Kept
    identifiers: Kept
    paths: Kept
    errors: Kept
    negations: Kept

    def __iter__(self) -> Iterator[tuple[str, Kept]]:
        """Yield each kind of fact by its name."""
        return ((name, getattr(self, name)) for name in self.__dataclass_fields__)

    def as_dict(self) -> dict[str, Any]:
        """Return the report in types that JSON can hold."""
        return {
            name: asdict(kept)
            | {"only_omitted": [_known_of(fact) for fact in kept.only_omitted], "in_neither": list(kept.in_neither)}
            for name, kept in self
        }

    def __str__(self) -> str:
        """Return a table of the counts, and a few of the facts that the view does not show."""
        rows: list[tuple[str, ...]] = [("fact", "all", "shown", "only omitted", "untraced")]
        rows += [(name, *(f"{n:,}" for n in (k.total, k.shown, k.omitted, k.untraced))) for name, k in self]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows]
        for name, kept in self:
            lines += _listed(f"{name} only in omitted parts", kept.omitted, map(_line_of, kept.only_omitted))
        for name, kept in self:
            lines += _listed(f"{name} untraced", kept.untraced, (_cut(text, _CHARS_PRINTED) for text in kept.in_neither))
        if any(kept.untraced for _, kept in self):
            lines += ["", "untraced: in no omitted part, and written otherwise in the view, or cut through"]
        return "\n".join(lines)


def report_on(original: str, view: View, kinds: Collection[str]) -> Report:
    """Return which facts of an original a view shows; `kinds` are those of the original, as the view's transforms name them."""
    # With the compressors behind it, it takes longer to import than the package does.
    from headroom_core.facts import FactReader, kind_of  # noqa: PLC0415

    reader = FactReader(kinds)
    words: dict[str, dict[str, str]] = {"numbers": {}, "identifiers": {}, "paths": {}}
    for word in reader.words(original):
        kind = kind_of(word)
        if kind is not None:
            words[kind][word] = word
    errors, negations = reader.statements(original)
    statements = {
        name: {key: one.text for key, one in told.items()} for name, told in (("errors", errors), ("negations", negations))
    }
    if view.text == original:
        return Report(**{name: _kept(facts, (), {}) for name, facts in (words | statements).items()})
    parts = [(original[span.start : span.end], span) for span in view.omitted]
    lost = _lost(words, reader.words_shown(view.text))
    placed = _parts_with(lost, parts, reader.words)
    report = {name: _kept(facts, lost, placed) for name, facts in words.items()}
    lost = _lost(statements, reader.keys_shown(view.text))
    if reader.verbatim:
        placed = _parts_around({key: one for key, one in (errors | negations).items() if key in lost}, view.omitted)
    else:
        placed = _parts_with(lost, parts, reader.keys)
    return Report(**report, **{name: _kept(facts, lost, placed) for name, facts in statements.items()})


def _lost(facts: Mapping[str, Mapping[str, str]], shown: Collection[str]) -> set[str]:
    return {key for known in facts.values() for key in known if key not in shown}


def _parts_with(
    lost: Collection[str], parts: Iterable[tuple[str, OmittedSpan]], read: Callable[[str], Iterable[str]]
) -> dict[str, OmittedSpan]:
    """Return the first part that holds each fact, of those that one does; `read` returns the facts in a part."""
    placed: dict[str, OmittedSpan] = {}
    for text, span in parts:
        if len(placed) == len(lost):
            break
        for key in read(text):
            if key in lost:
                placed.setdefault(key, span)
    return placed


def _parts_around(statements: Mapping[str, Statement], spans: Sequence[OmittedSpan]) -> dict[str, OmittedSpan]:
    """Return the first part in which each statement stands whole, of those that do in one."""
    starts = [span.start for span in spans]
    placed: dict[str, OmittedSpan] = {}
    for key, statement in statements.items():
        for start in statement.starts:
            number = bisect_right(starts, start) - 1
            if number >= 0 and start + len(statement.text) <= spans[number].end:
                placed[key] = spans[number]
                break
    return placed


def _kept(facts: Mapping[str, str], lost: Collection[str], placed: Mapping[str, OmittedSpan]) -> Kept:
    omitted = [key for key in facts if key in placed]
    untraced = [key for key in facts if key in lost and key not in placed]
    return Kept(
        total=len(facts),
        shown=len(facts) - len(omitted) - len(untraced),
        omitted=len(omitted),
        untraced=len(untraced),
        only_omitted=tuple(OmittedFact(_cut(facts[key]), placed[key]) for key in omitted[:MOST_LISTED]),
        in_neither=tuple(_cut(facts[key]) for key in untraced[:MOST_LISTED]),
    )


def _all_shown(facts: Collection[str]) -> Kept:
    return Kept(len(facts), len(facts), 0, 0, (), ())


def _cut(text: str, longest: int = LONGEST_FACT) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[: longest - 1]}\u2026"


def _known_of(fact: OmittedFact) -> dict[str, object]:
    part = fact.part
    return {"text": fact.text, "reference": part.reference, "label": part.label, "start": part.start, "end": part.end}


def _listed(what: str, count: int, lines: Iterable[str]) -> list[str]:
    """Return a heading with the first few lines below it, or nothing where nothing is counted."""
    if not count:
        return []
    some = [f"  {line}" for line in islice(lines, _FACTS_PRINTED)]
    more = count - len(some)
    return ["", f"{what}:", *some, *([f"  and {more:,} more"] if more else [])]


def _line_of(fact: OmittedFact) -> str:
    return f"{_cut(fact.text, _CHARS_PRINTED)}  ({fact.reference or fact.part.label})"
