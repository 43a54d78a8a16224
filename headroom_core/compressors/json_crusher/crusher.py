"""The compressor of JSON and JSON lines."""

from __future__ import annotations

from collections.abc import Sequence

from headroom_core import markers
from headroom_core.compressors.asked import asked_of
from headroom_core.compressors.base import Compressed, Place, Refused, Request
from headroom_core.compressors.json_crusher.blocks import Document, RowsOf, Shaped, main_block, shape, split
from headroom_core.compressors.json_crusher.envelopes import LONG_STRING, Parts
from headroom_core.compressors.json_crusher.json_view import fill_slots, json_block, with_header, with_slots
from headroom_core.compressors.json_crusher.locate import Span, locate
from headroom_core.compressors.json_crusher.long_strings import lengths, string_room
from headroom_core.compressors.json_crusher.omissions import Omissions, wanted_of
from headroom_core.compressors.json_crusher.parse import Document as Parsed
from headroom_core.compressors.json_crusher.parse import NotJsonError, parse
from headroom_core.compressors.json_crusher.plan import TablePlan, plan
from headroom_core.compressors.json_crusher.shorten import Cuts, fill, shorten
from headroom_core.compressors.json_crusher.spelling import dump
from headroom_core.compressors.json_crusher.text_view import TextWriter
from headroom_core.compressors.json_crusher.values import Json, Pairs, Raw
from headroom_core.compressors.room import target_tokens

CHARS_PER_TOKEN = 2.6
"""Characters of a table for each of its tokens, about; o200k_base gives 2.3 for numbers and 3.2 for words."""


class SmartCrusher:
    """
    Shortens JSON documents and JSON lines.

    Lists of records become tables: names once, constants once, nested records as dotted columns. What is still too long
    loses its heavy columns, then the rows that say the least; each omission is announced in its place.
    """

    kind = "json"

    def compress(self, original: str, /, request: Request) -> Compressed | Refused:
        """Return the view of a JSON text, or where it stops being one."""
        request.budget.spend(len(original))
        try:
            try:
                return self._compress(original, parse(original), request)
            except RecursionError:
                return self._compress(original, parse(original, capped=True), request)
        except NotJsonError as exc:
            return Refused(str(exc))

    def _compress(self, original: str, document: Parsed, request: Request) -> Compressed | Refused:
        root = document.root
        if type(root) not in (dict, list, Pairs) and not (type(root) is str and len(root) >= LONG_STRING):
            return Refused("a JSON text that is neither an object nor a list, nor a long string")
        parts = split(root)
        rest = parts.rest
        shaped = [shape(block) for block in parts.blocks]
        request.budget.spend(sum(table.table.rows * len(table.weighed) for table in shaped))
        target = target_tokens(request)
        room = None if target is None else int((target or 1) * CHARS_PER_TOKEN)
        rest_size = len(dump(rest))
        whole = sum(table.chars for table in shaped) + rest_size
        cuts = Cuts(valid_json=request.format == "json")
        if room is None or whole <= room:
            plans = [TablePlan() for _ in shaped]
            rest_room = None
        else:
            prices = [request.price(table.chars, whole) / table.table.rows for table in shaped]
            asked = asked_of(request.receiver.query)
            plans, rest_room = _share(shaped, rest_size, room, asked, envelopes=request.compress_part is not None)
            for made, price in zip(plans, prices, strict=True):
                made.row_tokens = price
            if request.compress_part is not None and not _on_some_lines_of_a_string(request.place):
                cuts.parts = Parts(request, len(original), lengths(rest, zip(shaped, plans, strict=True)))
        return self._write(original, document, parts, list(zip(shaped, plans, strict=True)), rest_room, cuts, request)

    def _write(
        self,
        original: str,
        document: Parsed,
        parts: Document,
        blocks: list[tuple[Shaped, TablePlan]],
        rest_room: int | None,
        cuts: Cuts,
        request: Request,
    ) -> Compressed:
        place = request.place
        main = _main(parts, blocks, place)
        rows_of = _rows_of(original, blocks, place, lines=document.lines)
        if request.format == "json":
            numbers = {block.steps: number for number, block in enumerate(parts.blocks)}
            rest = with_slots(parts.rest, numbers, parts.around)
            cuts.around_tables = frozenset(parts.around)
            body = _document(rest, rest_room, cuts)
            body = fill_slots(body, [json_block(shaped, made, cuts, rows_of, main=shaped is main) for shaped, made in blocks])
        else:
            cuts.around_tables = frozenset(parts.around)
            writer = TextWriter(cuts, rows_of, request.said)
            texts = [] if _is_empty(parts.rest) else [_document(parts.rest, rest_room, cuts)]
            texts.extend(writer.block(shaped, made, main=shaped is main) for shaped, made in blocks)
            body = "\n".join(texts)
        wanted = wanted_of(blocks, main, rows_of)
        spans, texts_of_cuts = _place(original, cuts, request, lines=document.lines)
        inner = () if cuts.parts is None else tuple(cuts.parts.found)
        omits = bool(spans) or bool(inner) or bool(wanted.inside or wanted.runs or wanted.each)
        text = fill(body, texts_of_cuts)
        if not place.part:
            header = markers.header(request.handle, omits=omits)
            text = with_header(text, document.root, header) if request.format == "json" else f"{header}\n{text}"
        omitted = Omissions(original, document.lines, request.handle, wanted, spans, inner, place) if omits else ()
        return Compressed(text=text, omitted=omitted)


