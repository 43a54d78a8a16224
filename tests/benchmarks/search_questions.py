"""
How often the answer of a question stands in what a search returns, and in a view under a ceiling that is told the question.

Beside them: the same view without the question, the first tokens, and passages drawn by chance.

    python tests/benchmarks/search_questions.py CORPUS

CORPUS holds `qa/squad*.json` with the questions and `prose/squad_article_*.txt` with the articles that they were asked of, and
`qa/nq_open_multidoc.json`, contexts of ten documents with the questions that each answers. Counted are questions whose first
answer stands once in the text, small words aside. Times are shares of what counting the tokens of the text takes, in one run.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import random
import sys
import time
from collections.abc import Callable, Iterator

from headroom_core import SharedContext
from headroom_core.reading import Hit, best_within, said_of
from headroom_core.search.passages import pieces_of
from headroom_core.search.ranking import Index

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from kept import _told as told  # type: ignore[import-not-found]  # this folder is not a package

ROOMS = (200, 400, 800)
WAYS = ("search", "view, told the question", "view", "first tokens", "passages by chance")
LARGE_CHARS = 10_000_000
RUNS = 5


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=pathlib.Path)
    corpus = parser.parse_args().corpus
    for name, asked in (("SQuAD", squad(corpus)), ("NQ open", natural(corpus))):
        measure(name, asked)
    speed("\n\n".join(path.read_text(encoding="utf-8") for path in sorted(corpus.glob("prose/squad_article_*.txt"))))


def squad(corpus: pathlib.Path) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the articles, each with its questions and their first answers."""
    asked: dict[str, list[tuple[str, str]]] = {}
    for path in sorted((corpus / "qa").glob("squad*.json")):
        for context in json.loads(path.read_text(encoding="utf-8"))["contexts"]:
            asked.setdefault(context["article"], []).extend(_pairs(context))
    paths = [(corpus / f"prose/squad_article_{name}.txt", pairs) for name, pairs in sorted(asked.items())]
    return [(path.read_text(encoding="utf-8"), pairs) for path, pairs in paths if path.exists()]


def natural(corpus: pathlib.Path) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return contexts of several documents, each with its questions and their first answers."""
    contexts = json.loads((corpus / "qa/nq_open_multidoc.json").read_text(encoding="utf-8"))["contexts"]
    return [(context["text"], list(_pairs(context))) for context in contexts]


def _pairs(context: dict[str, list[dict[str, list[str]]]]) -> Iterator[tuple[str, str]]:
    for question in context["qas"]:
        if question["answers"]:
            yield str(question["question"]), question["answers"][0]


def measure(name: str, asked: list[tuple[str, list[tuple[str, str]]]]) -> None:
    """Print how often the answer stands in what each way returns."""
    context = SharedContext(model="gpt-4o")
    kept = {(way, room): 0 for way in WAYS for room in ROOMS}
    taken = dict.fromkeys(ROOMS, 0)
    questions = tokens = 0
    for text, pairs in asked:
        original_tokens = context.put("text", text).original_tokens
        whole = told(text)
        untold = {room: told(view_of(context, room)) for room in ROOMS}
        for question, answer in pairs:
            wanted = told(answer)
            if len(wanted.strip()) <= 2 or whole.count(wanted) != 1:  # as kept.py has it
                continue
            questions += 1
            tokens += original_tokens
            for room in ROOMS:
                hits = context.search("text", question, max_tokens=room) or ()
                taken[room] += context.counter.count(said_of(hits))
                kept["search", room] += any(wanted in told(hit.text) for hit in hits)
                kept["view, told the question", room] += wanted in told(view_of(context, room, question))
                kept["view", room] += wanted in untold[room]
                kept["first tokens", room] += wanted in told(context.read("text", lines=(1, 10**9), max_tokens=room) or "")
                drawn = best_within(drawn_from(text, seed=question), room, context.counter)
                kept["passages by chance", room] += any(wanted in told(hit.text) for hit in drawn)
    print(f"{name}: {questions:,} questions, of texts of {tokens / questions:,.0f} tokens on average")
    for way in WAYS:
        print(f"  {way:23}", *(f"{100 * kept[way, room] / questions:6.1f} % in {room}" for room in ROOMS))
    print("  tokens of a search     ", *(f"{taken[room] / questions:6.0f}" for room in ROOMS))


def view_of(context: SharedContext, room: int, question: str | None = None) -> str:
    """Return the view of the text under a ceiling."""
    view = context.view("text", query=question, max_tokens=room)
    return view.text if view else ""


def drawn_from(text: str, *, seed: str) -> list[Hit]:
    """Return passages of a text in an order drawn by chance."""
    pieces = pieces_of(text)
    drawn = random.Random(seed).sample(pieces, min(len(pieces), 50))  # noqa: S311  # no secret
    return [Hit(one.start, one.end, f"482913207615 {one.part}", text[one.start : one.end]) for one in drawn]


def speed(text: str) -> None:
    """Print what a first search and the next ones take of the time of one count of the tokens."""
    words = text.split(" ")
    draw = random.Random(0)  # noqa: S311  # no secret
    large = ""
    while len(large) < LARGE_CHARS:
        draw.shuffle(words)
        large += " ".join(words)
    context = SharedContext(model="gpt-4o")
    texts = {"all articles": text, "their words, shuffled, to 10 MB": large}
    for name, one in texts.items():
        context.counter.count(one[:1_000])
        counted = best_of(lambda one=one: context.counter.count(one))
        indexed = best_of(lambda one=one: Index(one))
        index = Index(one)
        asked = best_of(lambda index=index: index.nearest("When did the first governor of the province resign?"))
        print(
            f"{name}: {len(one):,} characters, first search {indexed / counted:.2f}, next ones {asked / counted:.4f} of a count"
        )


def best_of(call: Callable[[], object]) -> float:
    """Return the seconds of the quickest of a few calls."""
    seconds = []
    for _ in range(RUNS):
        since = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - since)
    return min(seconds)


if __name__ == "__main__":
    main()
