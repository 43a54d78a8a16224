"""The contract of an adapter, as a class of tests: two agents of a framework, one of which hands over to the other."""

# ruff: noqa: S101  # these are tests, shipped

from __future__ import annotations

import json
import re
import unittest
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, get_args

from headroom_core import markers
from headroom_core.selection import find
from headroom_core.tokens.base import TokenCounter
from headroom_core.tokens.counters import VocabularyCounter

SHARE = 5
"""The next agent's model gets at most one part in so many of the payload's tokens, what the adapter adds included."""

_RANGE = re.compile(r"\[((?:lines|rows|chars) [^\[\]]*?) omitted[;\]]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """
    What came of one run.

    Attributes:
        prompt: Everything that the receiving agent's model was given: messages, and the schemas of the tools that the adapter
            brought.
        result: What the run returned, with everything in it that a caller may look at.
        read: Asks the reading tool of the run's receiving agent for a reference.

    """

    prompt: str
    result: Any
    read: Callable[[str], str]


@dataclass(slots=True)
class BrokenCounter:
    """A counter that raises, so that no view can be made; `counted` has the lengths of what it was to count."""

    name: str = "broken"
    exact: bool = False
    margin: float = 0.0
    counted: list[int] = field(default_factory=list)

    def count(self, text: str) -> int:
        """Raise."""
        self.counted.append(len(text))
        msg = "out of order"
        raise RuntimeError(msg)


def payload(number: int = 0, rows: int = 700) -> str:
    """Return about 26,000 tokens of JSON, of which one row is unlike the others; each number makes another one."""
    checks = [
        {
            "id": row + 100_000 * number,
            "status": "error" if row == 311 else "ok",  # noqa: PLR2004  # any of them
            "latency_ms": 9_041 if row == 311 else 20 + (row * 7) % 23,  # noqa: PLR2004
            "host": f"web-{row % 9}",
            "region": ("eu-west-1", "us-east-1", "ap-south-1")[row % 3],
            "checked_by": "the nightly run of the monitor",
            "trace": f"{(row * 2_654_435_761 + number) % 2**32:08x}",
        }
        for row in range(rows)
    ]
    return json.dumps(checks)


class AdapterConformance(ABC):
    """
    What every adapter must do. Subclass it, name the class `Test…`, and give it `deliver`.

    The run is one of the framework itself: only the models are scripted, and they record what they are given.
    """

    counter: TokenCounter = VocabularyCounter("o200k_base")

    @abstractmethod
    def deliver(self, content: str, *, adapted: bool = True, counter: TokenCounter | None = None) -> Delivery:
        """
        Run two agents: the first one's result is `content`, the second one's model gets what the framework makes of it.

        Args:
            content: What is handed over.
            adapted: Whether the adapter is in use.
            counter: The counter that the adapter is to use; its default when None.

        """

    def prompts(self, contents: Sequence[str]) -> list[list[str]]:
        """
        Run one agent that gets one content after the other; return the texts of its model's prompt, call by call.

        Give it to the kit where a prompt of the framework's grows so, as by what tools say. What a model is to do, and what it
        says itself, stands in it too.

        Args:
            contents: What is handed over. The same one may come again.

        """
        del contents
        return []

    def test_the_next_model_gets_a_fifth(self) -> None:
        """Of a large payload at most a fifth of the tokens, schemas counted; and what is unlike the rest is there."""
        content = payload()
        prompt = self.deliver(content).prompt

        assert self.counter.count(prompt) * SHARE <= self.counter.count(content)
        assert "9041" in prompt, "the only failure is missing"

    def test_without_the_adapter_it_gets_all(self) -> None:
        """Else the figure above would say nothing."""
        content = payload()

        assert self.counter.count(self.deliver(content, adapted=False).prompt) >= self.counter.count(content)

    def test_the_result_is_the_same(self) -> None:
        """Whoever started the run gets what they would have got without the adapter."""
        content = payload()

        assert self.deliver(content).result == self.deliver(content, adapted=False).result

    def test_a_small_payload_passes_as_it_is(self) -> None:
        """Nothing is won by shortening what is short."""
        content = json.dumps({"finding": "the third host is down", "since": "2026-11-20"})

        assert content in self.deliver(content).prompt.replace('\\"', '"')

    def test_what_was_left_out_is_read_exactly(self) -> None:
        """Every marker of the view leads to the part of the original that it stands for."""
        content = payload(rows=4_000)
        delivery = self.deliver(content)
        handle = next(markers.handles_in(delivery.prompt), None)
        ranges = _RANGE.findall(delivery.prompt)

        assert handle is not None, "the view names no original, though its reader has the reading tool"
        for text in ranges[:3]:
            part = markers.parse_part(text)
            assert part is not None
            span = find(content, part)
            assert span is not None
            assert content[span[0] : span[0] + 200] in delivery.read(f"{handle} {text}")

    def test_parts_are_read_by_what_the_reader_knows_of_them(self) -> None:
        """The tool says that headings, fields, patterns and questions are taken, and reads exactly what they name."""
        checks = json.loads(payload(rows=4_000))
        checks[0]["report"] = "# Findings\n\nAll is slow.\n\n## Results\n\nThe third host is down.\n\n## Next\n\nMend it.\n"
        delivery = self.deliver(json.dumps(checks))
        handle = next(markers.handles_in(delivery.prompt))

        for unit in get_args(markers.NameUnit):
            assert f"{unit} " in delivery.prompt, f"the tool does not offer {unit}"
        assert "The third host is down." in delivery.read(f"{handle} heading Results")
        assert "Mend it." not in delivery.read(f"{handle} heading Results")
        assert "\n9041\n" in delivery.read(f"{handle} field [311].latency_ms")
        assert "9041" in delivery.read(f'{handle} pattern "status": "error"')
        assert "9041" in delivery.read(f"{handle} search which check has an error?")

    def test_a_reference_of_another_run_is_a_miss(self) -> None:
        """What one run handed over is unknown to another, whoever tells it the handle."""
        first, second = self.deliver(payload(1, rows=4_000)), self.deliver(payload(2, rows=4_000))
        handle = next(markers.handles_in(first.prompt))

        assert "Nothing was read" in second.read(f"{handle} rows 2-3")
        assert "Nothing was read" not in first.read(f"{handle} rows 2-3")

    def test_what_is_no_reference_is_answered(self) -> None:
        """A model may ask for anything."""
        assert "Nothing was read" in self.deliver(payload()).read("the rest, please")

    def test_a_failure_costs_the_saving_and_nothing_else(self) -> None:
        """Where no view can be made the original passes, and the run goes on to the same result."""
        content, broken = payload(), BrokenCounter()
        delivery = self.deliver(content, counter=broken)

        assert broken.counted, "the adapter did not use the counter, so that nothing failed"
        assert self.counter.count(delivery.prompt) >= self.counter.count(content)
        assert delivery.result == self.deliver(content, adapted=False).result

    def test_the_same_run_shows_the_same(self) -> None:
        """A run that is repeated, resumed or forked gives its model the same prompt, so that a cache holds."""
        content = payload()

        assert self.deliver(content).prompt == self.deliver(content).prompt

    def test_a_prompt_that_grows_keeps_its_start(self) -> None:
        """A view knows what stands before it, and nothing that comes later: it stays as it was first shown."""
        one, other = payload(1), payload(2)
        contents = [one, other, one]
        prompts = self.prompts(contents)
        if not prompts:
            msg = "no prompt that this adapter makes views in grows"
            raise unittest.SkipTest(msg)

        assert len(prompts) >= len(contents), "the model was not called for each content"
        assert not any(content in text for content in contents for text in prompts[-1]), "a content is shown whole"
        for shorter, longer in pairwise(prompts):
            assert len(longer) > len(shorter)
            assert longer[: len(shorter)] == shorter, "what was shown before was changed"
