"""
Words of English that carry the sentence and not its meaning, and words that carry the meaning though they are small.

The lists are closed classes of English: articles, forms of "be", pronouns, prepositions, conjunctions.
"""

from __future__ import annotations

ARTICLES = frozenset(("a", "an", "the"))

BEING = frozenset(("am", "is", "are", "was", "were"))
"""Forms of "be" that link what stands beside them."""

HAVING = frozenset(("has", "have", "had", "having"))
"""Forms of "have". Before a participle they say when; before anything else they say what somebody has."""

PARTICIPLES = frozenset(
    (
        "been",
        "born",
        "bought",
        "bound",
        "brought",
        "built",
        "burnt",
        "caught",
        "cut",
        "dealt",
        "done",
        "fed",
        "felt",
        "fought",
        "found",
        "gone",
        "heard",
        "held",
        "hit",
        "hung",
        "hurt",
        "kept",
        "laid",
        "led",
        "left",
        "lent",
        "lit",
        "lost",
        "made",
        "meant",
        "met",
        "paid",
        "put",
        "read",
        "rid",
        "run",
        "said",
        "sent",
        "set",
        "shot",
        "shut",
        "sold",
        "spent",
        "split",
        "spun",
        "struck",
        "taught",
        "thought",
        "told",
        "understood",
        "won",
    )
)
"""Participles that do not end like others do."""

POSSESSIVE = frozenset(("its", "their"))
"""They say whose something is that the sentence, or the one before, has named."""

PERSONAL = frozenset(("you", "he", "she", "it", "we", "they", "her", "them", "your", "his", "our"))
"""Who and what a sentence is about, where it does not say so by name."""

PREPOSITIONS = frozenset(("at", "for", "in", "on", "to", "with"))
"""They say where, when and to whom, which the words beside them mostly say, too."""

RELATIVE = frozenset(("that", "which", "who"))
"""They begin a clause behind what it is about."""

COMMON = ARTICLES | BEING | HAVING | POSSESSIVE | PERSONAL | PREPOSITIONS
COMMON |= {
    "of",
    "and",
    "or",
    "but",
    "not",
    "if",
    "when",
    "that",
    "which",
    "who",
    "than",
    "then",
    "be",
    "been",
    "by",
    "from",
    "so",
}
COMMON |= {"i", "as", "can", "will", "would", "should", "must", "no", "do", "does", "did", "this", "these", "there"}
"""The words by which English is told from other languages."""

NUMBERS = frozenset(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "dozens", "half", "none"))

BEFORE_OF = NUMBERS | {"out", "instead", "because", "all", "part", "rid", "ahead", "first"}
"""Words that say something else without the "of" behind them."""

BEHIND_OF = (
    NUMBERS | PERSONAL | {"this", "these", "those", "him", "us", "my", "all", "which", "whom", "course", "any", "each", "both"}
)
"""Words that the one before them does not go with, without the "of" between."""

SUBJECTS = ARTICLES | POSSESSIVE | PERSONAL | {"this", "these", "those", "there"}
"""Words with which a new subject begins."""
