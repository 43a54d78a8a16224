"""Merges shapes that differ in a few words, so that a name or a path does not make a shape of its own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

from headroom_core.compressors.log.masks import ANY, NUMBER, Shape

VARIANTS = 12
"""Words at one place, all others being equal, from which on the place is a variable. Fewer are messages of their own."""

NUMBERED_VARIANTS = 3
"""The same for words with numbers in them, which are names of things."""

ROUNDS = 3
"""Variables of one shape that are found one after the other."""

MOST_KINDS = 12
"""Sets of places with variables that a shape which stayed alone is compared with, the most frequent first."""

MOST_WORDS = 48
"""Longer lines are not merged: they are texts, commands or dumps, and comparing them place by place takes long."""


PASSED = frozenset((("...", "ok"), ("...", "PASSED"), ("...", "passed"), ("...", "skipped"), ("...", "OK")))
"""Ends of the lines that test runners write for what went as it should: one shape, however many words the test has."""


def merge(shapes: Sequence[Shape], apart: Collection[Shape]) -> dict[Shape, Shape]:
    """Return for each shape that has been merged the one it became; those in `apart` only lose words with numbers."""
    merged: dict[Shape, Shape] = {}
    by_length: dict[tuple[int, bool], list[Shape]] = defaultdict(list)
    for shape in shapes:
        if 1 < len(shape) <= MOST_WORDS and shape[-2:] not in PASSED:
            by_length[len(shape), shape in apart].append(shape)
    passed = [shape for shape in shapes if shape[-2:] in PASSED and shape not in apart]
    if len(passed) >= VARIANTS:
        merged.update({shape: (ANY, *shape[-2:]) for shape in passed})
    for (_, alone), same in by_length.items():
        # Few shapes can differ by nothing but names with numbers in them.
        may_merge = same if len(same) >= VARIANTS else [shape for shape in same if _has_numbered_name(shape)]
        if len(may_merge) >= NUMBERED_VARIANTS:
            merged.update(_merge_same_length(may_merge, alone=alone))
    return merged


def _merge_same_length(shapes: list[Shape], *, alone: bool) -> dict[Shape, Shape]:
    became = {shape: shape for shape in shapes}
    odd_words_tried = alone
    step_taken = False
    for _ in range(ROUNDS):
        now = list(dict.fromkeys(became.values()))
        step = _vary_one_place(now, numbered_only=alone)
        if not step and not odd_words_tried:
            odd_words_tried = True
            step = _vary_odd_words(now)
        if not step:
            break
        step_taken = True
        became = {shape: step.get(at, at) for shape, at in became.items()}
    if step_taken:
        _absorb(became, numbered_only=alone)
    return {shape: at for shape, at in became.items() if shape != at}


def _absorb(became: dict[Shape, Shape], *, numbered_only: bool) -> None:
    """Let shapes that stayed alone become what others became, where they differ from it in nothing but its variables."""
    members = Counter(became.values())
    kinds = Counter({pattern: count for pattern, count in members.items() if ANY in pattern})
    places: Counter[tuple[int, ...]] = Counter()
    for pattern, count in kinds.items():
        places[tuple([place for place, word in enumerate(pattern) if word == ANY])] += count
    tried = [where for where, _ in places.most_common(MOST_KINDS)]
    for shape, at in became.items():
        if shape != at:
            continue
        for where in tried:
            pattern = _with_any(shape, where)
            many = kinds[pattern] >= VARIANTS and not numbered_only
            if pattern in kinds and (many or all(NUMBER in shape[place] for place in where)):
                became[shape] = pattern
                break


def _vary_one_place(shapes: list[Shape], *, numbered_only: bool) -> dict[Shape, Shape]:
    """Find places where many words stand while all the others are equal."""
    varies: dict[Shape, list[int]] = defaultdict(list)
    # Shapes that differ in one place only have the first word in common, or, where that is the place, the last.
    for end, places in ((-1, range(1)), (0, range(1, len(shapes[0])))):
        alike: dict[str, list[Shape]] = defaultdict(list)
        for shape in shapes:
            alike[shape[end]].append(shape)
        for same in alike.values():
            if len(same) >= NUMBERED_VARIANTS:
                _note_variables(same, places, varies, numbered_only=numbered_only)
    result = {shape: _with_any(shape, sorted(where)) for shape, where in varies.items()}
    return {shape: now for shape, now in result.items() if _says_something(now)}


def _note_variables(shapes: list[Shape], places: range, varies: dict[Shape, list[int]], *, numbered_only: bool) -> None:
    sums = [sum(map(hash, shape)) for shape in shapes]
    for place in places:
        column = [shape[place] for shape in shapes]
        if len(set(column)) < NUMBERED_VARIANTS:
            continue
        # Shapes with equal words elsewhere have equal sums without this place; few others do, and they are told apart below.
        without = [total - hash(word) for total, word in zip(sums, column, strict=True)]
        counts = Counter(without)
        if max(counts.values()) < NUMBERED_VARIANTS:
            continue
        groups: dict[Shape, list[Shape]] = defaultdict(list)
        for shape, key in zip(shapes, without, strict=True):
            if counts[key] >= NUMBERED_VARIANTS:
                groups[shape[:place] + shape[place + 1 :]].append(shape)
        for rest, group in groups.items():
            for shape in _variants(rest, group, place, numbered_only=numbered_only):
                varies[shape].append(place)


def _variants(rest: Shape, group: list[Shape], place: int, *, numbered_only: bool) -> list[Shape]:
    """Return those of a group of shapes that differ in one place by the value of a variable."""
    if len(group) < NUMBERED_VARIANTS or not _says_something(rest):
        return []
    if len(group) >= VARIANTS and not numbered_only:
        return group
    numbered = [shape for shape in group if NUMBER in shape[place]]
    return numbered if len(numbered) >= NUMBERED_VARIANTS else []


def _vary_odd_words(shapes: list[Shape]) -> dict[Shape, Shape]:
    """Find shapes that are equal but for words that no other shape has in their place."""
    if len(shapes) < VARIANTS:
        return {}
    seen = [Counter(column) for column in zip(*shapes, strict=True)]
    groups: dict[Shape, list[Shape]] = defaultdict(list)
    for shape in shapes:
        common = tuple([word if seen[place][word] > 1 else ANY for place, word in enumerate(shape)])
        if 2 * common.count(ANY) <= len(common) and ANY in common:
            groups[common].append(shape)
    return {
        shape: common
        for common, group in groups.items()
        if len(group) >= VARIANTS and _says_something(common)
        for shape in group
    }


def _with_any(shape: Shape, places: Sequence[int]) -> Shape:
    words = list(shape)
    for place in places:
        words[place] = ANY
    return tuple(words)


def _says_something(words: Sequence[str]) -> bool:
    """Tell whether a shape has a word of its own: a column of names, or of numbers and names, is no message."""
    return any(word not in (ANY, NUMBER) and any(map(str.isalpha, word)) for word in words)


def _has_numbered_name(words: Sequence[str]) -> bool:
    return any(NUMBER in word and word != NUMBER for word in words)
