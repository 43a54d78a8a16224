"""Questions that people asked of articles, the windows that the articles are read through, and the scores of SQuAD."""

from __future__ import annotations

import json
import math
import pathlib
import random
import re
import string
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter

AIM, SHORTEST, LONGEST = 1_000, 800, 1_200
"""Tokens of a window: as near to the aim as the paragraphs allow, and never beyond the others."""

MARKER = re.compile(
    r"\[(?P<what>(?:\d+ sentences? and )?words of )?lines (?P<first>\d+)-(?P<last>\d+) omitted(?:; [^\]\n]*)?\]"
)
WORD = re.compile(r"\w+")
HEADER = re.compile(r"\[view(?: of \d+)?; [a-z ]+\]\n")
PUNCTUATION = str.maketrans("", "", string.punctuation)


@dataclass(frozen=True)
class Question:
    """
    A question and the answers that people gave to it.

    Attributes:
        id: Its name in the set.
        text: The question.
        answers: What counts as right, one or more.

    """

    id: str
    text: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Window:
    """
    A part of an article, and what is asked about it.

    Attributes:
        article: The name of the article.
        first: Its first line, counted from 0.
        end: The line behind its last.
        questions: What can be answered from one of its paragraphs.

    """

    article: str
    first: int
    end: int
    questions: tuple[Question, ...]

    @property
    def id(self) -> str:
        """Its name."""
        return f"{self.article}#{self.first + 1}-{self.end}"


def read(corpus: pathlib.Path, questions: int, count: Callable[[str], int]) -> tuple[dict[str, str], list[Window]]:
    """
    Return the articles by name, and their windows, with questions about paragraphs that are drawn by a fixed seed.

    All questions of a paragraph are taken that have an answer, until there are as many as asked for. A larger draw holds a
    smaller one.
    """
    found = corpus.joinpath("prose").glob("squad_article_*.txt")
    articles = {path.stem.removeprefix("squad_article_"): path.read_text(encoding="utf-8") for path in sorted(found)}
    contexts = json.loads(corpus.joinpath("qa", "squad2_dev.json").read_text(encoding="utf-8"))["contexts"]
    asked: dict[tuple[str, str], list[Question]] = defaultdict(list)
    taken = 0
    for record in random.Random(0).sample(contexts, len(contexts)):  # noqa: S311  # no secret
        if taken < questions and record["text"] in articles.get(record["article"], "").split("\n"):
            answered = [Question(qa["id"], qa["question"], tuple(qa["answers"])) for qa in record["qas"] if any(qa["answers"])]
            asked[record["article"], record["text"]] += answered
            taken += len(answered)
    windows = []
    for article, text in articles.items():
        lines = text.split("\n")
        for first, end in tiles(lines, count):
            inside = tuple(question for line in lines[first:end] for question in asked.get((article, line), ()))
            if inside:
                windows.append(Window(article, first, end, inside))
    random.Random(0).shuffle(windows)  # noqa: S311  # no secret
    return articles, windows


def tiles(lines: list[str], count: Callable[[str], int]) -> list[tuple[int, int]]:
    """
    Cut lines into windows that do not overlap, of sizes as like the aim as can be; return the first line and the end of each.

    Raises:
        ValueError: No cut gives windows of the sizes allowed.

    """
    best: list[tuple[float, list[tuple[int, int]]]] = [(0, [])]
    for end in range(1, len(lines) + 1):
        costs = [(math.inf, list[tuple[int, int]]())]
        for first in range(end - 1, -1, -1):
            size = count("\n".join(lines[first:end]))
            if size > LONGEST:
                break
            if size >= SHORTEST:
                cost, before = best[first]
                costs.append((cost + (size - AIM) ** 2, [*before, (first, end)]))
        best.append(min(costs, key=itemgetter(0)))
    cost, cut = best[-1]
    if math.isinf(cost):
        msg = f"{len(lines)} lines cannot be cut into windows of {SHORTEST} to {LONGEST} tokens"
        raise ValueError(msg)
    return cut


def lines_of(view: str, originals: Sequence[str]) -> list[list[str]]:
    """
    Return for each line of an original what its view shows of it, markers included and the header of the view left out.

    Raises:
        ValueError: A line of the view has words that no line of the original has in this order.

    """
    shown: list[list[str]] = [[] for _ in originals]
    at = 0
    for line in HEADER.sub("", view, count=1).split("\n"):
        marker, words = MARKER.fullmatch(line), WORD.findall(line)
        if marker is None and words:
            place = next(
                (number for number in range(at, len(originals)) if _follow(words, WORD.findall(originals[number]))), None
            )
            if place is None:
                msg = f"no line from {at + 1} on has all words of the view's line {line[:60]!r}"
                raise ValueError(msg)
            at = place + 1
            shown[place].append(line)
        else:
            shown[max(0, at - 1)].append(line)  # it stands behind what it is about
            if marker and not marker["what"]:
                at = int(marker["last"])
    return shown


def _follow(words: Sequence[str], whole: Sequence[str]) -> bool:
    """Tell whether all words stand in others, in order."""
    rest = iter(whole)
    return all(word in rest for word in words)


def normalised(text: str) -> str:
    """Return a text as SQuAD compares it: in small letters, without punctuation and articles, blanks made one."""
    return " ".join(re.sub(r"\b(?:a|an|the)\b", " ", text.lower().translate(PUNCTUATION)).split())


def scores(said: str, answers: tuple[str, ...]) -> dict[str, float]:
    """Return how well an answer agrees with the right one that is most like it: the same, F1 in words, whether it holds it."""
    given = normalised(said)
    right = [normalised(answer) for answer in answers]
    return {
        "exact": float(given in right),
        "f1": max(_f1(given.split(), answer.split()) for answer in right),
        "contained": float(any(answer and f" {answer} " in f" {given} " for answer in right)),
    }


def _f1(given: list[str], right: list[str]) -> float:
    if not given or not right:
        return float(given == right)
    same = sum((Counter(given) & Counter(right)).values())
    return 2 * same / (len(given) + len(right))
