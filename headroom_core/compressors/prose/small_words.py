"""Small words of English: those that a telegram leaves out, and those beside which they have to stay."""

from __future__ import annotations

ARTICLES = frozenset(("a", "an", "the"))

BEING = frozenset(("is", "are", "was", "were"))
"""Forms of "be"."""

POSSESSIVE = frozenset(("its", "their"))
"""They say whose something is that the sentence, or the one before, has named."""

PERSONAL = frozenset(
    ("i", "you", "he", "she", "it", "we", "they", "me", "him", "her", "us", "them", "my", "your", "his", "our", "this", "these")
)
"""Who and what a sentence is about, where it does not say so by name."""

SUBJECTS = ARTICLES | POSSESSIVE | PERSONAL | {"there", "those"}
"""Words with which a new subject begins."""

NUMBERS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion dozen".split()
)
"""Numbers in words."""

AMOUNTS = NUMBERS | frozenset("few little lot bit couple number half third quarter second while deal percent".split())
"""Words that say how much or how many with the article before them: "a few" is not "few"."""

COMPARED = frozenset(
    ("more", "less", "fewer", "better", "worse", "most", "least", "best", "former", "latter", "other", "others", "same", "only")
)
"""Words that compare or single out with "the" before them."""

AT_RATES = NUMBERS | frozenset("dollars euros pounds cents percent at once twice times such what many quite half not".split())
"""Words behind which "a" says how often, or how much."""

LEANING = PERSONAL | {"that", "which", "who", "those", "there", "what", "where", "how", "why", "here", "such"}
LEANING |= {"as", "so", "nor", "neither", "than", "and", "or", "then", "if", "but", "not", "when", "while"}
"""Words that need what stands behind them."""

SAYING = frozenset(
    ("said", "says", "say", "found", "find", "knows", "know", "knew", "noted", "note", "assume", "assumes", "agreed")
)
SAYING |= {"show", "shows", "showed", "think", "thinks", "thought", "means", "mean", "believe", "believes", "sure"}
"""Words behind which "that" only joins what is said."""

TITLES = frozenset(
    "mr mrs ms dr st prof vs vol fig approx max min gen sgt lt col capt rev hon sr jr art al etc inc ltd co corp ca cf eq sec "
    "dept est ed eds pp ch no".split()
)
"""Words with a full stop behind them that ends no sentence."""

CLOSED = ARTICLES | BEING | POSSESSIVE | SUBJECTS | LEANING
CLOSED |= frozenset(
    "be been has have had do does did can could may might must shall should will would to of in on at by for from with into no "
    "all any priori".split()
)
"""Words before which "a" is no article but a name, or a word of another language."""

PER = frozenset("second minute hour day night week month quarter year time piece head person litre mile share".split())
"""Words before which "a" may say how often, or how much for each."""

SINGLED_OUT = AMOUNTS | COMPARED
"""Words before which "the" stays."""

NO_NOUNS = AMOUNTS | CLOSED
"""Words before which "a" stays."""

LIGHT = frozenset(
    "a an and are as at be been but by for from had has have he her his i in is it its of on or our she so that the their them "
    "there they this to was we were which who will with would you".split()
)
"""The commonest words of English. Nobody asks for them."""

COMMANDS = frozenset(("must", "shall", "never", "unless", "except", "only", "without"))
"""Those of the words that deny that make a rule, whatever else a sentence says."""

CHAT = frozenset("do does did don't doesn't didn't know think mean sure yeah yes oh well okay ok like just so right".split())
"""Words with which nothing is denied: "No, I don't know."""

FILLERS = frozenset("um uh uhm umm uhh er erm hm hmm mm mmm".split())
"""Sounds of who thinks aloud, in texts that hold many of them."""

ALARMS = frozenset("error errors fatal panic crash crashed denied refused timeout".split())
"""Words of what went wrong. Each stays once."""

ENGLISH_ALONE = frozenset(
    "the and that with this which from it you she his they their them were what would could should there these those about "
    "into your when been".split()
)
"""Words that are common in English, and in no language beside it."""

ENGLISH = ENGLISH_ALONE | frozenset("of to for have not by are be was had he her but we in is a as at on or who will".split())
"""Words that are common in English. Its neighbours have some of them."""
