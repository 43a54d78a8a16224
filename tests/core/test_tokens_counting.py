"""`VocabularyCounter` counts what tiktoken counts, however it cuts the text."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable, Iterator

import pytest
import tiktoken
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom_core.errors import InvalidOptionError
from headroom_core.tokens import TokenCounter, VocabularyCounter, counters
from headroom_core.tokens.vocabulary import VOCABULARIES, load_encoding, vocabulary_bytes

NAMES = sorted(VOCABULARIES)

# sha1 of the address a vocabulary is published at: where tiktoken looks for it before it goes to the network.
CACHE_NAMES = {
    "o200k_base": "fb374d419588a4632f3f557e76b4b70aebbca790",
    "cl100k_base": "9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
}

# What the split treats in some way of its own, and what a cut could disturb.
FRAGMENTS = [
    *(
        " ",
        "  ",
        "     ",
        "\t",
        "\n",
        "\r\n",
        "\r",
        "\n\n",
        "\x0b",
        "\x0c",
        "\x1c",
        "\x85",
        "\xa0",
        "\u2028",
        "\u3000",
        "   \n",
    ),
    *("a", "B", "ab", "Ab", "é", "e\u0301", "\u0301", "\u017f", "K", "ǅ", "ʰ", "\u0e01\u0e34", "日", "本語", "アー", "한"),
    *(
        "'",
        "'s",
        "'LL",
        "'re",
        "'\u017f",
        "\u2019",
        "/",
        "//",
        ".",
        ",",
        "=",
        "!",
        "。",
        "、",
        "”",
        "\x00",
        "\x7f",
        "\xad",
        "😀",
        "👩‍👩‍👧",
    ),
    *("1", "12", "1234567", "٣", "½", "Ⅳ", "²", "\ud800", "\udc00", "<|endoftext|>", "<|fim_prefix|>"),
    *("a\n", "  b: 1\n", "}\n", "},\n", "  /x\n", "// y\n"),
]
TEXTS = st.one_of(
    st.text(st.characters(codec=None), max_size=80),
    st.lists(st.sampled_from(FRAGMENTS), max_size=60).map("".join),
    st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=4).flatmap(
        lambda few: st.lists(st.sampled_from(few), max_size=60).map("".join),
    ),
)


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, str], int]]:
    """Counts with tiktoken's own encodings, from a cache that is filled with our files."""
    cache = tmp_path_factory.mktemp("tiktoken")
    for name, file_name in CACHE_NAMES.items():
        (cache / file_name).write_bytes(vocabulary_bytes(name))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIKTOKEN_CACHE_DIR", str(cache))
        encodings = {name: tiktoken.get_encoding(name) for name in NAMES}
        yield lambda name, text: len(encodings[name].encode(text, disallowed_special=()))


def pretty_json(rows: int) -> str:
    """Rows with few distinct lines, and one line each that is never the same."""
    return json.dumps([{"id": i, "state": "ready", "region": "eu-west-1", "tags": ["a", "b"]} for i in range(rows)], indent=2)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=500, deadline=None)
@given(text=TEXTS, chunk_chars=st.integers(1, 12))
def test_any_text_cut_anywhere_counts_as_in_tiktoken(
    reference: Callable[[str, str], int], name: str, text: str, chunk_chars: int
) -> None:
    """The count is tiktoken's for any Unicode text, lone surrogates included, whatever the chunk size."""
    assert reference(name, text) == VocabularyCounter(name, chunk_chars=chunk_chars).count(text)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=400, deadline=None)
@given(text=TEXTS, chunk_chars=st.sampled_from([5, 40, 1_000]))
def test_counting_each_distinct_word_once_changes_nothing(
    reference: Callable[[str, str], int], name: str, text: str, chunk_chars: int
) -> None:
    """The count is tiktoken's when every text is counted by its distinct lines."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counters, "SPARED_CHARS", -1e9)
        counted = VocabularyCounter(name, chunk_chars=chunk_chars).count(text)

    assert reference(name, text) == counted


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("blank", [" ", "\t", "\u3000", " \t"])
def test_long_runs_of_whitespace_are_cut_where_the_tokenizer_cuts(
    reference: Callable[[str, str], int], name: str, blank: str
) -> None:
    """A run of whitespace longer than two chunks counts as in tiktoken between any neighbours."""
    before = ["", "a", ".", "\n", ".\n", "e\u0301\n", " \n \n", "1", "。"]
    behind = ["", "x", ".", "\n", "\nx", " \r\n.", "1", "'s", "\u0301", "/"]
    counter = VocabularyCounter(name, chunk_chars=30)

    for text in [f"{left}{blank * 101}{right}" for left in before for right in behind]:
        assert reference(name, text) == counter.count(text), text


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "text", ["12" * 500, "no. " + "7" * 1_000, "   " + "1" * 301 + "٣" * 7, "٣" + "1" * 300, "é" + "1" * 300]
)
def test_long_runs_of_digits_are_cut_every_three_digits(reference: Callable[[str, str], int], name: str, text: str) -> None:
    """A run of digits longer than two chunks counts as in tiktoken."""
    assert reference(name, text) == VocabularyCounter(name, chunk_chars=20).count(text)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "text",
    [
        pretty_json(4_000),
        "".join(f"2026-11-22T10:{i % 60:02}:00Z INFO worker-{i % 7} took {i * 7919 % 1000} ms\r\n" for i in range(8_000)),
        "".join(f"Paragraph {i} isn't like any other, and it's {i * i} words long.\n\n" for i in range(6_000)),
        "我们在这里写一些没有空格的文字。然后继续写下去。" * 20_000,
        "Слова через пробел и ещё немного. " * 16_000,
    ],
    ids=["json", "log", "prose", "chinese", "russian"],
)
def test_texts_of_several_chunks_count_as_in_tiktoken(reference: Callable[[str, str], int], name: str, text: str) -> None:
    """The count is tiktoken's at the chunk size that users get."""
    assert reference(name, text) == VocabularyCounter(name).count(text)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("behind", "cut"), [("", 1_050_000), ("x", 1_049_999), ("\n", 1_050_001)])
