"""Ways in which a picture gets worse; each takes faces uint8 (n, 48, 48) and gives the same."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Pictures = NDArray[np.uint8]
Change = Callable[[Pictures, float, np.random.Generator], Pictures]
"""From faces, how much, and random numbers to changed faces."""


def noise(faces: Pictures, variance: float, draw: np.random.Generator) -> Pictures:
    """Gaussian noise; its variance is in units of the square of the range of brightness."""
    if not variance:
        return faces
    noisy = faces / 255 + draw.normal(0, variance**0.5, faces.shape)
    return _bytes(noisy)


def blur(faces: Pictures, sigma_px: float, draw: np.random.Generator) -> Pictures:
    """Gaussian blur of so many pixels."""
    if not sigma_px:
        return faces
    return np.stack([cv2.GaussianBlur(face, (0, 0), sigma_px) for face in faces])


def jpeg(faces: Pictures, loss: float, draw: np.random.Generator) -> Pictures:
    """JPEG compression at quality 100 - `loss`."""
    if not loss:
        return faces
    quality = [cv2.IMWRITE_JPEG_QUALITY, round(100 - loss)]
    packed = [cv2.imencode(".jpg", face, quality)[1] for face in faces]
    read = [np.asarray(cv2.imdecode(each, cv2.IMREAD_GRAYSCALE), np.uint8) for each in packed]
    return np.stack(read)


def darkness(faces: Pictures, share: float, draw: np.random.Generator) -> Pictures:
    """Light taken away, 0..1, with the noise that a sensor adds when it makes up for it."""
    if not share:
        return faces
    light = faces / 255 * (1 - share)
    return _bytes(light + draw.normal(0, 0.02, faces.shape))


def occlusion(faces: Pictures, share: float, draw: np.random.Generator) -> Pictures:
    """A grey square over so much of the picture's area, 0..1, at a random place."""
    if not share:
        return faces
    covered = faces.copy()
    side = faces.shape[1]
    length = round(side * share**0.5)
    for face, (top, left) in zip(
        covered, draw.integers(0, side - length + 1, (len(faces), 2)), strict=True
    ):
        face[top : top + length, left : left + length] = 128
    return covered


def _bytes(values: NDArray[np.floating]) -> Pictures:
    return (values * 255).round().clip(0, 255).astype(np.uint8)
