"""
The compressor of unified diffs: `git diff`, `git show`, `git log -p`, `git format-patch`, `diff -u`.

Every changed line, file and hunk header is shown. Context goes but for the lines beside a change, and so do the bodies of lock
files and generated files. Under a ceiling the changes of the longest hunks are cut.
"""

from __future__ import annotations

from headroom_core.compressors.base import Compressed, Refused, Request
from headroom_core.compressors.diff.files import File, files_of, is_commit
from headroom_core.compressors.diff.writing import MESSAGE_LINES, Writer
from headroom_core.compressors.line_view import Lines
from headroom_core.compressors.room import room_chars

DIFF_SHARE = 0.8
"""Share of the lines, but for those of commits and their messages, that must be lines of a diff."""

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
        room = room_chars(original, request) if request.target_tokens is not None else None
        view = Writer(lines, files, request).write(None)
        if room is None or len(view.text) <= room:
            return view
        return _fitted(lines, files, request, room)


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
    """Return the view with as many changed lines for each hunk as the room has space for."""
    most = max(len(hunk.changed) for file in files for hunk in file.hunks)
    low, high = 0, most
    best = Writer(lines, files, request).write(0)
    while low < high:
        middle = (low + high + 1) // 2
        tried = Writer(lines, files, request).write(middle)
        if len(tried.text) <= room:
            best, low = tried, middle
        else:
            high = middle - 1
    return best
