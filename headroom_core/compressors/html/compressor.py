"""The compressor of HTML: the readable content as Markdown, and a marker for each piece of the page that is not shown."""

from __future__ import annotations

import json
from bisect import bisect_left

from headroom_core import markers
from headroom_core.compressors.base import Compressed, Refused, Request
from headroom_core.compressors.html.blocks import Block, Page, markdown, read_page
from headroom_core.compressors.html.choice import by_importance, content
from headroom_core.compressors.room import room_chars
from headroom_core.payload import OmittedSpan

LEAST_TAGS = 3
MARKER_CHARS = 40
"""What a marker with its note takes, about."""


class HtmlCompressor:
    """Shortens HTML pages, mails and fragments to what a person would read."""

    kind = "html"

    def compress(self, original: str, /, request: Request) -> Compressed | Refused:
        """Return the content of a page as Markdown, or why the text is no page."""
        request.budget.spend(len(original))
        if request.mode == "lossless":
            return Refused("markup cannot be left out without loss")
        if not original[:2_000].lstrip().startswith("<") and original.count("</", 0, 20_000) < LEAST_TAGS:
            return Refused("it does not open with a tag, and closes few")
        page = read_page(original)
        request.budget.spend(len(page.blocks))
        if page.tags < LEAST_TAGS:
            return Refused("it has no tags")
        if not page.blocks:
            return Refused("it has no text between its tags")
        if _is_code(original, page):
            return Refused("it reads as code with markup in it")
        shown = content(page.blocks, request.mode)
        room = room_chars(original, request)
        if room is not None:
            shown = _fitting(page.blocks, shown, room)
        return _write(original, page, sorted(shown), request)


def _is_code(original: str, page: Page) -> bool:
    """Tell templates and components from pages: they open with code, or their attributes are in braces."""
    opening = original[:4_000]
    return opening.lstrip().startswith(("import ", "export ", "const ", "function ", "//", "/*", "'use ", '"use ')) or (
        opening.count("={") > 2 and "=>" in opening and page.tags < 400  # noqa: PLR2004  # pages have scripts with both
    )


def _fitting(blocks: list[Block], shown: set[int], room: int) -> set[int]:
    """Return the blocks that there is room for."""
    if sum(len(blocks[i].text) + 4 for i in shown) <= room:
        return shown
    kept: set[int] = set()
    for i in by_importance(blocks, shown):
        cost = len(blocks[i].text) + (4 if i - 1 in kept else MARKER_CHARS)
        if cost <= room:
            kept.add(i)
            room -= cost
    return kept


def _write(original: str, page: Page, shown: list[int], request: Request) -> Compressed:
    skipped = [token.start for token in page.skipped]
    parts: list[str] = []
    spans: list[OmittedSpan] = []
    position = 0
    previous = -1
    for i in [*shown, len(page.blocks)]:
        start = page.blocks[i].start if i < len(page.blocks) else len(original)
        hidden = page.blocks[previous + 1 : i]
        between = page.skipped[bisect_left(skipped, position) : bisect_left(skipped, start)]
        if hidden or between:
            part = request.place.chars(position, start)
            spans.append(OmittedSpan(position, start, markers.reference(request.handle, part), str(part)))
            words = sum(block.words for block in hidden)
            price = request.price(start - position, len(original))
            parts.append(markers.marker(part, f"{words} words" if words else "", tokens=price))
        if i < len(page.blocks):
            parts.append(markdown(page.blocks[i]))
            position = page.blocks[i].end
        previous = i
    body = "\n".join(parts)
    if request.place.part:
        return Compressed(text=body, omitted=tuple(spans))
    header = markers.header(request.handle, omits=bool(spans))
    text = json.dumps([header, body], ensure_ascii=False) if request.format == "json" else f"{header}\n{body}"
    return Compressed(text=text, omitted=tuple(spans))
