"""SmartCrusher: short views of any JSON, re-encoded without loss first and cut by importance only where that is still too long."""

from headroom_core.compressors.json_crusher.crusher import SmartCrusher

__all__ = ["SmartCrusher"]
