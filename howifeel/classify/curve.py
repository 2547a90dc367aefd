"""Bends probabilities to how often they are right, without changing their order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

KNOTS = (0.05, 0.15, 0.35, 0.55, 0.8)
"""The probabilities at which the curve bends."""

STRAIGHT = (1.0,) * (len(KNOTS) + 1)
"""The slopes that change nothing."""


def bend(log_probabilities: NDArray[np.floating], slopes: tuple[float, ...]) -> NDArray[np.float64]:
    """A rising piecewise-linear function of each log-probability; 0 stays 0.

    As it rises, the order of the classes stays (Rahimi et al. 2020, "Intra order-preserving
    functions for calibration of multi-class neural networks", the diagonal case).

    Args:
        log_probabilities: any shape, at most 0.
        slopes: below the first of `KNOTS`, between the first two, and so on; above 0.

    Returns:
        The same shape; the logarithm of something that is yet to be normalised.
    """
    x = np.asarray(log_probabilities, np.float64)
    edges = (-np.inf, *np.log(KNOTS), 0.0)
    return sum(
        slope * (np.clip(x, low, high) - high)
        for slope, low, high in zip(slopes, edges[:-1], edges[1:], strict=True)
    )  # pyright: ignore[reportReturnType]
