"""The passages of an original that are nearest to a question."""

from headroom_core.search.ranking import passages_for

__all__ = ["passages_for"]
