"""A user's own counter, and the memo around any counter."""

from __future__ import annotations

import functools
import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_core.errors import InvalidOptionError, InvalidOptionTypeError
from headroom_core.tokens import CountMemo, FunctionCounter, TokenCounter, VocabularyCounter, as_counter


class Recording:
    """Counts characters and keeps what it was asked."""

    name = "recording"
    exact = False
    margin = 0.125

    def __init__(self) -> None:
        self.asked: list[str] = []

    def count(self, text: str) -> int:
        """Return the number of characters."""
        self.asked.append(text)
        return len(text)


def words(text: str) -> int:
    """Count words."""
    return len(text.split())


def digest_of(text: str) -> str:
    """Return the digest under which a memo knows a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def test_a_function_counts_under_its_own_name_and_as_exact() -> None:
    """The user knows the model's tokenizer; nothing is kept back."""
    counter = FunctionCounter(words)

    assert isinstance(counter, TokenCounter)
    assert (counter.name, counter.exact, counter.margin) == ("words", True, 0.0)
    assert counter.count("one two three") == 3
    assert "name='words'" in repr(counter)


@pytest.mark.parametrize("function", [lambda text: len(text) + 1, functools.partial(len)])
def test_a_function_without_a_name_is_called_custom(function: object) -> None:
    """Lambdas and partials have no name worth showing."""
    assert as_counter(function).name == "custom"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("result", "error"),
    [(-1, InvalidOptionError), (2.0, InvalidOptionTypeError), (None, InvalidOptionTypeError), (True, InvalidOptionTypeError)],
)
def test_a_result_that_is_no_number_of_tokens_is_refused_at_the_call(result: object, error: type[InvalidOptionError]) -> None:
    """The error names the counter and shows what it returned."""
    counter = FunctionCounter(lambda text: result, name="mine")  # type: ignore[arg-type,return-value]

    with pytest.raises(error, match=f"the result of counter 'mine' must be .*, got {result!r}"):
        counter.count("text")


def test_a_token_counter_is_used_as_it_is() -> None:
    """Its name, exactness and margin are the user's to say."""
    counter = Recording()

    assert as_counter(counter) is counter


def test_an_object_with_a_count_method_alone_is_wrapped() -> None:
    """What a counter lacks is filled in."""

    class Tokenizer:
        def count(self, text: str) -> int:
            return 7

    counter = as_counter(Tokenizer())  # type: ignore[arg-type]

    assert (counter.name, counter.exact, counter.margin, counter.count("any")) == ("Tokenizer", True, 0.0, 7)


@pytest.mark.parametrize("counter", ["gpt-4o", 3, ["a"], object(), Recording, VocabularyCounter])
def test_what_cannot_count_is_refused(counter: object) -> None:
    """A model name, a class or a list in place of a counter is a `TypeError` at once."""
    with pytest.raises(InvalidOptionTypeError, match="counter must be a function from a text to its number of tokens"):
        as_counter(counter)  # type: ignore[arg-type]


@given(st.lists(st.text(st.characters(codec=None), max_size=100), max_size=20))
def test_a_memo_answers_what_its_counter_answers_and_asks_once(texts: list[str]) -> None:
    """The same text, short or long, with its digest or without, is counted once."""
    counter = Recording()
    memo = CountMemo(counter)

    answers = [
        (memo.count(text), memo.count(text, digest_of(text)), memo.count(text, digest=digest_of(text).upper()))
        for text in texts
    ]

    assert answers == [(len(text),) * 3 for text in texts]
    assert counter.asked == list(dict.fromkeys(texts))


def test_a_memo_has_the_name_and_margin_of_its_counter() -> None:
    """It counts like the counter inside."""
    memo = CountMemo(Recording())

    assert isinstance(memo, TokenCounter)
    assert (memo.name, memo.exact, memo.margin) == ("recording", False, 0.125)
    assert "max_counts=1024" in repr(memo)


@pytest.mark.parametrize("length", [3, 300])
def test_the_text_not_asked_for_longest_is_forgotten_first(length: int) -> None:
    """A memo is bounded, and asking for a text keeps it."""
    counter = Recording()
    memo = CountMemo(counter, max_counts=2)
    a, b, c = ("a" * length, "b" * length, "c" * length)

    for text in (a, b, a, c, a, b):
        memo.count(text)

    assert counter.asked == [a, b, c, b]


def test_a_memo_does_not_keep_long_texts() -> None:
    """Only their digests stay."""
    memo = CountMemo(FunctionCounter(len))
    text = "long text " * 100
    memo.count(text)

    assert all(len(key) <= 32 for key in memo._counts)


def test_a_text_that_spells_a_digest_is_not_taken_for_the_text_it_belongs_to() -> None:
    """Texts and digests are different keys."""
    counter = Recording()
    memo = CountMemo(counter)
    text = "x" * 1_000

    assert (memo.count(text), memo.count(digest_of(text))) == (1_000, 64)


def test_a_digest_that_is_not_hexadecimal_is_refused() -> None:
    """A key in place of a digest is a mistake of the caller's."""
    with pytest.raises(InvalidOptionError, match="digest must be a SHA-256 digest in hexadecimal, got 'research'"):
        CountMemo(Recording()).count("x" * 1_000, "research")


def test_a_memo_remembers_at_least_one_count() -> None:
    """`max_counts=0` would be no memo."""
    with pytest.raises(InvalidOptionError, match="max_counts must be 1 or more, got 0"):
        CountMemo(Recording(), max_counts=0)


def test_a_failed_count_is_not_remembered() -> None:
    """The next call asks again."""
    answers = iter([-1, 5])
    memo = CountMemo(FunctionCounter(lambda text: next(answers)))
    with pytest.raises(InvalidOptionError):
        memo.count("text")

    assert memo.count("text") == 5


def test_a_slow_count_blocks_no_other() -> None:
    """Counting happens outside the memo's lock."""
    entered, release = threading.Event(), threading.Event()

    def count(text: str) -> int:
        if text == "slow":
            entered.set()
            assert release.wait(10)
        return len(text)

    memo = CountMemo(FunctionCounter(count))
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(memo.count, "slow")
        assert entered.wait(10)
        quick = memo.count("quick")
        release.set()

        assert (quick, slow.result()) == (5, 4)


def test_threads_share_a_memo() -> None:
    """Many threads over few slots get right answers, and the bound holds."""
    memo = CountMemo(FunctionCounter(len), max_counts=5)
    barrier = threading.Barrier(8)

    def work(seed: int) -> bool:
        barrier.wait()
        return all(memo.count("x" * (i * seed % 90)) == i * seed % 90 for i in range(500))

    with ThreadPoolExecutor(8) as pool:
        right = list(pool.map(work, range(1, 9)))

    assert right == [True] * 8
    assert len(memo._counts) == 5
