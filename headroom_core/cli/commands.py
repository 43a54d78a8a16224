"""`compress`, `read` and `count`."""

from __future__ import annotations

import json
import time
from argparse import Namespace

from headroom_core import markers
from headroom_core.cli.files import STDIN, UnreadableError, read_payload
from headroom_core.cli.terminal import Terminal
from headroom_core.compression import compress
from headroom_core.content import digest_and_size
from headroom_core.errors import AmbiguousNameError, InvalidOptionError
from headroom_core.payload import OmittedSpan, View, savings_percent
from headroom_core.reading import passage_in
from headroom_core.selection import near_names
from headroom_core.store.base import Original
from headroom_core.tokens.base import TokenCounter
from headroom_core.tokens.counters import CountMemo, counter_for


def compress_file(options: Namespace, terminal: Terminal) -> None:
    """Print the view of a file, and what it saves."""
    counter = CountMemo(counter_for(options.model))
    original = read_payload(options.file)
    since = time.perf_counter()
    view = compress(
        original,
        options.model,
        mode=options.mode,
        max_tokens=options.max_tokens,
        format=options.format,
        counter=counter,
    )
    seconds = time.perf_counter() - since
    original_tokens = counter.count(original)
    if options.json:
        known = _known_of(view, original_tokens, counter)
        if options.report:
            known["report"] = view.report(original).as_dict()
        terminal.line(json.dumps(known, ensure_ascii=False))
    else:
        terminal.text(view.text)
        saved = savings_percent(original_tokens, view.tokens)
        terminal.tell(f"{original_tokens:,} tokens -> {view.tokens:,} ({saved:.1f} % saved); {_how(counter)}")
        terminal.tell(f"{', '.join(view.transforms)} in {seconds:.2f} s")
        for note in view.notes:
            terminal.tell(f"note: {note}")
        if options.report:
            for line in str(view.report(original)).splitlines():
                terminal.tell(line)
    if options.show_omitted:
        spans = view.omitted
        total = sum(span.end - span.start for span in spans)
        terminal.tell(
            f"{len(spans):,} parts omitted, {total:,} of {len(original):,} characters; print one with: read FILE PART"
        )
        for span in spans:
            part = part_of(span)
            what = "" if part == span.label else f"  {span.label}"
            terminal.tell(f"  {part}  {span.end - span.start:,} characters{what}")


def read_part(options: Namespace, terminal: Terminal) -> None:
    """Print a part of a file."""
    asked = " ".join(options.part)
    handle = None
    part = markers.parse_part(asked)
    if part is None:
        reference = markers.parse_reference(asked)
        if reference is None:
            option, expected = (
                "PART",
                (
                    "a part such as 'rows 12-604', 'rows 3-9 of /data/items', 'lines 3-9', 'chars 0-99', 'symbol Session.get', "
                    "'heading Results', 'field items[3].name' or 'pattern timed? ?out'"
                ),
            )
            raise InvalidOptionError(option, expected, asked)
        handle, part = reference
    original = read_payload(options.file)
    name = "standard input" if options.file == STDIN else options.file
    digest, _ = digest_and_size(original)
    if handle is not None and handle != (own := markers.handle_of(digest)):
        msg = f"{name}: is not what {handle} refers to, its handle is {own}; to read it all the same, give '{part}' alone"
        raise UnreadableError(msg)
    try:
        passage = passage_in(Original(original, digest, name, None), part)
    except AmbiguousNameError as exc:
        found = "".join(f"\n  {reference.partition(' ')[2]}  {full}" for full, reference in exc.candidates)
        msg = f"{name}: {part} means {len(exc.candidates)} things; read one of them:{found}"
        raise UnreadableError(msg) from None
    text = passage.text
    if text is None:
        hint = {
            "rows": "rows are those of a list of objects in JSON, counted from 1",
            "lines": f"it has {_lines_of(original):,}, counted from 1",
            "symbol": "it declares nothing of that name" + _near(original, part),
            "heading": "it has no such heading" + _near(original, part),
            "field": "no JSON document in it has such a field" + _near(original, part),
            "pattern": "no line of it matches",
            "search": "it is for reading tools",
            "chars": f"it has {len(original):,}, counted from 0, and the second number is the first that is not wanted",
        }
        msg = f"{name}: has no {part}: {hint[part.unit]}"
        raise UnreadableError(msg)
    terminal.exactly(text)


def _near(original: str, part: markers.Part) -> str:
    near = near_names(original, part) if isinstance(part, markers.Named) else []
    return f"; it has {', '.join(near)}" if near else ""


def count_tokens(options: Namespace, terminal: Terminal) -> None:
    """Print the tokens of a file, and how they were counted."""
    counter = counter_for(options.model)
    tokens = counter.count(read_payload(options.file))
    if options.json:
        terminal.line(json.dumps({"tokens": tokens, "counter": _counter(counter)}, ensure_ascii=False))
    else:
        terminal.line(f"{tokens:,} tokens; {_how(counter)}")


def part_of(span: OmittedSpan) -> str:
    """Return the range of a span, as `headroom-core read` takes it."""
    return span.label if markers.parse_part(span.label) else str(markers.Range("chars", span.start, span.end))


def _lines_of(text: str) -> int:
    return text.count("\n") + (not text.endswith("\n") and text != "")


def _known_of(view: View, original_tokens: int, counter: TokenCounter) -> dict[str, object]:
    return {
        "view": view.text,
        "tokens": {"original": original_tokens, "view": view.tokens, "saved": original_tokens - view.tokens},
        "savings_percent": round(savings_percent(original_tokens, view.tokens), 2),
        "counter": _counter(counter),
        "transforms": view.transforms,
        "notes": list(view.notes),
        "omitted": [
            {"part": part_of(span), "label": span.label, "start": span.start, "end": span.end} for span in view.omitted
        ],
    }


def _counter(counter: TokenCounter) -> dict[str, object]:
    return {"name": counter.name, "exact": counter.exact, "margin": counter.margin}


def _how(counter: TokenCounter) -> str:
    if counter.exact:
        return f"counted with {counter.name}, exact"
    return f"counted with {counter.name}; the model may count up to {100 * counter.margin:.0f} % more"
