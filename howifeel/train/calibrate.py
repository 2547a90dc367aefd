"""Makes probabilities honest: the temperature, and the probability below which nothing is named."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from howifeel.train import metrics

WANTED_ACCURACY = 0.8
"""What is named should be right this often ..."""

LEAST_COVERED = 0.6
"""... but at least this share of the pictures is named all the same."""


def fit_temperature(logits: NDArray[np.floating], labels: NDArray[np.integer]) -> float:
    """The temperature with the least negative log-likelihood (Guo et al. 2017, section 4.2).

    The likelihood has one optimum in the inverse temperature; golden-section search finds it
    between 1/20 and 20.

    Args:
        logits: float (n, classes).
        labels: int (n,).
    """

    def loss(log_temperature: float) -> float:
        probabilities = metrics.softmax(logits, math.exp(log_temperature))
        return metrics.negative_log_likelihood(probabilities, labels)

    low, high = -math.log(20), math.log(20)
    golden = (math.sqrt(5) - 1) / 2
    while high - low > 1e-4:
        first, second = high - golden * (high - low), low + golden * (high - low)
        low, high = (low, second) if loss(first) < loss(second) else (first, high)
    return math.exp((low + high) / 2)


def choose_unsure_below(probabilities: NDArray[np.floating], labels: NDArray[np.integer]) -> float:
    """The lowest probability, in steps of 0.01, at which what is named is right often enough.

    The first threshold that reaches `WANTED_ACCURACY` is taken; where it would name fewer than
    `LEAST_COVERED` of the pictures, or none reaches it, the highest one that still names so many.

    Args:
        probabilities: float (n, classes), calibrated.
        labels: int (n,).

    Returns:
        0..1.
    """
    enough = 0.0
    for threshold in np.arange(0, 100) / 100:
        share, accuracy = metrics.covered(probabilities, labels, threshold)
        if share < LEAST_COVERED:
            break
        enough = float(threshold)
        if accuracy >= WANTED_ACCURACY:
            break
    return enough
