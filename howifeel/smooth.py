"""Calm readings: each face's probabilities over time, and a label that does not flicker."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from howifeel import emotions
from howifeel.types import Face, Reading

FORGET_AFTER_S = 1.0
"""A track unseen for longer starts anew."""

SURE_AGAIN = 0.03
"""How far above the threshold an unsure reading must rise before it is named again."""


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """What is known of one track: probabilities (7,), position of the shown one, and when."""

    probs: NDArray[np.float64]
    shown: int
    unsure: bool
    time_s: float


class Smoother:
    """Smooths the readings of each track of one stream.

    Args:
        half_life_s: after this many seconds a new reading counts for half; 0 is no memory at
            all: every frame stands for itself.
        hold: lead in probability that another expression needs before the shown one changes.
        unsure_below: no expression is named below this probability.
    """

    def __init__(self, half_life_s: float, hold: float, unsure_below: float) -> None:
        self.adjust(half_life_s, hold, unsure_below)
        self._states: dict[int, _State] = {}

    def adjust(self, half_life_s: float, hold: float, unsure_below: float) -> None:
        """Use other values from now on; what is known of the faces stays."""
        self._half_life_s = half_life_s
        self._hold = hold
        self._unsure_below = unsure_below

    def update(
        self, faces: tuple[Face, ...], probs: NDArray[np.floating], time_s: float
    ) -> tuple[Reading, ...]:
        """The readings of one frame, in the order of the faces.

        Args:
            faces: the faces of the frame; one without a track is read by itself.
            probs: (n, 7), one row for each face, in the order of `emotions.NAMES`, sum 1.
            time_s: the frame's time stamp in seconds.
        """
        self._states = {
            track: state
            for track, state in self._states.items()
            if self._half_life_s > 0 and abs(time_s - state.time_s) <= FORGET_AFTER_S
        }
        return tuple(self._read(face, row, time_s) for face, row in zip(faces, probs, strict=True))

    def _read(self, face: Face, probs: NDArray[np.floating], time_s: float) -> Reading:
        before = None if face.track is None else self._states.get(face.track)
        state = self._next(before, probs.astype(np.float64), time_s)
        if face.track is not None:
            self._states[face.track] = state
        top = emotions.NAMES[state.shown]
        return Reading(face, tuple(state.probs.tolist()), top, state.unsure)

    def _next(self, before: _State | None, probs: NDArray[np.float64], time_s: float) -> _State:
        threshold = self._unsure_below
        shown = int(probs.argmax())
        if before is not None:
            passed = max(0.0, time_s - before.time_s)
            weight = 1 - 0.5 ** (passed / self._half_life_s)
            probs = before.probs + weight * (probs - before.probs)
            shown = int(probs.argmax())
            if probs[shown] - probs[before.shown] < self._hold:
                shown = before.shown
            if before.unsure:
                threshold = min(1.0, threshold + SURE_AGAIN)
        return _State(probs, shown, bool(probs[shown] < threshold), time_s)


class MapSmoother:
    """Smooths the activation maps of each track, as `Smoother` does its probabilities.

    Without it heat would go out in a frame in which nothing speaks for the shown expression.

    Args:
        half_life_s: after this many seconds a new map counts for half; 0 is no memory at all.
    """

    def __init__(self, half_life_s: float) -> None:
        self.adjust(half_life_s)
        self._maps: dict[int, tuple[NDArray[np.float32], float]] = {}

    def adjust(self, half_life_s: float) -> None:
        """Use another half-life from now on."""
        self._half_life_s = half_life_s

    def update(
        self, faces: tuple[Face, ...], maps: NDArray[np.float32], time_s: float
    ) -> NDArray[np.float32]:
        """The smoothed maps of one frame.

        Args:
            faces: the faces of the frame; one without a track stands for itself.
            maps: float32 (n, 7, rows, columns), one for each face.
            time_s: the frame's time stamp in seconds.

        Returns:
            float32 of the same shape.
        """
        self._maps = {
            track: (old, seen_s)
            for track, (old, seen_s) in self._maps.items()
            if self._half_life_s > 0
            and abs(time_s - seen_s) <= FORGET_AFTER_S
            and old.shape == maps.shape[1:]
        }
        calm = maps.copy()
        for face, now in zip(faces, calm, strict=True):
            if face.track is None:
                continue
            if face.track in self._maps:
                old, seen_s = self._maps[face.track]
                kept = 0.5 ** (max(0.0, time_s - seen_s) / self._half_life_s)
                now += np.float32(kept) * (old - now)
            self._maps[face.track] = (now, time_s)
        return calm
