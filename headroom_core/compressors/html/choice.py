"""
Which blocks of a page are its content, told by their words, their links and the names around them.

The rules follow what is known of such pages: content is long texts with few links, and what stands between them (Kohlschütter,
Fankhauser, Nejdl, "Boilerplate Detection using Shallow Text Features", 2010).
"""

from __future__ import annotations

import re

from headroom_core.alarms import ERROR
from headroom_core.compressors.html.blocks import Block
from headroom_core.payload import Mode

LONG_WORDS = 12
"""A block with as many words is a sentence rather than a label."""

FEW_LINKS = 0.4
"""Share of linked words up to which a long block is content."""

MANY_LINKS = 0.8
"""Share of linked words from which on a short block between texts is a list of links."""

LEAST_SHARE = 0.2
"""With less than this share of the words of a page that is not chrome, the content has not been found."""

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}[./:]\d{2}")

REACH = 4
"""Short blocks are content when there is content within as many blocks on either side."""


def content(blocks: list[Block], mode: Mode) -> set[int]:
    """Return the places of the blocks that are content."""
    strong = {i for i, block in enumerate(blocks) if _is_text(block)}
    shown = _with_neighbours(blocks, strong, mode)
    if mode != "compact":
        # What the page itself calls its content is shown, but for its links: short steps, listings, terms.
        shown |= {i for i, block in enumerate(blocks) if block.main and block.linked <= FEW_LINKS * block.words}
    words = sum(block.words for block in blocks if not block.chrome)
    if sum(blocks[i].words for i in shown) < LEAST_SHARE * words or len(strong) < 2:  # noqa: PLR2004  # a page of short texts
        shown |= {i for i, block in enumerate(blocks) if not block.chrome}
    if not shown or sum(blocks[i].words for i in shown) < LEAST_SHARE * sum(block.words for block in blocks):
        shown = set(range(len(blocks)))
    shown |= {i for i, block in enumerate(blocks) if block.tag in ("title", "h1")}
    return shown


def _is_text(block: Block) -> bool:
    if block.tag in ("title", "option", "button"):
        return False
    density = block.linked / max(1, block.words)
    if block.chrome:
        # Names mislead: a text as long as this is content wherever it stands.
        return block.words >= 2 * LONG_WORDS and density < FEW_LINKS / 2
    return block.words >= LONG_WORDS and density < FEW_LINKS


def _with_neighbours(blocks: list[Block], strong: set[int], mode: Mode) -> set[int]:
    """Return the long texts with the short blocks that stand between them."""
    shown = set(strong)
    last = [-REACH - 1] * len(blocks)
    following = [len(blocks) + REACH] * len(blocks)
    place = -REACH - 1
    for i in range(len(blocks)):
        place = i if i in strong else place
        last[i] = place
    place = len(blocks) + REACH
    for i in range(len(blocks) - 1, -1, -1):
        place = i if i in strong else place
        following[i] = place
    for i, block in enumerate(blocks):
        if i in shown or block.chrome:
            continue
        before, behind = i - last[i] <= REACH, following[i] - i <= REACH
        density = block.linked / max(1, block.words)
        if behind and block.tag in _HEADINGS:
            shown.add(i)
        elif mode == "compact" or density > MANY_LINKS:
            continue
        elif before and behind:
            shown.add(i)
        elif density > FEW_LINKS:
            continue
        # Items of a list go on as long as they are like those before them; a date or a name may stand over a text.
        elif (
            block.content
            and (before or behind or any(j in shown and blocks[j].tag == block.tag for j in range(max(0, i - 2), i)))
        ) or (behind and block.words <= LONG_WORDS and _DATE.search(block.text)):
            shown.add(i)
    return shown


def by_importance(blocks: list[Block], shown: set[int]) -> list[int]:
    """Return blocks in the order in which they are kept when there is little room: title, errors, headings, texts."""
    ranked = []
    after_heading = False
    for i in sorted(shown):
        block = blocks[i]
        if block.tag in ("title", "h1"):
            order = 0
        elif ERROR.search(block.text.lower()):
            order = 1
        elif block.tag in _HEADINGS:
            order = 2
        elif _is_text(block):
            order = 3 if after_heading else 4
        else:
            order = 5
        after_heading = block.tag in _HEADINGS
        ranked.append((order, i))
    return [i for _, i in sorted(ranked)]
