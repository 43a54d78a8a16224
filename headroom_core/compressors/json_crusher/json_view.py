"""
The view of a JSON document as JSON, for receivers that parse.

Records stay objects with their own names. What is left out stands as a marker in a string: among the items of a list, as the
name of a member with a null value, or inside a cut string.
"""

from __future__ import annotations

import re

from headroom_core import markers
from headroom_core.compressors.json_crusher.blocks import RowsOf, Shaped
from headroom_core.compressors.json_crusher.dropped import omitted_columns
from headroom_core.compressors.json_crusher.locate import Wanted
from headroom_core.compressors.json_crusher.omissions import columns_wanted
from headroom_core.compressors.json_crusher.plan import TablePlan
from headroom_core.compressors.json_crusher.shorten import Cuts, shorten
from headroom_core.compressors.json_crusher.spelling import dump, quote
from headroom_core.compressors.json_crusher.values import Json, Raw, Steps


def json_block(shaped: Shaped, made: TablePlan, cuts: Cuts, rows_of: RowsOf, *, main: bool) -> str:
    """Return a table as a JSON list or object, rows and columns left out as the plan says."""
    block = shaped.block
    wanted = columns_wanted(shaped, made)
    open_, close = ("[", "]") if block.keys is None else ("{", "}")
    parts = []
    gone = omitted_columns(shaped.table, made.dropped)
    if gone:
        parts.append(_note(block.keys is not None, markers.marker(f"columns {gone}")))
    expected = 0
    for row in [*(made.rows if made.rows is not None else range(len(block.rows))), len(block.rows)]:
        if row > expected:
            name = None if main else block.pointer
            marker = markers.marker(rows_of(expected + 1, row, name), tokens=(row - expected) * made.row_tokens)
            parts.append(_note(block.keys is not None, marker))
        if row < len(block.rows):
            step = block.step(row)
            inner = wanted.inside.get(step, wanted.each)
            text = _write(block.rows[row], (*block.steps, step), inner, made, cuts)
            parts.append(text if block.keys is None else f"{quote(str(step))}:{text}")
        expected = row + 1
    return open_ + ",".join(parts) + close


def with_header(text: str, root: Json, header: str) -> str:
    """Put the header into a document: the first item of a list (one of two for a string), or a first member `view`."""
    if text.startswith('"'):
        return f"[{quote(header)},{text}]"
    if text.startswith("["):
        return f"[{quote(header)}{',' if len(text) > 2 else ''}{text[1:]}"  # noqa: PLR2004  # an empty list
    name = "view"
    names = set(root) if isinstance(root, dict) else {key for key, _ in root.items}
    while name in names:
        name += "_"
    return f'{{"{name}":{quote(header)}{"," if len(text) > 2 else ""}{text[1:]}'  # noqa: PLR2004


def with_slots(rest: Json, blocks: dict[Steps, int], around: set[int], steps: Steps = ()) -> Json:
    """Return the document with a slot for each table in place of its stand-in; `around` learns what is around the slots."""
    if steps in blocks:
        made: Json = Raw(f"\x01{blocks[steps]}\x01")
    elif type(rest) is dict:
        made = {key: with_slots(item, blocks, around, (*steps, key)) for key, item in rest.items()}
    elif type(rest) is list:
        made = [with_slots(item, blocks, around, (*steps, index)) for index, item in enumerate(rest)]
    else:
        return rest
    if id(rest) in around:
        around.add(id(made))
    return made


def fill_slots(text: str, tables: list[str]) -> str:
    """Return the text with each slot replaced by its table."""
    return _SLOT.sub(lambda found: tables[int(found[1])], text)


_SLOT = re.compile("\x01(\\d+)\x01")


def _note(as_member: bool, marker: str) -> str:
    return f"{quote(marker)}:null" if as_member else quote(marker)


def _write(value: Json, steps: Steps, wanted: Wanted | None, made: TablePlan, cuts: Cuts) -> str:
    if wanted is None or not (wanted.inside or wanted.each):
        return dump(value) if made.cap is None else _capped(value, steps, made.cap, made.string_room, cuts)
    if type(value) is dict:
        members = []
        for key, item in value.items():
            inner = wanted.inside.get(key, wanted.each)
            if inner is None or not inner.whole:
                members.append(f"{quote(key)}:{_write(item, (*steps, key), inner, made, cuts)}")
        return "{" + ",".join(members) + "}"
    if type(value) is list:
        items = []
        for index, item in enumerate(value):
            inner = wanted.inside.get(index, wanted.each)
            if inner is None or not inner.whole:
                items.append(_write(item, (*steps, index), inner, made, cuts))
        return "[" + ",".join(items) + "]"
    return dump(value)


def _capped(value: Json, steps: Steps, cap: int, string_room: int, cuts: Cuts) -> str:
    """Write a value with its long strings and lists cut; objects keep all their members."""
    if type(value) is dict:
        members = (f"{quote(key)}:{_capped(item, (*steps, key), cap, string_room, cuts)}" for key, item in value.items())
        return "{" + ",".join(members) + "}"
    return shorten(value, steps, cap, cuts, string_room=string_room)
