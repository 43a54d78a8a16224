"""The compressor of prose: sentences that tell little go, and words that a telegram leaves out; all others stay in order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from headroom_core import _validation as check
from headroom_core.compressors.base import Compressed, Kept, Refused, Request
from headroom_core.compressors.line_view import Lines, LineView
from headroom_core.compressors.prose.choice import cheapest, going, leave_out
from headroom_core.compressors.prose.passages import Passage, passages
from headroom_core.compressors.prose.runs import Run, runs_of
from headroom_core.compressors.prose.scorers import WordScorer, default_scorer
from headroom_core.compressors.prose.sentences import (
    LETTERS_A_TOKEN,
    Sentence,
    asks_for,
    denies,
    names_of,
    sentences_of,
    tokens_of,
    values_of,
)
from headroom_core.compressors.prose.small_words import FILLERS
from headroom_core.compressors.prose.telegraph import leaves_out
from headroom_core.compressors.prose.writing import PassageWriter
from headroom_core.compressors.room import LEAST_TOKENS
from headroom_core.payload import Mode
from headroom_core.segments import split

PRICES: dict[Mode, float] = {"balanced": 0.067, "compact": 0.1}
"""Words that somebody may ask for, about, that are given for one token."""

NOTHING_SPARE = "no paragraph of it is English prose that can be spared"

MARKER_TOKENS = 12
"""Tokens of the marker behind a passage, about."""

_NOISE = re.compile(r"\{\w+\}|\[[^\W\d]+\]")
_SOUNDS = ("uh", "hmm")
LEAST_NOISE = 5
"""How often sounds such as "uh" stand in a text, so that they go, and signs such as {laughter} with them."""

LEAST_AGAIN = 8
"""Words of a sentence, at the least, that tells nothing new where it stands again: "it was refused" is shorter."""

_Passages = Sequence[tuple[Passage, Sequence[Run]]]


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
        found = [(one, list(runs_of(lines, one))) for one in _between_parts(lines.texts, part=request.place.part)]
        if not found:
            return Kept(NOTHING_SPARE)
        scorer = self._scorer or default_scorer()
        _judge(original, found, scorer, request)
        self._choose(found, request)
        writer = PassageWriter(lines, request, _noise(found))
        view = LineView(lines, request)
        at = 0
        for passage, runs in found:
            made = writer.view(passage, runs)
            if made is not None:
                view.show(at, passage.start)
                view.part(passage.start, passage.end, made)
                at = passage.end
        if not at:
            return Kept(NOTHING_SPARE)
        view.show(at, len(lines))
        return replace(view.finish(), steps=(("words", scorer.name),) if any(one.gone for one in _sentences(found)) else ())

    def _choose(self, found: _Passages, request: Request) -> None:
        """Mark the sentences that go."""
        sentences = list(_sentences(found))
        whole = sum(one.tokens for one in sentences)
        if request.firm and request.target_tokens is not None:
            wanted: float = request.original_tokens - request.target_tokens
        elif self._rate is not None:
            wanted = (1 - self._rate) * whole
        else:
            leave_out(sentences, going(sentences, PRICES[request.mode]))
            return
        wanted += MARKER_TOKENS * len(found)
        saved = _saved(found)
        left = 1 - saved / max(1.0, whole)
        leave_out(sentences, cheapest(sentences, (wanted - saved) / max(0.1, left), held=request.firm))


def _judge(original: str, found: _Passages, scorer: WordScorer, request: Request) -> None:
    """Find the sentences of all runs, what each is worth, and which are held."""
    words = [[unit.text for run in runs for unit in run.units] for _, runs in found]
    request.budget.spend(sum(map(len, words)))
    seen: set[str] = set()
    said: set[tuple[str, ...]] = set()
    for (_, runs), scores in zip(found, scorer.scores(words), strict=True):
        before = 0
        for run in runs:
            for start, end in sentences_of(run.units, run.quoted):
                units = run.units[start:end]
                told = tuple(unit.low for unit in units if unit.word)
                again = len(told) >= LEAST_AGAIN and told in said
                said.add(told)
                values = {*values_of(units), *names_of(units, run.quoted, original)} - seen
                seen |= values
                asked = sum(scores[before + place] for place in range(start, end) if asks_for(run.units[place]))
                tokens = sum(map(tokens_of, units))
                if not start:
                    tokens += run.lead / LETTERS_A_TOKEN  # who speaks goes with all that was said
                held = bool(values) or (not again and denies(units))
                run.sentences.append(Sentence(start, end, tokens, 0.0 if again else asked, held))
            before += len(run.units)


def _sentences(found: _Passages) -> Iterator[Sentence]:
    return (one for _, runs in found for run in runs for one in run.sentences)


def _saved(found: _Passages) -> float:
    """Return the tokens of the words that a telegram leaves out."""
    return sum(
        tokens_of(unit)
        for _, runs in found
        for run in runs
        for number, unit in enumerate(run.units)
        if leaves_out(run.units, number)
    )


def _noise(found: _Passages) -> frozenset[str]:
    """Return the sounds and signs that go: those of speech that somebody wrote down as it was said."""
    counts = Counter(unit.low for _, runs in found for run in runs for unit in run.units)
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
