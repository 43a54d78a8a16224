"""What a prompt says: an index of the texts before a view, which grows by one text at the price of that text."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import pairwise

from headroom_core.importance.units import LONG_LINE, sentences_of, uncounted
from headroom_core.importance.words import Told, told_by
from headroom_core.markers import HOW_TO_READ

_TABLE = re.compile(r"((?:table|list)(?: /\S*)?): \d+ rows")
"""How a view of JSON names a table."""

LEAST_REPEAT = 20
"""Characters of a line or sentence that is a repeat when what stands before or behind it is repeated, too."""

LEAST_ALONE = 60
"""Characters of one that is a repeat wherever it stands: shorter ones are alike by chance."""

LEAST_ALIKE = 0.6
"""Share of the words of two lines that both have, from which on the one is the other, changed."""

MOST_ALIKE = 8
"""Lines with the same facts that are looked at."""

KEPT_CHARS = 8_000_000
"""Characters of the prompts whose index is kept, about, all together. An index takes about 9 bytes for each."""


@dataclass(slots=True, eq=False)
class _Index:
    """The index of one prompt, in which each thing said has the number of the text that says it first."""

    texts: list[str] = field(default_factory=list)
    digests: list[bytes] = field(default_factory=lambda: [b""])
    words: dict[str, int] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    pairs: dict[tuple[str, str], int] = field(default_factory=dict)
    facts: dict[tuple[str, ...], list[tuple[int, Sequence[str]]]] = field(default_factory=dict)
    chars: int = 0

    def add(self, text: str) -> None:
        """Take in the next text."""
        number = len(self.texts)
        lines = text.split("\n")
        for told in told_by(uncounted([f"{line}\n" for line in lines])):
            for key in (*told.facts, *told.topics):
                self.words.setdefault(key, number)
            if told.facts:
                alike = self.facts.setdefault(tuple(told.facts), [])
                if len(alike) < MOST_ALIKE:
                    alike.append((number, told.words))
        self._add_units(lines, number)
        table = ""
        for line in lines:
            if line.startswith(("table", "list")) and (title := _TABLE.match(line)):
                table = title[1]
            elif table:
                self.pairs.setdefault((table, line.rstrip()), number)
            if len(line) > LONG_LINE:
                self._add_units(list(sentences_of(line)), number)
        if HOW_TO_READ in text:
            self.lines.setdefault(HOW_TO_READ, number)
        digest = hashlib.blake2b(self.digests[-1], digest_size=16)
        digest.update(b"\0" + text.encode("utf-8", "surrogatepass"))
        self.digests.append(digest.digest())
        self.chars += len(text)
        self.texts.append(text)

    def _add_units(self, units: Sequence[str], number: int) -> None:
        lines, pairs = self.lines, self.pairs
        before = ""
        for unit in units:
            told = unit.rstrip()
            if told:
                lines.setdefault(told, number)
                pairs.setdefault((before, told), number)
                before = told
        pairs.setdefault((before, ""), number)


class Again(IntEnum):
    """Whether a line stands in a prompt already."""

    NOT = 0
    SAME = 1
    MOVED = 2
    """It does, but beside another line than here: something between them has gone or come, or one of them has moved."""


class Said:
    """
    What the first texts of a prompt say.

    Attributes:
        size: How many texts.
        digest: Tells these texts from all others.

    """

    __slots__ = ("_prompt", "digest", "size")

    def __init__(self, prompt: _Index, size: int) -> None:
        self._prompt = prompt
        self.size = size
        self.digest = prompt.digests[size]

    def tells(self, key: str) -> bool:
        """Tell whether one of the texts has a fact or a topic, by how it is looked up."""
        return self._prompt.words.get(key, self.size) < self.size

    def changes(self, told: Told) -> bool:
        """Tell whether one of the texts has a line with the same facts and nearly the same words: what is told changes it."""
        words = frozenset(told.words)
        for number, others in self._prompt.facts.get(tuple(told.facts), ()):
            if number < self.size:
                other = frozenset(others)
                if words != other and len(words & other) >= LEAST_ALIKE * len(words | other):
                    return True
        return False

    def again_in(self, table: str, rows: Sequence[str]) -> list[Again]:
        """Tell the same of the lines of a table, by how views name it: they are repeats where the prompt has them in it."""
        found = self.again(rows)
        for place, row in enumerate(rows):
            if self._prompt.pairs.get((table, row.rstrip()), self.size) >= self.size:
                found[place] = Again.NOT
        return found

    def has(self, lines: Iterable[str]) -> bool:
        """Tell whether one of the texts has each of some lines, apart from white space around it."""
        return all(self._prompt.lines.get(line.rstrip(), self.size) < self.size for line in lines)

    def again(self, units: Sequence[str]) -> list[Again]:
        """
        Tell of each unit whether one of the texts has it, word for word, apart from white space behind it.

        What is long enough is a repeat wherever it stands; a shorter line, where the line before it or behind it is the same
        as there; and a line of a few characters where both are. Units are lines, or sentences.
        """
        lines, pairs, size = self._prompt.lines, self._prompt.pairs, self.size
        filled = [(number, told) for number, unit in enumerate(units) if (told := unit.rstrip())]
        texts = [told for _, told in filled]
        joined = [pairs.get(pair, size) < size for pair in pairwise(["", *texts, ""])]
        known = [
            lines.get(told, size) < size and _repeats(len(told), joined[place] + joined[place + 1])
            for place, told in enumerate(texts)
        ]
        found = [Again.NOT] * len(units)
        for place, (number, _) in enumerate(filled):
            if known[place]:
                apart = place > 0 and known[place - 1] and not joined[place]
                apart |= place + 1 < len(known) and known[place + 1] and not joined[place + 1]
                found[number] = Again.MOVED if apart else Again.SAME
        return found


def _repeats(chars: int, beside: int) -> bool:
    """Tell whether so long a line that stands in a prompt is a repeat, by on how many sides it stands beside the same there."""
    return chars >= LEAST_ALONE or beside > 1 or (chars >= LEAST_REPEAT and beside > 0)


class Indexes:
    """The index of the last prompts that were asked for. Safe to use from any thread."""

    def __init__(self) -> None:
        self._prompts: list[_Index] = []  # the one asked for last stands last
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

    def _beginning(self, known: list[str]) -> _Index:
        """Return the kept prompt that has all these texts first, or else the longest that they begin with; else a new one."""
        longest = _Index()
        for prompt in reversed(self._prompts):
            size = min(len(prompt.texts), len(known))
            # Equal texts are mostly the same objects, which compare at once.
            if size > len(longest.texts) and prompt.texts[:size] == known[:size]:
                longest = prompt
                if size == len(known):
                    break
        return longest

    def _keep(self, latest: _Index) -> None:
        self._prompts = [prompt for prompt in self._prompts if prompt is not latest]
        self._prompts.append(latest)
        while len(self._prompts) > 1 and sum(prompt.chars for prompt in self._prompts) > KEPT_CHARS:
            self._prompts.pop(0)

    def clear(self) -> None:
        """Let go of all texts."""
        with self._lock:
            self._prompts = []
