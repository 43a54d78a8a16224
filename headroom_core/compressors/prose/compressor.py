"""The compressor of prose: sentences that tell little go, and words that a telegram leaves out; all others stay in order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from headroom_core import _validation as check
from headroom_core.compressors.base import Compressed, Kept, Refused, Request
from headroom_core.compressors.line_view import Lines, LineView
from headroom_core.compressors.prose.choice import cheapest, going
from headroom_core.compressors.prose.passages import Passage, passages
from headroom_core.compressors.prose.runs import Run, runs_of
from headroom_core.compressors.prose.scorers import WordScorer, default_scorer
from headroom_core.compressors.prose.sentences import (
    LETTERS_A_TOKEN,
    Sentence,
    asks_for,
    denies,
    sentences_of,
    tokens_of,
    values_of,
)
from headroom_core.compressors.prose.small_words import FILLERS
from headroom_core.compressors.prose.telegraph import leaves_out
from headroom_core.compressors.prose.units import Unit
from headroom_core.compressors.prose.writing import PassageWriter
from headroom_core.compressors.room import LEAST_TOKENS
from headroom_core.payload import Mode
from headroom_core.segments import split

PRICES: dict[Mode, float] = {"balanced": 0.067, "compact": 0.1}
"""Words that somebody may ask for, about, that are given for one token."""

MARKER_TOKENS = 12
"""Tokens of the marker behind a passage, about."""

_NOISE = re.compile(r"\{\w+\}|\[[^\W\d]+\]")
_SOUNDS = ("uh", "hmm")
LEAST_NOISE = 5
"""How often sounds such as "uh" stand in a text, so that they go, and signs such as {laughter} with them."""

LEAST_AGAIN = 8
"""Words of a sentence, at the least, that tells nothing new where it stands again: "it was refused" is shorter."""

LONGEST_NAME = 40
"""Characters of a quotation, at the most, that is a name. What somebody says ends with a mark of its own."""


@dataclass(slots=True)
class _Text:
    """The passages of a text, their runs and sentences."""

    passages: list[Passage] = field(default_factory=list)
    runs: list[list[Run]] = field(default_factory=list)
    sentences: list[list[Sentence]] = field(default_factory=list)

    def flat(self) -> list[Sentence]:
        """Return the sentences of all passages."""
        return [one for some in self.sentences for one in some]


class ProseCompressor:
    """
    Shortens prose in English.

    Args:
        scorer: Says which words somebody may ask for. The one that comes with the package when None.
        rate: Share of the words' tokens that stay, 0 to 1, as far as what may not get lost takes less. What the mode finds
            right when None.

    """

    kind = "text"

    def __init__(self, *, scorer: WordScorer | None = None, rate: float | None = None) -> None:
        self._scorer = scorer
        self._rate = check.optional_share("rate", rate)

    def compress(self, original: str, /, request: Request) -> Compressed | Refused:
        """Return the view of a text, or why there is none."""
        request.budget.spend(len(original) + 1)
        if request.mode == "lossless":
            return Refused("words of prose can only be left out")
        if not request.place.part and not request.firm and request.original_tokens <= LEAST_TOKENS[request.mode]:
            return Kept("so little prose is read whole")
        lines = Lines(original)
        text = _Text()
        for passage in _between_parts(lines.texts, part=request.place.part):
            text.passages.append(passage)
            text.runs.append(list(runs_of(lines, passage)))
        scorer = self._scorer or default_scorer()
        self._judge(original, text, scorer, request)
        gone = self._choose(text, request)
        writer = PassageWriter(lines, request, _noise(text))
        view = LineView(lines, request)
        at = before = 0
        for passage, runs, sentences in zip(text.passages, text.runs, text.sentences, strict=True):
            here = {number - before for number in gone if before <= number < before + len(sentences)}
            before += len(sentences)
            made = writer.view(passage, runs, sentences, here)
            if made is not None:
                view.show(at, passage.start)
                view.part(passage.start, passage.end, made)
                at = passage.end
        if not at:
            return Kept("no paragraph of it is English prose that can be spared")
        view.show(at, len(lines))
        return replace(view.finish(), steps=(("words", scorer.name),) if gone else ())

    def _judge(self, original: str, text: _Text, scorer: WordScorer, request: Request) -> None:
        """Find the sentences, what each is worth, and which are held."""
        words = [[unit.text for run in runs for unit in run.units] for runs in text.runs]
        request.budget.spend(sum(map(len, words)))
        seen: set[str] = set()
        said: set[tuple[str, ...]] = set()
        for runs, scores in zip(text.runs, scorer.scores(words), strict=True):
            sentences = []
            before = 0
            for number, run in enumerate(runs):
                for start, end in sentences_of(run.units, run.quoted):
                    units = run.units[start:end]
                    asked = tuple(unit.low for unit in units if unit.word)
                    values = {*values_of(units), *_names(run, units, original)} - seen
                    worth = sum(scores[before + place] for place in range(start, end) if asks_for(run.units[place]))
                    again = len(asked) >= LEAST_AGAIN and asked in said
                    said.add(asked)
                    one = Sentence(number, start, end, sum(map(tokens_of, units)), 0.0 if again else worth)
                    if not start:
                        one.tokens += run.lead / LETTERS_A_TOKEN  # who speaks goes with all that was said
                    one.held = bool(values) or (not again and denies(units))
                    seen |= values
                    sentences.append(one)
                before += len(run.units)
            text.sentences.append(sentences)

    def _choose(self, text: _Text, request: Request) -> set[int]:
        """Return the places of the sentences that go."""
        sentences = text.flat()
        whole = sum(one.tokens for one in sentences)
        if request.firm and request.target_tokens is not None:
            wanted: float = request.original_tokens - request.target_tokens
        elif self._rate is not None:
            wanted = (1 - self._rate) * whole
        else:
            return going(sentences, PRICES[request.mode])
        wanted += MARKER_TOKENS * len(text.passages)
        saved = _saved(text)
        left = 1 - saved / max(1.0, whole)
        return cheapest(sentences, (wanted - saved) / max(0.1, left), held=request.firm)


def _saved(text: _Text) -> float:
    """Return the tokens of the words that a telegram leaves out."""
    return sum(
        tokens_of(unit)
        for runs in text.runs
        for run in runs
        for number, unit in enumerate(run.units)
        if leaves_out(run.units, number)
    )


def _names(run: Run, units: Sequence[Unit], original: str) -> Iterator[str]:
    """Yield the code and the short quotations that stand in a sentence, whole."""
    for start, end in run.quoted:
        if units[0].start <= start and end <= units[-1].end:
            said = original[start:end]
            if said[0] == "`" or (len(said) <= LONGEST_NAME and said[-2] not in ".,!?\u2026\u2014-"):
                yield said


def _noise(text: _Text) -> frozenset[str]:
    """Return the sounds and signs that go: those of speech that somebody wrote down as it was said."""
    counts = Counter(unit.low for runs in text.runs for run in runs for unit in run.units)
    if sum(counts[sound] for sound in _SOUNDS) < LEAST_NOISE:
        return frozenset()
    return FILLERS | {one for one, count in counts.items() if count >= LEAST_NOISE and _NOISE.fullmatch(one)}


def _between_parts(texts: Sequence[str], *, part: bool) -> Iterator[Passage]:
    """
    Yield the passages of a text that stand outside of fences, tables and the like.

    A document that begins with much prose is taken for prose, whatever follows. A part of one has no parts of its own.
    """
    if part:
        yield from passages(texts)
        return
    for segment in split(texts, "markdown"):
        if not segment.part:
            for one in passages(texts[segment.start : segment.end]):
                yield Passage(one.start + segment.start, one.end + segment.start)
