"""What differs among the lines of a template, and which of its lines hold a value that is rare or far out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headroom_core.compressors.log import hints
from headroom_core.compressors.log.clock import time_words
from headroom_core.compressors.log.columns import Column, Slot
from headroom_core.compressors.log.masks import ANY, NUMBER, Shape
from headroom_core.compressors.log.templates import RARE, Template, is_usual

MOST_SLOTS = 24
"""Places of a template that are looked at, from the left."""

CLOCK_WORDS = 12
"""Words at the start of a line that tell where its time stands."""

LONGEST_BEFORE = 20
"""Characters of the word before a number that is named with it."""

TOGETHER = 4_096
"""Lines that are taken apart into words in one go."""


@dataclass(frozen=True, slots=True)
class Values:
    """What differs in a template: its slots, the most telling first, and lines that stand out, numbered as in the log."""

    slots: tuple[Slot, ...] = ()
    rare: tuple[int, ...] = ()
    cells: int = 0


NOTHING = Values()


def study(templates: Sequence[Template], lines: Sequence[str]) -> list[Values]:
    """Look at each place of each template where something varies."""
    # Where the time of a line stands is told once for lines that start alike.
    clocks: dict[Shape, set[int]] = {}
    return [_study(template, lines, clocks) if len(template.lines) > RARE else NOTHING for template in templates]


def _study(template: Template, lines: Sequence[str], clocks: dict[Shape, set[int]]) -> Values:
    numbers = template.lines
    if not is_usual(template):
        return NOTHING
    places = [place for place, word in enumerate(template.shape) if ANY in word or NUMBER in word]
    if not places:
        return NOTHING
    start = template.shape[:CLOCK_WORDS]
    if start not in clocks:
        clocks[start] = time_words(lines[numbers[0]])
    places = [place for place in places if place not in clocks[start]][:MOST_SLOTS]
    columns = [_column(template.shape, place) for place in places]
    cells = _fill(columns, template, lines)
    rare: dict[int, None] = {}
    for column in columns:
        for wanted in (column.odd_values(), column.outliers()):
            rare.update(dict.fromkeys(_first_lines(wanted, column.place, numbers, lines)))
    is_error = template.severity == hints.ERROR
    slots = sorted(filter(None, (column.slot(all_of_them=is_error) for column in columns)), key=lambda slot: -slot.telling)
    return Values(tuple(dict.fromkeys(slots)), tuple(rare), cells)


def _column(shape: Shape, place: int) -> Column:
    before = shape[place - 1] if place else ""
    constant = before and ANY not in before and NUMBER not in before and len(before) <= LONGEST_BEFORE
    return Column(place, before=before if constant else "", named=ANY in shape[place])


def _fill(columns: list[Column], template: Template, lines: Sequence[str]) -> int:
    """Give the columns their words, and return how many there were."""
    numbers = template.lines
    length = len(template.shape)
    cells = 0
    for start in range(0, len(numbers), TOGETHER):
        live = [column for column in columns if column.live]
        if not live:
            break
        rows = [lines[number].split() for number in numbers[start : start + TOGETHER]]
        if any(len(row) != length for row in rows):
            rows = [row for row in rows if len(row) == length]
        for column in live:
            place = column.place
            column.take([row[place] for row in rows])
        cells += len(rows) * (len(live) + 1)
    return cells


def _first_lines(values: Sequence[str], place: int, numbers: Sequence[int], lines: Sequence[str]) -> list[int]:
    """Return for each value the first line that has it in a place."""
    if not values:
        return []
    missing = set(values)
    found: list[int] = []
    for number in numbers:
        line = lines[number]
        for value in [value for value in missing if value in line]:
            words = line.split()
            if place < len(words) and words[place] == value:
                found.append(number)
                missing.discard(value)
        if not missing:
            break
    return found
