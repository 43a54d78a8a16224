"""Token counters, and which of them belongs to which model. tiktoken is imported with the first count, not before."""

from headroom_core.tokens.base import TokenCounter
from headroom_core.tokens.counters import CounterLike, FunctionCounter, VocabularyCounter, as_counter, counter_for
from headroom_core.tokens.memo import CountMemo
from headroom_core.tokens.models import ModelVocabulary, resolve_model

__all__ = [
    "CountMemo",
    "CounterLike",
    "FunctionCounter",
    "ModelVocabulary",
    "TokenCounter",
    "VocabularyCounter",
    "as_counter",
    "counter_for",
    "resolve_model",
]
