"""What a timeline comes to, counted frame by frame in flat memory."""

from __future__ import annotations

from collections import Counter
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from howifeel import emotions
from howifeel.types import Gap, Moment

_KINDS = len(emotions.NAMES)


class Summary:
    """Counts moments as they come.

    A frame lasts until the next one, the last frame as long as the one before it; a lone picture
    counts as one second.
    """

    def __init__(self) -> None:
        self.frames = 0
        self._gaps: Counter[Gap] = Counter()
        self._tracks: set[int] = set()
        self._faces_max = 0
        self._first_s = 0.0
        self._last: Moment | None = None
        self._frame_s = 1.0
        self._sums = np.zeros(2 * _KINDS + 1)

    def add(self, moment: Moment) -> None:
        """Count the next frame."""
        if self._last is None:
            self._first_s = moment.time_s
        else:
            self._frame_s = max(0.0, moment.time_s - self._last.time_s)
            self._sums += self._frame_s * _sums(self._last)
        self._last = moment
        self.frames += 1
        if moment.gap:
            self._gaps[moment.gap] += 1
        self._tracks |= {r.face.track for r in moment.readings if r.face.track is not None}
        self._faces_max = max(self._faces_max, len(moment.readings))

    def as_dict(self) -> dict[str, object]:
        """The statistics by name, as values that JSON knows.

        `coverage` is the share of frames with a face. `time_share`, `unsure_share` and
        `mean_probability` refer to the time in which faces were read, summed over the faces;
        the shares sum to 1. They are None where there was no such time.
        """
        sums, duration_s = self._sums, 0.0
        if self._last:
            sums = sums + self._frame_s * _sums(self._last)
            duration_s = self._last.time_s - self._first_s + self._frame_s * (self.frames > 1)
        read_s = sums[: _KINDS + 1].sum()
        shares = [round(float(s / read_s), 5) if read_s > 0 else None for s in sums]
        frames_with_face = self.frames - self._gaps.total()
        return {
            "frames": self.frames,
            "duration_s": round(duration_s, 6),
            "frames_with_face": frames_with_face,
            "coverage": round(frames_with_face / self.frames, 5) if self.frames else None,
            "gaps": {reason: self._gaps[reason] for reason in get_args(Gap)},
            "tracks": len(self._tracks),
            "faces_max": self._faces_max,
            "time_share": dict(zip(emotions.NAMES, shares, strict=False)),
            "unsure_share": shares[_KINDS],
            "mean_probability": dict(zip(emotions.NAMES, shares[_KINDS + 1 :], strict=True)),
        }


def _sums(moment: Moment) -> NDArray[np.float64]:
    """Over the readings: shown expressions (7), unsure ones (1), and probabilities (7)."""
    sums = np.zeros(2 * _KINDS + 1)
    for reading in moment.readings:
        sums[_KINDS if reading.unsure else emotions.NAMES.index(reading.top)] += 1
        sums[_KINDS + 1 :] += reading.probs
    return sums
