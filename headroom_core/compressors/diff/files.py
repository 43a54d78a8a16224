"""From the lines of a diff to its files and their hunks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_HUNK = re.compile(r"(?P<marks>@@+) -\d+(?:,\d+)? [^@]{0,200}\+(?P<new>\d+)(?:,\d+)? @@")
_FILE = re.compile(r"diff --(?:git|cc|combined) |diff -\w* ?|Index: ")
_HEADER = re.compile(
    r"(?:index |old mode|new mode|deleted file mode|new file mode|copy |rename |similarity |dissimilarity |mode |={20,}"
    r"|Binary files |GIT binary patch|--- |\+\+\+ )"
)
_NAME = re.compile(r"(?:diff --git |diff --cc |diff --combined |--- |\+\+\+ |Index: )(?P<name>[^\t\n]+)")
_BINARY = re.compile(r"(?:literal|delta) \d+\r?$|[A-Za-z][!-~]{1,80}\r?$|\r?$")
"""A line of the bytes of a file, as git writes them."""

_COMMIT = re.compile(r"(?:commit|From|changeset:?) +[0-9a-f]{7,64}\b|changeset: +\d+:[0-9a-f]{12}|# HG changeset patch")
_SIGNATURE = re.compile(r"-- \r?$")
_GENERATED = re.compile(
    r"(?:(?:^|[/\\ ])(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|deno\.lock|Cargo\.lock"
    r"|poetry\.lock|uv\.lock|pdm\.lock|Pipfile\.lock|Gemfile\.lock|composer\.lock|mix\.lock|pubspec\.lock|Podfile\.lock"
    r"|go\.sum|packages\.lock\.json|gradle\.lockfile|flake\.lock)"
    r"|\.min\.(?:js|css)|\.(?:js|css)\.map|\.pb\.(?:go|cc|h)|_pb2(?:_grpc)?\.pyi?|\.snap)$|(?:^|[/ ])node_modules/"
)
_SAYS_GENERATED = re.compile(
    r"[+ ]\s{0,8}(?://|/\*|\*|#|--|;|<!--|%|\"\"\"|''').{0,40}"
    r"(?:@generated\b|(?i:(?:code|file is|automatically|auto-?) ?generated .{0,80}do(?: not|n't) (?:edit|modify)))"
)
"""What generators write into the first lines of their files, as a remark."""

FIRST_LINES = 5
"""Lines of a file in which generators say that they wrote it."""

MATCHED_CHARS = 2_000
"""Characters of a line that are matched; headers are shorter."""


@dataclass(slots=True)
class Hunk:
    """A hunk: its header, the line behind its last, and the lines that change something."""

    start: int
    end: int
    changed: list[int] = field(default_factory=list)


@dataclass(slots=True)
class File:
    """
    The changes of one file: where they start and end, where the header ends, and its hunks.

    `folded` says in a word why its changes are told by their number alone.
    """

    start: int
    body: int
    end: int
    hunks: list[Hunk] = field(default_factory=list)
    folded: str = ""


def files_of(texts: list[str]) -> list[File]:
    """Return the files of a diff, in order; what stands before and between them is no part of any."""
    files: list[File] = []
    number = 0
    while number < len(texts):
        line = texts[number][:MATCHED_CHARS]
        pair = line.startswith("--- ") and number + 1 < len(texts) and texts[number + 1].startswith("+++ ")
        if pair or _FILE.match(line):
            file = _file(texts, number)
            # A header of one line that says nothing of a file is a line of words.
            if file.hunks or file.end > number + 1:
                files.append(file)
            number = max(file.end, number + 1)
        else:
            number += 1
    return files


def is_commit(text: str) -> bool:
    """Tell the first line of a commit, whose author, date and message stand below it."""
    return bool(_COMMIT.match(text[:MATCHED_CHARS]))


def _file(texts: list[str], start: int) -> File:
    number = start + (_FILE.match(texts[start][:MATCHED_CHARS]) is not None)
    while number < len(texts) and _HEADER.match(texts[number]):
        number += 1
    file = File(start, number, number)
    names = [_NAME.match(text[:MATCHED_CHARS].rstrip()) for text in texts[start:number]]
    if any(found and _GENERATED.search(found["name"].rstrip().strip('"')) for found in names):
        file.folded = "generated"
    if texts[number - 1].startswith("GIT binary patch"):
        while number < len(texts) and _BINARY.match(texts[number]):
            number += 1
        while not texts[number - 1].strip():
            number -= 1
        file.end, file.folded = number, "binary"
        return file
    while number < len(texts) and (found := _HUNK.match(texts[number][:MATCHED_CHARS])):
        hunk = _hunk(texts, number, len(found["marks"]) - 1)
        file.hunks.append(hunk)
        number = hunk.end
        if hunk is file.hunks[0] and int(found["new"]) <= 1 and not file.folded:
            first = texts[hunk.start + 1 : hunk.start + 1 + FIRST_LINES]
            file.folded = "generated" if any(_SAYS_GENERATED.match(text[:MATCHED_CHARS]) for text in first) else ""
    file.end = number
    return file


def _hunk(texts: list[str], start: int, width: int) -> Hunk:
    """Return the hunk whose header is the line `start`; each of its lines begins with as many marks as `width` says."""
    hunk = Hunk(start, start + 1)
    number = start + 1
    while number < len(texts):
        line = texts[number]
        marks = line[:width].strip(" ")
        if marks.startswith(("+", "-", "\\")):
            if _next_file(texts, number) or _signature(texts, number):
                break
            hunk.changed.append(number)
        elif line[:1] != " " and (line.rstrip("\r") or not _goes_on(texts, number)):
            break
        number += 1
    hunk.end = number
    return hunk


def _next_file(texts: list[str], number: int) -> bool:
    """Tell a file header from a removed line that begins with two hyphens."""
    following = texts[number + 1 : number + 3]
    return (
        len(following) == 2  # noqa: PLR2004  # the second header line and a hunk
        and texts[number].startswith("--- ")
        and following[0].startswith("+++ ")
        and following[1].startswith("@@ ")
    )


def _signature(texts: list[str], number: int) -> bool:
    """Tell the hyphens over the version of git, at the end of a mailed patch, from a removed line."""
    if not _SIGNATURE.match(texts[number]):
        return False
    following = texts[number + 1 : number + 3]
    return bool(following) and following[0][:1].isdigit() and not "".join(following[1:]).strip()


def _goes_on(texts: list[str], number: int) -> bool:
    """Tell whether an empty line stands inside of a hunk whose trailing spaces went: the next line is one of a hunk."""
    return number + 1 < len(texts) and texts[number + 1][:1] in ("+", "-", " ", "@")
