"""CodeCompressor: every signature, import and declaration, and the bodies that matter most."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from headroom_core.compressors.base import Compressed, Kept, Refused, Request
from headroom_core.compressors.code.captures import Rows
from headroom_core.compressors.code.members import Gone, all_of, leave_out, members
from headroom_core.compressors.code.numbered import unnumbered, without_numbers
from headroom_core.compressors.code.outline import LEAST_CUT, Body, Outline, named_between, outline
from headroom_core.compressors.code.parsing import Parsed, parse, parse_best
from headroom_core.compressors.line_view import Lines, LineView
from headroom_core.importance.said import Again
from headroom_core.markers import ABOVE

SHARE = {"balanced": 0.2, "compact": 0.0}
"""Share of a file's characters that its view aims at, by mode. Declarations stay whatever they take."""

SHORT_CHARS = 80
"""Characters of a body that stays whole: its marker would take as much."""

MARKER_CHARS = 60
"""Characters of a marker with what it names, about."""

HEADER_CHARS = 66
"""Characters of the header."""

CALLS, RAISES, CATCHES, RETURNS = 3, 3, 2, 2
"""Names of each kind that a marker names."""

MENDED = 6
"""Cuts that are given up, at the most, so that a view parses."""

LOOKED = 40
"""Different names of a body, at the most, of which those are chosen."""

COMMON_CALLS = 8
"""Calls of a name in a file from which on it says little of any one body, such as those of `len` or of `assert`."""


_TAG = re.compile(r"<[^<>\n]{1,100}>")
"""A tag in a comment, which says nothing by itself."""


class CodeCompressor:
    """
    Shortens source code.

    Declarations stay: imports, types, fields, signatures, decorators, the first line of what documents them. Bodies are cut,
    those first that matter least; a marker in a comment says what a body calls, raises, catches and returns. The view is parsed
    again: where the original had no error of syntax, it has none.
    """

    kind = "code"

    def compress(self, original: str, /, request: Request) -> Compressed | Refused:
        """Return the view of source code, or why there is none."""
        request.budget.spend(len(original))
        if request.mode == "lossless":
            return Refused("code can only be left out")
        if request.place.part and request.target_tokens is None:
            # In a message that is read whole, code is what it is about.
            return Refused("the document around it is short enough")
        plain = unnumbered(original)
        parsed = parse_best(original if plain is None else plain, request.language)
        if parsed is None:
            return Refused("it parses in no language that is known")
        lines, numbered = Lines(original), plain is not None
        found = outline(parsed)
        room = int(SHARE[request.mode] * len(original))
        ceiling = len(original)
        if request.target_tokens is not None:
            ceiling = int(request.target_tokens / max(1, request.original_tokens) * len(original))
        text = original if plain is None else plain
        again = [Again.NOT] * len(lines) if request.said is None else request.said.again(text.split("\n"))
        cuts = _chosen(found, lines, text, min(room, ceiling), again)
        if request.firm:
            cuts = _coarser(parsed, found, lines, cuts, ceiling - HEADER_CHARS)
        view = _sound(parsed, found, lines, cuts, request, numbered=numbered)
        if view is None and request.firm:
            every = [_Cut(one.rows, gone=one) for one in all_of(members(parsed))]
            view = _sound(parsed, found, lines, every, request, numbered=numbered)
        if view is not None:
            return view
        return Kept("nothing of it can be left out so that the rest still parses" if cuts else "no body of it is long enough")


def _sound(
    parsed: Parsed, found: Outline, lines: Lines, cuts: list[_Cut], request: Request, *, numbered: bool
) -> Compressed | None:
    """Return the view with some cuts, without those that keep it from parsing; None where there is none that parses."""

    def view_of(some: list[_Cut]) -> Compressed | None:
        view = _write(parsed, found, lines, some, request)
        text = without_numbers(view.text) if numbered else view.text
        # Where the original has errors, those of the view say nothing: what is around a cut may read otherwise.
        return view if parsed.root.has_error or parse(text, parsed.language).sound_as(parsed) else None

    for _ in range(MENDED):
        view = view_of(cuts) if cuts else None
        if view is not None or not cuts:
            return view
        # The first cut with which it does not parse any more is given up.
        wrong = bisect_left(range(1, len(cuts)), 1, key=lambda count: view_of(cuts[:count]) is None)
        cuts = [*cuts[:wrong], *cuts[wrong + 1 :]]
    return None


