"""Five points of a face (eyes, nose, corners of the mouth), and cuts that bring them into place.

The points come from MTCNN (Zhang et al. 2016), which wants larger faces with some ground around
them than FER-2013 has: pictures get a border of their own outermost pixels and are enlarged.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from howifeel.detect.mtcnn import MTCNN, POINTS
from howifeel.lab.kit.out import Out
from howifeel.train.data import SIDE

_BORDER = 12
_ENLARGED = 144
_SMALLEST_SHARE = 0.4
"""Of the enlarged picture; a face fills more than that."""

_BATCH = 64

Points = NDArray[np.float32]
"""float32 (n, 5, 2): x and y of `POINTS` in pixels of the 48x48 picture; NaN: not found."""


class Finder:
    """Finds the points of faces.

    Args:
        min_score: of a face, 0..1; below it, a picture has no points.
        device: auto, cpu or cuda.

    Raises:
        MissingPackageError: facenet-pytorch, which brings the weights, is missing.
    """

    def __init__(self, min_score: float, device: str) -> None:
        import torch

        cuda = device != "cpu" and torch.cuda.is_available()
        least = round(_SMALLEST_SHARE * _ENLARGED)
        self._cascade = MTCNN(min_score, least, "cuda" if cuda else "cpu")

    def points(self, images: NDArray[np.uint8], out: Out, label: str) -> Points:
        """The points of the best face of each picture, uint8 (n, 48, 48); tells how far it is."""
        found = [np.empty((0, len(POINTS), 2), np.float32)]
        for start in out.each(label, range(0, len(images), _BATCH)):
            large = np.stack([_enlarged(image) for image in images[start : start + _BATCH]])
            colour = np.repeat(large[..., None], 3, axis=3)
            found.append(self._cascade.points(colour))
        return np.concatenate(found) * np.float32((SIDE + 2 * _BORDER) / _ENLARGED) - _BORDER


def known(points: Points) -> NDArray[np.bool_]:
    """Which pictures have points, bool (n,)."""
    return np.asarray(np.isfinite(points).all((1, 2)))


def cut(
    images: NDArray[np.uint8], points: Points, template: Points, *, upright: bool
) -> NDArray[np.uint8]:
    """Pictures moved and scaled so that their points come as near to a template's as they can.

    The change is the similarity with the least squared distance (Umeyama 1991, in the plane). What
    lies outside a picture repeats its outermost pixels; pictures without points stay as they are.

    Args:
        images: uint8 (n, 48, 48).
        points: of these.
        template: float32 (5, 2), where the points should lie.
        upright: also turn the face as the template is; otherwise it keeps its tilt.
    """
    changed = images.copy()
    for place in np.flatnonzero(known(points)):
        matrix = similarity(points[place], template, turn=upright)
        changed[place] = cv2.warpAffine(
            images[place],
            matrix,
            (SIDE, SIDE),
            flags=cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_REPLICATE,
        )
    return changed


def similarity(points: Points, template: Points, *, turn: bool = True) -> NDArray[np.float64]:
    """The matrix, float64 (2, 3), that moves points, float (k, 2), onto a template's.

    As complex numbers the change is z -> a z + b, which makes least squares one division.
    """
    here, there = (p.astype(np.float64) @ np.array([1, 1j]) for p in (points, template))
    spread = here - here.mean()
    factor = np.vdot(spread, there - there.mean()) / np.vdot(spread, spread)
    if not turn:
        factor = abs(factor)
    shift = there.mean() - factor * here.mean()
    return np.array(
        [[factor.real, -factor.imag, shift.real], [factor.imag, factor.real, shift.imag]]
    )


def _enlarged(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    wide = cv2.copyMakeBorder(image, _BORDER, _BORDER, _BORDER, _BORDER, cv2.BORDER_REPLICATE)
    return np.asarray(
        cv2.resize(wide, (_ENLARGED, _ENLARGED), interpolation=cv2.INTER_CUBIC), np.uint8
    )
