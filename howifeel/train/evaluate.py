"""Measures an ONNX file on labelled faces, through ONNX Runtime, as the program runs it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from howifeel import assets, emotions
from howifeel.classify.spec import ModelSpec
from howifeel.errors import AssetError
from howifeel.train import metrics
from howifeel.train.data import PRIVATE, PUBLIC, SIDE, TEST, TRAINING, DataError, FaceSet
from howifeel.train.duplicates import near_copies


@dataclass(frozen=True, slots=True)
class Scores:
    """What a model gets right on one set of pictures. Shares are 0..1.

    Attributes:
        protocol: which pictures these are, in words.
        count: number of pictures.
        accuracy: share that is named right when every picture is named.
        accuracy_low, accuracy_high: Wilson's 95 % interval.
        macro_f1: mean F1 of the expressions.
        recall: share named right of each expression.
        nll: mean negative log-likelihood in nats, after temperature.
        ece_before, ece_after: expected calibration error without and with the temperature.
        covered: share that is named when "unsure" is allowed.
        covered_accuracy: share of these that is right.
        confusion: counts, row = label, column = named.
    """

    protocol: str
    count: int
    accuracy: float
    accuracy_low: float
    accuracy_high: float
    macro_f1: float
    recall: dict[str, float]
    nll: float
    ece_before: float
    ece_after: float
    covered: float
    covered_accuracy: float
    confusion: tuple[tuple[int, ...], ...]

    def as_dict(self) -> dict[str, object]:
        """All values as JSON knows them; an unknown number is None."""
        return {name: _jsonable(value) for name, value in asdict(self).items()}

    def headline(self) -> dict[str, float]:
        """The figures that a model carries in its metadata; the protocol is in each name."""
        figures = {
            "accuracy": self.accuracy,
            "macro F1": self.macro_f1,
            "ECE": self.ece_after,
            "NLL": self.nll,
            "named": self.covered,
            "accuracy of named": self.covered_accuracy,
        }
        return {
            f"{self.protocol}: {name}": round(value, 4)
            for name, value in figures.items()
            if math.isfinite(value)
        }


def score(
    logits: NDArray[np.floating],
    labels: NDArray[np.integer],
    spec: ModelSpec,
    protocol: str,
) -> Scores:
    """Measure answers.

    Args:
        logits: float (n, 7), n at least 1.
        labels: int (n,).
        spec: tells the temperature and the "unsure" threshold.
        protocol: which pictures these are, in words.
    """
    raw, calibrated = metrics.softmax(logits), metrics.softmax(logits, spec.temperature)
    matrix = metrics.confusion(labels, logits.argmax(axis=1), len(emotions.NAMES))
    low, high = metrics.wilson(int(np.trace(matrix)), len(labels))
    share, right = metrics.covered(calibrated, labels, spec.unsure_below)
    return Scores(
        protocol=protocol,
        count=len(labels),
        accuracy=metrics.accuracy(matrix),
        accuracy_low=low,
        accuracy_high=high,
        macro_f1=metrics.macro_f1(matrix),
        recall=dict(zip(emotions.NAMES, metrics.recalls(matrix).tolist(), strict=True)),
        nll=metrics.negative_log_likelihood(calibrated, labels),
        ece_before=metrics.calibration_error(raw, labels),
        ece_after=metrics.calibration_error(calibrated, labels),
        covered=share,
        covered_accuracy=right,
        confusion=tuple(tuple(int(n) for n in row) for row in matrix),
    )


def evaluate(model: Path, faces: FaceSet, parts: tuple[str, ...] = ()) -> list[Scores]:
    """Measure a model file on the test parts of a data set.

    Each part is measured whole, and once more without the pictures that have a copy in Training.

    Args:
        model: an ONNX file with HowIFeel metadata.
        faces: the data set.
        parts: which parts; all test parts that the data has when empty.

    Raises:
        AssetError: the model cannot be used.
        DataError: the data has none of the parts.
    """
    session, spec = open_model(model)
    present = [part for part in (PUBLIC, PRIVATE, TEST) if len(faces.part(part))]
    chosen = [part for part in parts or present if len(faces.part(part))]
    if not chosen:
        raise DataError(
            f"The data set has no {' or '.join(parts) or 'test part'} to evaluate on; it has "
            f"{', '.join(sorted(set(faces.usage.tolist())))}."
        )
    training = faces.part(TRAINING)
    return [
        scores
        for part in chosen
        for scores in _score_part(session, spec, part, faces.part(part), training)
    ]


def open_model(model: Path) -> tuple[ort.InferenceSession, ModelSpec]:
    """A session on the CPU and the model's metadata.

    Raises:
        AssetError: the file is missing, damaged, or no model for grey faces of 48x48.
    """
    session = open_session(assets.existing(model).read_bytes(), str(model))
    try:
        spec = ModelSpec.from_metadata(session.get_modelmeta().custom_metadata_map)
    except AssetError as error:
        raise AssetError(f"The model {model} cannot be used: {error}") from error
    if (spec.channels, spec.size) != (1, SIDE):
        raise AssetError(f"The model {model} does not take grey faces of {SIDE}x{SIDE} pixels.")
    return session, spec


def open_session(data: bytes, name: str, threads: int = 1) -> ort.InferenceSession:
    """An ONNX Runtime session on the CPU.

    Raises:
        AssetError: the bytes are no ONNX model.
    """
    options = ort.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = threads
    try:
        return ort.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise AssetError(f"{name} is damaged or not an ONNX file; use a complete copy.") from error


def logits_of(
    session: ort.InferenceSession,
    images: NDArray[np.uint8],
    mean: tuple[float, ...],
    std: tuple[float, ...],
) -> NDArray[np.float32]:
    """A model's answers, float32 (n, 7), to faces uint8 (n, 48, 48)."""
    answers = [np.zeros((0, len(emotions.NAMES)), np.float32)]
    for start in range(0, len(images), 64):
        pixels = images[start : start + 64, None] / np.float32(255)
        batch = (pixels - np.float32(mean[0])) / np.float32(std[0])
        answers.append(np.asarray(session.run(["logits"], {"face": batch})[0]))
    return np.concatenate(answers)


