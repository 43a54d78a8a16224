"""The scorer that comes with the package: a small encoder over words, run by onnxruntime on one core."""

from __future__ import annotations

from collections.abc import Sequence

from headroom_core.compressors.prose.scorers.attributes import PER_WORD, Attributes
from headroom_core.compressors.prose.scorers.base import DIGITS

WORDS = 128
"""Words that the encoder sees at once."""

EDGE = 16
"""Words at either edge of what it sees that are there only for what stands beside them."""

ROWS = 16
"""Windows that it is given at once."""


class EncoderScorer:
    """
    Scores words by what people ask of texts.

    Args:
        model: The file, an ONNX model that takes numbers of words and gives scores; see the model card.

    """

    name = "encoder"

    def __init__(self, model: bytes) -> None:
        import onnxruntime  # noqa: PLC0415  # takes 0.1 s, and only prose needs it

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._known = Attributes()

    def scores(self, texts: Sequence[Sequence[str]], /) -> list[list[float]]:
        """Return for each word and mark of each text a number from 0 to 1: how likely it is part of what is asked for."""
        import numpy as np  # noqa: PLC0415  # the same

        found = [[0.0] * len(words) for words in texts]
        seen = [(text, *window) for text, words in enumerate(texts) for window in windows(len(words))]
        for at in range(0, len(seen), ROWS):
            some = seen[at : at + ROWS]
            given = np.zeros((len(some), WORDS, PER_WORD), dtype=np.int64)
            for row, (text, start, _, _) in enumerate(some):
                numbers = self._known.of(texts[text][start : start + WORDS])
                given[row, : len(numbers)] = np.asarray(numbers, dtype=np.int64) + 1
            (scored,) = self._session.run(None, {"numbers": given})
            for (text, start, first, last), row in zip(some, scored.round(DIGITS).tolist(), strict=True):
                found[text][first:last] = row[first - start : last - start]
        return found


def windows(words: int) -> list[tuple[int, int, int]]:
    """Return for each window its first word, and the first and the last word, not included, that it scores."""
    found = []
    first = 0
    while first < words:
        start = max(0, first - EDGE)
        last = words if start + WORDS >= words else start + WORDS - EDGE
        found.append((start, first, last))
        first = last
    return found
