"""The scorers that come with the package: the encoder, and where onnxruntime is not installed, the one in plain Python."""

from __future__ import annotations

import hashlib
import threading
from functools import cache
from importlib.resources import files
from importlib.util import find_spec

from headroom_core.compressors.prose.scorers.base import WordScorer
from headroom_core.compressors.prose.scorers.encoder import EncoderScorer
from headroom_core.compressors.prose.scorers.linear import LinearScorer
from headroom_core.errors import ModelFileError

SHA256 = {
    "words.onnx": "081a0caac93c74370d86e583ab1fd9ee4a086ad46facc3165ba5e0285a74b7f0",
    "words.bin": "f8b0a8473c7893df2f190a8aa669fb043aca89ede7d19df3e509b3397ee6cf6b",
}
"""Digests of the files with the weights, which `nox -s train_prose` writes."""

_lock = threading.Lock()


def default_scorer() -> WordScorer:
    """Return the scorer that comes with the package, which is loaded at the first call."""
    with _lock:
        return _loaded()


@cache
def _loaded() -> WordScorer:
    if find_spec("onnxruntime") is None:
        return LinearScorer(weights("words.bin"))
    return EncoderScorer(weights("words.onnx"))


def weights(name: str) -> bytes:
    """
    Return the bytes of a file with weights.

    Raises:
        ModelFileError: The file is missing, or not what was published.

    """
    path = files(__package__) / "data" / name
    content = path.read_bytes() if path.is_file() else b""
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256[name]:
        wrong = f"has sha256 {found} in place of {SHA256[name]}" if content else "is missing"
        problem = f"{wrong}; prose passes as it is; run: pip install --force-reinstall --no-deps headroom-core"
        raise ModelFileError(name, problem)
    return content
