"""
What views of prose save, and how many answers stand in articles that are shortened to ever fewer tokens, beside simpler ways.

usage: python tests/benchmarks/prose_curve.py CORPUS [--svg FILE]

CORPUS is a folder with `qa/squad*.json` and the articles that people asked of, as tests/benchmarks/judge.py takes it. At each
rate all ways get as many tokens as the view of the article takes.
"""

from __future__ import annotations

import argparse
import math
import pathlib
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from typing import Literal

from headroom_core import SharedContext
from headroom_core.compressors.prose import ProseCompressor

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import cuts  # type: ignore[import-not-found]  # this folder is not a package
import kept  # type: ignore[import-not-found]

MODES: tuple[Literal["balanced", "compact"], ...] = ("balanced", "compact")
RATES = (0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4)
SENTENCE = re.compile(r"[^\n.!?]+(?:[.!?]+(?!\s)[^\n.!?]*)*[.!?]*\s*|\n+")
WORD = re.compile(r"\w+")
COLOURS = ("#d62728", "#1f77b4", "#2ca02c", "#9467bd", "#ff7f0e", "#8c564b", "#7f7f7f")

Way = Callable[[str], Sequence[tuple[str, float]]]
"""Returns the pieces of a text in order, with a number for each: those with the smallest go first."""

Curves = dict[str, list[tuple[float, float]]]
"""What each way keeps: shares of tokens saved and of answers kept, rate by rate."""


