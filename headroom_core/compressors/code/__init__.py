"""Views of source code."""

from headroom_core.compressors.code.compressor import CodeCompressor

__all__ = ["CodeCompressor"]
