"""
The tensors of Kompress, from the files in which they are published.

They are named `encoder.*` (ModernBERT), `token_head.*` and `span_conv.*`. `model.safetensors` of the second version holds the
encoder as it was trained, with what was learned beside each matrix (LoRA, arXiv 2106.09685); `merged.pt`, a pickle, has that
folded in.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from headroom_core.compressors.prose.checkpoints.libraries import library
from headroom_core.errors import ModelFileError

PLAIN = "model.safetensors"
MERGED = "merged.pt"
_PARTS = ("encoder", "token_head", "span_conv")
_TRAINED = "encoder.base_model.model."


def read_weights(folder: Path, *, allow_pickle: bool) -> dict[str, Any]:
    """Return the tensors by name, with the adapters folded in."""
    if allow_pickle:
        torch = library("torch")
        # Even then the file may hold nothing but tensors and plain containers.
        sections = torch.load(folder / MERGED, map_location="cpu", weights_only=True)
        return {f"{part}.{name}": tensor for part in _PARTS for name, tensor in sections[f"{part}_state_dict"].items()}
    tensors = library("safetensors.torch").load_file(folder / PLAIN)
    return _folded(tensors, folder) if any(name.startswith(_TRAINED) for name in tensors) else dict(tensors)


def _folded(tensors: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return the tensors of an encoder with adapters as they are without: to each matrix its adapter's product is added."""
    found = {}
    for name, tensor in tensors.items():
        plain = name.replace(_TRAINED, "encoder.")
        module, is_base, kind = plain.partition(".base_layer.")
        if ".lora_A." in name or ".lora_B." in name:
            continue
        if is_base and kind == "weight":
            before = name.removesuffix("base_layer.weight")
            down, up = (tensors[f"{before}lora_{side}.default.weight"].float() for side in "AB")
            found[f"{module}.weight"] = tensor.float() + _scale(folder, len(down)) * (up @ down)
        else:
            found[plain.replace(".base_layer.", ".")] = tensor
    return found


def _scale(folder: Path, rank: int) -> float:
    """Return what the product of an adapter is multiplied with, which its settings tell and its tensors do not."""
    for file in ("adapter_config.json", "config.json"):
        settings = settings_of(folder / file)
        alpha = _setting(settings, "lora_alpha")
        if isinstance(alpha, int | float):
            return alpha / (math.sqrt(rank) if _setting(settings, "use_rslora") else rank)
    todo = f"write it into config.json, or pass allow_pickle=True and have {MERGED} in the folder"
    raise ModelFileError(str(folder), f"has adapters in {PLAIN} and no file that tells their lora_alpha; {todo}")


def settings_of(file: Path) -> dict[str, Any]:
    """Return what stands in a file of settings; nothing where there is none."""
    found = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return found if isinstance(found, dict) else {}


def _setting(settings: Mapping[str, Any], name: str) -> Any:
    """Return a setting, also from inside of another; None where there is none."""
    if name in settings:
        return settings[name]
    inner = (_setting(value, name) for value in settings.values() if isinstance(value, dict))
    return next((value for value in inner if value is not None), None)
