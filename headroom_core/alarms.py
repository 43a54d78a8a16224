"""Words by which a text says that something went wrong, or that something is not so."""

from __future__ import annotations

import re

ERROR_WORDS = (
    "error",
    "fail",
    "exception",
    "fatal",
    "critical",
    "panic",
    "denied",
    "refused",
    "timeout",
    "timed out",
    "crash",
    "abort",
)
ERROR = re.compile(
    r"(?<![a-z])(?:[a-z]*error|[a-z]*exception|fail(?:ed|ure|ures|ing|s)?|fatal|critical|panic|denied|refused|time(?:out|d out)"
    r"|crash(?:ed)?|abort(?:ed)?)(?![a-z])",
)
"""Finds them in small letters."""

NEGATIONS = frozenset(
    "not no never none nor neither nobody nothing nowhere without cannot unless except must shall only".split()
)
"""Words that turn a sentence, or make a rule of it."""

WEIGHTY = frozenset(
    "errors crashes killed rejected unreachable forbidden unable corrupt corrupted blocked "
    "answer answers conclusion conclude therefore verdict decision decided recommend recommendation".split()
)
"""Other words of what went wrong, and of what somebody concludes: one line with one of them may be what counts."""
