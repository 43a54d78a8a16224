"""What a prompt says: an index of the texts before a view, which grows by one text at the price of that text."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from headroom_core.importance.units import LONG_LINE, sentences_of, uncounted
from headroom_core.importance.words import told_by

LEAST_REPEAT = 20
"""Characters of a line or sentence that is a repeat when what stands before or behind it is repeated, too."""

LEAST_ALONE = 60
"""Characters of one that is a repeat wherever it stands: shorter ones are alike by chance."""

PROMPTS = 16
"""Prompts whose index is kept."""

KEPT_CHARS = 32_000_000
"""Characters of their texts, at the most, all together."""


@dataclass(slots=True)
class _Prompt:
    """The index of one prompt, in which each thing said has the number of the text that says it first."""

    texts: list[str] = field(default_factory=list)
    digests: list[bytes] = field(default_factory=lambda: [b""])
    words: dict[str, int] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    pairs: dict[tuple[str, str], int] = field(default_factory=dict)
    chars: int = 0

    def add(self, text: str) -> None:
        """Take in the next text."""
        number = len(self.texts)
        (told,) = told_by([text])
        for key in (*told.facts, *told.topics):
            self.words.setdefault(key, number)
        lines = uncounted(text.split("\n"))
        self._add_units(lines, number)
        for line in lines:
            if len(line) > LONG_LINE:
                self._add_units(list(sentences_of(line)), number)
        digest = hashlib.blake2b(self.digests[-1], digest_size=16)
        digest.update(b"\0" + text.encode("utf-8", "surrogatepass"))
        self.digests.append(digest.digest())
        self.chars += len(text)
        self.texts.append(text)

    def _add_units(self, units: Sequence[str], number: int) -> None:
        lines, pairs = self.lines, self.pairs
        before = ""
        for unit in units:
            told = unit.strip()
            if told:
                lines.setdefault(told, number)
                pairs.setdefault((before, told), number)
                before = told


class Said:
    """
    What the first texts of a prompt say.

    Attributes:
        size: How many texts.
        digest: Tells these texts from all others.

    """

    __slots__ = ("_prompt", "digest", "size")

    def __init__(self, prompt: _Prompt, size: int) -> None:
        self._prompt = prompt
        self.size = size
        self.digest = prompt.digests[size]

    def tells(self, key: str) -> bool:
        """Tell whether one of the texts has a fact or a topic, by how it is looked up."""
        return self._prompt.words.get(key, self.size) < self.size

    def new(self, keys: Iterable[str]) -> list[str]:
        """Return those facts and topics that none of the texts has, in their order."""
        numbers, size = self._prompt.words, self.size
        return [key for key in keys if numbers.get(key, size) >= size]

    def has(self, lines: Iterable[str]) -> bool:
        """Tell whether one of the texts has each of some lines, apart from white space around it."""
        return all(self._prompt.lines.get(line.strip(), self.size) < self.size for line in lines)

    def again(self, units: Sequence[str]) -> list[bool]:
        """
        Tell of each unit whether one of the texts has it, word for word, apart from white space around it.

        What is long enough is a repeat wherever it stands; a shorter line, where the line before it or behind it is the same
        as there; and a line of a few characters where both are. So the record that a line belongs to is the same, too. Units
        are lines, or sentences, without the numbers that count them.
        """
        lines, pairs, size = self._prompt.lines, self._prompt.pairs, self.size
        found = [False] * len(units)
        last, before, joined = -1, "", False
        for number, unit in enumerate(units):
            told = unit.strip()
            if not told:
                continue
            after = pairs.get((before, told), size) < size if before else False
            if last >= 0:
                found[last] = _repeats(len(before), joined + after) and lines.get(before, size) < size
            last, before, joined = number, told, after
        if last >= 0:
            found[last] = _repeats(len(before), int(joined)) and lines.get(before, size) < size
        return found


def _repeats(chars: int, beside: int) -> bool:
    """Tell whether so long a line that stands in a prompt is a repeat, by on how many sides it stands beside the same there."""
    return chars >= LEAST_ALONE or beside > 1 or (chars >= LEAST_REPEAT and beside > 0)


class Prompts:
    """The index of the last prompts that were asked for. Safe to use from any thread."""

    def __init__(self) -> None:
        self._prompts: list[_Prompt] = []  # the one asked for last stands last
        self._lock = threading.Lock()

    def said_by(self, texts: Sequence[str]) -> Said:
        """Return what some texts say, oldest first. Of a prompt that has grown only the new texts are looked at."""
        known = list(texts)
        with self._lock:
            prompt = self._beginning(known)
            for text in known[len(prompt.texts) :]:
                prompt.add(text)
            self._keep(prompt)
        return Said(prompt, len(known))

    def _beginning(self, known: list[str]) -> _Prompt:
        """Return the kept prompt that has all these texts first, or else the longest that they begin with; else a new one."""
        longest = _Prompt()
        for prompt in reversed(self._prompts):
            size = min(len(prompt.texts), len(known))
            # Equal texts are mostly the same objects, which compare at once.
            if size > len(longest.texts) and prompt.texts[:size] == known[:size]:
                longest = prompt
                if size == len(known):
                    break
        return longest

    def _keep(self, latest: _Prompt) -> None:
        self._prompts = [prompt for prompt in self._prompts if prompt is not latest]
        self._prompts.append(latest)
        while len(self._prompts) > PROMPTS or sum(prompt.chars for prompt in self._prompts) > KEPT_CHARS:
            self._prompts.pop(0)
