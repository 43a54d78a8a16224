"""What words a text has, for a reader who asks with words: identifiers also by their parts, and the smallest words aside."""

from __future__ import annotations

import re

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_HUMPS = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2}[a-z]")
_NO_SPACES = re.compile(r"([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af])")
"""Letters of scripts that put no space between words: each counts as a word."""

_ESCAPE = re.compile(r"\\(?:u(?P<code>[0-9a-fA-F]{4})|.)", re.DOTALL)
_WORD = re.compile(r"[^\W_]+")

SMALL = frozenset(
    "a about all an and any are as at be been but by can could did do does for from get give had has have how i if in into is"
    " it its me my no not of on or our out s she should show so some t tell than that the their them then there these they this"
    " to us was we were what when where which while who whom whose why will with would you your".split()
)
"""Words of a question that say little of what is asked for."""

MOST_WORDS = 64
"""Words of a question that are looked for."""


def indexed(text: str, *, escaped: bool = False) -> str:
    """
    Return a text with the parts of its identifiers behind it, as it is indexed.

    What stands between words, such as `_`, is left to the index. `escaped` says that it is of JSON, where a line end in a
    string is a backslash and a letter.
    """
    if escaped and "\\" in text:
        text = _ESCAPE.sub(lambda found: chr(int(found["code"], 16)) if found["code"] else " ", text)
    if not text.isascii():
        text = _NO_SPACES.sub(r" \1 ", text).encode("utf-8", "replace").decode()
    if not _HUMPS.search(text):
        return text
    parts = [_HUMP.sub(" ", word) for word in _WORD.findall(text) if _HUMPS.search(word)]
    return f"{text} {' '.join(parts)}"


def asked(question: str) -> list[str]:
    """Return the words of a question that are looked for, each once; all of them where they are all small."""
    words = list(dict.fromkeys(_WORD.findall(indexed(question).lower())))
    return ([word for word in words if word not in SMALL] or words)[:MOST_WORDS]
