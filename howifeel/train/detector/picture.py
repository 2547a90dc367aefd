"""A photo with marked faces, and what a mark must be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

_FARTHEST_PX = 1e6


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A photo and its faces.

    Attributes:
        image: uint8 (height, width, 3), BGR.
        faces: float32 (n, 4): x0, y0, x1, y1 in pixels.
        doubtful: float32 (m, 4): places that may or may not be a face; neither to be found nor to
            be missed.
    """

    image: NDArray[np.uint8]
    faces: NDArray[np.float32]
    doubtful: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 4), np.float32))


def checked_boxes(sides: Any) -> NDArray[np.float32]:
    """The boxes that a file tells, as float32 (n, 4): x0, y0, x1, y1 in pixels.

    Args:
        sides: should be a list of lists of four numbers.

    Raises:
        ValueError: it is not, an edge is no number or too large, or a box ends before it begins.
    """
    not_four = ValueError("a box is not a list of four numbers")
    try:
        boxes = np.array(sides, np.float64)
    except (TypeError, ValueError) as error:
        raise not_four from error
    if boxes.shape == (0,):
        return np.zeros((0, 4), np.float32)
    if boxes.shape[1:] != (4,):
        raise not_four
    if not np.all(np.abs(boxes) < _FARTHEST_PX):
        raise ValueError("an edge of a box is no number or too large")
    if np.any(boxes[:, 2:] < boxes[:, :2]):
        raise ValueError("a box ends before it begins")
    return boxes.astype(np.float32)
