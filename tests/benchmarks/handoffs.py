"""
What readers pay for the handoffs of real runs: views, and fetches of the facts that a later message used and no text showed.

A run is replayed message by message. Each view is asked for with what precedes it in the prompt as it was shown, and with the
task; the task, system prompts, what a person wrote and messages of less than 1,000 characters pass as they are. A message uses
a fact (an identifier, a path, a number of three characters or more) that an earlier message said first. Where the view of that
message does not show it beside a word that it stood beside, it is fetched: `net` counts the omitted part that holds it, 60
tokens for the call, and a tenth of the prompt so far, because a fetch is one more call of a model; `blind` counts the whole
original in place of the part, once for each. Of other words, those are counted that tell what a message is about, that no text
before it has, and that a later message takes up.
"""

from __future__ import annotations

import functools
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import tiktoken

from headroom_core.importance.words import told_by
from headroom_core.tokens.vocabulary import load_encoding

LEAST_CHARS = 1_000
QUERY_CHARS = 4_000
CALL_TOKENS = 60
REREAD = 0.1
TABLE_REACH = 12
"""Words to either side that belong to the record of a fact, where a view writes records as lines of a table."""

LIGHT = frozenset(
    "a an and are as at be been but by for from had has have he her his i in is it its of on or our she so that the their them "
    "there they this to was we were which who will with would you".split()
)
_FACT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./:@%#-]*[A-Za-z0-9_%]")


@dataclass(frozen=True)
class Shown:
    """What a reader gets of a message, and the parts that can be fetched one by one."""

    text: str
    parts: Sequence[str] = ()


View = Callable[[str, tuple[str, ...], str], Shown]
"""Makes what is shown of a message, of what precedes it, and of the task."""


@functools.cache
def _encoding() -> tiktoken.Encoding:
    return load_encoding("o200k_base")


@functools.lru_cache(maxsize=1 << 16)
def tokens(text: str) -> int:
    """Return the tokens of a text in o200k_base."""
    return len(_encoding().encode_ordinary(text))


def is_fact(word: str) -> bool:
    """Tell whether a word cannot be guessed or said in other words."""
    if len(word) < 3:
        return False
    if any(map(str.isdigit, word)):
        return True
    long = len(word) >= 4
    joined = any(sign in "_./:@#" for sign in word[1:-1])
    return long and (joined or (any(map(str.isupper, word[1:])) and any(map(str.islower, word))))


class Words:
    """A text by its words, small ones left out."""

    def __init__(self, text: str) -> None:
        self.words: list[str] = []
        self.in_table: list[bool] = []
        self.places: dict[str, list[int]] = defaultdict(list)
        for line in text.splitlines():
            table = line.count(",") + line.count("|") + line.count("\t") > 1
            for word in _FACT.findall(line):
                if word.lower() not in LIGHT:
                    self.places[word].append(len(self.words))
                    self.words.append(word)
                    self.in_table.append(table)
        self.facts = [word for word in self.places if is_fact(word)]

    def beside(self, place: int, reach: int) -> set[str]:
        """Return the words so near to a place, without the one that stands there."""
        return {*self.words[max(0, place - reach) : place], *self.words[place + 1 : place + 1 + reach]}

    def shows(self, fact: str, original: Words) -> bool:
        """Tell whether a fact stands here beside a word that it stood beside, or in a table line with one of its record."""
        near = set().union(*(original.beside(place, 1) for place in original.places[fact][:40]))
        if not near:
            return fact in self.places
        record = set().union(*(original.beside(place, TABLE_REACH) for place in original.places[fact][:40]))
        return any(
            self.beside(place, 1) & (record if self.in_table[place] else near) for place in self.places.get(fact, ())[:40]
        )


_words = functools.lru_cache(maxsize=1 << 13)(Words)


@dataclass
class _Payload:
    original: str
    shown: Shown
    words: Words
    used: int = 0
    kept: int = 0
    taken: int = 0
    told: int = 0
    fetched: float = 0.0
    blind: float = 0.0


