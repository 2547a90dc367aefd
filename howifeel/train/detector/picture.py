"""A photo with marked faces."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


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
