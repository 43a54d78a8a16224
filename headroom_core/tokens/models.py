"""
Which vocabulary counts the tokens of which model, as data.

Models whose tokenizer is public and comes with the package are counted exactly; all others are estimated with the
nearest vocabulary. The exact part agrees with tiktoken's own table (`tiktoken/model.py`), which a test holds it to: it
is repeated here because a model is resolved long before anything is counted, and tiktoken takes time to import.
"""

from __future__ import annotations

from dataclasses import dataclass

from headroom_core.errors import InvalidOptionError, InvalidOptionTypeError

O200K = "o200k_base"
CL100K = "cl100k_base"

EXACT_NAMES = {
    "o1": O200K,
    "o3": O200K,
    "o4-mini": O200K,
    "gpt-5": O200K,
    "gpt-4.1": O200K,
    "gpt-4o": O200K,
    "gpt-4": CL100K,
    "gpt-3.5-turbo": CL100K,
    "gpt-3.5": CL100K,
    "gpt-35-turbo": CL100K,
    "davinci-002": CL100K,
    "babbage-002": CL100K,
    "text-embedding-ada-002": CL100K,
    "text-embedding-3-small": CL100K,
    "text-embedding-3-large": CL100K,
}

EXACT_PREFIXES = {
    "o1-": O200K,
    "o3-": O200K,
    "o4-mini-": O200K,
    "gpt-5": O200K,
    "gpt-4.5-": O200K,
    "gpt-4.1-": O200K,
    "chatgpt-4o-": O200K,
    "gpt-4o-": O200K,
    "gpt-4-": CL100K,
    "gpt-3.5-turbo-": CL100K,
    "gpt-35-turbo-": CL100K,
    # tiktoken's o200k_harmony: o200k_base with more special tokens, which are ordinary text in a payload.
    "gpt-oss-": O200K,
    "ft:gpt-4o": O200K,
    "ft:gpt-4": CL100K,
    "ft:gpt-3.5-turbo": CL100K,
    "ft:davinci-002": CL100K,
    "ft:babbage-002": CL100K,
}

# Who serves OpenAI's models under OpenAI's names: `openai/gpt-4o` and `azure/gpt-4o` in litellm, `openai:gpt-4o` in
# LangChain, `openrouter/openai/gpt-4o`. Elsewhere a name like `gpt-4` may be anything.
EXACT_PROVIDERS = frozenset({"openai", "azure", "azure_ai", "azure_openai"})

DEFAULT_MARGIN = 0.25
"""Fraction by which an estimate may be too low where nothing better is known."""

# An assumption on the safe side: Claude's tokenizer is not public, and this project has not measured it.
CLAUDE_MARGIN = 0.30
# From Opus 4.7 on, 1.0 to 1.35 times as many tokens as before (Anthropic's migration guide to that model): 1.3 * 1.35 - 1.
NEWER_CLAUDE_MARGIN = 0.75

# What a name contains -> the nearest vocabulary and the margin; the longest that fits decides. Dots count as hyphens.
ESTIMATES = {
    "": (O200K, DEFAULT_MARGIN),
    "claude": (O200K, NEWER_CLAUDE_MARGIN),
    "claude-instant": (O200K, CLAUDE_MARGIN),
    "claude-2": (O200K, CLAUDE_MARGIN),
    "claude-3": (O200K, CLAUDE_MARGIN),
    "claude-haiku-4": (O200K, CLAUDE_MARGIN),
    "claude-sonnet-4": (O200K, CLAUDE_MARGIN),
    "claude-opus-4": (O200K, CLAUDE_MARGIN),
    "claude-opus-4-7": (O200K, NEWER_CLAUDE_MARGIN),
    "claude-opus-4-8": (O200K, NEWER_CLAUDE_MARGIN),
    "claude-opus-4-9": (O200K, NEWER_CLAUDE_MARGIN),
    # Llama 3's vocabulary holds tiktoken's 100,000 tokens (The Llama 3 Herd of Models, 2024).
    "llama": (CL100K, DEFAULT_MARGIN),
    # Qwen started from cl100k_base as well (Qwen Technical Report, 2023).
    "qwen": (CL100K, DEFAULT_MARGIN),
    # OpenAI's p50k and r50k vocabularies, which cl100k_base followed.
    "davinci": (CL100K, DEFAULT_MARGIN),
    "curie": (CL100K, DEFAULT_MARGIN),
    "babbage": (CL100K, DEFAULT_MARGIN),
    "text-ada": (CL100K, DEFAULT_MARGIN),
    "cushman": (CL100K, DEFAULT_MARGIN),
    "gpt2": (CL100K, DEFAULT_MARGIN),
    "gpt-2": (CL100K, DEFAULT_MARGIN),
}


@dataclass(frozen=True, slots=True)
class ModelVocabulary:
    """
    How the tokens of a model are counted.

    Attributes:
        vocabulary: A key of `headroom_core.tokens.vocabulary.VOCABULARIES`.
        exact: True when the model's own tokenizer gives the same count.
        margin: The fraction by which the model may count more; 0.0 when exact.
        name: The vocabulary, and for which model it is only an estimate.

    """

    vocabulary: str
    exact: bool
    margin: float
    name: str


def resolve_model(model: str) -> ModelVocabulary:
    """
    Look up how the tokens of `model` are counted. An unknown model is estimated, which `name` says.

    Raises:
        InvalidOptionError: `model` is empty or blank.
        InvalidOptionTypeError: `model` is not a string.

    """
    option, expected = "model", "the name of a model, e.g. 'gpt-4o'"
    if not isinstance(model, str):
        raise InvalidOptionTypeError(option, expected, model)
    if not model.strip():
        raise InvalidOptionError(option, expected, model)
    exact = _exact(model) or _exact(_without_provider(model))
    if exact is not None:
        return ModelVocabulary(vocabulary=exact, exact=True, margin=0.0, name=exact)
    plain = model.rpartition("/")[2].lower().replace(".", "-")
    # An exact name from an unknown provider: most likely the model of that name.
    likely = _exact(model.rpartition("/")[2])
    vocabulary, margin = ESTIMATES[max((part for part in ESTIMATES if part in plain), key=len)]
    vocabulary = likely or vocabulary
    return ModelVocabulary(vocabulary=vocabulary, exact=False, margin=margin, name=f"{vocabulary} (estimate for {model})")


def _exact(model: str) -> str | None:
    if model in EXACT_NAMES:
        return EXACT_NAMES[model]
    prefixes = [prefix for prefix in EXACT_PREFIXES if model.startswith(prefix)]
    return EXACT_PREFIXES[max(prefixes, key=len)] if prefixes else None


def _without_provider(model: str) -> str:
    """Return the part behind a provider that serves OpenAI's models; the whole name when there is none."""
    provider, _, name = model.partition(":")
    if provider in EXACT_PROVIDERS:
        return name
    path, _, name = model.rpartition("/")
    return name if path.rpartition("/")[2] in EXACT_PROVIDERS else model
