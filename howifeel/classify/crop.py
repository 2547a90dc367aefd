"""Cuts a face out of a frame the way the classifier expects it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from howifeel.classify.spec import ModelSpec
from howifeel.types import Box


def crop_square(box: Box, margin: float) -> tuple[int, int, int]:
    """Left, top and side in pixels of the square around a box; it may reach beyond the picture.

    Args:
        box: a face.
        margin: share of the box's longer side that is added on each side.
    """
    side = max(1, round(max(box.width, box.height) * (1 + 2 * margin)))
    center_x, center_y = box.center
    return round(center_x - side / 2), round(center_y - side / 2), side


def face_crop(image: NDArray[np.uint8], box: Box, *, margin: float, size: int) -> NDArray[np.uint8]:
    """The square around a box, resized; beyond the picture its edge pixels are repeated.

    Args:
        image: uint8 (height, width, 3), BGR.
        box: the face inside the image.
        margin: share of the box's longer side that is added on each side.
        size: side of the result in pixels.

    Returns:
        uint8 (size, size, 3), BGR.
    """
    x0, y0, side = crop_square(box, margin)
    height, width = image.shape[:2]
    inside = image[max(y0, 0) : min(y0 + side, height), max(x0, 0) : min(x0 + side, width)]
    square = cv2.copyMakeBorder(
        inside,
        top=max(-y0, 0),
        bottom=max(y0 + side - height, 0),
        left=max(-x0, 0),
        right=max(x0 + side - width, 0),
        borderType=cv2.BORDER_REPLICATE,
    )
    how = cv2.INTER_AREA if side > size else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(square, (size, size), interpolation=how), np.uint8)


def to_input(crops: list[NDArray[np.uint8]], spec: ModelSpec) -> NDArray[np.float32]:
    """The model's input for BGR crops of its size.

    Args:
        crops: n pictures, each uint8 (size, size, 3), BGR, 0..255.
        spec: tells channels, mean and standard deviation.

    Returns:
        float32 (n, channels, size, size), normalised; grey or RGB.
    """
    code = cv2.COLOR_BGR2GRAY if spec.channels == 1 else cv2.COLOR_BGR2RGB
    pixels = np.stack([cv2.cvtColor(crop, code) for crop in crops])
    pixels = pixels.reshape(len(crops), spec.size, spec.size, spec.channels)
    mean, std = np.array(spec.mean, np.float32), np.array(spec.std, np.float32)
    normalised = (pixels / np.float32(255) - mean) / std
    return np.ascontiguousarray(normalised.transpose(0, 3, 1, 2))
