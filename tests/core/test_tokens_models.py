"""Which models are counted exactly, and what an estimate says of itself."""

from __future__ import annotations

import pytest
import tiktoken.model
from hypothesis import given
from hypothesis import strategies as st

from headroom_core.errors import InvalidOptionError, InvalidOptionTypeError
from headroom_core.tokens import FunctionCounter, VocabularyCounter, counter_for, resolve_model
from headroom_core.tokens.vocabulary import VOCABULARIES

# o200k_harmony is o200k_base with more special tokens.
OURS = {"o200k_base": "o200k_base", "o200k_harmony": "o200k_base", "cl100k_base": "cl100k_base"}

TIKTOKEN_NAMES = [
    *tiktoken.model.MODEL_TO_ENCODING,
    *tiktoken.model.MODEL_PREFIX_TO_ENCODING,
    *(f"{prefix}2026-01-01" for prefix in tiktoken.model.MODEL_PREFIX_TO_ENCODING),
]


def assert_agrees_with_tiktoken(model: str) -> None:
    """Hold our table to tiktoken's where tiktoken has an answer."""
    try:
        expected = OURS.get(tiktoken.model.encoding_name_for_model(model))
    except KeyError:
        return
    resolved = resolve_model(model)

    assert (expected is not None) == resolved.exact
    if expected:
        assert (expected, expected, 0.0) == (resolved.vocabulary, resolved.name, resolved.margin)


@pytest.mark.parametrize("model", TIKTOKEN_NAMES)
def test_every_model_that_tiktoken_knows_is_counted_as_tiktoken_does(model: str) -> None:
    """A name or prefix that a new tiktoken adds shows up here."""
    assert_agrees_with_tiktoken(model)


@given(st.sampled_from(TIKTOKEN_NAMES), st.text("-.:/0145gpt", max_size=6))
def test_names_made_from_known_ones_agree_with_tiktoken(known: str, more: str) -> None:
    """Prefixes overlap (`gpt-4`, `gpt-4o`), and the same one decides as in tiktoken."""
    assert_agrees_with_tiktoken(known + more)


@pytest.mark.parametrize(
    ("model", "vocabulary"),
    [
        ("openai/gpt-4o", "o200k_base"),
        ("azure/gpt-4-0613", "cl100k_base"),
        ("openrouter/openai/gpt-4o-mini", "o200k_base"),
        ("groq/openai/gpt-oss-120b", "o200k_base"),
        ("openai:gpt-5-mini", "o200k_base"),
        ("azure_openai:gpt-35-turbo", "cl100k_base"),
        ("openai/ft:gpt-4o:acme::x", "o200k_base"),
    ],
)
def test_a_model_served_by_openai_or_azure_is_exact_behind_its_provider(model: str, vocabulary: str) -> None:
    """Names as litellm and LangChain write them are resolved on the part that names the model."""
    resolved = resolve_model(model)

    assert (vocabulary, True, 0.0, vocabulary) == (resolved.vocabulary, resolved.exact, resolved.margin, resolved.name)


@pytest.mark.parametrize(
    ("model", "vocabulary", "margin"),
    [
        ("claude-sonnet-4-5-20250929", "o200k_base", 0.30),
        ("anthropic/claude-3-5-sonnet-latest", "o200k_base", 0.30),
        ("us.anthropic.claude-3-5-sonnet-20241022-v2:0", "o200k_base", 0.30),
        ("anthropic/claude-opus-4.6", "o200k_base", 0.30),
        ("anthropic/claude-opus-4.7", "o200k_base", 0.75),
        ("claude-sonnet-5", "o200k_base", 0.75),
        ("gemini-2.5-pro", "o200k_base", 0.25),
        ("mistral-large-latest", "o200k_base", 0.25),
        ("meta-llama/Meta-Llama-3-8B-Instruct", "cl100k_base", 0.25),
        ("ollama/Qwen2.5:7b", "cl100k_base", 0.25),
        ("text-davinci-003", "cl100k_base", 0.25),
        ("gpt2", "cl100k_base", 0.25),
        ("my-deployment", "o200k_base", 0.25),
        ("my-proxy/gpt-4", "cl100k_base", 0.25),
    ],
)
def test_an_estimate_says_for_which_model_and_how_far_it_may_be_off(model: str, vocabulary: str, margin: float) -> None:
    """A model without a public tokenizer of the package's is counted with the nearest one, and the name says so."""
    resolved = resolve_model(model)

    assert (vocabulary, False, margin) == (resolved.vocabulary, resolved.exact, resolved.margin)
    assert resolved.name == f"{vocabulary} (estimate for {model})"


@given(st.text(min_size=1).filter(str.strip))
def test_every_name_resolves_to_a_vocabulary_of_the_package(model: str) -> None:
    """No name is an error, and only estimates have a margin."""
    resolved = resolve_model(model)

    assert resolved.vocabulary in VOCABULARIES
    assert resolved.exact == (resolved.margin == 0.0)


@pytest.mark.parametrize("model", ["", "  "])
def test_an_empty_model_name_is_refused(model: str) -> None:
    """The error says what a name looks like."""
    with pytest.raises(InvalidOptionError, match=r"model must be the name of a model, e\.g\. 'gpt-4o', got"):
        counter_for(model)


@pytest.mark.parametrize("model", [None, 4, b"gpt-4o"])
def test_a_model_that_is_no_string_is_refused(model: object) -> None:
    """The error is a `TypeError` as well."""
    with pytest.raises(InvalidOptionTypeError, match="model must be the name of a model"):
        counter_for(model)  # type: ignore[arg-type]


def test_counter_for_a_model_counts_with_its_vocabulary() -> None:
    """The counter carries what the table says."""
    counter = counter_for("claude-sonnet-4-5-20250929")

    assert isinstance(counter, VocabularyCounter)
    assert (counter.name, counter.exact) == ("o200k_base (estimate for claude-sonnet-4-5-20250929)", False)
    assert counter.margin == 0.30
    assert counter.count("Hello, world!") == 4


def test_a_counter_that_is_given_takes_the_place_of_the_models_own() -> None:
    """The model is then only a name."""
    counter = counter_for("gpt-4o", len)

    assert isinstance(counter, FunctionCounter)
    assert counter.count("four") == 4
