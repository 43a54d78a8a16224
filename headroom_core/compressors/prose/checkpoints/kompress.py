"""Kompress: ModernBERT with two heads, one that keeps or drops a piece, and one that says how much matters around it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

from headroom_core.compressors.prose.checkpoints.libraries import WITH_REPORT, library, made_up, quiet
from headroom_core.compressors.prose.checkpoints.pieces import Pieces
from headroom_core.compressors.prose.checkpoints.places import check_folder, fetch, folder_of
from headroom_core.compressors.prose.checkpoints.scorer import TOKENIZER_FILES, CheckpointScorer
from headroom_core.compressors.prose.checkpoints.weights import MERGED, PLAIN, read_weights, settings_of
from headroom_core.errors import ModelFileError

CHUNK_WORDS = 350
"""Words, as spaces part them, that the model sees at once: what it was trained on."""

BASE = "answerdotai/ModernBERT-base"
SPAN_CHANNELS = 256


class Kompress(CheckpointScorer):
    """
    Scores words by a checkpoint of Kompress, such as `chopratejas/kompress-v2-base` (0.6 GB). It was trained on English.

    A piece's score is `p * (0.5 + 0.5 * span)`: `p` is its probability to be kept, and `span` how much matters around it. A
    word's score is that of its highest piece. The model sees up to 350 words at once, or fewer where they have more than 510
    pieces.

    Weights are read from safetensors. A pickle can run code when it is read, so that one is read only where `allow_pickle` asks
    for it, and then nothing but tensors. Code in a repository never runs.

    Args:
        checkpoint: A folder with `model.safetensors`; then no connection is opened. Or the id of a repository of the Hugging
            Face hub: the first text that is scored fetches what is not in the hub's cache.
        base: Where tokenizer and settings of the encoder come from, if the checkpoint has none: a folder with ModernBERT's
            `config.json`, `tokenizer.json` and what else of the tokenizer there is, or the id of a repository. None:
            `answerdotai/ModernBERT-base`, which beside a folder is looked for in the hub's cache alone.
        device: A device of torch, such as `cuda:1`. None: an NVIDIA card where there is one, or else the CPU. Cards calculate
            in half precision, and other devices in single precision.
        batch_size: Parts of texts that go through the model at once: it changes speed and memory, and scores by rounding alone.
        revision: Branch, tag or commit of the repository. Name a commit to get the same scores next year.
        allow_pickle: Whether `merged.pt` is read instead of `model.safetensors`.

    """

    name = "kompress"
    published: ClassVar[str] = "https://huggingface.co/chopratejas/kompress-v2-base"

    def __init__(
        self,
        checkpoint: str | os.PathLike[str],
        *,
        base: str | os.PathLike[str] | None = None,
        device: str | None = None,
        batch_size: int = 16,
        revision: str | None = None,
        allow_pickle: bool = False,
    ) -> None:
        self._base = base
        self._base_folder = None if base is None else folder_of("base", base)
        super().__init__(checkpoint, device=device, batch_size=batch_size, revision=revision, allow_pickle=allow_pickle)
        if self._base_folder is not None:
            check_folder(self._base_folder, ("config.json", "tokenizer.json"), f"https://huggingface.co/{BASE}")

    def _needed(self) -> Sequence[str]:
        return (MERGED if self._allow_pickle else PLAIN,)

    def _wanted(self) -> Sequence[str]:
        return (*self._needed(), "config.json", "adapter_config.json", *TOKENIZER_FILES)

    def _read(self, folder: Path) -> tuple[Any, Any, int]:
        torch, transformers = library("torch"), library("transformers")
        has_settings = settings_of(folder / "config.json").get("model_type") == "modernbert"
        has_tokenizer = (folder / "tokenizer.json").exists()
        base = folder if has_settings and has_tokenizer else self._of_base()
        settings = folder if has_settings else base
        config = transformers.ModernBertConfig.from_pretrained(settings, local_files_only=True)
        config.reference_compile = False  # would compile kernels on the first text
        tokenizer = transformers.PreTrainedTokenizerFast.from_pretrained(
            folder if has_tokenizer else base, local_files_only=True
        )
        return tokenizer, self._model(torch, transformers, config, folder), config.max_position_embeddings

    def _model(self, torch: Any, transformers: Any, config: Any, folder: Path) -> Any:
        """Return the encoder and its heads, as the files of the checkpoint have them."""
        tensors = read_weights(folder, allow_pickle=self._allow_pickle)
        inner = {name.removeprefix("encoder."): tensor for name, tensor in tensors.items() if name.startswith("encoder.")}
        with quiet(transformers):
            # Built this way, it is not first filled with random numbers, which takes half a minute.
            encoder, report = transformers.ModernBertModel.from_pretrained(
                None, config=config, state_dict=inner, attn_implementation="sdpa", **WITH_REPORT
            )
        if wrong := [*made_up(report), *sorted(report["unexpected_keys"])]:
            raise ModelFileError(self._checkpoint, f"lacks tensors of the encoder, or has others: {', '.join(wrong[:5])}")
        size = config.hidden_size
        heads = torch.nn.ModuleDict(
            {
                "token_head": torch.nn.Linear(size, 2),
                "span_conv": torch.nn.Sequential(
                    torch.nn.Conv1d(size, SPAN_CHANNELS, kernel_size=5, padding=2),
                    torch.nn.GELU(),
                    torch.nn.Conv1d(SPAN_CHANNELS, 1, kernel_size=3, padding=1),
                ),
            }
        )
        heads.load_state_dict({name: tensor for name, tensor in tensors.items() if not name.startswith("encoder.")})
        heads["encoder"] = encoder
        return heads

    def _of_base(self) -> Path:
        """Return the folder with the tokenizer and the settings of the encoder."""
        if self._base_folder is not None:
            return self._base_folder
        cached_only = self._base is None and self._folder is not None
        hub_id = BASE if self._base is None else os.fspath(self._base)
        found = fetch(hub_id, ("config.json", *TOKENIZER_FILES), revision=None, cached_only=cached_only)
        check_folder(found, ("config.json", "tokenizer.json"), f"https://huggingface.co/{BASE}")
        return found

    def _chunks(self, pieces: Pieces, room: int) -> Iterator[tuple[int, int]]:
        return pieces.chunks(room, stretches=CHUNK_WORDS)

    def _keep(self, torch: Any, model: Any, ids: Any, mask: Any) -> Any:
        hidden = model["encoder"](input_ids=ids, attention_mask=mask).last_hidden_state
        kept = torch.softmax(model["token_head"](hidden).float(), dim=-1)[:, :, 1]
        # What fills a row up must not reach the pieces beside it: zeros stand there, as behind the end of a text. The second
        # layer looks one place far, where the piece stands that ends a text.
        hidden = hidden.transpose(1, 2) * mask.unsqueeze(1).to(hidden.dtype)
        span = torch.sigmoid(model["span_conv"](hidden).float().squeeze(1))
        return kept * (0.5 + 0.5 * span)

    def _of_word(self, scores: Sequence[float]) -> float:
        return max(scores)
