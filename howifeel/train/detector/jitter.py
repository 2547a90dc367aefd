"""How much the box of a face trembles from frame to frame of a video."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from howifeel.track import Tracker
from howifeel.train.detector.evaluate import Detect
from howifeel.types import Box, Face, Frame


@dataclass(frozen=True, slots=True)
class Jitter:
    """The best face of each frame. Shifts are mean distances of the middles of consecutive boxes.

    Attributes:
        frames: number of frames.
        found: share of them with a face, 0..1.
        raw: shift as a share of the box's side, as the detector gives the boxes.
        tracked: the same as the program's tracker steadies them.
    """

    frames: int
    found: float
    raw: float
    tracked: float


def jitter(detect: Detect, frames: Iterable[Frame], least_score: float) -> Jitter:
    """Follow the best face of every frame; on a still face all movement is jitter.

    Args:
        detect: the detector.
        frames: a video, one face in view.
        least_score: of a face, 0..1.
    """
    tracker = Tracker()
    raw: list[Box | None] = []
    tracked: list[Box | None] = []
    for frame in frames:
        face = _best(detect, frame, least_score)
        raw.append(face.box if face else None)
        steady = tracker.update((face,) if face else (), frame.time_s)
        tracked.append(steady[0].box if steady else None)
    found = sum(box is not None for box in raw) / max(len(raw), 1)
    return Jitter(len(raw), found, _shift(raw), _shift(tracked))


def _best(detect: Detect, frame: Frame, least_score: float) -> Face | None:
    rows = detect(frame.image)
    if not len(rows):
        return None
    *sides, score = rows[rows[:, 4].argmax()].tolist()
    box = Box.clipped(*sides, width=frame.width, height=frame.height)
    return Face(box, min(score, 1.0)) if box is not None and score >= least_score else None


def _shift(boxes: list[Box | None]) -> float:
    """Mean over all pairs of consecutive frames with a face; 0 if there is none."""
    shifts = []
    for now, then in zip(boxes[1:], boxes, strict=False):
        if now is not None and then is not None:
            x, y = (
                (now.x0 + now.x1 - then.x0 - then.x1) / 2,
                (now.y0 + now.y1 - then.y0 - then.y1) / 2,
            )
            shifts.append(np.hypot(x, y) / np.sqrt(then.width * then.height))
    return float(np.mean(shifts)) if shifts else 0.0
