"""Which faces can be read at all, and why not where none can."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from howifeel.config import Settings
from howifeel.types import Box, Face, Frame, Gap

SIDE_PX = 48

_BENDS = [
    np.array(kernel, np.float32)
    for kernel in (
        [[0, 0, 0], [1, -2, 1], [0, 0, 0]],
        [[0, 1, 0], [0, -2, 0], [0, 1, 0]],
        [[0.5, 0, 0], [0, -1, 0], [0, 0, 0.5]],
        [[0, 0, 0.5], [0, -1, 0], [0.5, 0, 0]],
    )
]
"""Second derivative along the rows, the columns and the diagonals, per squared pixel."""


def sharpness(face: NDArray[np.uint8]) -> float:
    """How much of a face's contrast is fine detail, along the direction that has least of it.

    That is the variance of the second derivative along one of four directions, in thousandths of
    the variance of the picture. It is low for a face out of focus, and also for one that moved
    during the exposure, which is flat along its movement only; the usual variance of the
    Laplacian hardly shows that. It does not depend on the light.

    Args:
        face: uint8 (48, 48), grey, 0..255.

    Returns:
        About 25 to 250 for crisp faces, below 4 for most that were blurred over a quarter of their
        width, 0 for flat ones.

    >>> sharpness(np.full((48, 48), 200, np.uint8))
    0.0
    """
    contrast = float(face.var())
    if not contrast:
        return 0.0
    bends = (cv2.filter2D(face, cv2.CV_32F, kernel)[1:-1, 1:-1] for kernel in _BENDS)
    return 1000 * min(float(cv2.meanStdDev(bend)[1][0, 0]) ** 2 for bend in bends) / contrast


def usable(
    frame: Frame, faces: tuple[Face, ...], settings: Settings
) -> tuple[tuple[Face, ...], Gap | None]:
    """The faces that are large and sharp enough, and the reason for the gap where none is.

    Args:
        frame: the picture.
        faces: faces inside it.
        settings: `min_face_px` and `min_sharpness` decide.
    """
    if not faces:
        return (), "no face"
    large = tuple(face for face in faces if face.box.height >= settings.min_face_px)
    if not large:
        return (), "too small"
    sharp = tuple(
        face
        for face in large
        if sharpness(grey_face(frame.image, face.box)) >= settings.min_sharpness
    )
    return sharp, None if sharp else "blurred"


def grey_face(image: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    """The pixels of a box as quality is judged by: uint8 (48, 48), grey, 0..255.

    Args:
        image: uint8 (height, width, 3), BGR.
        box: inside the image.
    """
    pixels = image[box.y0 : box.y1, box.x0 : box.x1]
    how = cv2.INTER_AREA if min(pixels.shape[:2]) > SIDE_PX else cv2.INTER_LINEAR
    small = cv2.resize(pixels, (SIDE_PX, SIDE_PX), interpolation=how)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)
