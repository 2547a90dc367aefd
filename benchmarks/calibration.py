"""Measures how honest a model's probabilities are, on faces they were fitted to and on others.

Temperature alone, and temperature with curve, are fitted to the answers on PublicTest, and once
more to four fifths of them at a time, to be measured on the fifth that was left out. For
comparison: what a classifier of the same probabilities that is calibrated perfectly measures.

    python benchmarks/calibration.py --data fer2013/
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from howifeel import assets
from howifeel.classify.curve import STRAIGHT
from howifeel.classify.spec import ModelSpec
from howifeel.train import calibrate, metrics, readers
from howifeel.train.data import PUBLIC
from howifeel.train.evaluate import logits_of, open_model

FOLDS, REPEATS, DRAWS = 5, 6, 300

Floats = NDArray[np.floating]
Fit = Callable[[ModelSpec, Floats, NDArray[np.integer]], ModelSpec]


def temperature(spec: ModelSpec, logits: Floats, labels: NDArray[np.integer]) -> ModelSpec:
    found = calibrate.fit_temperature(logits, labels)
    return replace(spec, temperature=found, curve=STRAIGHT)


def curve(spec: ModelSpec, logits: Floats, labels: NDArray[np.integer]) -> ModelSpec:
    spec = temperature(spec, logits, labels)
    return replace(spec, curve=calibrate.fit_curve(logits, labels, spec.temperature))


def on_others(
    fit: Fit, spec: ModelSpec, logits: Floats, labels: NDArray[np.integer], seed: int
) -> Floats:
    """Probabilities (n, 7) of each picture by what was fitted without it."""
    places = np.random.default_rng(seed).permutation(len(labels)) % FOLDS
    probabilities = np.zeros(logits.shape)
    for fold in range(FOLDS):
        left_out = places == fold
        fitted = fit(spec, logits[~left_out], labels[~left_out])
        probabilities[left_out] = fitted.probabilities(logits[left_out])
    return probabilities


def perfect(probabilities: Floats, rng: np.random.Generator) -> float:
    """The calibration error where each answer is right as often as its probability says."""
    top = probabilities.argmax(1)
    right = rng.random(len(top)) < probabilities.max(1)
    return metrics.calibration_error(probabilities, np.where(right, top, -1))


def row(name: str, all_probabilities: list[Floats], labels: NDArray[np.integer]) -> None:
    ece = np.mean([metrics.calibration_error(each, labels) for each in all_probabilities])
    nll = np.mean([metrics.negative_log_likelihood(each, labels) for each in all_probabilities])
    print(f"| {name} | {ece:.2%} | {nll:.4f} |")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="FER-2013")
    parser.add_argument(
        "--model", default=assets.DEFAULT_MODEL, help="an ONNX model; default: shipped"
    )
    arguments = parser.parse_args()

    faces = readers.read(arguments.data).part(PUBLIC)
    session, spec = open_model(assets.model_file(arguments.model))
    spec, labels = spec.unbiased(), faces.labels
    logits = logits_of(session, faces.images, spec.mean, spec.std)
    print(
        f"PublicTest, single view, all {len(labels):,} pictures; {FOLDS} parts, {REPEATS} times\n"
    )
    print("| fitted | ECE | NLL |\n| --- | ---: | ---: |")
    row("not at all", [metrics.softmax(logits)], labels)
    fits: dict[str, Fit] = {"temperature": temperature, "temperature and curve": curve}
    for name, fit in fits.items():
        row(
            f"{name}, to the same pictures",
            [fit(spec, logits, labels).probabilities(logits)],
            labels,
        )
        others = [on_others(fit, spec, logits, labels, seed) for seed in range(REPEATS)]
        row(f"{name}, to other pictures", others, labels)
    probabilities = curve(spec, logits, labels).probabilities(logits)
    rng = np.random.default_rng(0)
    errors = [perfect(probabilities, rng) for _ in range(DRAWS)]
    mean, deviation = np.mean(errors), np.std(errors)
    print(f"\ncalibrated perfectly: ECE {mean:.2%} (standard deviation {deviation:.2%})")


if __name__ == "__main__":
    main()
