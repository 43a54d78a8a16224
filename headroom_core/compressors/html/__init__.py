"""The compressor of HTML pages, mails and fragments."""

from headroom_core.compressors.html.compressor import HtmlCompressor

__all__ = ["HtmlCompressor"]
