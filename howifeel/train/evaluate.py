"""Measures an ONNX file on the test parts of FER-2013, through ONNX Runtime."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from howifeel import assets, emotions
from howifeel.classify.runtime import open_session, spec_of, try_out
from howifeel.classify.spec import ModelSpec
from howifeel.errors import AssetError
from howifeel.train import metrics, tta
from howifeel.train.data import PRIVATE, PUBLIC, SIDE, TEST, TRAINING, DataError, FaceSet
from howifeel.train.duplicates import near_copies
from howifeel.train.scores import Scores, score

_BATCH = 64


def evaluate(
    model: Path,
    faces: FaceSet,
    parts: tuple[str, ...] = (),
    views: tuple[str, ...] = (tta.SINGLE,),
) -> list[Scores]:
    """Measure a model file on the test parts of a data set.

    Each part is measured whole, and once more without the pictures that have a copy in the data's
    Training part; without one nothing is known of copies, see `about_copies`.
    The model's `bias`, which is for cameras, is left out: these pictures are mixed as Training is.

    Args:
        model: an ONNX file with HowIFeel metadata.
        faces: the data set.
        parts: which parts; all test parts that the data has when empty.
        views: how to look at each face, of `tta.VIEWS`; each is measured by itself. A single view
            and flip are one where the model mirrors faces by itself.

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
        for scores in _score_part(session, spec, part, faces.part(part), training, views)
    ]


def about_copies(faces: FaceSet) -> str | None:
    """What to tell of copies where they cannot be looked for, as the data has no Training part."""
    if len(faces.part(TRAINING)):
        return None
    return (
        "Copies of Training pictures could not be looked for, as the data has no Training part; "
        "a model that learned from such copies looks better than it is."
    )


def open_model(model: Path) -> tuple[ort.InferenceSession, ModelSpec]:
    """A session on the CPU and the model's metadata.

    A model that does not ship is tried out in another process first, see `howifeel.probe`.

    Raises:
        AssetError: the file is missing, damaged, or no model for grey faces of 48x48.
    """
    data = assets.read(model)
    try_out(model, data)
    session = open_session(data, f"The model {model}")
    try:
        spec = spec_of(session)
    except AssetError as error:
        raise AssetError(f"The model {model} cannot be used: {error}") from error
    if (spec.channels, spec.size) != (1, SIDE):
        raise AssetError(f"The model {model} does not take grey faces of {SIDE}x{SIDE} pixels.")
    return session, spec


def logits_of(
    session: ort.InferenceSession,
    images: NDArray[np.uint8] | NDArray[np.float32],
    mean: tuple[float, ...],
    std: tuple[float, ...],
) -> NDArray[np.float32]:
    """A model's answers, float32 (n, 7), to faces (n, 48, 48), 0..255."""
    answers = [np.zeros((0, len(emotions.NAMES)), np.float32)]
    for start in range(0, len(images), _BATCH):
        batch = to_input(images[start : start + _BATCH], mean[0], std[0])
        answers.append(np.asarray(session.run(["logits"], {"face": batch})[0]))
    return np.concatenate(answers)


def to_input(
    images: NDArray[np.uint8] | NDArray[np.float32], mean: float, std: float
) -> NDArray[np.float32]:
    """A model's input, float32 (n, 1, 48, 48), for grey faces (n, 48, 48), 0..255."""
    pixels = images[:, None] / np.float32(255)
    return ((pixels - np.float32(mean)) / np.float32(std)).astype(np.float32)


def _score_part(
    session: ort.InferenceSession,
    spec: ModelSpec,
    part: str,
    faces: FaceSet,
    training: FaceSet,
    views: tuple[str, ...],
) -> Iterator[Scores]:
    copied = np.zeros(len(faces), bool)
    if len(training):
        _, copied = near_copies(faces.images, training.images)
    for kind, looked in _ways(views, spec).items():
        raw, calibrated = _probabilities(session, spec, faces.images, kind)
        name = f"{part}, {looked}"
        yield score(raw, calibrated, faces.labels, spec.unsure_below, f"{name}, all pictures")
        if copied.any() and not copied.all():
            yield score(
                raw[~copied],
                calibrated[~copied],
                faces.labels[~copied],
                spec.unsure_below,
                f"{name}, without {copied.sum():,} that have a copy in this data's Training",
            )


def _ways(views: tuple[str, ...], spec: ModelSpec) -> dict[str, str]:
    """The ways to look that differ for a model, each with what to call it."""
    ways = {
        kind: tta.described(kind, mirrored=spec.mirrored, networks=spec.networks) for kind in views
    }
    if spec.mirrored and {tta.SINGLE, tta.FLIP} <= ways.keys():
        del ways[tta.FLIP]
        ways[tta.SINGLE] += f" (so {tta.FLIP} is the same)"
    return ways


def _probabilities(
    session: ort.InferenceSession, spec: ModelSpec, images: NDArray[np.uint8], kind: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean over the views, (n, 7) each, without and with calibration."""
    plain = spec.unbiased()
    logits = [logits_of(session, view, spec.mean, spec.std) for view in tta.views(images, kind)]
    raw = np.mean([metrics.softmax(each) for each in logits], axis=0)
    return raw, np.mean([plain.probabilities(each) for each in logits], axis=0)
