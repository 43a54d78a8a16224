"""The view of one diff, from top to bottom."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import islice

from headroom_core.alarms import ERROR
from headroom_core.compressors.base import Compressed, Request
from headroom_core.compressors.diff.files import MATCHED_CHARS, File, Hunk, is_commit
from headroom_core.compressors.line_view import WORTH_A_MARKER, Lines, LineView

_NAMES = re.compile(r"diff --git (?P<old>a/(?P<path>\S+)) b/(?P=path)$")
_STAT = re.compile(r" \S.{0,300}? \|  {0,20}(?:\d+|Bin)\b|\s(?:create|delete|rename) mode |\s(?:rename|copy) .* \(\d+%\)$")

MESSAGE_LINES = 24
"""Lines shown of a commit and its message; machines write longer ones."""


class Writer:
    """Writes the view of one diff."""

    def __init__(self, lines: Lines, files: list[File], request: Request) -> None:
        self._texts = lines.texts
        self._files = files
        self._lossless = request.mode == "lossless"
        self._compact = request.mode == "compact"
        self._view = LineView(lines, request)

    def write(self, most: int | None, hunks: Collection[int] | None = None, others: Sequence[File] = ()) -> Compressed:
        """
        Return the view with at most `most` changed lines of each hunk, and without context where that is a number.

        Where `hunks` is given, only the hunks that start at one of these lines are shown, and the others counted. The changes
        of `others`, which stand behind all files, are counted together.
        """
        end = 0
        for file in self._files:
            self._between(end, file.start)
            self._header(file)
            if self._lossless and most is None:
                self._view.show(file.body, file.end)
            elif file.folded and not self._lossless:
                self._counts(file)
            else:
                self._hunks(file, most, hunks)
            end = file.end
        if others:
            changed = self._changes([i for file in others for hunk in file.hunks for i in hunk.changed])
            count = f"{len(others)} file{'s' * (len(others) > 1)}"
            self._view.omit(end, others[-1].end, note=", ".join(filter(None, [count, changed])))
            end = others[-1].end
        # What ends with a line feed has an empty last line, which is nothing to show.
        self._between(end, len(self._texts) - (self._texts[-1] == ""))
        return self._view.finish()

    def _between(self, start: int, end: int) -> None:
        """Show what stands before, between and behind the files: commits, and what tools say beside a diff."""
        if start >= end:
            return
        commits = [i for i in range(start, end) if is_commit(self._texts[i])]
        if self._lossless or not commits:
            self._view.show(start, end)
            return
        if start < commits[0]:
            self._view.show(start, commits[0])
        for first, behind in zip(commits, [*commits[1:], end], strict=True):
            self._commit(first, behind)

    def _commit(self, start: int, end: int) -> None:
        """Show a commit, its message and what it changes altogether; the counts of each file stand with the files."""
        stat = [i for i in range(start, end) if _STAT.match(self._texts[i][:MATCHED_CHARS])]
        message = stat[0] if stat else end
        if message - start > MESSAGE_LINES:
            self._view.show(start, start + MESSAGE_LINES)
            self._view.skip_to(message - 1, note="rest of the message")
            self._view.show(message - 1)
        else:
            self._view.show(start, message)
        if len(stat) > 1 and stat[-1] - stat[0] == len(stat) - 1:
            self._view.omit(stat[0], stat[-1] + 1, note="changes of each file, counted")
            message = stat[-1] + 1
        if message < end:
            self._view.show(message, end)

    def _header(self, file: File) -> None:
        """Show the header of a file, on one line where it names the same path again and again."""
        header = self._texts[file.start : file.body]
        named = _NAMES.match(header[0][:MATCHED_CHARS].rstrip("\r"))
        if named is None:
            self._view.show(file.start, file.body)
            return
        repeated = {f"--- {named['old']}", f"+++ b/{named['path']}"}
        rest = [line.rstrip("\r") for line in header[1:]]
        said = [line for line in rest if line.rstrip("\t") not in repeated]
        self._view.rewrite(file.start, file.body, " ".join([f"diff --git {named['old']}", *said]))

    def _counts(self, file: File) -> None:
        if file.end > file.body:
            said = [self._changes([i for hunk in file.hunks for i in hunk.changed]), file.folded]
            self._view.omit(file.body, file.end, note=", ".join(filter(None, said)))

    def _changes(self, numbers: Iterable[int]) -> str:
        """Return how many of the changed lines with these numbers are added and removed."""
        marks = [self._texts[i].lstrip(" ")[:1] for i in numbers]
        added, removed = marks.count("+"), marks.count("-")
        return f"+{added} -{removed}" if added or removed else ""

    def _hunks(self, file: File, most: int | None, hunks: Collection[int] | None) -> None:
        chosen = {hunk.start for hunk in file.hunks if hunks is None or hunk.start in hunks}
        if file.hunks and not chosen:
            self._counts(file)
            return
        open_from = file.body  # behind the last line that was shown
        cut: list[int] = []  # changed lines since then
        for hunk in file.hunks:
            if hunk.start not in chosen:
                cut += hunk.changed
                continue
            shown = self._shown(hunk, most)
            first = shown[0] if shown else hunk.end
            before, behind = self._gap(open_from, hunk.start), self._gap(hunk.start + 1, first)
            if before and behind:
                # One marker for the context on both sides of the header, which stands behind it.
                self._view.omit(open_from, first, note=self._changes(cut))
                self._view.say(self._texts[hunk.start])
            else:
                self._view.show(hunk.start, note=self._changes(cut))
            cut = []
            if most is None:
                for number in shown:
                    self._view.show(number)
            else:
                cut = self._show_some(hunk, shown)
            open_from = shown[-1] + 1 if shown else hunk.end
        if file.end > open_from:
            self._view.skip_to(file.end, note=self._changes(cut))

    def _show_some(self, hunk: Hunk, shown: list[int]) -> list[int]:
        """Show some changes of a hunk and count those between them; return those behind the last."""
        cut: list[int] = []
        following = iter(shown)
        number = next(following, None)
        for changed in hunk.changed:
            if changed != number:
                cut.append(changed)
                continue
            self._view.show(number, note=self._changes(cut))
            cut = []
            number = next(following, None)
        return cut

    def _gap(self, start: int, end: int) -> bool:
        """Tell whether the lines from `start` up to `end` are worth a marker."""
        return sum(len(self._texts[i]) + 1 for i in range(start, end)) > WORTH_A_MARKER

    def _shown(self, hunk: Hunk, most: int | None) -> list[int]:
        """Return the lines of a hunk to show: all changes and the lines before them, or some of the changes."""
        if most is not None:
            return self._some(hunk.changed, most)
        if self._compact:
            return hunk.changed
        shown = set(hunk.changed)
        # The line before a change says where it is; what follows it can be read.
        shown.update(
            n - 1 for n in hunk.changed if n - 1 > hunk.start and any(map(str.isalnum, self._texts[n - 1][:MATCHED_CHARS]))
        )
        return sorted(shown)

    def _some(self, changed: list[int], most: int) -> list[int]:
        """Return the first of the changed lines and the last, and of those between them some that speak of errors."""
        if len(changed) <= most:
            return changed
        tail = most // 4
        bad = (i for i in changed[most // 2 : len(changed) - tail] if ERROR.search(self._texts[i][:MATCHED_CHARS].lower()))
        errors = list(islice(bad, most // 4))
        head = most - tail - len(errors)
        # An error among the first lines is one of them, and spares no room.
        return sorted({*changed[:head], *errors, *changed[len(changed) - tail :]})
