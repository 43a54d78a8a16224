"""Small words of English: those that a telegram leaves out, and those beside which they have to stay."""

from __future__ import annotations

ARTICLES = frozenset(("a", "an", "the"))

BEING = frozenset(("is", "are"))
"""Forms of "be" that link what stands beside them. Others say when."""

POSSESSIVE = frozenset(("its", "their"))
"""They say whose something is that the sentence, or the one before, has named."""

PERSONAL = frozenset(
    ("i", "you", "he", "she", "it", "we", "they", "me", "him", "her", "us", "them", "my", "your", "his", "our", "this", "these")
)
"""Who and what a sentence is about, where it does not say so by name."""

SUBJECTS = ARTICLES | POSSESSIVE | PERSONAL | {"there", "those"}
"""Words with which a new subject begins."""

NUMBERS = frozenset(
    ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "hundred", "thousand", "million", "dozen")
)
"""Numbers in words."""

AMOUNTS = NUMBERS | {
    "few",
    "little",
    "lot",
    "bit",
    "couple",
    "number",
    "half",
    "third",
    "quarter",
    "second",
    "while",
    "deal",
    "percent",
}
"""Words that say how much or how many with the article before them: "a few" is not "few"."""

COMPARED = frozenset(
    ("more", "less", "fewer", "better", "worse", "most", "least", "best", "former", "latter", "other", "others", "same", "only")
)
"""Words that compare or single out with "the" before them."""

AT_RATES = NUMBERS | {"at", "once", "twice", "times", "such", "what", "many", "quite", "half", "not"}
"""Words behind which "a" says how often, or how much."""

LEANING = PERSONAL | {"that", "which", "who", "those", "there", "what", "where", "how", "why", "here", "such"}
LEANING |= {"as", "so", "nor", "neither", "than", "and", "or", "then", "if", "but", "not", "when", "while"}
"""Words that lean on the form of "be" behind them."""

SAYING = frozenset(
    ("said", "says", "say", "found", "find", "knows", "know", "knew", "noted", "note", "assume", "assumes", "agreed")
)
SAYING |= {"show", "shows", "showed", "think", "thinks", "thought", "means", "mean", "believe", "believes", "sure"}
"""Words behind which "that" only joins what is said."""

TITLES = frozenset(("mr", "mrs", "ms", "dr", "st", "prof", "no", "vs", "vol", "fig"))
"""Words with a full stop behind them that ends no sentence."""

CLOSED = ARTICLES | BEING | POSSESSIVE | SUBJECTS | LEANING
CLOSED |= {
    "was",
    "were",
    "be",
    "been",
    "has",
    "have",
    "had",
    "do",
    "does",
    "did",
    "can",
    "could",
    "may",
    "might",
    "must",
    "shall",
}
CLOSED |= {
    "should",
    "will",
    "would",
    "to",
    "of",
    "in",
    "on",
    "at",
    "by",
    "for",
    "from",
    "with",
    "into",
    "no",
    "all",
    "any",
    "priori",
}
"""Words before which "a" is no article but a name, or a word of another language."""

SINGLED_OUT = AMOUNTS | COMPARED
"""Words before which "the" stays."""

NO_NOUNS = AMOUNTS | CLOSED
"""Words before which "a" stays."""

BEFORE_OF = NO_NOUNS | COMPARED
BEHIND_OF = (AMOUNTS | SUBJECTS) - {"the"}
"""Words beside which "of" stays."""

ENGLISH = frozenset(
    (
        "the",
        "and",
        "of",
        "to",
        "that",
        "with",
        "for",
        "this",
        "which",
        "from",
        "it",
        "you",
        "have",
        "not",
        "by",
        "are",
        "be",
        "was",
    )
)
"""Words that are common in English. Its neighbours have some of them, but not several, and not "the"."""
