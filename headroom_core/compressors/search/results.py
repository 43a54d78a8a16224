"""From the lines of search results to files and their matches."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_REVISION = r"[\w./@{}-]{1,80}[~^0-9]{0,8}:(?=[^\d\s:])"
"""A commit, a branch or a tag, as `git grep` prints it before a path."""

_PATH = rf"(?P<path>(?:[A-Za-z]:(?=[\\/])|{_REVISION})??[^:\n\x00]{{1,400}})"
_MATCH = re.compile(rf"{_PATH}:(?P<number>\d{{1,9}}):(?P<text>.*)", re.DOTALL)
_NUMBERED = re.compile(r"(?P<number>\d{1,9})(?P<mark>[:-])(?P<text>.*)", re.DOTALL)
_COLUMN = re.compile(r"\d{1,5}(?=:)")
_CLOCK = re.compile(r"\d[ T_]\d\d$")
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


@dataclass(slots=True)
class Result:
    """
    A line of the results: its place in them, its number in its file, and its text without the space around it.

    `mark` is `:` for a match, `-` for context, and empty for what a tool says beside its results.
    """

    line: int
    number: str
    text: str
    mark: str = ":"
    told: list[Result] = field(default_factory=list)
    """Later matches of the file with the same text."""

    @property
    def cost(self) -> int:
        """Characters that it takes in a view, with its line end."""
        own = len(self.number) + min(len(self.text), LONG_TEXT) + 2
        return own + sum(len(other.number) + 1 for other in self.told) if self.told else own


@dataclass(slots=True)
class File:
    """
    A file with its results, in order; `heading` is the line that names it, where one does.

    What a tool says beside its results stands in a file without a path.
    """

    path: str
    heading: int | None = None
    results: list[Result] = field(default_factory=list)

    @property
    def start(self) -> int:
        """The first line of the file's results."""
        return self.results[0].line if self.heading is None else self.heading

    @property
    def end(self) -> int:
        """The line behind the last of the file's results."""
        return self.results[-1].line + 1


def files_of(texts: list[str]) -> list[File] | None:
    """Return the files of search results, or None where the lines are none."""
    files = _named_in_each_line(texts) or _under_headings(texts)
    if files is None:
        return None
    results = [result for file in files for result in file.results]
    matches = sum(result.mark == ":" for result in results)
    others = sum(not result.mark for result in results)
    if matches < LEAST_MATCHES or others > (1 - RESULT_SHARE) * len(results):
        return None
    _part_columns(results)
    return files


def fold(file: File) -> list[Result]:
    """Return the results of a file, the first of the matches with one text telling the numbers of the others."""
    first: dict[str, Result] = {}
    kept = []
    for result in file.results:
        # Context stands where it stands.
        known = first.setdefault(result.text, result) if result.mark == ":" and result.text else result
        if known is result:
            kept.append(result)
        else:
            known.told.append(result)
    return kept


def _named_in_each_line(texts: list[str]) -> list[File] | None:
    """Return the files of results that name their path in each line, or None where no line does."""
    files: list[File] = []
    waiting: list[int] = []
    path = None
    for number, text in enumerate(texts):
        beside = _beside(text, path) if path is not None else None
        if beside is not None and not waiting:
            files[-1].results.append(_result(number, beside))
            continue
        found = _MATCH.match(text, 0, MATCHED_CHARS)
        if found is None or (found["path"] != path and not _names_file(found["path"])):
            if text.strip() and text.rstrip() != "--":
                waiting.append(number)
            continue
        if found["path"] != path or waiting:
            path = found["path"]
            _settle(texts, waiting, path, files)
            waiting = []
        said = text[found.start("text") :].strip()
        files[-1].results.append(Result(number, found["number"], said))
    if not files:
        return None
    _say(texts, waiting, files)
    return files


def _settle(texts: list[str], waiting: list[int], path: str, files: list[File]) -> None:
    """Begin the file at `path`, with the lines before it that are context of its first match."""
    context = []
    while waiting and (found := _beside(texts[waiting[-1]], path)):
        context.append(_result(waiting.pop(), found))
    _say(texts, waiting, files)
    files.append(File(path, results=context[::-1]))


def _say(texts: list[str], numbers: list[int], files: list[File]) -> None:
    """Take lines for what the tool says beside its results: a file that it could not open, how many results there are."""
    if numbers:
        files.append(File("", results=[Result(number, "", texts[number].strip(), "") for number in numbers]))


def _beside(text: str, path: str) -> re.Match[str] | None:
    """Return the number and the text of a line of context of the file at `path`."""
    if not text.startswith("-", len(path)) or not text.startswith(path):
        return None
    found = _NUMBERED.match(text, len(path) + 1)
    return found if found and found["mark"] == "-" else None


def _result(number: int, found: re.Match[str]) -> Result:
    return Result(number, found["number"], found["text"].strip(), found["mark"])


def _names_file(path: str) -> bool:
    """Tell a path from the beginning of a line of a log or of prose, up to its hour for one."""
    if "  " in path or path.count(" ") > MOST_SPACES or path.startswith((" ", "\t", "[", "{", '"')):
        return False
    return bool(_LETTER.search(path)) and not _CLOCK.search(path)


def _under_headings(texts: list[str]) -> list[File] | None:
    """Return the files of results that stand under the names of their files, or None where they do not."""
    files: list[File] = []
    waiting: list[int] = []
    for number, text in enumerate(texts):
        found = _NUMBERED.match(text)
        if found is None:
            if text.strip() and text.rstrip() != "--":
                waiting.append(number)
            continue
        if waiting:
            heading = waiting.pop()
            if not _heads(texts[heading]):
                return None
            _say(texts, waiting, files)
            waiting = []
            files.append(File(texts[heading].strip(), heading))
        elif not files:
            return None
        files[-1].results.append(_result(number, found))
    _say(texts, waiting, files)
    return files


def _heads(text: str) -> bool:
    """Tell the name of a file from a title over a numbered list."""
    name = text[:MATCHED_CHARS].rstrip()
    return _names_file(name) and (" " not in name or any(sign in name for sign in "./\\"))


def _part_columns(results: list[Result]) -> None:
    """Take the column, where every match names one, for a part of its number: `12:5`."""
    matches = [result for result in results if result.mark == ":"]
    columns = [_COLUMN.match(result.text) for result in matches]
    if not all(columns):
        return
    for result, column in zip(matches, columns, strict=True):
        if column is not None:
            result.number = f"{result.number}:{column.group()}"
            result.text = result.text[column.end() + 1 :].strip()