def test_a_million_spaces_are_counted_where_tiktoken_gives_up(name: str, behind: str, cut: int) -> None:
    """More than a million spaces are counted by the same rule as a few."""
    text = " " * 1_050_000 + behind
    one_piece = load_encoding(name, one_piece=True)
    expected = len(one_piece.encode(text[:cut])) + len(one_piece.encode(text[cut:]))

    assert expected == VocabularyCounter(name).count(text)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("1", 666_667),
        ("Aa", 1_000_000),
        ("'s", 1_000_000),
        (" a", 1_000_000),
        (" \n", 500_000),
        ("\x00", 1_000_000),
    ],
)
def test_megabytes_of_one_thing_are_counted(unit: str, expected: int) -> None:
    """Repetition of one or two characters neither fails nor hangs, and no token is lost at a chunk's end."""
    assert expected == VocabularyCounter("o200k_base").count(unit * (2_000_000 // len(unit)))


def test_a_text_on_which_the_tokenizer_fails_is_counted_by_halves(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error or a panic of the tokenizer does not escape; the halves of the text are counted instead."""

    class PanicException(BaseException):
        pass

    class Failing:
        def encode(self, text: str, *, disallowed_special: tuple[str, ...]) -> list[int]:
            if len(text) > 6:
                raise PanicException
            if len(text) > 3:
                raise ValueError
            return [0] * len(text)

    monkeypatch.setattr(counters, "load_encoding", lambda name: Failing())

    assert VocabularyCounter("o200k_base").count("abcdefghijk") == 11


def test_an_interrupt_while_counting_is_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends the count."""

    class Interrupted:
        def encode(self, text: str, *, disallowed_special: tuple[str, ...]) -> list[int]:
            raise KeyboardInterrupt

    monkeypatch.setattr(counters, "load_encoding", lambda name: Interrupted())

    with pytest.raises(KeyboardInterrupt):
        VocabularyCounter("o200k_base").count("abc")


def test_the_empty_text_has_no_tokens() -> None:
    """Nothing counts as nothing."""
    assert VocabularyCounter("cl100k_base").count("") == 0


def test_memory_while_counting_does_not_grow_with_the_text() -> None:
    """Counting holds the tokens of one chunk, not those of the text, and keeps nothing."""
    counter = VocabularyCounter("o200k_base")
    text = "".join(f"{i:x} is {i * 2654435761 % 2**32:x}, {i}. " for i in range(70_000))
    counter.count("warm")
    tracemalloc.start()
    try:
        counter.count(text)
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert len(text) > 1_700_000
    assert peak < 8_000_000
    assert kept < 100_000


def test_an_unknown_vocabulary_is_refused_at_construction() -> None:
    """The error names the vocabularies there are."""
    with pytest.raises(InvalidOptionError, match="one of cl100k_base, o200k_base, got 'p50k_base'"):
        VocabularyCounter("p50k_base")


def test_a_chunk_of_no_characters_is_refused() -> None:
    """A chunk has at least one character."""
    with pytest.raises(InvalidOptionError, match="chunk_chars must be 1 or more, got 0"):
        VocabularyCounter("o200k_base", chunk_chars=0)


def test_a_vocabulary_counter_is_a_token_counter_that_says_what_it_is() -> None:
    """Name, exactness and margin are those given."""
    counter = VocabularyCounter("o200k_base", name="o200k_base (estimate for m)", exact=False, margin=0.5)

    assert isinstance(counter, TokenCounter)
    assert (counter.name, counter.exact, counter.margin) == ("o200k_base (estimate for m)", False, 0.5)
    assert "estimate for m" in repr(counter)
