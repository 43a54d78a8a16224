"""Shortens configuration files: YAML, TOML, INI, properties and environment files."""

from headroom_core.compressors.config.compressor import ConfigCompressor

__all__ = ["ConfigCompressor"]
