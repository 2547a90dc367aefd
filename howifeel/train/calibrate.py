"""Makes probabilities honest: the temperature, and the probability below which nothing is named."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from howifeel.train import metrics

COVERAGE = 0.8
"""The share of pictures that is named; the rest is "unsure"."""


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


def choose_unsure_below(probabilities: NDArray[np.floating], coverage: float = COVERAGE) -> float:
    """The highest probability, in steps of 0.01, at which so many pictures are still named.

    Args:
        probabilities: float (n, classes), calibrated.
        coverage: share of the pictures that is to be named at least, 0..1.

    Returns:
        0..0.99.

    >>> choose_unsure_below(np.array([[0.9, 0.1], [0.8, 0.2], [0.7, 0.3], [0.6, 0.4]]), 0.75)
    0.7
    """
    top = probabilities.max(axis=1)
    steps = np.arange(100) / 100
    return float(max(step for step in steps if (top >= step).mean() >= coverage))
