"""Measures of a classifier, as pure functions of arrays."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


def softmax(logits: NDArray[np.floating], temperature: float = 1.0) -> NDArray[np.float64]:
    """Probabilities (n, classes) from logits (n, classes) divided by the temperature."""
    scaled = np.asarray(logits, np.float64) / temperature
    exponentials = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def confusion(
    labels: NDArray[np.integer], predicted: NDArray[np.integer], classes: int
) -> NDArray[np.int64]:
    """Counts (classes, classes); row = label, column = prediction."""
    flat = np.bincount(labels * classes + predicted, minlength=classes * classes)
    return flat.reshape(classes, classes)


def recalls(matrix: NDArray[np.int64], lost: NDArray[np.integer] | int = 0) -> NDArray[np.float64]:
    """Share of each label's pictures that are named right; nan for a label without pictures.

    Args:
        matrix: confusion (classes, classes).
        lost: number of each label's pictures (classes,) that are not in the matrix: all errors.
    """
    counts = matrix.sum(axis=1) + lost
    return np.divide(np.diag(matrix), counts, out=np.full(len(matrix), np.nan), where=counts > 0)


def macro_f1(matrix: NDArray[np.int64], lost: NDArray[np.integer] | int = 0) -> float:
    """Mean F1 of the classes that have pictures, 0..1.

    A class that is only predicted is no part of the mean: its F1 would be 0 however good the
    classifier is.

    Args:
        matrix: confusion (classes, classes), of which at least one class has a picture.
        lost: as in `recalls`.
    """
    labelled = matrix.sum(axis=1) + lost
    occurs = labelled > 0
    both = matrix.sum(axis=0) + labelled
    return float((2 * np.diag(matrix)[occurs] / both[occurs]).mean())


def wilson(hits: int, count: int, z: float = 1.959964) -> tuple[float, float]:
    """Wilson's score interval of a share (Wilson 1927); 95 % by default.

    >>> [round(x, 3) for x in wilson(70, 100)]
    [0.604, 0.781]
    """
    if not count:
        return 0.0, 1.0
    share, spread = hits / count, z * z / count
    center = share + spread / 2
    reach = z * math.sqrt(share * (1 - share) / count + spread / (4 * count))
    low, high = (center - reach) / (1 + spread), (center + reach) / (1 + spread)
    return max(0.0, low), min(1.0, high)


def negative_log_likelihood(
    probabilities: NDArray[np.floating], labels: NDArray[np.integer]
) -> float:
    """Mean of -ln(probability of the label), in nats."""
    right = probabilities[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(right, 1e-12)).mean())


def calibration_error(
    probabilities: NDArray[np.floating], labels: NDArray[np.integer], bins: int = 15
) -> float:
    """Expected calibration error of the top class (Guo et al. 2017, equation 3), 0..1.

    The gap between confidence and accuracy in equal bins of confidence, weighted by pictures.
    """
    confidence = probabilities.max(axis=1)
    hits = probabilities.argmax(axis=1) == labels
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = np.bincount(place, weights=confidence - hits, minlength=bins)
    return float(np.abs(gaps).sum() / len(labels))


def covered(
    probabilities: NDArray[np.floating], labels: NDArray[np.integer], unsure_below: float
) -> tuple[float, float]:
    """Share of the pictures that are named, and accuracy among these (nan when there is none)."""
    named = probabilities.max(axis=1) >= unsure_below
    hits = probabilities.argmax(axis=1) == labels
    return float(named.mean()), float(hits[named].mean()) if named.any() else math.nan


def accuracy_at(
    probabilities: NDArray[np.floating], labels: NDArray[np.integer], count: int
) -> float:
    """Accuracy of the `count` pictures with the highest top probability; nan without pictures."""
    surest = np.argsort(-probabilities.max(axis=1), kind="stable")[:count]
    if not len(surest):
        return math.nan
    return float((probabilities[surest].argmax(axis=1) == labels[surest]).mean())
