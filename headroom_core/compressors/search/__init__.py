"""Views of search results: what `grep -rn`, `git grep` and ripgrep print."""

from headroom_core.compressors.search.compressor import SearchCompressor

__all__ = ["SearchCompressor"]
