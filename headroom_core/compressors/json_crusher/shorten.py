"""
Values cut to a length: strings keep head and tail, lists their first items and the last, objects all keys they can.

A cut leaves a slot in the text, and the place of what went in `Cuts`; the slots are filled with markers when the places are
known.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from headroom_core.compressors.json_crusher import spelling
from headroom_core.compressors.json_crusher.envelopes import LONG_STRING, Parts
from headroom_core.compressors.json_crusher.locate import Wanted
from headroom_core.compressors.json_crusher.values import Json, Pairs, Raw, Steps

MARKER_CHARS = 34
"""What a marker such as `[chars 102345-118734 omitted]` takes, with the quotes around it."""

MIN_CUT = 90
"""Fewer characters than this are not cut out: the marker would save little and cost a fetch."""

TAIL_SHARE = 4
"""One character in four that a cut string keeps is kept at its end."""

FEW_ITEMS = 4
"""The first items of a list get one part in four of its room each; of fewer items, each gets what is there."""

NAMES_CHARS = 60
"""Names of members that are left out stand in the marker when they take no more than this together."""

_PLAIN_NAMES = re.compile(r"[\w-]{1,24}(?:, [\w-]{1,24})*", re.ASCII)
_SLOT = re.compile("\x00(\\d+)\x00")
_OPAQUE = ((re.compile(r"[0-9a-fA-F]{32,}"), "hex"), (re.compile(r"[A-Za-z0-9+/_=-]{48,}"), "base64"))
OPAQUE_CHARS = 16
"""Characters shown of a hash or of base64 data: enough to compare by eye, and nobody reads more."""


@dataclass(slots=True)
class Cuts:
    """The places of what is cut, while a view is written."""

    wanted: Wanted = field(default_factory=Wanted)
    notes: list[str] = field(default_factory=list)
    around_tables: frozenset[int] = frozenset()
    """Identities of the stand-ins for tables and of the values around them, which are never cut out."""
    valid_json: bool = False
    """Whether markers must stand in string literals."""
    parts: Parts | None = None
    """Has long strings compressed as what they hold; None where they keep head and tail."""

    @property
    def over(self) -> int:
        """Characters that were written beyond the room of their strings, for what stands beside them not to pay."""
        return self.parts.over if self.parts is not None else 0

    def slot(self, note: str = "") -> tuple[int, str]:
        """Return a new cut's number and the slot that stands for its marker."""
        self.notes.append(note)
        number = len(self.notes) - 1
        return number, f"\x00{number}\x00"

    def item(self, slot: str) -> str:
        """Return a slot as it stands among the items of a list."""
        return f'"{slot}"' if self.valid_json else slot

    def member(self, slot: str) -> str:
        """Return a slot as it stands among the members of an object."""
        return f'"{slot}":null' if self.valid_json else slot


def fill(text: str, markers: list[str]) -> str:
    """Return the text with each slot replaced by its marker."""
    return _SLOT.sub(lambda found: markers[int(found[1])], text)


def shorten(value: Json, steps: Steps, most: int, cuts: Cuts, *, string_room: int = 0) -> str:
    """Return the JSON text of a value in about `most` characters, or `string_room` for a string shown as what it holds."""
    text = spelling.dump(value)
    if len(text) <= most + MIN_CUT:
        return text
    kind = type(value)
    if kind is str:
        return _shorten_string(value, text, steps, most, cuts, max(most, string_room))
    if kind is list:
        return _shorten_list(value, steps, most, cuts)
    if kind in (dict, Pairs):
        return _shorten_object(value, steps, most, cuts)
    if kind is Raw and not _holds_table(value, cuts):
        number, slot = cuts.slot("deeply nested")
        cuts.wanted.at(steps).whole.append(number)
        return cuts.item(slot)
    return text


def _shorten_string(value: str, text: str, steps: Steps, most: int, cuts: Cuts, room: int) -> str:
    """
    Return the view of what a string holds, in about `room` characters, or else head and tail of it in `most`.

    Head and tail are two literals with a marker between them; hashes and base64 keep only a head.
    """
    for pattern, kind in _OPAQUE:
        if pattern.fullmatch(value.rstrip("=")):
            head, tail, note = OPAQUE_CHARS, 0, kind
            break
    else:
        view = cuts.parts.view(value, len(text), steps, room) if cuts.parts is not None else None
        if view is not None:
            return view
        if len(value) >= LONG_STRING and len(text) <= room:
            return text
        note = ""
        most = most * len(value) // len(text)  # what is escaped takes more room
        tail = most // TAIL_SHARE
        head = _word_end(value, most - tail)
        tail = len(value) - _word_start(value, len(value) - tail)
    if len(value) - head - tail < MIN_CUT:
        return spelling.quote(value)
    number, slot = cuts.slot(note)
    cuts.wanted.at(steps).chars.append((head, len(value) - tail, number))
    before, after = spelling.quote(value[:head]), spelling.quote(value[len(value) - tail :])
    if cuts.valid_json:
        return f"{before[:-1]}{slot}{after[1:]}"
    return f"{before}{slot}{after if tail else ''}"


