"""
The compressor of search results: what `grep -rn`, `git grep` and ripgrep print.

Each file is named once, with its matches below it, without their indentation; a line that repeats in a file is shown once, with
all its numbers. What is still too long loses matches that are like others; each file keeps at least one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from headroom_core import markers
from headroom_core.compressors.base import Compressed, Refused, Request
from headroom_core.compressors.line_view import Lines, LineView
from headroom_core.compressors.room import room_chars
from headroom_core.payload import OmittedSpan

_MATCH = re.compile(r"(?P<path>(?:[A-Za-z]:[\\/])?[^:\n\x00]{1,400}):(?P<number>\d{1,9}):(?P<text>.*)", re.DOTALL)
_BESIDE = re.compile(r"(?P<path>(?:[A-Za-z]:[\\/])?[^\n\x00]{1,400}?)-(?P<number>\d{1,9})-(?P<text>.*)", re.DOTALL)
_NUMBERED = re.compile(r"(?P<number>\d{1,9})(?P<mark>[:-])(?P<text>.*)", re.DOTALL)
_COLUMN = re.compile(r"\d{1,5}:")
_CLOCK = re.compile(r"\d[ T_]\d\d$")
_VARIABLE = re.compile(r"\d+|\"[^\"\n]*\"|'[^'\n]*'")
_LETTER = re.compile(r"[^\W\d_]")

MATCHED_CHARS = 2_000
"""Characters of a line that are looked at for its path."""

LONG_TEXT = 400
"""Characters shown of a match; only minified files have longer lines."""

LEAST_MATCHES = 3
MOST_SPACES = 3
"""Spaces in the path of a file; sentences have more."""

RESULT_SHARE = 0.8
"""Share of the lines that must be matches, or context of matches."""

MARKER_CHARS = 40
"""What a marker such as `[lines 120-134 omitted; 15 matches]` takes, with its line end."""


@dataclass(slots=True)
class _Result:
    """A line of the results: its place in them, its number in its file, and its text; `mark` is `-` for context."""

    line: int
    number: str
    text: str
    mark: str = ":"
    told: list[_Result] = field(default_factory=list)
    """Later results of the file with the same text."""

    @property
    def cost(self) -> int:
        """Characters that it takes in a view."""
        return len(self.number) + min(len(self.text), LONG_TEXT) + 2 + sum(len(other.number) + 1 for other in self.told)


@dataclass(slots=True)
class _File:
    """A file with its results, in order; `heading` is the line that names it, where one does."""

    path: str
    results: list[_Result] = field(default_factory=list)
    heading: int | None = None
    end: int = 0


class SearchCompressor:
    """Shortens lists of matches, with or without context lines and headings."""

    kind = "search"

    def compress(self, original: str, /, request: Request) -> Compressed | Refused:
        """Return the view of search results, or why the text is none."""
        request.budget.spend(len(original))
        lines = Lines(original)
        files = _grouped(lines.texts) or _under_headings(lines.texts)
        if files is None:
            return Refused("too few of its lines are matches with a path and a number")
        _fold(files)
        room = room_chars(original, request)
        shown = None if room is None else _chosen(files, room)
        return _write(lines, files, shown, request)


def _grouped(texts: list[str]) -> list[_File] | None:
    """Return the files of results that name their path in each line, or None where too few lines do."""
    files: list[_File] = []
    matches = others = 0
    for number, text in enumerate(texts):
        found = _MATCH.match(text, 0, MATCHED_CHARS) if len(text) > MATCHED_CHARS else _MATCH.match(text)
        mark = ":"
        if found is None or not _names_file(found["path"]):
            found, mark = _beside(text, files), "-"
            if found is None:
                others += bool(text.strip()) and text.rstrip() != "--"
                continue
        matches += mark == ":"
        if not files or files[-1].path != found["path"]:
            files.append(_File(found["path"]))
        said = text[found.start("text") :]
        files[-1].results.append(_Result(number, found["number"], said, mark))
        files[-1].end = number + 1
    if matches < LEAST_MATCHES or others > (1 - RESULT_SHARE) * (others + sum(len(file.results) for file in files)):
        return None
    return files


def _names_file(path: str) -> bool:
    """Tell a path from the beginning of a line of a log or of prose, up to its hour for one."""
    if "  " in path or path.count(" ") > MOST_SPACES or path.startswith((" ", "\t", "[", "{", '"')):
        return False
    return bool(_LETTER.search(path)) and not _CLOCK.search(path)


def _beside(text: str, files: list[_File]) -> re.Match[str] | None:
    """Return a line of context, which belongs to the file before it or to the one that follows."""
    if files and text.startswith(files[-1].path + "-"):
        return re.compile(
            re.escape(files[-1].path).join(("(?P<path>", r")-(?P<number>\d{1,9})-(?P<text>.*)")), re.DOTALL
        ).match(text)
    found = _BESIDE.match(text[:MATCHED_CHARS])
    return found if found and _names_file(found["path"]) and ("." in found["path"] or "/" in found["path"]) else None


def _under_headings(texts: list[str]) -> list[_File] | None:
    """Return the files of results that stand under the names of their files, or None where they do not."""
    files: list[_File] = []
    results = others = 0
    for number, text in enumerate(texts):
        found = _NUMBERED.match(text)
        if found and not files:
            return None
        if found:
            files[-1].results.append(_Result(number, found["number"], found["text"], found["mark"]))
            files[-1].end = number + 1
            results += 1
        elif text.strip() and text.rstrip() != "--":
            if files and not files[-1].results:
                others += 1
            files.append(_File(text.rstrip("\r"), heading=number, end=number + 1))
            others += not _names_file(text)
    named = [file for file in files if file.results]
    if results < LEAST_MATCHES or others or len(named) != len(files) or len(files) > results:
        return None
    return files


def _fold(files: list[_File]) -> None:
    """Let the first of the matches of a file with one text tell the numbers of the others."""
    for file in files:
        first: dict[str, _Result] = {}
        kept = []
        columns = bool(file.results) and all(_COLUMN.match(result.text) for result in file.results)
        for result in file.results:
            # Behind a column the text is never the same, and context stands where it stands.
            known = first.get(result.text.strip()) if result.mark == ":" and not columns else None
            if known is None:
                kept.append(result)
                if result.mark == ":" and result.text.strip():
                    first.setdefault(result.text.strip(), result)
            else:
                known.told.append(result)
        file.results = kept


def _chosen(files: list[_File], room: int) -> set[int] | None:
    """Return the lines of the results to show, or None for all of them: one of each file, then those least like others."""
    every = sum(result.cost for file in files for result in file.results) + sum(len(file.path) + 1 for file in files)
    if every <= room:
        return None
    room -= sum(len(file.path) + 1 + MARKER_CHARS for file in files)
    seen: set[str] = set()
    alike: defaultdict[str, int] = defaultdict(int)
    ranked: list[tuple[int, int, int, int]] = []
    shown: set[int] = set()
    for file in files:
        first = next((result for result in file.results if result.mark == ":"), file.results[0])
        for rank, result in enumerate(file.results):
            text = result.text.strip()
            shape = _VARIABLE.sub("0", text[:LONG_TEXT])
            if result is first:
                order = 0
            elif result.mark == "-":
                order = 4
            else:
                order = 3 if text in seen else 1 if not alike[shape] else 2
            seen.add(text)
            alike[shape] += 1
            ranked.append((order, rank, result.line, result.cost))
    for order, _, line, cost in sorted(ranked):
        if cost <= room or (order == 0 and room > 0):
            shown.add(line)
            room -= cost
    return shown


def _write(lines: Lines, files: list[_File], shown: set[int] | None, request: Request) -> Compressed:
    view = LineView(lines, request)
    for file in files:
        told = (other.line for result in file.results if shown is None or result.line in shown for other in result.told)
        view.told(told)
        named = False
        hidden = 0
        for result in file.results:
            if shown is not None and result.line not in shown:
                hidden += 1 + len(result.told)
                continue
            if not named:
                named = _name(view, file, min(result.line, file.results[0].line))
            _show(view, lines, result, request, _matches(hidden))
            hidden = 0
        if not named:
            _name(view, file, file.results[0].line)
        view.skip_to(file.end, note=_matches(hidden))
    return view.finish()


def _matches(count: int) -> str:
    return f"{count} match{'es' * (count > 1)}" if count else ""


def _name(view: LineView, file: _File, first: int) -> bool:
    if file.heading is not None:
        view.show(file.heading)
    else:
        view.skip_to(first)
        view.say(file.path)
    return True


def _show(view: LineView, lines: Lines, result: _Result, request: Request, note: str) -> None:
    """Write one result: its numbers, and its text without the space around it."""
    text = result.text.strip()
    numbers = ",".join([result.number, *(other.number for other in result.told)])
    if len(text) <= LONG_TEXT:
        view.rewrite(result.line, result.line + 1, f"{numbers}{result.mark}{text}", note=note)
        return
    end = len(lines.texts[result.line].rstrip())
    start = end - len(text) + LONG_TEXT
    base = lines.starts[result.line]
    part = request.place.chars(base + start, base + end)
    span = OmittedSpan(start, end, markers.reference(request.handle, part), str(part))
    said = f"{numbers}{result.mark}{text[:LONG_TEXT]}{markers.marker(part)}"
    view.part(result.line, result.line + 1, Compressed(text=said, omitted=(span,)), note=note)
