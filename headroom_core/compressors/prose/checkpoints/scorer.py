"""What the scorers that run a checkpoint share: when it is loaded, and how texts go through it."""

from __future__ import annotations

import os
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from headroom_core import _validation as check
from headroom_core.compressors.prose.checkpoints import libraries
from headroom_core.compressors.prose.checkpoints.pieces import Pieces, pieces_of
from headroom_core.compressors.prose.checkpoints.places import check_folder, fetch, folder_of
from headroom_core.errors import InvalidOptionError, InvalidOptionTypeError, ModelFileError

MOST_PIECES = 512
"""Pieces that a model sees at once, with the two that stand around a text: what both checkpoints were trained on."""

BFLOAT16_SINCE = 8
"""Compute capability of the first generation of NVIDIA cards that calculate with bfloat16."""

TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")


@dataclass(frozen=True, slots=True)
class Loaded:
    """
    A checkpoint that can run.

    Attributes:
        tokenizer: Splits words in pieces.
        model: In evaluation mode, on its device.
        device: Where it is.
        room: Pieces of a text that it sees at once.

    """

    tokenizer: Any
    model: Any
    device: Any
    room: int


class CheckpointScorer(ABC):
    """Scores words by a checkpoint, which is loaded when the first word is scored. Safe to use from any thread."""

    name: str
    published: ClassVar[str]  # where its files are published

    def __init__(
        self,
        checkpoint: str | os.PathLike[str],
        *,
        device: str | None = None,
        batch_size: int = 16,
        revision: str | None = None,
        allow_pickle: bool = False,
    ) -> None:
        self._folder = folder_of("checkpoint", checkpoint)
        self._checkpoint = os.fspath(checkpoint)
        self._device = check.optional_text("device", device)
        self._batch_size = check.count("batch_size", batch_size)
        self._revision = check.optional_text("revision", revision)
        self._allow_pickle = check.flag("allow_pickle", allow_pickle)
        if self._folder is not None:
            if revision is not None:
                option, expected = "revision", "None where the checkpoint is a folder"
                raise InvalidOptionError(option, expected, revision)
            check_folder(self._folder, self._needed(), self.published)
        libraries.check(type(self).__name__)
        self._lock = threading.Lock()
        self._loaded: Loaded | None = None

    def scores(self, texts: Sequence[Sequence[str]], /) -> list[list[float]]:
        """
        Return for each word and mark of each text a number from 0 (goes first) to 1 (stays longest).

        What the tokenizer leaves out, such as white space, gets 1: the model has not seen it. The first call loads the
        checkpoint. One call at a time goes through the model, whichever thread it comes from.
        """
        if isinstance(texts, str) or any(isinstance(text, str) for text in texts):
            option, expected = "texts", "a sequence of texts, each of them a sequence of words"
            raise InvalidOptionTypeError(option, expected, texts)
        if not any(texts):
            return [[] for _ in texts]
        # Tokenizers and models keep state of their own while they run.
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            spelled = [pieces_of(text, self._loaded.tokenizer) for text in texts]
            scored = self._through_model(spelled, self._loaded)
        return [
            [self._of_word([values[piece] for piece in word]) if word else 1.0 for word in pieces.of]
            for pieces, values in zip(spelled, scored, strict=True)
        ]

    def _through_model(self, texts: Sequence[Pieces], loaded: Loaded) -> list[list[float]]:
        """Return the score of each piece of each text."""
        torch = libraries.library("torch")
        scored = [[0.0] * len(pieces.ids) for pieces in texts]
        chunks = [(number, *chunk) for number, pieces in enumerate(texts) for chunk in self._chunks(pieces, loaded.room)]
        # Neighbours of one length are padded least.
        chunks.sort(key=lambda chunk: chunk[1] - chunk[2])
        for first in range(0, len(chunks), self._batch_size):
            batch = chunks[first : first + self._batch_size]
            ids, mask = _padded(torch, [texts[number].ids[start:end] for number, start, end in batch], loaded)
            with torch.inference_mode():
                values = self._keep(torch, loaded.model, ids, mask).cpu()
            if not torch.isfinite(values[mask.cpu().bool()]).all():
                raise ModelFileError(self._checkpoint, "gives scores that are no numbers; its weights are damaged")
            for (number, start, end), row in zip(batch, values.tolist(), strict=True):
                scored[number][start:end] = row[1 : 1 + end - start]
        return scored

    def _load(self) -> Loaded:
        torch = libraries.library("torch")
        device = _device(torch, self._device)
        folder = self._folder
        if folder is None:
            folder = fetch(self._checkpoint, self._wanted(), revision=self._revision)
            check_folder(folder, self._needed(), self.published)
        try:
            tokenizer, model, positions = self._read(folder)
        except (ModelFileError, InvalidOptionError):
            raise
        except Exception as exc:
            raise ModelFileError(self._checkpoint, f"cannot be read: {exc}") from exc
        room = min(MOST_PIECES, tokenizer.model_max_length, positions) - 2
        around = (tokenizer.cls_token_id, tokenizer.sep_token_id, tokenizer.pad_token_id)
        if not tokenizer.is_fast or room < 1 or None in around:
            raise ModelFileError(self._checkpoint, f"has a tokenizer that {type(self).__name__} cannot use")
        return Loaded(tokenizer, model.to(device=device, dtype=_precision(torch, device)).eval(), device, room)

    @abstractmethod
    def _needed(self) -> Sequence[str]:
        """Return the files that a checkpoint must have."""

    @abstractmethod
    def _wanted(self) -> Sequence[str]:
        """Return the files of a repository that are of use."""

    @abstractmethod
    def _read(self, folder: Path) -> tuple[Any, Any, int]:
        """Return the tokenizer, the model, and the pieces that it can tell the places of."""

    @abstractmethod
    def _chunks(self, pieces: Pieces, room: int) -> Iterator[tuple[int, int]]:
        """Yield the parts of a text that the model sees at once."""

    @abstractmethod
    def _keep(self, torch: Any, model: Any, ids: Any, mask: Any) -> Any:
        """Return for each piece of a batch how likely it is to be kept, in single precision."""

    @abstractmethod
    def _of_word(self, scores: Sequence[float]) -> float:
        """Return the score of a word from those of its pieces."""


