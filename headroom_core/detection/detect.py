"""The order in which kinds are looked for."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache

from headroom_core.detection.base import Detection, Sample

KINDS = (
    "json",
    "jsonl",
    "yaml",
    "toml",
    "ini",
    "csv",
    "tsv",
    "table",
    "log",
    "traceback",
    "build",
    "search",
    "diff",
    "html",
    "xml",
    "code",
    "markdown",
    "transcript",
    "terminal",
    "text",
)
"""All kinds that detection tells apart; `text` is prose, and everything else."""


def detect(text: str, *, without: Collection[str] = ()) -> Detection:
    """
    Return the kind of a text, one of `KINDS` but none of those in `without`, and the reason.

    Looks at the first 8,000 characters and at some from the middle and the end, so that the time does not grow with the text.
    A wrong guess is harmless: every compressor refuses what is not its kind.
    """
    sample = Sample(text)
    if not sample.lines:
        return Detection("text", "nothing but white space")
    for detector in _detectors():
        found = detector(sample)
        if found is not None and found.kind not in without:
            return found
    if sample.opening.startswith(("{", "[")) and "json" not in without:
        return Detection("json", f"opens with {sample.opening[0]}")
    return Detection("text", "looks like no other kind")


@cache
def _detectors() -> tuple[Callable[[Sample], Detection | None], ...]:
    """
    Return what looks for each kind, in order.

    Imported on first use: compiling the patterns takes as long as importing half of the package.
    """
    from headroom_core.detection import data_formats, listings, printed, written  # noqa: PLC0415

    # The first that says yes wins. What opens in a way of its own comes first. Documents come before what they may hold.
    # Tables come before logs: rows that are led by a date are rows. Code comes before logs, for it may print them, and builds
    # come before code and logs, for they show code and have levels.
    # Tables that are plain to see come early, because the rest takes as long as counting their tokens.
    return (
        data_formats.json,
        data_formats.json_between,
        data_formats.markup,
        printed.diff,
        printed.traceback,
        data_formats.pipe_table,
        printed.stamped_log,
        listings.listing,
        data_formats.even_table,
        data_formats.labelled,
        written.document,
        printed.search,
        printed.build,
        printed.terminal,
        written.transcript,
        written.code,
        data_formats.separated,
        data_formats.settings,
        data_formats.yaml,
        written.wrapped,
        printed.log,
    )