def main() -> None:
    """Print the table, and draw the curves."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("--svg", type=pathlib.Path)
    arguments = parser.parse_args()
    texts = kept.articles(arguments.corpus)
    _print_modes(arguments.corpus / "prose", texts)
    ways = _ways([text for text, _ in texts])
    curves: Curves = {name: [] for name in ("view", *ways)}
    for rate in RATES:
        shown = {name: [0, 0] for name in curves}
        before = asked = 0
        for text, answers in texts:
            before, asked = before + cuts.count(text), asked + len(answers)
            view = _view(text, rate)
            tokens = cuts.count(view)
            for name in curves:
                short = view if name == "view" else _cut(ways[name](text), tokens)
                shown[name][0] += cuts.count(short)
                shown[name][1] += kept.answers_in(answers, short)
        for name, (after, found) in shown.items():
            curves[name].append((1 - after / before, found / asked))
    _print(curves)
    if arguments.svg:
        arguments.svg.write_text(_drawn(curves), encoding="utf-8")


def _view(text: str, rate: float) -> str:
    context = SharedContext(model="gpt-4o", strict=True, compressors={"text": ProseCompressor(rate=rate)})
    return context.put("article", text).compressed


def _print_modes(folder: pathlib.Path, articles: Sequence[tuple[str, list[str]]]) -> None:
    """Print what the modes save of each group of texts, by the beginnings of their names, and the answers that they keep."""
    groups: dict[str, list[str]] = {}
    for path in sorted(folder.iterdir()):
        groups.setdefault(re.split(r"[_-]", path.name)[0], []).append(path.read_text(encoding="utf-8", errors="replace"))
    groups["all"] = [text for texts in list(groups.values()) for text in texts]
    print("| | texts | tokens | " + " | ".join(f"`{mode}` saves" for mode in MODES) + " |")
    print("|---|--:|--:|" + "--:|" * len(MODES))
    for name, texts in groups.items():
        before = sum(map(cuts.count, texts))
        after = [sum(cuts.count(_shown(text, mode)) for text in texts) for mode in MODES]
        print(f"| {name} | {len(texts)} | {before:,} | " + " | ".join(f"{1 - one / before:.1%}" for one in after) + " |")
    asked = sum(len(answers) for _, answers in articles)
    found = [sum(kept.answers_in(answers, _shown(text, mode)) for text, answers in articles) for mode in MODES]
    print(f"\nanswers kept of {asked}: " + ", ".join(f"{mode} {one:,}" for mode, one in zip(MODES, found, strict=True)) + "\n")


@cache
def _shown(text: str, mode: Literal["balanced", "compact"]) -> str:
    return SharedContext(model="gpt-4o", strict=True, mode=mode).put("text", text).compressed


def _ways(texts: Sequence[str]) -> dict[str, Way]:
    often = Counter(word for text in texts for word in WORD.findall(text.lower()))
    holding = Counter(word for text in texts for word in set(WORD.findall(text.lower())))

    def words(score: Callable[[str, int], float]) -> Way:
        def pieces(text: str) -> Sequence[tuple[str, float]]:
            parts = re.findall(r"\S+\s*", text)
            return [(part, score((WORD.findall(part.lower()) or [""])[0], place)) for place, part in enumerate(parts)]

        return pieces

    def idf(word: str, place: int) -> float:
        del place
        return math.log((len(texts) + 1) / (holding[word] + 0.5)) - 1e-9 * often[word]

    def random_sentences(text: str) -> Sequence[tuple[str, float]]:
        chance = random.Random(7)  # noqa: S311  # no secret
        return [(part, chance.random()) for part in SENTENCE.findall(text)]

    chance = random.Random(7)  # noqa: S311  # no secret
    return {
        "without the commonest words": words(lambda word, _: -often[word]),
        "rare words (IDF)": words(idf),
        "random words": words(lambda _, __: chance.random()),
        "the beginning": words(lambda _, place: -place),
        "random sentences": random_sentences,
        "central sentences (TextRank)": _textrank,
    }


def _textrank(text: str) -> Sequence[tuple[str, float]]:
    """Rank sentences by the words they share with others (Mihalcea and Tarau, 2004), with damping 0.85, in 30 rounds."""
    parts = SENTENCE.findall(text)
    sets = [set(WORD.findall(part.lower())) for part in parts]
    links: list[dict[int, float]] = [{} for _ in parts]
    for one, first in enumerate(sets):
        for other in range(one):
            shared = len(first & sets[other])
            if shared and len(first) > 1 and len(sets[other]) > 1:
                links[one][other] = links[other][one] = shared / (math.log(len(first)) + math.log(len(sets[other])))
    totals = [sum(some.values()) or 1.0 for some in links]
    ranks = [1.0] * len(parts)
    for _ in range(30):
        ranks = [0.15 + 0.85 * sum(ranks[other] * by / totals[other] for other, by in some.items()) for some in links]
    return list(zip(parts, ranks, strict=True))


def _cut(pieces: Sequence[tuple[str, float]], tokens: int) -> str:
    """Return the pieces that stay, in order, as many as so many tokens take."""
    order = sorted(range(len(pieces)), key=lambda place: pieces[place][1])
    fewest, most = 0, len(order)
    while fewest < most:
        middle = (fewest + most) // 2
        if cuts.count(_without(pieces, order[:middle])) <= tokens:
            most = middle
        else:
            fewest = middle + 1
    return _without(pieces, order[:fewest])


def _without(pieces: Sequence[tuple[str, float]], gone: Sequence[int]) -> str:
    left_out = set(gone)
    return "".join(part for place, (part, _) in enumerate(pieces) if place not in left_out)


def _print(curves: Curves) -> None:
    print("| tokens saved | " + " | ".join(f"{saved:.0%}" for saved, _ in curves["view"]) + " |")
    print("|---|" + "--:|" * len(RATES))
    for name, curve in curves.items():
        print(f"| {name} | " + " | ".join(f"{found:.1%}" for _, found in curve) + " |")


def _drawn(curves: Curves) -> str:
    """Return a drawing: tokens saved from left to right, answers kept from bottom to top."""
    lines = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 420" font-family="sans-serif" font-size="12">',
        '<rect width="640" height="420" fill="white"/>',
    ]
    for tenth in range(0, 11, 2):
        x, y = 60 + 36 * tenth, 380 - 34 * tenth
        lines += [
            f'<text x="{x}" y="398" text-anchor="middle">{tenth * 7} %</text>',
            f'<path d="M60 {y}H420" stroke="#dddddd"/><text x="52" y="{y + 4}" text-anchor="end">{tenth * 10} %</text>',
        ]
    lines.append('<text x="240" y="414" text-anchor="middle">tokens saved; from bottom to top: answers kept</text>')
    for number, (name, curve) in enumerate(curves.items()):
        points = [(0.0, 1.0), *curve]
        path = " ".join(f"{60 + 360 * saved / 0.7:.1f},{380 - 340 * found:.1f}" for saved, found in points)
        colour = COLOURS[number]
        width = 3 if name == "view" else 1.5
        lines += [
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}"/>',
            f'<path d="M430 {48 + 20 * number}h20" stroke="{colour}" stroke-width="{width}"/>',
            f'<text x="456" y="{52 + 20 * number}">{name}</text>',
        ]
    return "\n".join([*lines, "</svg>\n"])


if __name__ == "__main__":
    main()
