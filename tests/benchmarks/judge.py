"""
Have a small language model answer questions from views of articles: what does a reader lose?

usage: python tests/benchmarks/judge.py CORPUS OUT [--reader smollm2] [--questions 500] [--view 'NAME={"mode": "compact"}']...

CORPUS is a folder with `qa/squad2_dev.json` and the articles, one paragraph a line. Each question is answered from a window
of its article as it stands, from what each view of the article shows of the window, from the window with random words left out
until it has the view's tokens, from its first half, without its small words, and from nothing. A view is made with options of
`SharedContext` and of its method `view()`; `max_share` is a ceiling as a share of the article's tokens.

Each answer is a line of OUT, so a run that was cut off goes on where it was: give the same command again. An answer counts for
the prompt that it was given to; those to prompts of another time are passed over. With `--table` nothing is asked, and the
table is of the questions that all conditions have answers to. docs/benchmarks/prose-judge.md has the method.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import pathlib
import platform
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from headroom_core import SharedContext

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import cuts  # type: ignore[import-not-found]  # this folder is not a package
import paired  # type: ignore[import-not-found]
import readers  # type: ignore[import-not-found]
import squad  # type: ignore[import-not-found]

VIEW_OPTIONS = ("max_tokens", "query", "references")
VIEWS = ("balanced={}", 'compact={"mode": "compact"}')


@dataclass(frozen=True)
class Task:
    """
    A question with one context.

    Attributes:
        condition: What was done to the context.
        window: The name of the window.
        question: The question.
        prompt: What the reader is given.
        tokens: Tokens of the context.

    """

    condition: str
    window: str
    question: Any
    prompt: str
    tokens: int

    def key(self, reader: str) -> tuple[str, str, str]:
        """Return what an answer is known by."""
        return reader, self.question.id, hashlib.sha256(self.prompt.encode()).hexdigest()[:16]


def main() -> None:
    """Ask what was not asked yet, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--reader", default="smollm2", help="smollm2, gemma3, or the path of a model in the format GGUF")
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--view", action="append", metavar="NAME=JSON", help=f"options of a view; without any: {VIEWS}")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--table", action="store_true")
    arguments = parser.parse_args()
    views = dict(_named(option) for option in arguments.view or VIEWS)
    prompt = readers.PROMPTS.get(arguments.reader, readers.EXAMPLES_FIRST)
    tasks = list(plan(arguments.corpus, arguments.questions, views, prompt))
    answers = _answered(arguments.out)
    if not arguments.table:
        _ask(arguments, tasks, answers)
    rows = [
        paired.Row(
            task.condition, task.window, task.question.id, task.tokens, squad.scores(said["answer"], task.question.answers)
        )
        for task in tasks
        if (said := answers.get(task.key(arguments.reader)))
    ]
    print(paired.table(rows, baseline="original"))
    for name in views:
        print(f"\n{paired.table(rows, baseline=f'random words, as {name}', only=name)}")
    print(f"\nreader {arguments.reader}, tokens of o200k_base, headroom-core {version('headroom-core')}, ", end="")
    print(f"Python {platform.python_version()}, {platform.machine()}, {datetime.now(UTC).date()}")


def plan(corpus: pathlib.Path, questions: int, views: dict[str, dict[str, Any]], prompt: str) -> Iterator[Task]:
    """Yield what is to be asked: window by window, and under each condition all questions of a window, which saves reading."""
    articles, windows = squad.read(corpus, questions, cuts.count)
    shown = {
        (article, name): squad.lines_of(_view(text, dict(options)), text.split("\n"))
        for article, text in articles.items()
        for name, options in views.items()
    }
    for window in windows:
        original = "\n".join(articles[window.article].split("\n")[window.first : window.end])
        contexts = {"original": original}
        for name in views:
            view = "\n".join(line for lines in shown[window.article, name][window.first : window.end] for line in lines)
            contexts[name] = view
            contexts[f"random words, as {name}"] = cuts.at_random(original, cuts.count(view), seed=window.id)
        contexts["first half"] = cuts.first_half(original)
        contexts["without small words"] = cuts.without(original, lambda word: word.lower() in cuts.SMALL_WORDS)
        contexts["nothing"] = ""
        for condition, context in contexts.items():
            tokens = cuts.count(context)
            for question in window.questions:
                yield Task(condition, window.id, question, prompt.format(context=context, question=question.text), tokens)


def _named(option: str) -> tuple[str, dict[str, Any]]:
    name, _, options = option.partition("=")
    return name, json.loads(options)


def _view(text: str, options: dict[str, Any]) -> str:
    asked = {name: options.pop(name) for name in VIEW_OPTIONS if name in options}
    if share := options.pop("max_share", None):
        asked["max_tokens"] = round(share * cuts.count(text))
    context = SharedContext(model="gpt-4o", strict=True, **options)
    context.put("article", text)
    view = context.view("article", **asked)
    assert view is not None
    return view.text


def _answered(out: pathlib.Path) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Return the answers of earlier runs; a line without an end was not written to its end."""
    lines = out.read_bytes().splitlines(keepends=True) if out.exists() else []
    rows = (json.loads(line) for line in lines if line.endswith(b"\n"))
    return {(row["reader"], row["question"], row["prompt"]): row for row in rows}


def _ask(arguments: argparse.Namespace, tasks: list[Task], answers: dict[tuple[str, str, str], dict[str, Any]]) -> None:
    model = readers.Reader(readers.model(arguments.reader, arguments.out.parent), arguments.threads)
    start, asked = time.perf_counter(), 0
    with arguments.out.open("a+b") as file:
        file.seek(0)
        file.truncate(file.read().rfind(b"\n") + 1)
        for place, task in enumerate(tasks):
            key = task.key(arguments.reader)
            if key in answers:
                continue
            reader, question, prompt = key
            row = {
                "reader": reader,
                "condition": task.condition,
                "window": task.window,
                "question": question,
                "prompt": prompt,
                "tokens": task.tokens,
                "answer": model.answer(task.prompt),
            }
            answers[key] = row
            file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
            file.flush()
            asked += 1
            if asked % 100 == 0:
                print(f"{place + 1:,} of {len(tasks):,}, {time.perf_counter() - start:,.0f} s", file=sys.stderr)
    print(f"{asked:,} answers in {time.perf_counter() - start:,.0f} s; {model.spent()}", file=sys.stderr)


if __name__ == "__main__":
    main()
