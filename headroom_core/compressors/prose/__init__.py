"""Prose: the words that tell least go first, and what is left still reads."""

from headroom_core.compressors.prose.compressor import ProseCompressor

__all__ = ["ProseCompressor"]
