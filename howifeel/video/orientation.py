"""Turning pictures the way up that the camera noted in the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from av.video.frame import VideoFrame
    from numpy.typing import NDArray

_FLIP_ROWS, _FLIP_COLUMNS, _FLIP_BOTH = 0, 1, -1


@dataclass(frozen=True, slots=True)
class Orientation:
    """How stored pixels become the picture to show: first transpose, then mirror.

    Attributes:
        transpose: rows become columns.
        mirror_x: the columns run from right to left.
        mirror_y: the rows run from bottom to top.
    """

    transpose: bool = False
    mirror_x: bool = False
    mirror_y: bool = False

    @classmethod
    def of(cls, frame: VideoFrame) -> Orientation:
        """Read the display matrix of a decoded frame; upright where it has none.

        The matrix holds nine integers a b u c d v x y w, by which the stored pixel (p, q) is
        shown at column a*p + c*q and row b*p + d*q (FFmpeg, libavutil/display.h). Angles
        between the quarter turns count as the nearest one.
        """
        if "DISPLAYMATRIX" not in frame.side_data:
            return cls()
        a, b, _, c, d = np.frombuffer(frame.side_data["DISPLAYMATRIX"], np.int32)[:5].tolist()
        if abs(c) > abs(a):
            return cls(True, mirror_x=c < 0, mirror_y=b < 0)
        return cls(False, mirror_x=a < 0, mirror_y=d < 0)

    def apply(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The picture to show.

        Args:
            image: stored pixels, uint8 (height, width, 3).

        >>> stored = np.array([[[1, 1, 1], [2, 2, 2]]], np.uint8)
        >>> Orientation(transpose=True, mirror_y=True).apply(stored)[..., 0].tolist()
        [[2], [1]]
        """
        if self.transpose:
            image = _pixels(cv2.transpose(image))
        if self.mirror_x and self.mirror_y:
            return _pixels(cv2.flip(image, _FLIP_BOTH))
        if self.mirror_x:
            return _pixels(cv2.flip(image, _FLIP_COLUMNS))
        if self.mirror_y:
            return _pixels(cv2.flip(image, _FLIP_ROWS))
        return image


def _pixels(image: cv2.typing.MatLike) -> NDArray[np.uint8]:
    return image.astype(np.uint8, copy=False)
