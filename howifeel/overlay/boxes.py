"""A frame around each face in the colour of its expression, and a label that names it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from howifeel.config import Settings
from howifeel.overlay._chip import chips, colour_of
from howifeel.overlay._paint import blend, corner
from howifeel.types import Box, Moment

BLACK = (0, 0, 0)


class Boxes:
    """Draws frames and labels. See `overlay.Overlay`."""

    def draw(self, image: NDArray[np.uint8], moment: Moment) -> None:
        """Draw a frame and a label for each face."""
        height, width = image.shape[:2]
        for reading in moment.readings:
            _frame(image, reading.face.box, colour_of(reading))
        for chip in chips(moment, width, height):
            chip.draw(image)


def build(settings: Settings) -> Boxes:
    """Make the overlay; it has no settings of its own."""
    return Boxes()


def _frame(image: NDArray[np.uint8], box: Box, colour: tuple[int, int, int]) -> None:
    """Four round corners with soft shadows, joined by thin lines."""
    short = min(box.width, box.height)
    thickness = min(max(round(min(image.shape[:2]) / 240), 2), 8, max(1, short // 6))
    leg = min(max(2, short // 5), 14 * thickness)
    radius = leg // 2
    sharp, shadow = corner(leg, radius, thickness)
    margin, reach = 2 * thickness, sharp.shape[0] - 2 * thickness
    places = [
        (box.x0 - margin, box.y0 - margin, slice(None), slice(None)),
        (box.x1 - reach, box.y0 - margin, slice(None), slice(None, None, -1)),
        (box.x0 - margin, box.y1 - reach, slice(None, None, -1), slice(None)),
        (box.x1 - reach, box.y1 - reach, slice(None, None, -1), slice(None, None, -1)),
    ]
    for x, y, rows, columns in places:
        blend(image, shadow[rows, columns], BLACK, x, y, opacity=0.55)
        blend(image, sharp[rows, columns], colour, x, y)
    thin = max(1, thickness // 3)
    across = np.ones((thin, max(0, box.width - 2 * leg)), np.float32)
    down = np.ones((max(0, box.height - 2 * leg), thin), np.float32)
    lines = [
        (across, box.x0 + leg, box.y0 - thin // 2),
        (across, box.x0 + leg, box.y1 - 1 - thin // 2),
        (down, box.x0 - thin // 2, box.y0 + leg),
        (down, box.x1 - 1 - thin // 2, box.y0 + leg),
    ]
    for line, x, y in lines:
        blend(image, line, colour, x, y, opacity=0.4)
