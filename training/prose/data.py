"""The texts that the scorers of prose learn from, as words with what people asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from headroom_core.compressors.prose.units import units_of

CHUNK_WORDS = 100
"""Words that a model sees at once, about: a chunk ends with the sentence."""

DOMAINS = ("encyclopedia", "papers", "meetings")

_MEETING_SIGN = re.compile(r"\{\w+\}")
_SPACE_BEFORE = re.compile(r" +([.,?!'])")
_CONTENT = re.compile(r"\w{3,}")


@dataclass(frozen=True, slots=True)
class Chunk:
    """
    Words of a text, and which of them somebody asked for.

    Attributes:
        words: Words and marks, in order.
        asked: For each, 1 where it is part of an answer, else 0.
        domain: Which of `DOMAINS` it is of. How many words are asked for differs between them.

    """

    words: list[str]
    asked: list[int]
    domain: int


def encyclopedia(data: Path) -> list[Chunk]:
    """Return the paragraphs of SQuAD, whole, each with the answers of the questions about it."""
    return [_chunk(text, spans, 0) for text, spans in _answered(data / "squad_train_sample.json")]


def papers(data: Path) -> list[Chunk]:
    """Return the chunks of COVID-QA."""
    return [chunk for text, spans in _answered(data / "covid_qa.json") for chunk in _chunks(_chunk(text, spans, 1))]


def meetings(data: Path) -> list[Chunk]:
    """Return chunks of QMSum: a word is asked for where a summary of its turn says it, too."""
    found = []
    for path in sorted((data / "qmsum").glob("*.json")):
        meeting = json.loads(path.read_text(encoding="utf-8"))
        said: dict[int, set[str]] = {}
        for query in meeting["specific_query_list"]:
            words = set(_CONTENT.findall(f"{query['query']} {query['answer']}".lower()))
            for first, last in query["relevant_text_span"]:
                for turn in range(int(first), int(last) + 1):
                    said.setdefault(turn, set()).update(words)
        whole = Chunk([], [], 2)
        for number, turn in enumerate(meeting["meeting_transcripts"]):
            text = _SPACE_BEFORE.sub(r"\1", _MEETING_SIGN.sub("", turn["content"]))
            words = [unit.text for unit in units_of(text, 0, len(text))]
            summed_up = said.get(number, set())
            whole.words.extend(words)
            whole.asked.extend(int(word.lower() in summed_up) for word in words)
        found += _chunks(whole)
    return found


def _answered(path: Path) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """Yield texts with where the answers stand."""
    for context in json.loads(path.read_text(encoding="utf-8"))["contexts"]:
        text, spans = context["text"], []
        for question in context["qas"]:
            for answer in question["answers"][:1]:
                said = answer if isinstance(answer, str) else answer["text"]
                start = text.find(said)
                if start >= 0 and said:
                    spans.append((start, start + len(said)))
        yield text, spans


def _chunk(text: str, spans: Sequence[tuple[int, int]], domain: int) -> Chunk:
    units = list(units_of(text, 0, len(text)))
    asked = [int(any(unit.start < end and unit.end > start for start, end in spans)) for unit in units]
    return Chunk([unit.text for unit in units], asked, domain)


def _chunks(whole: Chunk) -> Iterator[Chunk]:
    start = 0
    for number, word in enumerate(whole.words):
        size = number + 1 - start
        if size >= 2 * CHUNK_WORDS or (size >= CHUNK_WORDS and word in ".?!"):
            yield Chunk(whole.words[start : number + 1], whole.asked[start : number + 1], whole.domain)
            start = number + 1
    if start < len(whole.words):
        yield Chunk(whole.words[start:], whole.asked[start:], whole.domain)
