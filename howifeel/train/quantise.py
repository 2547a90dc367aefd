"""Makes an int8 model of an fp32 one, and measures how fast a model is."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from numpy.typing import NDArray
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process

_OUTPUTS = ("logits", "cam")


def quantise(model: onnx.ModelProto, faces: NDArray[np.float32]) -> onnx.ModelProto:
    """The model with 8-bit weights and activations; inputs and outputs stay float32.

    Static, as quantise and dequantise nodes; unsigned activations with one range each, from the
    least to the greatest value seen on `faces`; signed weights with one range for each channel.
    Weights use 7 of the 8 bits: x86 processors without VNNI add two products in 16 bits, which
    8-bit weights can overflow. The layers that make the outputs stay float32; they cost nothing.

    Args:
        model: fp32, with an input `face`.
        faces: float32 (n, channels, size, size), normalised as the model wants them; some
            hundred.

    Returns:
        A new model, without metadata.
    """
    with tempfile.TemporaryDirectory() as folder:
        given, prepared, done = (Path(folder, f"{n}.onnx") for n in ("given", "prepared", "done"))
        onnx.save(model, given)  # given a model in memory, the next line would change it
        quant_pre_process(given, prepared, skip_symbolic_shape=True)
        nodes = onnx.load(prepared).graph.node
        last = [node.name for node in nodes if set(node.output) & set(_OUTPUTS)]
        quantize_static(
            prepared,
            done,
            _Faces(faces),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            reduce_range=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
            nodes_to_exclude=last,
        )
        return onnx.load(done)


def milliseconds(
    session: ort.InferenceSession, face: NDArray[np.float32], runs: int = 200
) -> float:
    """Least time of one call of a model, which a busy machine disturbs the least.

    Args:
        session: with as many threads as are to be measured.
        face: float32 (1, channels, size, size).
        runs: number of calls.
    """
    least = float("inf")
    for _ in range(runs):
        started = time.perf_counter()
        session.run(["logits"], {"face": face})
        least = min(least, time.perf_counter() - started)
    return 1000 * least


class _Faces(CalibrationDataReader):
    def __init__(self, faces: NDArray[np.float32]) -> None:
        self._batches: Iterator[NDArray[np.float32]] = iter(
            faces[start : start + 64] for start in range(0, len(faces), 64)
        )

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:  # pyright: ignore
        batch = next(self._batches, None)
        return None if batch is None else {"face": batch}
