"""Scorers by public checkpoints, where the extra that they need is not installed."""

import pickle
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType

import pytest

from headroom_core.compressors.prose.checkpoints import Kompress, LLMLingua2
from headroom_core.errors import MissingExtraError, ModelFileError


@pytest.mark.parametrize("kind", [LLMLingua2, Kompress])
@pytest.mark.parametrize("library", ["torch", "transformers", "safetensors"])
def test_a_missing_library_is_named_with_its_extra(kind, library, monkeypatch):
    """When a checkpoint is named, and not when its first text is scored."""
    for name in ("torch", "transformers", "safetensors"):
        stand_in = ModuleType(name)
        stand_in.__spec__ = ModuleSpec(name, None)
        monkeypatch.setitem(sys.modules, name, stand_in)
    monkeypatch.setitem(sys.modules, library, None)

    with pytest.raises(MissingExtraError, match=r'pip install "headroom-core\[torch\]"') as caught:
        kind("owner/name")

    assert isinstance(caught.value, ModuleNotFoundError)
    assert (caught.value.what, caught.value.extra, caught.value.missing) == (kind.__name__, "torch", library)
    assert caught.value.name == library
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # noqa: S301


@pytest.mark.parametrize("kind", [LLMLingua2, Kompress])
def test_missing_files_are_named_first(kind, tmp_path):
    """Whoever has neither learns where the files belong."""
    with pytest.raises(ModelFileError, match="has no .*model.safetensors"):
        kind(tmp_path)
