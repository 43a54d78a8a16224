"""SmartCrusher: short views of any JSON, re-encoded without loss first, then cut by importance where that is too long."""

from headroom_core.compressors.json_crusher.crusher import SmartCrusher

__all__ = ["SmartCrusher"]
