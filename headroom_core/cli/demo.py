"""`demo`: a researcher hands a coder what a linter found, and the coder reads one part of what its view leaves out."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Sequence
from importlib.resources import files

from headroom_core import markers
from headroom_core.cli.terminal import Terminal
from headroom_core.context import SharedContext
from headroom_core.payload import ContextEntry, OmittedSpan, savings_percent
from headroom_core.selection import find

MODEL = "gpt-4o"
ORIGINAL_LINES = 14
VIEW_LINES = 40
OMITTED_SHOWN = 6
PART_LINES = 20
RARE = "S310"
"""The code that only one of the findings has: the one that a coder should not miss."""


def demo(_options: Namespace, terminal: Terminal) -> None:
    """Print a handoff, step by step."""
    payload = files("headroom_core").joinpath("demo", "findings.json").read_bytes().decode("utf-8")
    ctx = SharedContext(model=MODEL)
    entry = ctx.put("findings", payload, agent="researcher")

    codes = [finding["code"] for finding in json.loads(payload)]
    what = f"{len(codes)} findings of ruff in the package PyJWT"
    _heading(terminal, 1, f"The researcher puts {entry.original_tokens:,} tokens: {what}")
    lines = payload.splitlines()
    _show(terminal, lines[:ORIGINAL_LINES], len(lines) - ORIGINAL_LINES)

    _heading(terminal, 2, f"The coder gets {entry.compressed_tokens:,} tokens, the view")
    shown = entry.compressed.splitlines()
    rare = [line for line in shown[VIEW_LINES:] if line.startswith(f"{RARE},")]
    _show(terminal, shown[:VIEW_LINES], len(shown) - VIEW_LINES, f", among them the only {RARE}:" if rare else "")
    for line in rare:
        terminal.line(terminal.styled(f"  {terminal.clipped(line, 2)}", "yellow"))

    spans = entry.omitted
    _heading(terminal, 3, f"What the view leaves out: {len(spans):,} parts, each of which can be read")
    _show_omitted(terminal, spans)
    same = all(ctx.read(span.reference or "") == entry.original[span.start : span.end] for span in spans)
    terminal.line(f"  each read by its reference, and compared with the original: {_verdict(same)}")

    _heading(terminal, 4, f"The coder wants all of that {RARE}, so it reads the row by the handle in the view's first line")
    part_tokens = _show_part(terminal, ctx, entry, codes.index(RARE) + 1)

    _heading(terminal, 5, "Tokens")
    both = entry.compressed_tokens + part_tokens
    rows = [
        _saving("the view", entry.original_tokens, entry.compressed_tokens),
        _saving("the view and the part that was read", entry.original_tokens, both),
    ]
    terminal.table(["what the coder pays for", "original", "view", "saved", "%"], rows)
    terminal.line()
    terminal.line(f"Counted with {ctx.counter.name}, {'exact' if ctx.counter.exact else 'an estimate'} for {MODEL}.")
    terminal.line("Next: headroom-core compress FILE")


def _heading(terminal: Terminal, number: int, text: str) -> None:
    if number > 1:
        terminal.line()
    terminal.line(terminal.styled(f"{number}. {text}", "bold", "cyan"))
    terminal.line()


def _show(terminal: Terminal, lines: Sequence[str], more: int, which: str = "") -> None:
    """Show lines, each cut to the width of the terminal, and say how many more there are."""
    for line in lines:
        plain = f"  {terminal.clipped(line, 2)}"
        ours = markers.LOOKS_LIKE_A_MARKER.match(line)
        terminal.line(terminal.styled(plain, "dim") if ours else plain)
    if more > 0:
        terminal.line(terminal.styled(f"  ({more:,} more lines{which})", "green"))


def _show_omitted(terminal: Terminal, spans: Sequence[OmittedSpan]) -> None:
    """Show the first different labels, those that columns repeat in every row once."""
    groups: dict[str, list[OmittedSpan]] = {}
    for span in spans:
        groups.setdefault(span.label, []).append(span)
    rows = [
        (label, f"{len(group):,}", f"{sum(span.end - span.start for span in group):,}")
        for label, group in list(groups.items())[:OMITTED_SHOWN]
    ]
    terminal.table(["what", "parts", "characters"], rows)
    total = sum(span.end - span.start for span in spans)
    terminal.line(terminal.styled(f"  (and {len(groups) - len(rows):,} more kinds; {total:,} characters in all)", "green"))


def _show_part(terminal: Terminal, ctx: SharedContext, entry: ContextEntry, row: int) -> int:
    """Read a row, and show that it is the original's. Return its tokens."""
    part = markers.Range("rows", row, row)
    reference = f"{markers.handle_of(entry.digest)} {part}"
    text = ctx.read(reference) or ""
    start, end = find(entry.original, part) or (0, 0)
    terminal.line(f'  ctx.read("{reference}")')
    lines = text.splitlines()
    _show(terminal, lines[:PART_LINES], len(lines) - PART_LINES)
    same = text == entry.original[start:end]
    terminal.line(f"  compared with characters {start:,} to {end:,} of the original: {_verdict(same)}")
    return ctx.counter.count(text)


def _verdict(same: bool) -> str:
    return "the same" if same else "NOT the same"


def _saving(name: str, original: int, view: int) -> tuple[str, ...]:
    return name, f"{original:,}", f"{view:,}", f"{original - view:,}", f"{savings_percent(original, view):.1f}"
