"""
The compressor of unified diffs: `git diff`, `git show`, `git log -p`, `git format-patch`, `diff -u`.

Every changed line, file and hunk header is shown. Context goes but for the lines beside a change, and so do the bodies of lock
files and generated files. Under a ceiling the changes of the longest hunks are cut.
"""

from __future__ import annotations

from collections.abc import Callable

from headroom_core.compressors.base import Compressed, Refused, Request
from headroom_core.compressors.diff.files import File, files_of, is_commit
from headroom_core.compressors.diff.writing import MESSAGE_LINES, Writer
from headroom_core.compressors.line_view import Lines
from headroom_core.compressors.room import chars_for

DIFF_SHARE = 0.8
"""Share of the lines, but for those of commits and their messages, that must be lines of a diff."""

FEWEST_LINES = 4
"""Changed lines shown of a hunk, at the least, where it has so many: fewer would show what went and not what came."""

PREFACE_LINES = 24
"""Lines that may stand beside the files though no commit begins there: a command, a mail's header."""


class DiffCompressor:
    """Shortens unified diffs, with or without commits between them."""

    kind = "diff"

    def compress(self, original: str, /, request: Request) -> Compressed | Refused:
        """Return the view of a diff, or why the text is none."""
        request.budget.spend(len(original))
        lines = Lines(original)
        files = files_of(lines.texts)
        if not any(file.hunks for file in files):
            return Refused("no file of it has a hunk of changes")
        if _foreign(lines.texts, files) > (1 - DIFF_SHARE) * len(lines):
            return Refused("too many of its lines are no lines of a diff")
        view = Writer(lines, files, request).write(None)
        if not request.firm or request.target_tokens is None:
            return view
        room = chars_for(request.target_tokens, original, request)
        return view if len(view.text) <= room else _fitted(lines, files, request, room)


def _foreign(texts: list[str], files: list[File]) -> int:
    """Return how many lines are neither those of a diff nor those of a commit; a few are no matter."""
    foreign = -PREFACE_LINES
    end = 0
    for start, behind in [*((file.start, file.end) for file in files), (len(texts), len(texts))]:
        free = 0
        for text in texts[end:start]:
            if is_commit(text):
                free = MESSAGE_LINES
            elif free and text.startswith("    "):
                continue
            elif text.strip():
                foreign += not free
                free = max(0, free - 1)
        end = behind
    return foreign


def _fitted(lines: Lines, files: list[File], request: Request, room: int) -> Compressed:
    """
    Return the view with as many changed lines of each hunk as the room has space for.

    Where there is no room for a few lines of each, some hunks are shown and the others counted; and where there is none for the
    counts of each file, the first files are counted one by one and the others together.
    """
    most = max(len(hunk.changed) for file in files for hunk in file.hunks)

    def some_lines(most: int) -> Compressed:
        return Writer(lines, files, request).write(most)

    # The first hunks of all files come before the second ones of any.
    ranked = sorted((place, hunk.start) for file in files for place, hunk in enumerate(file.hunks))

    def some_hunks(count: int) -> Compressed:
        return Writer(lines, files, request).write(FEWEST_LINES, {start for _, start in ranked[:count]})

    def some_files(count: int) -> Compressed:
        return Writer(lines, files[:count], request).write(FEWEST_LINES, (), files[count:])

    return (
        _largest(some_lines, FEWEST_LINES, most, room)
        or _largest(some_hunks, 0, len(ranked), room)
        or _largest(some_files, 1, len(files), room)
        or some_files(1)
    )


def _largest(write: Callable[[int], Compressed], low: int, high: int, room: int) -> Compressed | None:
    """Return the view with the largest number, of those from `low` up to `high`, that fits the room; None where none does."""
    best = None
    while low <= high:
        middle = (low + high) // 2
        tried = write(middle)
        if len(tried.text) <= room:
            best, low = tried, middle + 1
        else:
            high = middle - 1
    return best
