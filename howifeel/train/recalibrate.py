"""Fits to labelled faces how a model's answers are read: temperature, curve, threshold, bias."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray

from howifeel import assets
from howifeel.classify.spec import ModelSpec
from howifeel.errors import SettingsError
from howifeel.files import atomic
from howifeel.train import calibrate, metrics, prior, tta
from howifeel.train.data import PUBLIC, DataError, FaceSet
from howifeel.train.evaluate import logits_of, open_model
from howifeel.train.scores import Scores, score

CHOSEN_ON_IT = "epoch chosen on it"
"""Of figures on pictures that chose the epoch; these fit the calibration, too."""

_OF_CALIBRATION = (": ECE", ": NLL", ": named", ": accuracy of named")
"""How figures end that another calibration makes untrue."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a calibration may decide.

    Attributes:
        coverage: share of the faces that is named, above 0, at most 1; the rest is "unsure".
        neutral: share of neutral faces before a camera, at least 0, below 1; 0 corrects nothing.

    Raises:
        SettingsError: one lies out of its range.
    """

    coverage: float = calibrate.COVERAGE
    neutral: float = prior.NEUTRAL

    def __post_init__(self) -> None:
        if not 0 < self.coverage <= 1:
            raise SettingsError("The coverage must be above 0 and at most 1.")
        if not 0 <= self.neutral < 1:
            raise SettingsError(
                "The share of neutral faces must lie between 0 and 1, 1 itself left out."
            )


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A model's metadata, and its figures on the faces that it was calibrated on."""

    spec: ModelSpec
    scores: Scores


COVERAGE_OFF = 0.05
"""From this difference on it is told that another share is named than was asked for."""


def about_coverage(made: Calibrated, asked: float) -> str | None:
    """What to tell where the share that is named, 0..1, is far from the one that was asked for."""
    named = made.scores.covered
    if abs(named - asked) <= COVERAGE_OFF:
        return None
    return (
        f"{named:.1%} of the pictures are named, not {asked:.0%}: the answers are so alike in "
        f"probability that a threshold above {made.spec.unsure_below:.2f}, in steps of 0.01, "
        f"would name fewer than {asked:.0%}."
    )


def calibrated(
    spec: ModelSpec,
    logits: NDArray[np.floating],
    labels: NDArray[np.integer],
    reading: Reading,
    protocol: str,
) -> Calibrated:
    """The same metadata with temperature, curve, threshold, bias and figures of these answers.

    Args:
        spec: whose values are replaced.
        logits: the model's answers, float (n, 7).
        labels: int (n,).
        reading: what is wanted.
        protocol: which faces these are and what was chosen on them, in words.
    """
    temperature = round(calibrate.fit_temperature(logits, labels), 4)
    curve = calibrate.fit_curve(logits, labels, temperature)
    spec = replace(spec, temperature=temperature, curve=curve).unbiased()
    probabilities = spec.probabilities(logits)
    threshold = calibrate.choose_unsure_below(probabilities, reading.coverage)
    scores = score(metrics.softmax(logits), probabilities, labels, threshold, protocol)
    bias = _bias(labels, reading.neutral)
    spec = replace(spec, unsure_below=threshold, bias=bias, scores=scores.headline())
    return Calibrated(spec, scores)


def recalibrate(
    model: Path,
    faces: FaceSet,
    target: Path,
    coverage: float | None = None,
    neutral: float | None = None,
    *,
    force: bool = False,
) -> Calibrated:
    """Write a model anew whose answers are read as fits PublicTest; its weights stay.

    Args:
        model: an ONNX file with HowIFeel metadata.
        faces: FER-2013 with PublicTest, mixed as the pictures that the model learned from.
        target: the file to write.
        coverage: see `Reading`; None names as many as before.
        neutral: see `Reading`; None leaves the correction as it is.
        force: replace an existing file.

    Raises:
        AssetError: the model cannot be used.
        DataError: there is no PublicTest.
        SettingsError: coverage or neutral lies out of its range.
        OutputError: the file cannot be written.
    """
    given = {"coverage": coverage, "neutral": neutral}
    reading = Reading(**{name: value for name, value in given.items() if value is not None})
    session, old = open_model(model)
    chosen = faces.part(PUBLIC)
    if not len(chosen):
        raise DataError(
            "The data set has no PublicTest to calibrate on; other test pictures are kept for "
            "measuring alone."
        )
    logits = logits_of(session, chosen.images, old.mean, old.std)
    if coverage is None:
        before = old.unbiased().probabilities(logits)
        named, _ = metrics.covered(before, chosen.labels, old.unsure_below)
        reading = replace(reading, coverage=max(named, 1 / len(chosen)))
    right = float((logits.argmax(1) == chosen.labels).mean())
    made = calibrated(old, logits, chosen.labels, reading, _protocol(old, right))
    bias = old.bias if neutral is None else made.spec.bias
    kept = {name: v for name, v in old.scores.items() if not name.endswith(_OF_CALIBRATION)}
    spec = replace(made.spec, bias=bias, scores=kept | made.spec.scores)
    graph = onnx.load_model_from_string(assets.read(model))
    entries = {each.key: each.value for each in graph.metadata_props}
    onnx.helper.set_model_props(graph, entries | spec.to_metadata())
    with atomic(target, force=force) as unfinished:
        unfinished.write_bytes(graph.SerializeToString())
    return Calibrated(spec, made.scores)


def _protocol(spec: ModelSpec, accuracy: float) -> str:
    """How figures on PublicTest are named: as before, if these are the pictures of before."""
    looked = tta.described(tta.SINGLE, mirrored=spec.mirrored, networks=spec.networks)
    name = f"{PUBLIC}, {looked}, all pictures"
    before = spec.scores.get(f"{name}, {CHOSEN_ON_IT}: accuracy")
    return f"{name}, {CHOSEN_ON_IT if before == round(accuracy, 4) else 'calibrated on it'}"


def _bias(labels: NDArray[np.integer], neutral: float) -> tuple[float, ...]:
    source = prior.shares(labels)
    return prior.bias(source, prior.with_neutral(source, neutral) if neutral else source)