def table(all_scores: list[Scores]) -> str:
    """A text table for people: one line for each protocol, then the recall of each expression."""
    lines = []
    for scores in all_scores:
        interval = f"{scores.accuracy_low:.1%} to {scores.accuracy_high:.1%}"
        lines += [
            f"{scores.protocol} (n = {scores.count:,})",
            f"  accuracy  {scores.accuracy:.2%}  (95 % Wilson interval {interval})",
            f"  macro F1  {scores.macro_f1:.4f}   NLL {scores.nll:.4f}   "
            f"ECE {scores.ece_before:.4f} before, {scores.ece_after:.4f} after temperature",
            f"  named     {scores.covered:.1%} of the pictures, "
            f"{scores.covered_accuracy:.1%} of these right; the rest is unsure",
            "  recall    "
            + "  ".join(f"{name} {value:.1%}" for name, value in scores.recall.items()),
        ]
    return "\n".join(lines)


def _score_part(
    session: ort.InferenceSession, spec: ModelSpec, part: str, faces: FaceSet, training: FaceSet
) -> Iterator[Scores]:
    logits = logits_of(session, faces.images, spec.mean, spec.std)
    yield score(logits, faces.labels, spec, f"{part}, single view, all pictures")
    if not len(training):
        return
    _, copied = near_copies(faces.images, training.images)
    if copied.any() and not copied.all():
        protocol = f"{part}, single view, without {copied.sum():,} that have a copy in Training"
        yield score(logits[~copied], faces.labels[~copied], spec, protocol)


def _jsonable(value: object) -> object:
    if isinstance(value, dict):
        return {name: _jsonable(item) for name, item in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
