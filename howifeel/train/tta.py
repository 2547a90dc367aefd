"""Test-time augmentation: several views of one face, whose probabilities are averaged."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

SINGLE, FLIP, TEN_CROP = "single view", "flip", "ten-crop"
VIEWS = (SINGLE, FLIP, TEN_CROP)
"""One view as the program uses it; the face and its mirror image; ten views (see `ten_crop`)."""

CROP = 44
"""Side in pixels of the parts of a face of 48x48 that `TEN_CROP` looks at."""


def described(kind: str, *, mirrored: bool, networks: int = 1) -> str:
    """What to call views, one of `VIEWS`, of a model that may add the mirror image by itself.

    >>> described("single view", mirrored=False, networks=3)
    'single view, 3 networks in the model'
    """
    together = f", {networks} networks in the model" if networks > 1 else ""
    return kind + together + (", mirrored in the model" if mirrored else "")


def views(faces: NDArray[np.uint8], kind: str) -> Iterator[NDArray[np.float32]]:
    """The views of faces, one after the other.

    Args:
        faces: uint8 (n, side, side), grey.
        kind: one of `VIEWS`.

    Yields:
        float32 (n, side, side), 0..255.
    """
    whole = faces.astype(np.float32)
    if kind == TEN_CROP:
        yield from ten_crop(whole)
        return
    yield whole
    if kind == FLIP:
        yield whole[:, :, ::-1]


def ten_crop(faces: NDArray[np.float32], crop: int = CROP) -> Iterator[NDArray[np.float32]]:
    """The four corners and the middle, each as it is and mirrored (Krizhevsky 2012, section 4.1).

    Args:
        faces: float32 (n, side, side).
        crop: side of the parts in pixels; each is enlarged to the side again, bilinearly.
    """
    side = faces.shape[1]
    gap = side - crop
    enlarge = _bilinear(crop, side)
    for top, left in ((0, 0), (0, gap), (gap, 0), (gap, gap), (gap // 2, gap // 2)):
        part = faces[:, top : top + crop, left : left + crop]
        large = (enlarge @ part @ enlarge.T).astype(np.float32)
        yield large
        yield large[:, :, ::-1]


def _bilinear(source: int, target: int) -> NDArray[np.float32]:
    """Matrix (target, source) that stretches a line of pixels, pixel centres at halves."""
    places = ((np.arange(target) + 0.5) * source / target - 0.5).clip(0, source - 1)
    low = np.minimum(places.astype(int), source - 2)
    share = places - low
    matrix = np.zeros((target, source), np.float32)
    matrix[np.arange(target), low] = 1 - share
    matrix[np.arange(target), low + 1] = share
    return matrix
