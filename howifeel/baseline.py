"""A person's neutral face: learnt for three seconds, then readings are relative to it.

Some faces at rest look sad or angry to a classifier. The user is asked to look neutral; what is
read meanwhile is that face's baseline, and what it holds beyond a clearly neutral reading is taken
off every later one. A baseline belongs to a track and ends with it: somebody who leaves and comes
back is not recognised and has to look neutral again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from howifeel import emotions
from howifeel.types import Box, Moment, Reading

LEARN_S = 3.0
"""How long the user looks neutral."""

ABSENT_S = 0.5
"""The face may go unread for this long meanwhile."""

FEWEST_READINGS = 6
"""A baseline is the mean of at least this many readings."""

MOST_SHIFT = 0.5
"""The face may move by this share of its width meanwhile,"""

MOST_GROWTH = 1.3
"""and become larger or smaller by this factor."""

NEUTRAL = emotions.NAMES.index("neutral")

_CLEARLY = 0.8
REFERENCE = tuple(
    _CLEARLY if name == "neutral" else (1 - _CLEARLY) / (len(emotions.NAMES) - 1)
    for name in emotions.NAMES
)
"""What a clearly neutral face reads as: neutral 0.8, the others 0.033 each."""

_LEAST = 1e-6  # keeps logarithms finite

Baseline = tuple[float, ...]
"""Seven probabilities in the order of `emotions.NAMES`, sum 1."""


@dataclass(frozen=True, slots=True)
class Collecting:
    """The face is being watched; `progress` is 0 to 1."""

    progress: float


@dataclass(frozen=True, slots=True)
class Done:
    """The baseline of the face."""

    baseline: Baseline


@dataclass(frozen=True, slots=True)
class Failed:
    """Why there is no baseline, and what to do: one sentence."""

    reason: str


class Learner:
    """Learns the baseline of one face from the moments of a stream.

    Args:
        track: the face. Other faces are ignored.
    """

    def __init__(self, track: int) -> None:
        self.track = track
        self.state: Collecting | Done | Failed = Collecting(0.0)
        self._logs: list[NDArray[np.float64]] = []
        self._first: Box | None = None
        self._start_s: float | None = None
        self._seen_s = 0.0

    def add(self, moment: Moment) -> Collecting | Done | Failed:
        """Watch the next moment; once done or failed, nothing changes any more."""
        if isinstance(self.state, Collecting):
            self.state = self._next(moment)
        return self.state

    def _next(self, moment: Moment) -> Collecting | Done | Failed:
        if self._start_s is None:
            self._start_s = self._seen_s = moment.time_s
        reading = _of_track(self.track, moment)
        if reading is not None:
            if not 0 <= moment.time_s - self._seen_s <= ABSENT_S:
                return Failed("The picture stood still or jumped; try again.")
            self._seen_s = moment.time_s
            self._first = self._first or reading.face.box
            if _moved(self._first, reading.face.box):
                return Failed("The face moved too much; hold still and try again.")
            plain = reading.unadjusted or reading
            self._logs.append(_logs(plain.probs))
        elif abs(moment.time_s - self._seen_s) > ABSENT_S:
            if any(face.track == self.track for face in moment.unread):
                return Failed("The face is too small or too blurred; come closer and try again.")
            return Failed("The face left the picture; come back and try again.")
        passed_s = moment.time_s - self._start_s
        if passed_s < LEARN_S or len(self._logs) < FEWEST_READINGS:
            return Collecting(min(1.0, passed_s / LEARN_S))
        return Done(tuple(_normalised(np.mean(self._logs, axis=0)).tolist()))


def relative(probs: NDArray[np.floating], baseline: Sequence[float]) -> NDArray[np.float64]:
    """Probabilities relative to a neutral face.

    In logarithms: log p' = log p - log b + log r, normalised, with p the reading, b the baseline
    and r `REFERENCE`. That is the correction for a changed prior (Saerens, Latinne, Decaestecker:
    Adjusting the outputs of a classifier to new a priori probabilities, Neural Computation 14,
    2002, section 2), applied to one face: b stands for what its neutral look adds to every
    reading. b counts as at least r for each expression and at most r for neutral, so a baseline
    takes off what the face shows at rest and never makes a faint expression louder.

    Args:
        probs: (..., 7), in the order of `emotions.NAMES`, sum 1.
        baseline: the seven probabilities of the neutral face.

    Returns:
        float64 of the same shape, sum 1. The baseline itself becomes at least as neutral as
        `REFERENCE`.

    >>> sad_at_rest = (0.05, 0.05, 0.05, 0.05, 0.55, 0.05, 0.2)
    >>> np.round(relative(np.array(sad_at_rest), sad_at_rest), 2).tolist()
    [0.03, 0.03, 0.03, 0.03, 0.03, 0.03, 0.8]
    """
    resting, reference = np.asarray(baseline, np.float64), np.asarray(REFERENCE)
    counted = np.maximum(resting, reference)
    counted[NEUTRAL] = min(resting[NEUTRAL], reference[NEUTRAL])
    return _normalised(_logs(probs) - _logs(counted) + np.log(reference))


def _of_track(track: int, moment: Moment) -> Reading | None:
    return next((r for r in moment.readings if r.face.track == track), None)


def _moved(first: Box, now: Box) -> bool:
    across, down = (a - b for a, b in zip(now.center, first.center, strict=True))
    far = math.hypot(across, down) > MOST_SHIFT * first.width
    growth = math.sqrt(now.area / first.area)
    return far or not 1 / MOST_GROWTH <= growth <= MOST_GROWTH


def _logs(probs: NDArray[np.floating] | Sequence[float]) -> NDArray[np.float64]:
    return np.log(np.maximum(np.asarray(probs, np.float64), _LEAST))


def _normalised(logs: NDArray[np.float64]) -> NDArray[np.float64]:
    exponentials = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)
