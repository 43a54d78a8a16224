"""Runs of agents, and what their later messages took up of each message."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from headroom_core.importance.needs import CHARS_A_TOKEN, share_said
from headroom_core.importance.said import Indexes
from headroom_core.importance.units import uncounted, units_of
from headroom_core.importance.words import told_by

FREE = frozenset({"MIT", "Apache-2.0"})
"""Licences under which weights that were learned from a trace may be given away."""

LEAST_CHARS = 1000
"""Characters of a message that a view is made of, as the measure has it."""

WRITTEN = frozenset({"system", "human"})
"""Who writes messages that are never compressed."""


@dataclass(frozen=True, slots=True)
class Turn:
    """
    A message of a run, by its lines and sentences.

    Attributes:
        system: The system whose run it is.
        rows: The features of each unit, in the order of `uptake.FEATURES`.
        facts: How many facts that are new to the prompt each unit has.
        taken: How many of its words, new to the prompt, later messages have.
        tokens: About how many tokens each unit takes.

    """

    system: str
    rows: Sequence[tuple[float, ...]]
    facts: Sequence[int]
    taken: Sequence[int]
    tokens: Sequence[float]


def systems(data: Path, *, free: bool = False) -> list[str]:
    """Return the names of the systems, or of those that may be learned from."""
    entries = json.loads((data / "manifest.json").read_text())["entries"]
    traces = [entry for entry in entries if entry.get("role") == "trace"]
    return sorted(Path(entry["path"]).stem for entry in traces if not free or entry["licence"] in FREE)


def turns(data: Path, system: str) -> Iterator[Turn]:
    """Yield the messages of all runs of a system of which a view would be made."""
    prompts = Indexes()
    for messages in _runs(data / "handoffs" / "traces" / f"{system}.jsonl"):
        contents = [message["content"] for message in messages]
        later: list[set[str]] = [set()]
        for content in reversed(contents[1:]):
            later.append(later[-1] | set(told_by([content])[0].topics))
        later.reverse()
        for place, message in enumerate(messages):
            written = place == 0 or message["from"].lower() in WRITTEN
            if written or len(contents[place]) < LEAST_CHARS or place + 1 == len(messages):
                continue
            said = prompts.said_by(contents[:place])
            rows, facts, taken, tokens = [], [], [], []
            seen: set[str] = set()
            units = units_of(contents[place])
            for unit, told in zip(units, told_by(uncounted(units)), strict=True):
                topics = {topic for topic in told.topics if not said.tells(topic)} - seen
                new_facts = {fact for fact in told.facts if not said.tells(fact)} - seen
                rows.append((len(topics), len(unit), share_said(len(topics), told), said.size))
                facts.append(len(new_facts))
                taken.append(len(topics & later[place]))
                tokens.append(len(unit) / CHARS_A_TOKEN)
                seen |= topics | new_facts
            yield Turn(system, rows, facts, taken, tokens)


def _runs(path: Path) -> Iterator[list[dict[str, str]]]:
    by_run: dict[str, list[dict[str, str]]] = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            message = json.loads(line)
            by_run.setdefault(message["trace_id"], []).append(message)
    for messages in by_run.values():
        yield sorted(messages, key=lambda message: message["step"])
