"""
Values cut to a length: strings keep head and tail, lists their first items and the last, objects all keys they can.

A cut leaves a slot in the text, and the place of what went in `Cuts`; the slots are filled with markers when the places are
known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from headroom_core.compressors.json_crusher import spelling
from headroom_core.compressors.json_crusher.locate import Wanted
from headroom_core.compressors.json_crusher.values import Json, Pairs, Raw

Steps = tuple[str | int, ...]
"""Keys and indexes from the document to a value."""

MARKER_CHARS = 34
"""What a marker such as `[chars 102345-118734 omitted]` takes, with the quotes around it."""

MIN_CUT = 90
"""Fewer characters than this are not cut out: the marker would save little and cost a fetch."""

TAIL_SHARE = 4
"""One character in four that a cut string keeps is kept at its end."""

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


def shorten(value: Json, steps: Steps, most: int, cuts: Cuts) -> str:
    """Return the JSON text of a value in about `most` characters."""
    text = spelling.dump(value)
    if len(text) <= most + MIN_CUT:
        return text
    kind = type(value)
    if kind is str:
        return shorten_string(value, steps, most, cuts)
    if kind is list:
        return _shorten_list(value, steps, most, cuts)
    if kind is dict:
        return _shorten_object(value, steps, most, cuts)
    if kind in (Raw, Pairs) and not _holds_table(value, cuts):
        return _whole(value, steps, cuts)
    return text


def _whole(value: Json, steps: Steps, cuts: Cuts) -> str:
    number, slot = cuts.slot("" if type(value) is not Raw else "deeply nested")
    cuts.wanted.at(steps).whole.append(number)
    return cuts.item(slot)


def shorten_string(value: str, steps: Steps, most: int, cuts: Cuts) -> str:
    """Return head and tail of a string as two literals with a marker between them; hashes and base64 only a head."""
    for pattern, kind in _OPAQUE:
        if pattern.fullmatch(value.rstrip("=")):
            head, tail, note = OPAQUE_CHARS, 0, kind
            break
    else:
        note = ""
        tail = most // TAIL_SHARE
        head = _word_end(value, most - tail)
        tail = len(value) - _word_start(value, len(value) - tail)
    if len(value) - head - tail < MIN_CUT:
        return spelling.quote(value)
    number, slot = cuts.slot(note)
    cuts.wanted.at(steps).middles.append((head, tail, number))
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
    each = max(40, most // 4)
    shown: list[str] = []
    room = most
    last = shorten(value[-1], (*steps, len(value) - 1), each, cuts)
    room -= len(last)
    for index, item in enumerate(value[:-1]):
        text = shorten(item, (*steps, index), each, cuts)
        if shown and len(text) > room:
            break
        shown.append(text)
        room -= len(text) + 1
    if len(shown) < len(value) - 1:
        number, slot = cuts.slot(_items(len(value) - 1 - len(shown)))
        cuts.wanted.at(steps).runs.append((len(shown), len(value) - 2, number))
        shown.append(cuts.item(slot))
    return f"[{','.join([*shown, last])}]"


def _shorten_object(value: dict[str, Json], steps: Steps, most: int, cuts: Cuts) -> str:
    sizes = {key: len(spelling.dump(item)) for key, item in value.items()}
    names = sum(len(key) + 4 for key in value)
    each = level(list(sizes.values()), max(0, most - names))
    parts: list[str] = []
    room = most
    run: list[int] = []
    for index, (key, item) in enumerate(value.items()):
        if parts and room < 0 and not _holds_table(item, cuts):
            run.append(index)
            continue
        _close_run(run, parts, steps, list(value), cuts)
        heavy = sizes[key] > each + MIN_CUT and each < MARKER_CHARS and type(item) in (dict, list)
        if heavy and not _holds_table(item, cuts):
            number, slot = cuts.slot(_members(list(item)) if type(item) is dict else _items(len(item)))
            cuts.wanted.at((*steps, key)).runs.append((0, len(item) - 1, number))
            text = f"{{{cuts.member(slot)}}}" if type(item) is dict else f"[{cuts.item(slot)}]"
        else:
            text = shorten(item, (*steps, key), max(each, MARKER_CHARS), cuts)
        parts.append(f"{spelling.quote(key)}:{text}")
        room -= len(parts[-1]) + 1
    _close_run(run, parts, steps, list(value), cuts)
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
