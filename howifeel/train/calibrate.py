"""Makes probabilities honest: temperature, curve, and the probability below which none is named."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from howifeel.classify.curve import KNOTS
from howifeel.train import metrics

COVERAGE = 0.8
"""The share of pictures that is named; the rest is "unsure"."""

_TOP_SHARE = 2 / 3
"""How much of what the curve is fitted to is the top probability, which people see first."""

_TOGETHER = 3e-3
"""How strongly neighbouring slopes are drawn together."""


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


def fit_curve(
    logits: NDArray[np.floating], labels: NDArray[np.integer], temperature: float
) -> tuple[float, ...]:
    """The slopes of `curve.bend` with the least negative log-likelihood after the temperature.

    Two likelihoods are weighed: that of the labels, and that of the top answer being right or not,
    which is what the calibration error and "unsure" are about. Neighbouring slopes are drawn
    together, which matters where few pictures lie.

    Args:
        logits: float (n, classes).
        labels: int (n,).
        temperature: the logits are divided by it.
    """
    scaled = torch.from_numpy(np.log(metrics.softmax(logits, temperature)))
    targets = torch.from_numpy(np.array(labels, np.int64))
    edges = [-math.inf, *map(math.log, KNOTS), 0.0]
    pieces = [scaled.clip(low, high) - high for low, high in pairwise(edges)]
    right = scaled.argmax(1) == targets
    logarithms = torch.zeros(len(pieces), dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([logarithms], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        bent = sum(slope * piece for slope, piece in zip(logarithms.exp(), pieces, strict=True))
        answers = functional.log_softmax(torch.as_tensor(bent), 1)
        top = answers.amax(1).clip(max=-1e-9)
        value = (1 - _TOP_SHARE) * functional.nll_loss(answers, targets)
        value = value - _TOP_SHARE * torch.where(right, top, torch.log1p(-top.exp())).mean()
        value = value + _TOGETHER * logarithms.diff().square().sum()
        value.backward()
        return value

    optimizer.step(loss)  # pyright: ignore[reportArgumentType]
    slopes = logarithms.detach().exp().clip(0.05, 20)
    return tuple(round(slope, 4) for slope in slopes.tolist())


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
