"""Where rows of a JSON document's tables stand, for a reader who asks for them."""

from __future__ import annotations

from headroom_core.compressors.json_crusher.blocks import main_block, split
from headroom_core.compressors.json_crusher.locate import Span, Wanted, locate
from headroom_core.compressors.json_crusher.parse import NotJsonError, parse
from headroom_core.compressors.json_crusher.pointer import follow


def find_rows(original: str, first: int, last: int, pointer: str | None) -> Span | None:
    """
    Return the span from row `first` to row `last` (from 1, both included) of a table, or None when there are no such rows.

    The table is the list or object at `pointer`, or the main table: the list of objects with the most rows, see
    `headroom_core.compressors.json_crusher.blocks.main_block`.
    """
    try:
        document = parse(original)
    except NotJsonError:
        return None
    if pointer is None:
        block = main_block(split(document.root).blocks)
        if block is None:
            return None
        steps, count = block.steps, len(block.rows)
    else:
        found = follow(document.root, pointer)
        if found is None or type(found[1]) not in (list, dict):
            return None
        steps, count = found[0], len(found[1])
    if first > count:
        return None
    wanted = Wanted()
    wanted.at(steps).runs.append((first - 1, min(last, count) - 1, None))
    (span, _), *_ = locate(original, wanted, lines=document.lines)
    return span
