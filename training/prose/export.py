"""From the trained student to `words.onnx`: weights of eight bits."""

from __future__ import annotations

import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from student import Student

from headroom_core.compressors.prose.scorers.attributes import PER_WORD
from headroom_core.compressors.prose.scorers.encoder import WORDS, EncoderScorer


def export(student: Student, path: Path) -> EncoderScorer:
    """Write the student to a file, and return what the file scores."""
    student.eval()
    example = torch.ones(2, WORDS, PER_WORD, dtype=torch.int64)
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        torch.onnx.export(
            student,
            (example,),
            str(whole),
            input_names=["numbers"],
            output_names=["scores"],
            dynamic_axes={"numbers": {0: "rows"}, "scores": {0: "rows"}},
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(whole, path, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gather"])
    return EncoderScorer(path.read_bytes())
