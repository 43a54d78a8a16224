"""Public checkpoints as scorers of words, with the extra `torch`. Nothing heavy is imported before the first text is scored."""

from headroom_core.compressors.prose.checkpoints.kompress import Kompress
from headroom_core.compressors.prose.checkpoints.llmlingua2 import LLMLingua2

__all__ = ["Kompress", "LLMLingua2"]