def _padded(torch: Any, rows: Sequence[Sequence[int]], loaded: Loaded) -> tuple[Any, Any]:
    """Return the pieces of a batch, between the two that stand around a text, and which places are not filled up."""
    tokenizer = loaded.tokenizer
    width = max(map(len, rows)) + 2
    ids = torch.full((len(rows), width), tokenizer.pad_token_id, dtype=torch.long)
    mask = torch.zeros((len(rows), width), dtype=torch.long)
    for number, row in enumerate(rows):
        ids[number, : len(row) + 2] = torch.tensor([tokenizer.cls_token_id, *row, tokenizer.sep_token_id])
        mask[number, : len(row) + 2] = 1
    return ids.to(loaded.device), mask.to(loaded.device)


def _device(torch: Any, wanted: str | None) -> Any:
    if wanted is None:
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(wanted)
        torch.zeros(1, device=device)
    except Exception as exc:
        option, expected = "device", "None, or a device that torch has here, such as 'cpu'"
        raise InvalidOptionError(option, expected, wanted) from exc
    return device


def _precision(torch: Any, device: Any) -> Any:
    """Return half precision on NVIDIA cards, and single precision elsewhere, where half is slower or has not been tried."""
    if device.type != "cuda":
        return torch.float32
    # ModernBERT was trained in bfloat16, which has the range of single precision: nothing can overflow.
    return torch.bfloat16 if torch.cuda.get_device_capability(device)[0] >= BFLOAT16_SINCE else torch.float16
