"""Which faces can be read at all, and why not where none can."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from howifeel.config import Settings
from howifeel.types import Box, Face, Frame, Gap

SIDE_PX = 48


def sharpness(face: NDArray[np.uint8]) -> float:
    """Variance of the Laplacian: high for crisp pictures, near 0 for flat or blurred ones.

    Pech-Pacheco et al.: Diatom autofocusing in brightfield microscopy, ICPR 2000.

    Args:
        face: uint8 (48, 48), grey, 0..255.

    >>> sharpness(np.full((48, 48), 200, np.uint8))
    0.0
    """
    return float(cv2.Laplacian(face, cv2.CV_32F).var())


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
        if sharpness(_grey_face(frame.image, face.box)) >= settings.min_sharpness
    )
    return sharp, None if sharp else "blurred"


def _grey_face(image: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    pixels = image[box.y0 : box.y1, box.x0 : box.x1]
    how = cv2.INTER_AREA if min(pixels.shape[:2]) > SIDE_PX else cv2.INTER_LINEAR
    small = cv2.resize(pixels, (SIDE_PX, SIDE_PX), interpolation=how)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)
