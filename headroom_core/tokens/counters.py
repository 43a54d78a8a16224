"""The counters: by a vocabulary of the package, or by a function of the user's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from headroom_core.errors import InvalidOptionError, InvalidOptionTypeError
from headroom_core.tokens.base import TokenCounter
from headroom_core.tokens.memo import CountMemo
from headroom_core.tokens.models import resolve_model
from headroom_core.tokens.vocabulary import VOCABULARIES, load_encoding

if TYPE_CHECKING:
    import tiktoken

__all__ = ["CountFunction", "CountMemo", "CounterLike", "FunctionCounter", "VocabularyCounter", "as_counter", "counter_for"]

CountFunction: TypeAlias = Callable[[str], int]
CounterLike: TypeAlias = TokenCounter | CountFunction

# At 256 Ki characters the list of tokens takes about 3 MB and a call's own cost is lost in the noise. Twice this is the
# longest part that has a certain cut, and must stay below the million blanks on which tiktoken's regex engine gives up.
CHUNK_CHARS = 262_144

# Words are counted once each where that spares at least this many characters of tokenizing for each word that is looked up,
# by a sample of the text. JSON then takes 0.55 of the time; prose, where it would take longer, is left alone (100 files of
# JSON, prose, code, HTML and diffs, o200k_base, one core, 2026-11-23).
SAMPLE_CHARS = 8_192
SPARED_CHARS = 4.0

# Distinct words that are remembered at a time, about 20 MB of them.
MAX_WORDS = 200_000


class VocabularyCounter:
    """
    Counts with a vocabulary of the package, as tiktoken does, for texts of any length.

    The count is that of `len(encoding.encode(text, disallowed_special=()))`: special tokens spelled in the text are
    ordinary text and lone surrogates count as U+FFFD. Nothing of a text is kept. Safe to use from many threads.

    Args:
        vocabulary: `o200k_base` or `cl100k_base`.
        name: How the count is made, for the reader; the vocabulary by default.
        exact: Whether the model's own tokenizer gives the same count.
        margin: The fraction by which the model may count more; 0.0 when exact.
        chunk_chars: Characters that are tokenized at a time, for tests. The count does not depend on it.

    Raises:
        InvalidOptionError: There is no vocabulary of this name in the package.

    """

    def __init__(
        self,
        vocabulary: str,
        *,
        name: str | None = None,
        exact: bool = True,
        margin: float = 0.0,
        chunk_chars: int = CHUNK_CHARS,
    ) -> None:
        if vocabulary not in VOCABULARIES:
            option = "vocabulary"
            raise InvalidOptionError(option, f"one of {', '.join(sorted(VOCABULARIES))}", vocabulary)
        if chunk_chars < 1:
            option = "chunk_chars"
            raise InvalidOptionError(option, "1 or more", chunk_chars)
        self.vocabulary = vocabulary
        self.name = name or vocabulary
        self.exact = exact
        self.margin = margin
        self._chunk_chars = chunk_chars

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.vocabulary!r}, name={self.name!r}, exact={self.exact}, margin={self.margin})"

    def count(self, text: str) -> int:
        """
        Return the number of tokens of `text`.

        Raises:
            VocabularyError: The vocabulary file of the package is missing or damaged.

        """
        from headroom_core.tokens.cuts import parts, words_of  # noqa: PLC0415  # its patterns take long to compile

        encoding = load_encoding(self.vocabulary)
        whole = VOCABULARIES[self.vocabulary].final_whitespace_whole
        total = 0
        words: Counter[str] = Counter()
        for part in parts(text, self._chunk_chars, final_whitespace_whole=whole):
            if part.one_piece:
                total += _count(load_encoding(self.vocabulary, one_piece=True), part.text)
            elif _repeats_words(part.text):
                first, found, last = words_of(part.text)
                words.update(found)
                total += _count(encoding, first) + _count(encoding, last)
                if len(words) > MAX_WORDS:
                    total += _count_words(encoding, words)
                    words.clear()
            else:
                total += _count(encoding, part.text)
        return total + _count_words(encoding, words)


class FunctionCounter:
    """
    Counts with a function of the user's, e.g. a provider's tokenizer; taken as exact.

    Args:
        function: From a text to its number of tokens. Called from any thread.
        name: How the count is made, for the reader; the function's own name by default, and `custom` if it has none.

    """

    def __init__(self, function: CountFunction, *, name: str | None = None) -> None:
        own_name = getattr(function, "__name__", None)
        if not isinstance(own_name, str) or own_name == "<lambda>":
            own_name = "custom"
        self.name = name or own_name
        self.exact = True
        self.margin = 0.0
        self._function = function

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._function!r}, name={self.name!r})"

    def count(self, text: str) -> int:
        """
        Return what the function returns.

        Raises:
            InvalidOptionError: The function returned a negative number.
            InvalidOptionTypeError: The function returned something that is not an int.

        """
        tokens = self._function(text)
        option, expected = f"the result of counter {self.name!r}", "a number of tokens, an int of 0 or more"
        if not isinstance(tokens, int) or isinstance(tokens, bool):
            raise InvalidOptionTypeError(option, expected, tokens)
        if tokens < 0:
            raise InvalidOptionError(option, expected, tokens)
        return tokens


def as_counter(counter: CounterLike) -> TokenCounter:
    """
    Return `counter` itself when it is a `TokenCounter`, otherwise a `FunctionCounter` over it or its `count` method.

    Raises:
        InvalidOptionTypeError: `counter` can count nothing.

    """
    if isinstance(counter, TokenCounter) and not isinstance(counter, type):
        return counter
    count = getattr(counter, "count", None)
    # Strings and sequences have a `count` of another kind.
    if callable(count) and not isinstance(counter, (type, str, bytes, list, tuple)):
        return FunctionCounter(count, name=type(counter).__name__)
    if callable(counter) and not isinstance(counter, type):
        return FunctionCounter(counter)
    option = "counter"
    raise InvalidOptionTypeError(option, "a function from a text to its number of tokens, or a TokenCounter", counter)


def counter_for(model: str, counter: CounterLike | None = None) -> TokenCounter:
    """
    Return the counter for `model`, or `counter` where one is given. Loads nothing: the first count does.

    Raises:
        InvalidOptionError: `model` is empty.
        InvalidOptionTypeError: `model` is not a string, or `counter` can count nothing.

    """
    resolved = resolve_model(model)
    if counter is not None:
        return as_counter(counter)
    return VocabularyCounter(resolved.vocabulary, name=resolved.name, exact=resolved.exact, margin=resolved.margin)


def _count(encoding: tiktoken.Encoding, text: str) -> int:
    try:
        # `encode` and not `encode_ordinary`: where the regex engine gives up, this one raises and the other panics.
        return len(encoding.encode(text, disallowed_special=()))
    except BaseException as exc:
        # `encode` of older releases may panic as well: PanicException is a BaseException that cannot be imported.
        if len(text) == 1 or not (isinstance(exc, ValueError) or type(exc).__name__ == "PanicException"):
            raise
    # No tokenizer result exists for such a text. The halves may have a token more than it would.
    middle = len(text) // 2
    return _count(encoding, text[:middle]) + _count(encoding, text[middle:])


def _repeats_words(text: str) -> bool:
    from headroom_core.tokens.cuts import words_of  # noqa: PLC0415  # as above

    sample = text[:SAMPLE_CHARS]
    _, found, _ = words_of(sample)
    if not found:
        return False
    spared = len(sample) - sum(map(len, set(found)))
    return spared >= SPARED_CHARS * len(found)


def _count_words(encoding: tiktoken.Encoding, words: Counter[str]) -> int:
    """Count each distinct word once; those that occur equally often in one go, since words can stand in any order."""
    groups: dict[int, list[str]] = {}
    for word, times in words.items():
        groups.setdefault(times, []).append(word)
    return sum(times * _count(encoding, "".join(group)) for times, group in groups.items())
