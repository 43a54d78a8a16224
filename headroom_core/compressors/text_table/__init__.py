"""Shortens tables written as text: CSV, TSV and Markdown."""

from headroom_core.compressors.text_table.compressor import TableCompressor

__all__ = ["TableCompressor"]
