"""What a view must still show of a payload, by the folder that holds it: the facts there are, and those that are shown."""

from __future__ import annotations

import csv
import json
import pathlib
import re
import sys
from collections.abc import Callable
from typing import Any

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from cuts import SMALL_WORDS  # type: ignore[import-not-found]  # this folder is not a package

WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./:@%#-]*[A-Za-z0-9_%]")
GENERATED = re.compile(
    r"(package-lock\.json|yarn\.lock|pnpm-lock\.yaml|Cargo\.lock|poetry\.lock|uv\.lock|go\.sum|\.min\.(js|css))$"
)
WORDS = re.compile(r"\w+")
RARE = 2
"""An event that a log tells this often, at the most, is rare."""

Counts = dict[str, tuple[int, int]]
"""Facts shown and facts there are, by what they are."""


def kept(corpus: pathlib.Path, entry: dict[str, Any], original: str, view: str) -> Counts:
    """Return the facts of a payload that its view shows; `entry` is its record in the corpus's manifest."""
    measure = MEASURES.get(entry["kind"])
    return measure(corpus, entry, original, view) if measure else {}


def _literals(corpus: pathlib.Path, entry: dict[str, Any], original: str, view: str) -> Counts:
    wanted = list(map(str, (entry.get("must_survive") or {}).get("literals", ())))
    return {"planted facts": (int(all(literal in view for literal in wanted)), 1)} if wanted else {}


def _events(corpus: pathlib.Path, entry: dict[str, Any], original: str, view: str) -> Counts:
    """Count the events, as labelled by people, of which one whole line is shown."""
    labels = corpus / f"{entry['path']}_labels.csv"
    if not labels.exists():
        return {}
    lines = original.splitlines()
    errors = set(entry["must_survive"]["error_level_lines"])
    events: dict[str, list[int]] = {}
    for row in csv.DictReader(labels.open()):
        events.setdefault(row["EventId"], []).append(int(row.get("LineId") or row["line"]))
    shown = {
        event: any(lines[n - 1].strip() and lines[n - 1].strip() in view for n in numbers if n <= len(lines))
        for event, numbers in events.items()
    }
    bad = [event for event, numbers in events.items() if errors.intersection(numbers)]
    rare = [event for event, numbers in events.items() if len(numbers) <= RARE]
    return {
        "error events": (sum(shown[event] for event in bad), len(bad)),
        "rare events": (sum(shown[event] for event in rare), len(rare)),
    }


def _files(corpus: pathlib.Path, entry: dict[str, Any], original: str, view: str) -> Counts:
    files = {found[1] for found in re.finditer(r"^([^:\n]+):\d+:", original, re.MULTILINE)}
    return {"files with matches": (sum(file in view for file in files), len(files))}


def _changes(corpus: pathlib.Path, entry: dict[str, Any], original: str, view: str) -> Counts:
    """Count changed lines outside lock files and generated ones."""
    changed, counts = set(), True
    for line in original.splitlines():
        if line.startswith(("diff --git", "+++ ")):
            counts = not GENERATED.search(line.strip())
        elif counts and line[:1] in "+-" and line[:3] != "---" and len(line.strip()) > 8:  # not a brace alone
            changed.add(line[1:].strip())
    return {"changed lines": (sum(line in view for line in changed), len(changed))}


def _article(corpus: pathlib.Path, entry: dict[str, Any], original: str, view: str) -> Counts:
    words = set(WORD.findall((corpus / entry["must_survive"]["article_body_file"]).read_text(errors="replace")))
    return {"article words": (len(words & set(WORD.findall(view))), len(words))}


def _document(corpus: pathlib.Path, entry: dict[str, Any], original: str, view: str) -> Counts:
    """Count the fenced blocks whose first and last line are shown, and the tables whose header is."""
    shown = set(view.splitlines())
    fences = re.findall(r"^```[^\n`]*\n(.+?)\n```\s*$", original, re.MULTILINE | re.DOTALL)
    edges = [block.strip("\n").split("\n") for block in fences if block.strip()]
    headers = re.findall(r"^(\|.*\|)[ \t]*\n\|[ \t:|-]+\|[ \t]*$", original, re.MULTILINE)
    squeezed = {line.replace(" ", "") for line in shown}
    return {
        "edges of fenced blocks": (sum(lines[0] in view and lines[-1] in view for lines in edges), len(edges)),
        "table headers": (sum(header.replace(" ", "") in squeezed for header in headers), len(headers)),
    }


def _names(corpus: pathlib.Path, entry: dict[str, Any], original: str, view: str) -> Counts:
    names = set((entry.get("must_survive") or {}).get("declared_names_regex", ()))
    return {"declared names": (len(names & set(re.findall(r"\w+", view))), len(names))} if names else {}


MEASURES: dict[str, Callable[[pathlib.Path, dict[str, Any], str, str], Counts]] = {
    "code": _names,
    "json": _literals,
    "logs": _events,
    "search": _files,
    "diffs": _changes,
    "html": _article,
    "mixed": _document,
}


def articles(corpus: pathlib.Path) -> list[tuple[str, list[str]]]:
    """Return the articles that people asked questions of, each with the answers that stand in it once."""
    asked: dict[str, set[str]] = {}
    for path in sorted((corpus / "qa").glob("squad*.json")):
        for context in json.loads(path.read_text(encoding="utf-8"))["contexts"]:
            said = asked.setdefault(context["article"], set())
            said.update(question["answers"][0] for question in context["qas"] if question["answers"])
    found = []
    for name, said in sorted(asked.items()):
        path = corpus / f"prose/squad_article_{name}.txt"
        if path.exists():
            text = path.read_text(encoding="utf-8", errors="replace")
            whole = _told(text)
            answers = {answer for answer in map(_told, said) if len(answer.strip()) > 2}
            found.append((text, sorted(answer for answer in answers if whole.count(answer) == 1)))
    return found


def answers_in(answers: list[str], view: str) -> int:
    """Return how many answers stand in a view: their words, side by side, small words aside."""
    shown = _told(view)
    return sum(answer in shown for answer in answers)


def _told(text: str) -> str:
    return f" {' '.join(word for word in re.findall(WORDS, text.lower()) if word not in SMALL_WORDS)} "


def manifest(corpus: pathlib.Path) -> list[dict[str, Any]]:
    """Return the records of a corpus's payloads."""
    entries = json.loads((corpus / "manifest.json").read_text())["entries"]
    return [entry for entry in entries if entry.get("role", "payload") in ("payload", "planted_needle")]