def _main(parts: Document, blocks: list[tuple[Shaped, TablePlan]], place: Place) -> Shaped | None:
    """Return the table whose rows need no name; those of JSON in a string always do."""
    if place.path is not None:
        return None
    main = main_block(parts.blocks)
    return next((shaped for shaped, _ in blocks if shaped.block is main), None)


def _on_some_lines_of_a_string(place: Place) -> bool:
    """Tell whether JSON stands in a text that stands in a string: no pointer leads into it."""
    return place.path is not None and bool(place.char or place.line)


def _rows_of(original: str, blocks: list[tuple[Shaped, TablePlan]], place: Place, *, lines: bool) -> RowsOf:
    """Return how runs of rows are named: by their table, or by their characters where no pointer leads to that."""
    if not _on_some_lines_of_a_string(place):
        return place.rows
    wanted = wanted_of(blocks, None, Place().rows)
    spans = {mark: span for span, mark in locate(original, wanted, lines=lines)}
    return lambda first, last, path: place.chars(*spans[Place().rows(first, last, path)])


def _is_empty(rest: Json) -> bool:
    """Tell whether the document is one table and nothing else."""
    return type(rest) is Raw and not rest.text


def _document(rest: Json, room: int | None, cuts: Cuts) -> str:
    return dump(rest) if room is None else shorten(rest, (), room, cuts)


def _place(original: str, cuts: Cuts, request: Request, *, lines: bool) -> tuple[tuple[tuple[Span, str], ...], list[str]]:
    """Find the cuts in the original; return their spans and the markers that go into their slots."""
    if not cuts.notes:
        return (), []
    places = {mark: span for span, mark in locate(original, cuts.wanted, lines=lines)}
    texts: list[str] = []
    spans: list[tuple[Span, str]] = []
    for number, note in enumerate(cuts.notes):
        start, end = places[number]
        part = request.place.chars(start, end)
        texts.append(markers.marker(f"{note} {part}".strip(), tokens=request.price(end - start, len(original))))
        spans.append(((start, end), note or str(part)))
    return tuple(spans), texts


SHARE_POWER = 0.75
"""Of two parts, one 16 times as long as the other gets 8 times its room."""


def _share(
    shaped: list[Shaped], rest_size: int, room: int, asked: Sequence[str], *, envelopes: bool
) -> tuple[list[TablePlan], int | None]:
    """Divide the room among the tables and the rest of the document, and plan each."""
    sizes = [table.chars for table in shaped]
    rooms = _divide([*sizes, rest_size], room)
    plans = [
        TablePlan() if part >= table.chars else plan(table.table, table.weighed, part, asked)
        for table, part in zip(shaped, rooms[:-1], strict=True)
    ]
    if envelopes:
        for table, made, part in zip(shaped, plans, rooms[:-1], strict=True):
            made.string_room = string_room(table.table, made, part)
    return plans, None if rooms[-1] >= rest_size else rooms[-1]


def _divide(sizes: list[int], room: int) -> list[int]:
    """Return the room of each part: all it needs for a small one, a share by its length to the power of `SHARE_POWER` else."""
    given = [0] * len(sizes)
    open_parts = [i for i, size in enumerate(sizes) if size]
    left = room
    while open_parts:
        weights = {i: sizes[i] ** SHARE_POWER for i in open_parts}
        total = sum(weights.values())
        full = [i for i in open_parts if sizes[i] <= left * weights[i] / total]
        if not full:
            for i in open_parts:
                given[i] = int(left * weights[i] / total)
            break
        for i in full:
            given[i] = sizes[i]
            left -= sizes[i]
        open_parts = [i for i in open_parts if i not in full]
    return given
