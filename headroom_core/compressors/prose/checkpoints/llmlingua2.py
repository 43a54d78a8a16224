"""LLMLingua-2 (arXiv 2403.12968): a classifier of tokens that was taught by a large model which words of a meeting to keep."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

from headroom_core.compressors.prose.checkpoints.libraries import WITH_REPORT, library, made_up, quiet
from headroom_core.compressors.prose.checkpoints.pieces import Pieces
from headroom_core.compressors.prose.checkpoints.scorer import TOKENIZER_FILES, CheckpointScorer
from headroom_core.errors import ModelFileError

CLASSES = 2
"""A piece goes (0) or is kept (1)."""


class LLMLingua2(CheckpointScorer):
    """
    Scores words by a checkpoint of LLMLingua-2.

    `microsoft/llmlingua-2-xlm-roberta-large-meetingbank` (2.2 GB) and
    `microsoft/llmlingua-2-bert-base-multilingual-cased-meetingbank` (0.7 GB) are public; any classifier of tokens with two
    classes, of which the second keeps, and whose tokenizer sets two special tokens around a text, will do. Both take texts in
    many languages. A word's score is the mean of its pieces' probabilities to be kept, each seen with up to 510 pieces around
    it; where there is a full stop or the end of a line, a part of a text ends there.

    Weights are read from safetensors. A pickle can run code when it is read, so that one is read only where `allow_pickle` asks
    for it. Code in a repository never runs.

    Args:
        checkpoint: A folder with `config.json`, `model.safetensors`, `tokenizer.json` and what else of the tokenizer there is;
            then no connection is opened. Or the id of a repository of the Hugging Face hub: the first text that is scored
            fetches what is not in the hub's cache.
        device: A device of torch, such as `cuda:1`. None: an NVIDIA card where there is one, or else the CPU. Cards calculate
            in half precision, and other devices in single precision.
        batch_size: Parts of texts that go through the model at once: it changes speed and memory, and scores by rounding alone.
        revision: Branch, tag or commit of the repository. Name a commit to get the same scores next year.
        allow_pickle: Whether `pytorch_model.bin` is read instead of `model.safetensors`.

    """

    name = "llmlingua2"
    published: ClassVar[str] = "https://huggingface.co/microsoft/llmlingua-2-xlm-roberta-large-meetingbank"

    def _needed(self) -> Sequence[str]:
        return ("config.json", "pytorch_model.bin" if self._allow_pickle else "model.safetensors", "tokenizer.json")

    def _wanted(self) -> Sequence[str]:
        return (*self._needed(), *TOKENIZER_FILES)

    def _read(self, folder: Path) -> tuple[Any, Any, int]:
        transformers = library("transformers")
        local = {"local_files_only": True, "trust_remote_code": False}
        with quiet(transformers):
            tokenizer = transformers.AutoTokenizer.from_pretrained(folder, **local)
            model, report = transformers.AutoModelForTokenClassification.from_pretrained(
                folder, use_safetensors=not self._allow_pickle, **WITH_REPORT, **local
            )
        if wrong := made_up(report):
            raise ModelFileError(self._checkpoint, f"is no classifier of tokens, or lacks tensors: {', '.join(wrong[:5])}")
        if model.config.num_labels != CLASSES:
            raise ModelFileError(self._checkpoint, "is no classifier of tokens with two classes")
        return tokenizer, model, model.config.max_position_embeddings

    def _chunks(self, pieces: Pieces, room: int) -> Iterator[tuple[int, int]]:
        return pieces.chunks(room, at_stops=True)

    def _keep(self, torch: Any, model: Any, ids: Any, mask: Any) -> Any:
        return torch.softmax(model(input_ids=ids, attention_mask=mask).logits.float(), dim=-1)[:, :, 1]

    def _of_word(self, scores: Sequence[float]) -> float:
        return min(1.0, sum(scores) / len(scores))
