"""A box that stands still with a still face and keeps up with a quick one."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from howifeel.types import Box

STILL_HZ = 0.5
"""Cut-off of the filter for a face that does not move; lower is steadier."""

HZ_PER_SPEED = 6.0
"""How much the cut-off rises per box side of movement in a second; higher lags less."""

SPEED_HZ = 2.0
"""Cut-off of the filter of the speed itself."""

AHEAD_S = 0.2
"""How far into the future a movement is trusted to go on."""

LEAST_STEP_S = 1e-6
"""A clock that advances by less stands still."""


@dataclass(frozen=True, slots=True, eq=False)
class SteadyBox:
    """The filtered box of one face: a one-euro filter over its four edges.

    All edges share one cut-off, which follows the quickest of them relative to the size of the
    box. So the filtered box always lies between boxes that were given: inside the picture if they
    were.

    Casiez, Roussel, Vogel: 1 € Filter, CHI 2012, algorithm 1.

    Attributes:
        edges: float64 (4,), x0 y0 x1 y1 in pixels.
        velocity: float64 (4,), of each edge in pixels per second.
        time_s: when the face was last seen.
    """

    edges: NDArray[np.float64]
    velocity: NDArray[np.float64]
    time_s: float

    @classmethod
    def start(cls, box: Box, time_s: float) -> SteadyBox:
        """A filter that has seen one box."""
        return cls(_edges(box), np.zeros(4), time_s)

    def moved(self, box: Box, time_s: float) -> SteadyBox:
        """The filter after one more box. A clock that stands still starts it anew."""
        passed = time_s - self.time_s
        if passed < LEAST_STEP_S:
            return SteadyBox.start(box, time_s)
        step = _edges(box) - self.edges
        velocity = self.velocity + _weight(SPEED_HZ, passed) * (step / passed - self.velocity)
        speed = float(np.abs(velocity).max()) / math.sqrt(box.area)
        weight = _weight(STILL_HZ + HZ_PER_SPEED * speed, passed)
        return SteadyBox(self.edges + weight * step, velocity, time_s)

    def expected(self, time_s: float) -> NDArray[np.float64]:
        """Where the edges should be at a time, float64 (4,), in pixels."""
        ahead = min(max(time_s - self.time_s, 0.0), AHEAD_S)
        return self.edges + ahead * self.velocity.reshape(2, 2).mean(axis=0)[[0, 1, 0, 1]]

    @property
    def box(self) -> Box:
        """The filtered box in whole pixels."""
        x0, y0, x1, y1 = (round(edge) for edge in self.edges)
        return Box(x0, y0, max(x1, x0 + 1), max(y1, y0 + 1))


def _edges(box: Box) -> NDArray[np.float64]:
    return np.array((box.x0, box.y0, box.x1, box.y1), dtype=np.float64)


def _weight(cutoff_hz: float, passed_s: float) -> float:
    """Weight of the new value in a first-order low-pass filter, 0..1."""
    turns = 2 * math.pi * cutoff_hz * passed_s
    return turns / (1 + turns)
