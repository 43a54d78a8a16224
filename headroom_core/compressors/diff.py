"""
The compressor of unified diffs: `git diff`, `git show`, `diff -u`.

Every changed line, file and hunk header is shown. Context goes but for the lines beside a change, and so do the bodies of lock
files and generated files. Under a ceiling the changes of the longest hunks are cut.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from headroom_core.compressors.base import Compressed, Refused, Request
from headroom_core.compressors.line_view import WORTH_A_MARKER, Lines, LineView
from headroom_core.compressors.room import room_chars

_HUNK = re.compile(r"(?P<marks>@@+) -\d+(?:,\d+)? .*?@@")
_FILE = re.compile(r"diff --(?:git|cc|combined) |diff -\w* ?|Index: ")
_HEADER = re.compile(
    r"(?:index |old mode|new mode|deleted file mode|new file mode|copy |rename |similarity |dissimilarity |mode |={20,}"
    r"|Binary files |GIT binary patch|--- |\+\+\+ )"
)
_NAMES = re.compile(r"diff --git (?P<old>a/(?P<path>\S+)) b/(?P=path)$")
_STAT = re.compile(r" \S.{0,300}? \|  *(?:\d+|Bin)\b|\s(?:create|delete|rename) mode |\s(?:rename|copy) .* \(\d+%\)$")
_GENERATED = re.compile(
    r"(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|Cargo\.lock|poetry\.lock|uv\.lock|pdm\.lock"
    r"|Pipfile\.lock|Gemfile\.lock|composer\.lock|go\.sum|packages\.lock\.json|flake\.lock|\.min\.(?:js|css)|\.(?:js|css)\.map"
    r"|\.pb\.go|_pb2(?:_grpc)?\.pyi?|\.snap)$"
)
_SAYS_GENERATED = re.compile(r"[+ ].{0,40}(?:@generated|Code generated .{0,80}DO NOT EDIT|[Aa]uto-?generated file)")
"""What generators write into the first lines of their files."""

MATCHED_CHARS = 2_000
"""Characters of a line that are matched; headers are shorter."""

DIFF_SHARE = 0.9
"""Share of the lines behind the first file header that must be lines of a diff."""


MESSAGE_LINES = 24
"""Lines shown of a commit and its message; machines write longer ones."""


@dataclass(slots=True)
class _Hunk:
    """A hunk: its header, the line behind its last, and the lines that change something."""

    start: int
    end: int
    changed: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _File:
    """The changes of one file: where they start and end, where the header ends, and its hunks."""

    start: int
    body: int
    end: int
    hunks: list[_Hunk] = field(default_factory=list)
    generated: bool = False


class DiffCompressor:
    """Shortens unified diffs, with or without a commit before them."""

    kind = "diff"

    def compress(self, original: str, /, request: Request) -> Compressed | Refused:
        """Return the view of a diff, or why the text is none."""
        request.budget.spend(len(original))
        lines = Lines(original)
        files = _files(lines.texts)
        if not any(file.hunks for file in files):
            return Refused("no file of it has a hunk of changes")
        behind = sum(file.end - file.start for file in files)
        if behind < DIFF_SHARE * (len(lines) - files[0].start):
            return Refused("too many of its lines are no lines of a diff")
        room = room_chars(original, request) if request.target_tokens is not None else None
        view = _Writer(lines, files, request).write(None)
        if room is None or len(view.text) <= room:
            return view
        return _fitted(lines, files, request, room)


def _files(texts: list[str]) -> list[_File]:
    """Return the files of a diff, in order; what stands before the first is no part of any."""
    files: list[_File] = []
    number = 0
    while number < len(texts):
        line = texts[number][:MATCHED_CHARS]
        pair = line.startswith("--- ") and number + 1 < len(texts) and texts[number + 1].startswith("+++ ")
        if _FILE.match(line) or pair:
            number = _file(texts, number, files)
        elif files and line.startswith(("commit ", "From ")):
            break
        else:
            number += 1
    return files


def _file(texts: list[str], start: int, files: list[_File]) -> int:
    number = start + (_FILE.match(texts[start][:MATCHED_CHARS]) is not None)
    while number < len(texts) and _HEADER.match(texts[number]):
        number += 1
    file = _File(start, number, number)
    name = texts[start][:MATCHED_CHARS].rstrip()
    file.generated = bool(_GENERATED.search(name)) or any(
        _GENERATED.search(line.rstrip()) for line in texts[number - 1 : number]
    )
    while number < len(texts):
        found = _HUNK.match(texts[number][:MATCHED_CHARS])
        if not found:
            break
        width = len(found["marks"]) - 1
        hunk = _Hunk(number, number + 1)
        number += 1
        while number < len(texts):
            line = texts[number]
            marks = line[:width].strip(" ")
            if marks.startswith(("+", "-", "\\")) and not _next_file(texts, number):
                hunk.changed.append(number)
            elif line[:1] != " " and (line.rstrip("\r") or not _goes_on(texts, number)):
                break
            number += 1
        hunk.end = number
        file.hunks.append(hunk)
        if len(file.hunks) == 1 and not file.generated:
            file.generated = any(_SAYS_GENERATED.match(text[:MATCHED_CHARS]) for text in texts[hunk.start + 1 : hunk.start + 6])
    file.end = number
    files.append(file)
    return max(number, start + 1)


def _next_file(texts: list[str], number: int) -> bool:
    """Tell a file header from a removed line that begins with two hyphens."""
    following = texts[number + 1 : number + 3]
    return (
        len(following) == 2  # noqa: PLR2004  # the second header line and a hunk
        and texts[number].startswith("--- ")
        and following[0].startswith("+++ ")
        and following[1].startswith("@@ ")
    )


def _goes_on(texts: list[str], number: int) -> bool:
    """Tell whether an empty line stands inside of a hunk whose trailing spaces went: the next line is one of a hunk."""
    return number + 1 < len(texts) and texts[number + 1][:1] in ("+", "-", " ", "@")


def _fitted(lines: Lines, files: list[_File], request: Request, room: int) -> Compressed:
    """Return the view with as many changed lines for each hunk as the room has space for."""
    most = max(len(hunk.changed) for file in files for hunk in file.hunks)
    low, high = 0, most
    best = _Writer(lines, files, request).write(0)
    while low < high:
        middle = (low + high + 1) // 2
        tried = _Writer(lines, files, request).write(middle)
        if len(tried.text) <= room:
            best, low = tried, middle
        else:
            high = middle - 1
    return best


class _Writer:
    """Writes the view of one diff."""

    def __init__(self, lines: Lines, files: list[_File], request: Request) -> None:
        self._texts = lines.texts
        self._files = files
        self._lossless = request.mode == "lossless"
        self._compact = request.mode == "compact"
        self._view = LineView(lines, request)

    def write(self, most: int | None) -> Compressed:
        """Return the view with at most `most` changed lines of each hunk, and without context where that is a number."""
        self._preface()
        for file in self._files:
            self._header(file)
            if (file.generated and not self._lossless) or most == 0:
                self._counts(file.body, file)
            else:
                self._hunks(file, most)
        last = self._files[-1].end
        if last < len(self._texts):
            self._view.show(last, len(self._texts))
        return self._view.finish()

    def _preface(self) -> None:
        """Show the commit, its message and what it changes altogether; the counts of each file stand with the files."""
        first = self._files[0].start
        stat = [] if self._lossless else [i for i in range(first) if _STAT.match(self._texts[i][:MATCHED_CHARS])]
        message = stat[0] if stat else first
        if message > MESSAGE_LINES and not self._lossless:
            self._view.show(0, MESSAGE_LINES)
            self._view.skip_to(message - 1, note="rest of the message")
            self._view.show(message - 1)
        else:
            self._view.show(0, message)
        if len(stat) > 1 and stat[-1] - stat[0] == len(stat) - 1:
            self._view.omit(stat[0], stat[-1] + 1, note="changes of each file, counted")
            message = stat[-1] + 1
        self._view.show(message, first)

    def _header(self, file: _File) -> None:
        """Show the header of a file, on one line where it names the same path again and again."""
        header = self._texts[file.start : file.body]
        named = _NAMES.match(header[0].rstrip("\r")) if header else None
        if named is None:
            self._view.show(file.start, file.body)
            return
        repeated = {f"--- {named['old']}", f"+++ b/{named['path']}"}
        rest = [line.rstrip("\r") for line in header[1:]]
        said = [line for line in rest if line.rstrip("\t") not in repeated]
        self._view.rewrite(file.start, file.body, " ".join([f"diff --git {named['old']}", *said]))

    def _counts(self, start: int, file: _File) -> None:
        if file.end > start:
            added = sum(self._texts[i].startswith("+") for hunk in file.hunks for i in hunk.changed)
            removed = sum(self._texts[i].startswith("-") for hunk in file.hunks for i in hunk.changed)
            what = f"+{added} -{removed}"
            self._view.omit(start, file.end, note=f"{what}, generated" if file.generated else what)

    def _hunks(self, file: _File, most: int | None) -> None:
        open_from = file.body  # behind the last line that was shown
        for hunk in file.hunks:
            shown = self._shown(hunk, most)
            first = shown[0] if shown else hunk.end
            before, behind = self._gap(open_from, hunk.start), self._gap(hunk.start + 1, first)
            if before and behind:
                # One marker for the context on both sides of the header, which stands behind it.
                self._view.omit(open_from, first)
                self._view.say(self._texts[hunk.start])
            else:
                self._view.show(hunk.start)
            for number in shown:
                self._view.show(number)
            open_from = shown[-1] + 1 if shown else hunk.end
        if file.end > open_from:
            self._view.skip_to(file.end)

    def _gap(self, start: int, end: int) -> bool:
        """Tell whether the lines from `start` up to `end` are worth a marker."""
        return sum(len(self._texts[i]) + 1 for i in range(start, end)) > WORTH_A_MARKER

    def _shown(self, hunk: _Hunk, most: int | None) -> list[int]:
        """Return the lines of a hunk to show: all changes and the lines before them, or the first changes and the last."""
        if self._lossless:
            return list(range(hunk.start + 1, hunk.end))
        if most is not None:
            changed = hunk.changed
            return changed if len(changed) <= most else [*changed[: most - most // 4], *changed[len(changed) - most // 4 :]]
        if self._compact:
            return hunk.changed
        shown = set(hunk.changed)
        # The line before a change says where it is; what follows it can be read.
        shown.update(
            n - 1 for n in hunk.changed if n - 1 > hunk.start and any(map(str.isalnum, self._texts[n - 1][:MATCHED_CHARS]))
        )
        return sorted(shown)
