"""The ground on which faces are shown where a session keeps no picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from howifeel.desktop import theme
from howifeel.types import Frame

_LINES = 12
"""Number of squares across the ground."""


class Stage:
    """An empty picture with a faint grid, in the colours of the theme.

    Args:
        size: columns and rows.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        self._image = _ground(*size)

    def frame(self, index: int, time_s: float) -> Frame:
        """The ground as the picture of a frame."""
        return Frame(self._image, max(0, index), time_s)


def _ground(width: int, height: int) -> NDArray[np.uint8]:
    look = theme.current()
    image = np.full((height, width, 3), _bgr(look.surface), np.uint8)
    line = _bgr(look.raised)
    step = max(8, round(width / _LINES))
    thick = max(1, round(width / 640))
    for x in range(step, width, step):
        image[:, x : x + thick] = line
    for y in range(step, height, step):
        image[y : y + thick] = line
    return image


def _bgr(colour: str) -> tuple[int, int, int]:
    made = QColor(colour)
    return made.blue(), made.green(), made.red()