def _word_end(text: str, at: int) -> int:
    """Return the end of the last word that ends before `at`, or `at` itself in a word longer than 80 characters."""
    for back in range(at, max(at - 80, 0), -1):
        if text[back].isspace():
            return back
    return at


def _word_start(text: str, at: int) -> int:
    for ahead in range(at, min(at + 80, len(text))):
        if text[ahead - 1].isspace():
            return ahead
    return at


def _shorten_list(value: list[Json], steps: Steps, most: int, cuts: Cuts) -> str:
    if any(_holds_table(item, cuts) for item in value):
        each = max(MARKER_CHARS, most // len(value))
        return f"[{','.join([shorten(item, (*steps, index), each, cuts) for index, item in enumerate(value)])}]"
    each = max(40, most // FEW_ITEMS)
    if len(value) < FEW_ITEMS:
        each = max(each, level([len(spelling.dump(item)) for item in value], most))
    shown: list[str] = []
    over = cuts.over
    last = shorten(value[-1], (*steps, len(value) - 1), each, cuts)
    room = most - len(last) + cuts.over - over
    for index, item in enumerate(value[:-1]):
        over = cuts.over
        text = shorten(item, (*steps, index), each, cuts)
        room += cuts.over - over
        if shown and len(text) > room:
            break
        shown.append(text)
        room -= len(text) + 1
    if len(shown) < len(value) - 1:
        number, slot = cuts.slot(_items(len(value) - 1 - len(shown)))
        cuts.wanted.at(steps).runs.append((len(shown), len(value) - 2, number))
        shown.append(cuts.item(slot))
    return f"[{','.join([*shown, last])}]"


def _shorten_object(value: Json, steps: Steps, most: int, cuts: Cuts) -> str:
    members = list(value.items()) if type(value) is dict else value.items
    keys = [key for key, _ in members]
    # What stands inside a member whose name is there twice cannot be named: it is shown whole or left out.
    twice = {key for key, count in Counter(keys).items() if count > 1} if type(value) is Pairs else set()
    sizes = [len(spelling.dump(item)) for _, item in members]
    each = level(sizes, max(0, most - sum(len(key) + 4 for key in keys)))
    parts: list[str] = []
    room = most
    run: list[int] = []
    for index, (key, item) in enumerate(members):
        too_long = sizes[index] > each + MIN_CUT
        if ((parts and room < 0) or (too_long and key in twice)) and not _holds_table(item, cuts):
            run.append(index)
            continue
        _close_run(run, parts, steps, keys, cuts)
        heavy = too_long and each < MARKER_CHARS and type(item) in (dict, list)
        over = cuts.over
        if heavy and not _holds_table(item, cuts):
            number, slot = cuts.slot(_members(list(item)) if type(item) is dict else _items(len(item)))
            cuts.wanted.at((*steps, key)).runs.append((0, len(item) - 1, number))
            text = f"{{{cuts.member(slot)}}}" if type(item) is dict else f"[{cuts.item(slot)}]"
        else:
            text = shorten(item, (*steps, key), max(each, MARKER_CHARS), cuts)
        parts.append(f"{spelling.quote(key)}:{text}")
        room -= len(parts[-1]) + 1 - (cuts.over - over)
    _close_run(run, parts, steps, keys, cuts)
    return "{" + ",".join(parts) + "}"


def _items(count: int) -> str:
    return f"{count} item{'s' * (count > 1)}"


def _members(keys: list[str]) -> str:
    """Name members that are left out, where they are few and plainly named, or count them."""
    names = ", ".join(keys)
    if len(names) <= NAMES_CHARS and _PLAIN_NAMES.fullmatch(names):
        return f"members {names};"
    return f"{len(keys)} member{'s' * (len(keys) > 1)}"


def _close_run(run: list[int], parts: list[str], steps: Steps, keys: list[str], cuts: Cuts) -> None:
    if run:
        number, slot = cuts.slot(_members([keys[index] for index in run]))
        cuts.wanted.at(steps).runs.append((run[0], run[-1], number))
        parts.append(cuts.member(slot))
        run.clear()


def _holds_table(value: Json, cuts: Cuts) -> bool:
    return id(value) in cuts.around_tables


def level(sizes: list[int], room: int) -> int:
    """Return the level to which all sizes must be cut so that they fit the room together: water filling from the smallest."""
    left = room
    for place, size in enumerate(ordered := sorted(sizes)):
        if size * (len(ordered) - place) > left:
            return left // (len(ordered) - place)
        left -= size
    return max(sizes, default=0)
