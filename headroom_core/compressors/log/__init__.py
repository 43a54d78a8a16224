"""Views of logs, and of what builds and tests print."""

from headroom_core.compressors.log.log_view import LogCompressor

__all__ = ["LogCompressor"]
