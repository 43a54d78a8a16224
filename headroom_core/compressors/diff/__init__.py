"""Views of unified diffs."""

from headroom_core.compressors.diff.compressor import DiffCompressor

__all__ = ["DiffCompressor"]