@dataclass
class Account:
    """Sums over payloads, in tokens."""

    payloads: int = 0
    whole: int = 0
    before: int = 0
    after: int = 0
    net: float = 0.0
    blind: float = 0.0
    used: int = 0
    kept: int = 0
    taken: int = 0
    told: int = 0

    def __add__(self, other: Account) -> Account:
        """Return both together."""
        mine, its = vars(self), vars(other)
        return Account(**{name: mine[name] + its[name] for name in mine})

    def __str__(self) -> str:
        """Return a line of a table, in per cent."""
        share = [100 * (1 - cost / max(1, self.before)) for cost in (self.after, self.net, self.blind)]
        kept = f"{100 * self.kept / self.used:5.1f}" if self.used else "    -"
        words = f"{100 * self.told / self.taken:3.0f}" if self.taken else "  -"
        costs = f"net {share[1]:5.1f}  blind {share[2]:5.1f}"
        return f"saved {share[0]:5.1f}  used facts kept {kept} of {self.used:4}  words taken up kept {words}  {costs}"


def replay(path: Path, view: View) -> Account:
    """Return what the readers of the runs in a file pay."""
    total = Account()
    for messages in runs(path):
        total += _replay_run([message["content"] for message in messages], [message["from"] for message in messages], view)
    return total


def runs(path: Path) -> Iterator[list[dict[str, str]]]:
    """Yield the messages of each run in a file."""
    by_run: dict[str, list[dict[str, str]]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        message = json.loads(line)
        by_run[message["trace_id"]].append(message)
    for messages in by_run.values():
        yield sorted(messages, key=lambda message: message["step"])


def _replay_run(contents: Sequence[str], authors: Sequence[str], view: View) -> Account:
    known: list[str] = []
    first_said: dict[str, int] = {}
    payloads: dict[int, _Payload] = {}
    found: dict[int, set[str]] = defaultdict(set)
    prompt = 0
    heard: set[str] = set()
    later: list[set[str]] = [set()]
    for content in reversed(contents):
        later.append(later[-1] | _topics(content))
    later.reverse()
    for place, (content, author) in enumerate(zip(contents, authors, strict=True)):
        passes = place == 0 or author.lower() in {"system", "human"} or len(content) < LEAST_CHARS
        shown = Shown(content) if passes else view(content, tuple(known), contents[0][:QUERY_CHARS])
        words = _words(content)
        missing: dict[int, set[str]] = defaultdict(set)
        for fact in words.facts:
            bringer = first_said.get(fact)
            if bringer in payloads and fact not in found[bringer]:
                found[bringer].add(fact)
                payload = payloads[bringer]
                payload.used += 1
                if payload.words.shows(fact, _words(payload.original)):
                    payload.kept += 1
                else:
                    missing[bringer].add(fact)
        for bringer, facts in missing.items():
            payload = payloads[bringer]
            again = REREAD * prompt / len(missing)
            payload.fetched += again + _parts_with(facts, payload)
            payload.blind += 0 if payload.blind else again + CALL_TOKENS + tokens(payload.original)
        for word in words.places:
            first_said.setdefault(word, place)
        prompt += tokens(shown.text)
        known.append(shown.text)
        if not passes and place + 1 < len(contents):
            taken = (_topics(content) - heard) & later[place + 1]
            told = len(taken & _topics(shown.text))
            payloads[place] = _Payload(content, shown, _words(shown.text), taken=len(taken), told=told)
        heard |= _topics(shown.text)
    return sum((_account(payload) for payload in payloads.values()), Account())


@functools.lru_cache(maxsize=1 << 13)
def _topics(text: str) -> frozenset[str]:
    return frozenset(told_by([text])[0].topics)


def _account(payload: _Payload) -> Account:
    after = tokens(payload.shown.text)
    return Account(
        payloads=1,
        whole=payload.used == payload.kept,
        before=tokens(payload.original),
        after=after,
        net=after + payload.fetched,
        blind=after + payload.blind,
        used=payload.used,
        kept=payload.kept,
        taken=payload.taken,
        told=payload.told,
    )


def _parts_with(facts: set[str], payload: _Payload) -> float:
    """Return the tokens of fetching the omitted parts that hold some facts, or else the whole original."""
    cost, left = 0.0, set(facts)
    for part in sorted(payload.shown.parts, key=lambda part: -sum(fact in part for fact in facts)):
        got = {fact for fact in left if fact in part}
        if got:
            cost += CALL_TOKENS + tokens(part)
            left -= got
    return cost + (CALL_TOKENS + tokens(payload.original) if left else 0)
