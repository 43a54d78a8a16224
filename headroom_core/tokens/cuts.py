r"""
Where a text can be cut so that its parts have together exactly as many tokens as the whole.

Both tokenizers first split a text into pieces with a regular expression, matched from left to right, and encode each
piece alone. A place is a certain cut when a piece ends there whatever stands around it, and the pieces before it are
the same when the text ends there. Read against the patterns in `vocabulary.py`:

1. **A letter or number, then a character that is none and no mark, whitespace included, and no apostrophe.** Words and
   numbers take nothing more, except that a word takes marks (e.g. a combining accent) and a contraction such as `'ll`.
2. **A character that is not whitespace, then a space or tab.** Whitespace stands in a piece only first, or alone, or
   as line ends behind punctuation.
3. **A line end, then spaces or tabs, if any, then a character that is neither whitespace nor `/`.** A run of
   whitespace is one piece up to its last line end, and punctuation takes line ends and, in o200k_base, `/` behind it.
4. **Before the last character of a run of whitespace without line ends that some other character follows**
   (`\s+(?!\S)`), given that the run has two characters or more and a piece starts with it; rules 2 and 3 say it does.
5. **Every three digits from the start of a run of digits** (`\p{N}{1,3}`).

Only characters whose class is the same in every version of Unicode are relied upon: tiktoken's tables differ from
Python's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

# Hiragana, katakana, the CJK ideographs of Unicode 1.1 and Hangul syllables: all letters, and written without spaces.
_WORD = r"0-9A-Za-z\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fa5\uac00-\ud7a3"
# ASCII without letters, digits and the apostrophe; then the full stops, commas, brackets and quotes of CJK text.
_BREAK = r"\x00-&(-/:-@\[-`{-\x7f\u3001\u3002\u3008-\u3011\u201c\u201d\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f"

# Rules 1 to 3. Python's \s has four control characters more than the tokenizers' and so only loses cuts.
_CUT = re.compile(rf"[{_WORD}](?=[{_BREAK}])|\S(?=[ \t])|\n(?=[ \t]*[^\s/])")

# What ends at a cut by rule 1: other characters, then letters and digits of ASCII; and on, where an apostrophe or a character
# beyond ASCII follows.
_WORDS = re.compile(
    r"[^A-Za-z0-9]*+[A-Za-z0-9]++(?:['\x80-\U0010ffff][^A-Za-z0-9]*+[A-Za-z0-9]++)*+"
    r"|[^A-Za-z0-9]++"  # behind the last; without it the search would try every place of a long run
)

_LINE_ENDS = frozenset("\r\n")

# Unicode's White_Space without \r and \n, which is what the tokenizers' \s means.
_BLANKS = r"\t\v\f \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"


def words_of(text: str) -> tuple[str, list[str], str]:
    """
    Cut a text that starts at a certain cut into words, by rule 1: the first, those between, and what is behind the last.

    The words between start with a character that rule 1 cuts before and end with one it cuts behind, so that they can be put
    together in any order, and each still has the same tokens.
    """
    found = _WORDS.findall(text)
    last = ""
    if found and not (found[-1][-1].isascii() and found[-1][-1].isalnum()):
        last = found.pop()
    # Where no cut is certain, e.g. before an accent, the rest of the word is behind the last.
    if found and (last[:1] == "'" or last[:1] > "\x7f"):
        last = found.pop() + last
    return (found[0], found[1:], last) if found else ("", [], last)


class Part(NamedTuple):
    """A part of a text whose tokens are counted on their own; `one_piece` when the tokenizer's split must not be applied."""

    text: str
    one_piece: bool = False


def parts(text: str, chunk_chars: int, *, final_whitespace_whole: bool) -> Iterator[Part]:
    """
    Cut `text` at certain places into parts of about `chunk_chars` characters.

    A stretch without a certain cut stays whole, however long, save for runs of whitespace and of digits.

    Args:
        text: Any text.
        chunk_chars: Characters, 1 or more. Parts are up to twice as long where there is a certain cut.
        final_whitespace_whole: `Vocabulary.final_whitespace_whole`.

    """
    start = 0
    while len(text) - start > chunk_chars:
        cut = _CUT.search(text, start + chunk_chars - 1)
        end = cut.end() if cut else len(text)
        if end - start > 2 * chunk_chars:
            yield from _cut_runs(text[start:end], chunk_chars, final_whitespace_whole=final_whitespace_whole)
        else:
            yield Part(text[start:end])
        start = end
    if start < len(text):
        yield Part(text[start:])


def _cut_runs(text: str, chunk_chars: int, *, final_whitespace_whole: bool) -> Iterator[Part]:
    """Cut a stretch without other cuts by rules 4 and 5. It must start where a piece starts."""
    least = max(2, chunk_chars)
    step = max(3, chunk_chars // 3 * 3)
    # What stands before a run is asked first, so that no run is gone through from each of its characters.
    runs = re.compile(
        rf"(?P<blanks>(?<![{_BLANKS}])[{_BLANKS}]{{{least},}})|(?:^|(?<=[\x00-/:-\x7f]))(?P<digits>[0-9]{{{least},}})",
    )
    start = 0
    for run in runs.finditer(text):
        first, last = run.span()
        before, behind = text[first - 1 : first], text[last : last + 1]
        one_piece = run["digits"] is None
        if not one_piece:
            # Not before the first digit: whitespace there is split according to what follows it.
            ends = range(first + step, last, step)
        elif behind in _LINE_ENDS:
            continue  # part of a longer run, which is a single piece up to its last line end
        elif behind:
            ends = range(last - 1, last)
        elif before in _LINE_ENDS and final_whitespace_whole:
            continue  # and the line ends may belong to the punctuation before them: the tokenizer must see them all
        else:
            ends = range(last, last + 1)
        if one_piece and start < first:
            yield Part(text[start:first])
            start = first
        for end in ends:
            yield Part(text[start:end], one_piece)
            start = end
    if start < len(text):
        yield Part(text[start:])