@dataclass(frozen=True, slots=True)
class _Cut:
    """Lines to leave out: of a body, of a comment, of a literal, or whole declarations; `again` where the prompt has them."""

    rows: Rows
    body: Body | None = None
    comment: bool = False
    again: bool = False
    gone: Gone | None = None

    @property
    def empties(self) -> bool:
        """Whether nothing is left of the block that the lines stand in."""
        if self.gone is not None:
            return self.gone.empties
        return self.body is not None and self.body.empties and self.rows == self.body.runs[0]


def _chars(lines: Lines, rows: Rows) -> int:
    return lines.starts[rows[1] + 1] - lines.starts[rows[0]]


def _chosen(found: Outline, lines: Lines, plain: str, room: int, again: Sequence[Again]) -> list[_Cut]:
    """Return the lines to leave out so that about `room` characters stay; `again` tells which lines the prompt has."""
    cuts = [_Cut(rows) for rows in found.lists if _chars(lines, rows) > LEAST_CUT]
    texts = plain.split("\n")
    for rows in found.comments:
        inner = _documented(texts, rows)
        if inner is not None and _chars(lines, inner) > LEAST_CUT:
            cuts.append(_Cut(inner, comment=True))
    spare = room - len(lines.text) + sum(_chars(lines, cut.rows) - MARKER_CHARS // 2 for cut in cuts)
    bodies: list[tuple[float, int, Body]] = []
    said: list[_Cut] = []
    for body in found.bodies:
        if all(_stand_above(texts, again, rows) for rows in body.runs):
            said += [_Cut(rows, body, again=True) for rows in body.runs if _chars(lines, rows) > LEAST_CUT]
            continue
        chars = sum(_chars(lines, rows) for rows in body.runs)
        spared = chars - MARKER_CHARS * len(body.runs)
        if chars > SHORT_CHARS and spared > 0:
            spare += spared
            bodies.append((_weight(body, found, chars) / spared, spared, body))
    above = sum(_chars(lines, cut.rows) for cut in said)
    if above > sum(spared for _, spared, _ in bodies):
        # Most of it was shown: what was not is what has changed, and stays whole.
        return _disjoint([*cuts, *said])
    cuts += said
    spare += above
    # The weightiest bodies stay whole as far as there is room.
    for _, spared, body in sorted(bodies, key=lambda one: (-one[0], one[2].head)):
        if spared <= spare:
            spare -= spared
        else:
            cuts += [_Cut(rows, body) for rows in body.runs]
    return _disjoint(cuts)


def _stand_above(texts: Sequence[str], again: Sequence[Again], rows: Rows) -> bool:
    """Tell whether the prompt has all lines of a run that say something."""
    return all(again[row] is Again.SAME or not texts[row].strip() for row in range(rows[0], rows[1] + 1))


def _coarser(parsed: Parsed, found: Outline, lines: Lines, cuts: list[_Cut], room: int) -> list[_Cut]:
    """Return cuts with which about `room` characters stay, and whole declarations go where there is no other way."""
    shown = [len(line) + 1 for line in lines.texts]
    for cut in cuts:
        for row in range(cut.rows[0], cut.rows[1] + 1):
            shown[row] = 0
        shown[cut.rows[0]] = MARKER_CHARS
    if sum(shown) <= room:
        return cuts
    gone = leave_out(members(parsed), shown, room, found.calls)
    return _disjoint([*cuts, *(_Cut(one.rows, gone=one) for one in gone)])


def _disjoint(cuts: list[_Cut]) -> list[_Cut]:
    """Return cuts in order, without those that begin inside of another."""
    kept: list[_Cut] = []
    for cut in sorted(cuts, key=lambda cut: (cut.rows[0], -cut.rows[1])):
        if not kept or cut.rows[0] > kept[-1].rows[1]:
            kept.append(cut)
    return kept


def _documented(texts: list[str], rows: Rows) -> Rows | None:
    """Return the lines of a comment that go: all but its first line of words, and the line that closes it."""
    first, last = rows
    shown = first
    while shown < last and not any(map(str.isalnum, _TAG.sub("", texts[shown]))):
        shown += 1
    end = last if not any(map(str.isalnum, texts[last])) else last + 1
    # What closes a comment on a line of words stays with them.
    if end == last + 1 and texts[last].rstrip().endswith(("*/", '"""', "'''", "-->")):
        end = last
    return (shown + 1, end - 1) if end - 1 > shown else None


def _weight(body: Body, found: Outline, chars: int) -> float:
    """Return how much a body matters: by who calls it, whether it is public, and how much happens in it."""
    happens = sum(len(named_between(found.named["call"], rows, 12)) for rows in body.runs)
    return (1 + min(body.calls, 6)) * (1.5 if body.public else 1.0) * sqrt((1 + happens) * chars)


def _write(parsed: Parsed, found: Outline, lines: Lines, cuts: list[_Cut], request: Request) -> Compressed:
    view = LineView(lines, request)
    language = parsed.language
    plain = parsed.data.decode("utf-8", "replace").split("\n")
    at = 0
    for cut in cuts:
        if cut.rows[0] > at:
            view.show(at, cut.rows[0])
        # A blank line has no indentation of its own.
        text = plain[cut.rows[0]] if plain[cut.rows[0]].strip() else plain[cut.rows[0] - 1]
        indent = text[: len(text) - len(text.lstrip())]
        if cut.comment:
            before = _comment_sign(text, indent)
        else:
            before = f"{indent}{language.placeholder if cut.empties else ''}{language.comment}"
        note = _note(found, cut)
        view.omit(cut.rows[0], cut.rows[1] + 1, note=note, before=before)
        at = cut.rows[1] + 1
    if at < len(lines):
        view.show(at, len(lines))
    return view.finish(before=language.comment)


def _comment_sign(text: str, indent: str) -> str:
    """Return what a line of a comment begins with, so that a marker in its place is one of it."""
    bare = text[len(indent) :]
    for sign in ("///", "//!", "//", "---", "--", "##", "#", "*"):
        if bare.startswith(sign):
            return f"{indent}{sign} "
    return indent


def _note(found: Outline, cut: _Cut) -> str:
    """Return what a cut leaves out, in names alone: what happens in a body, or what was declared."""
    if cut.gone is not None:
        return cut.gone.note
    if cut.again:
        return ABOVE
    if cut.body is None:
        return ""
    rows = cut.rows
    # What is raised is made by a call as a rule, and named once.
    raised = named_between(found.named["raise"], rows, RAISES)
    called = _telling(found, [name for name in named_between(found.named["call"], rows, LOOKED) if name not in raised])
    said = {
        "calls": called,
        "raises": raised,
        "catches": named_between(found.named["catch"], rows, CATCHES),
        "returns": named_between(found.named["return"], rows, RETURNS),
    }
    notes = [f"{verb} {', '.join(names)}" for verb, names in said.items() if names]
    if any(rows[0] <= row <= rows[1] for row, _ in found.named["yield"]):
        notes.append("yields")
    return "; ".join(notes)


def _telling(found: Outline, names: list[str]) -> list[str]:
    """Return those of the called names that tell most, in order: what the file itself declares, then what it calls least."""
    telling = [name for name in names if name in found.declared or found.calls[name] < COMMON_CALLS] or names
    chosen = sorted(telling, key=lambda name: (name not in found.declared, found.calls[name]))[:CALLS]
    return [name for name in names if name in chosen]
