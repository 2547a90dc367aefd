"""What several people looked like on average, and how sure that is for people like them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from howifeel.timeline.statistics import LEVEL, RESAMPLES, Estimate, Looks, gathered

LEAST_PEOPLE = 8
"""Fewer people get no interval: it would be too narrow."""


def across(people: Sequence[Looks]) -> Looks:
    """The mean over people, each of whom counts the same, however long they were read.

    The interval is a percentile bootstrap over people, not over seconds: what one person shows
    in many seconds tells little about the next person. It is widened by sqrt(n / (n - 1)), by
    which the bootstrap of a mean is too narrow (Hesterberg 2015, The American Statistician
    69(4), doi:10.1080/00031305.2015.1089789).

    Args:
        people: what each of them looked like, at least one.

    Raises:
        ValueError: there is nobody.
    """
    if not people:
        raise ValueError("a mean needs at least one person")
    values = np.array([_values(each) for each in people])
    means = values.mean(axis=0)
    read_s = sum(each.read_s for each in people)
    n = len(people)
    if n < LEAST_PEOPLE:
        return Looks(**gathered(read_s, [Estimate(float(mean)) for mean in means]))
    draws = np.random.default_rng(0).integers(0, n, (RESAMPLES, n))
    tail = 50 * (1 - LEVEL)
    low, high = np.percentile(values[draws].mean(axis=1), (tail, 100 - tail), axis=0)
    wider = math.sqrt(n / (n - 1))
    low, high = (np.clip(means + wider * (bound - means), 0, 1) for bound in (low, high))
    estimates = [
        Estimate(float(mean), float(a), float(b)) if a < b else Estimate(float(mean))
        for mean, a, b in zip(means, low, high, strict=True)
    ]
    return Looks(**gathered(read_s, estimates))


def _values(looks: Looks) -> list[float]:
    shown = [estimate.value for estimate in looks.shares.values()]
    return [*shown, looks.unsure.value, *(e.value for e in looks.mean_probs.values())]
