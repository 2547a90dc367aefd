"""Corrects answers for how common each expression is where a model is used.

FER-2013 holds one neutral face in six, and as many angry ones nearly; before a camera most faces
are neutral most of the time. A model that was fitted to the first takes a calm face for a sad or
angry one.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from howifeel import emotions
from howifeel.errors import SettingsError

NEUTRAL = 0.35
"""Share of neutral faces before a camera that a model is corrected for, unless told otherwise.

Of the shares in steps of 0.05 the one with which most is named right on every other photograph of a
set of spontaneous expressions; the model card has the figures of the other half."""

_NEUTRAL = emotions.NAMES.index("neutral")


def shares(labels: NDArray[np.integer]) -> NDArray[np.float64]:
    """Share of each expression among labels, (7,), sum 1; one picture of each is added.

    The addition (Laplace) keeps an expression possible of which there is no picture.
    """
    counts = np.bincount(labels, minlength=len(emotions.NAMES)) + 1
    return counts / counts.sum()


def with_neutral(source: NDArray[np.floating], neutral: float) -> NDArray[np.float64]:
    """The shares where `neutral` (0..1) of all faces are, and the rest is mixed as in `source`.

    Raises:
        SettingsError: `neutral` leaves no room for neutral or for the rest.
    """
    if not 0 < neutral < 1:
        raise SettingsError(f"The share of neutral faces must lie between 0 and 1, not {neutral}.")
    target = np.array(source, np.float64)
    target[_NEUTRAL] = 0
    target *= (1 - neutral) / target.sum()
    target[_NEUTRAL] = neutral
    return target


def bias(source: NDArray[np.floating], target: NDArray[np.floating]) -> tuple[float, ...]:
    """What to add to calibrated logits that were fitted to `source` for use where `target` holds.

    The difference of the logarithms (Saerens et al. 2002, "Adjusting the outputs of a classifier
    to new a priori probabilities", equation 4; Menon et al. 2021, "Long-tail learning via logit
    adjustment", section 4.1), shifted so that its mean is 0.

    Args:
        source: share of each expression where the answers were fitted, (7,), above 0.
        target: the same where they are used.

    >>> bias(np.full(7, 1 / 7), np.full(7, 1 / 7))
    (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    """
    difference = [math.log(t / s) for s, t in zip(source, target, strict=True)]
    mean = sum(difference) / len(difference)
    return tuple(round(d - mean, 4) + 0.0 for d in difference)
