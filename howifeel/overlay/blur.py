"""Privacy: every face that was found becomes a few large squares of colour."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from howifeel.config import Settings
from howifeel.types import Box, Moment

REACH = 2.0
"""Size of the hidden ellipse relative to the face's box. From the square root of 2 on it holds
the whole box; the rest hides hair, ears and neck, and a box that lags behind a quick head."""

CELLS = 6
"""All that is left of the longer side of the hidden area: the means of this many cells. Left as
squares: joined smoothly, they look like a face out of focus, which detectors find again."""


class Blur:
    """Hides faces. See `overlay.Overlay`.

    All faces of the moment are hidden, also those that could not be read and those that the
    detector missed for up to half a second. A face that was not yet found is not hidden. What is
    below an ellipse is replaced by the means of at most 6 x 6 cells, 3 x 3 of them on the face
    itself, so no filter can bring back what was there.
    """

    def draw(self, image: NDArray[np.uint8], moment: Moment) -> None:
        """Let nobody be recognised. Drawings made before are blurred too."""
        faces = [reading.face for reading in moment.readings]
        for face in (*faces, *moment.unread, *moment.missed):
            _hide(image, face.box)


def build(settings: Settings) -> Blur:
    """Make the overlay; it has no settings of its own."""
    return Blur()


def _hide(image: NDArray[np.uint8], box: Box) -> None:
    """Hide one face in place."""
    width, height = math.ceil(REACH * box.width), math.ceil(REACH * box.height)
    x, y = (
        round(middle - side / 2) for middle, side in zip(box.center, (width, height), strict=True)
    )
    left, top = max(x, 0), max(y, 0)
    right, bottom = min(x + width, image.shape[1]), min(y + height, image.shape[0])
    below = image[top:bottom, left:right]
    across = _from_middle(width)[left - x : right - x]
    down = _from_middle(height)[top - y : bottom - y]
    weight = _ellipse(across, down)
    mosaic = _mosaic(below, max(width, height) / CELLS)
    image[top:bottom, left:right] = cv2.blendLinear(mosaic, below.copy(), weight, 1 - weight)


def _mosaic(pixels: NDArray[np.uint8], cell: float) -> NDArray[np.uint8]:
    """Squares of about this many pixels, each the mean of what it covers."""
    height, width = pixels.shape[:2]
    cells = max(1, int(width / cell)), max(1, int(height / cell))
    means = cv2.resize(pixels, cells, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(means, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8)


def _from_middle(side: int) -> NDArray[np.float32]:
    """How far each pixel of a line lies from its middle: float32 (side,), -1 to 1."""
    return ((np.arange(side) + 0.5) * 2 / side - 1).astype(np.float32)


def _ellipse(across: NDArray[np.float32], down: NDArray[np.float32]) -> NDArray[np.float32]:
    """1 wherever the box is, 0 at the rim, float32 (rows, columns)."""
    radius = np.sqrt(across[None] ** 2 + down[:, None] ** 2)
    inner = np.float32(math.sqrt(2) / REACH)
    return np.clip((1 - radius) / (1 - inner), 0, 1).astype(np.float32)
