"""From a text to its kind, with the reason."""

from headroom_core.detection.base import Detection
from headroom_core.detection.detect import KINDS, detect

__all__ = ["KINDS", "Detection", "detect"]
