"""Scorers say how likely each word is to be asked for."""

from headroom_core.compressors.prose.scorers.base import WordScorer
from headroom_core.compressors.prose.scorers.default import default_scorer

__all__ = ["WordScorer", "default_scorer"]
