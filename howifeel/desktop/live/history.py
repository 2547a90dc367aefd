"""The last minute of a live stream: what each face looked like, and for how long."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from howifeel import emotions
from howifeel.types import Moment, Reading

SECONDS = 60.0
GAP_S = 0.5
"""Two readings of a face farther apart than this are not joined by a line."""

SLOW = 3.0
"""... unless the analysis itself is so slow: readings may lie so many moments apart."""

GONE_AFTER_S = 1.5
"""A face unseen for so long has no card any more."""


@dataclass(frozen=True, slots=True)
class FaceState:
    """What is known of one face now.

    Attributes:
        track: its number.
        reading: the newest one.
        seen_s: seconds since its last reading.
        since_s: for how many seconds it has looked as it does now.
    """

    track: int
    reading: Reading
    seen_s: float
    since_s: float

    @property
    def present(self) -> bool:
        """Whether it is still in the picture."""
        return self.seen_s <= GAP_S


@dataclass(slots=True)
class _Label:
    shown: tuple[str, bool]
    since_s: float
    seen_s: float
    reading: Reading


class History:
    """Keeps the moments of the last minute, in memory that does not grow."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._moments: deque[Moment] = deque()
        self._labels: dict[int, _Label] = {}

    @property
    def now_s(self) -> float:
        """Time of the newest moment; 0 before the first."""
        return self._moments[-1].time_s if self._moments else 0.0

    def clear(self) -> None:
        """Forget everything."""
        self._moments.clear()
        self._labels.clear()

    def add(self, moment: Moment) -> None:
        """Add the next moment; one that is older than the last one starts anew."""
        if self._moments and moment.time_s < self.now_s:
            self.clear()
        self._moments.append(moment)
        while moment.time_s - self._moments[0].time_s > self.seconds:
            self._moments.popleft()
        for reading in moment.readings:
            self._note(reading, moment.time_s)
        gone = [
            t for t, label in self._labels.items() if moment.time_s - label.seen_s > self.seconds
        ]
        for track in gone:
            del self._labels[track]

    def faces(self) -> tuple[FaceState, ...]:
        """The faces in the picture in the order in which they came, then those that just left."""
        now = self.now_s
        faces = [
            FaceState(track, label.reading, now - label.seen_s, now - label.since_s)
            for track, label in sorted(self._labels.items())
            if now - label.seen_s <= GONE_AFTER_S
        ]
        return tuple(sorted(faces, key=lambda face: not face.present))

    def series(self, track: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The readings of one face.

        Returns:
            Times in seconds before now, (n,), at most 0 and rising; probabilities (n, 7) in the
            order of `emotions.NAMES`. A row of NaN stands where the face was not read.
        """
        now, gap_s = self.now_s, max(GAP_S, SLOW * self._spacing_s())
        times: list[float] = []
        rows: list[tuple[float, ...]] = []
        for moment in self._moments:
            for reading in moment.readings:
                if reading.face.track == track:
                    time_s = moment.time_s - now
                    if times and time_s - times[-1] > gap_s:
                        times.append((times[-1] + time_s) / 2)
                        rows.append((np.nan,) * len(emotions.NAMES))
                    times.append(time_s)
                    rows.append(reading.probs)
        shape = (len(rows), len(emotions.NAMES))
        return np.array(times, np.float64), np.array(rows, np.float64).reshape(shape)

    def _spacing_s(self) -> float:
        """Mean time between two moments."""
        count = len(self._moments)
        return (self.now_s - self._moments[0].time_s) / (count - 1) if count > 1 else 0.0

    def _note(self, reading: Reading, time_s: float) -> None:
        track = reading.face.track
        if track is None:
            return
        shown = (reading.top, reading.unsure)
        before = self._labels.get(track)
        same = before is not None and before.shown == shown and time_s - before.seen_s <= GAP_S
        since_s = before.since_s if before is not None and same else time_s
        self._labels[track] = _Label(shown, since_s, time_s, reading)
