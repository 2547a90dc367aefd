"""Where a picture lands in a window.

Geometry is one affine map from the stored picture (zoom, aspect, rotation, flip). A face is taken
as the ellipse inscribed in its box, so that a rotated face gets a box that still fits.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from howifeel.detect.caffe_ssd import MEAN_BGR
from howifeel.train.detector.picture import Picture
from howifeel.train.detector.strengths import Augment

Image = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A picture of the net's input size.

    Attributes:
        image: uint8 (height, width, 3), BGR.
        faces: float32 (n, 4): x0, y0, x1, y1 in pixels, clipped to the picture.
        ignored: float32 (m, 4): faces too small or too much cut off to ask for.
        empty: float32 (k, 4): areas that show pictures without a face.
    """

    image: Image
    faces: NDArray[np.float32]
    ignored: NDArray[np.float32]
    empty: NDArray[np.float32]


def place(
    rng: np.random.Generator,
    picture: Picture,
    width: int,
    height: int,
    zoom: float,
    how: Augment,
) -> Sample:
    """Show a random window of a picture.

    Args:
        rng: source of all randomness.
        picture: the picture and its faces.
        width: of the window in pixels.
        height: of the window in pixels.
        zoom: 1 squashes the whole picture into the window, 2 shows half of it each way.
        how: the strengths.
    """
    picture_height, picture_width = picture.image.shape[:2]
    stretch = float(np.exp(rng.uniform(*how.aspect_log)))
    scale_x = width / picture_width * zoom * stretch
    scale_y = height / picture_height * zoom / stretch
    turn = np.radians(rng.uniform(*how.rotate_degrees)) if rng.random() < how.rotate else 0.0
    mirror = -1.0 if rng.random() < 0.5 else 1.0
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    linear = np.diag([mirror * scale_x, scale_y]) @ rotation

    size, window = np.array([picture_width, picture_height]), np.array([width, height])
    outline = np.array([[0, 0], [1, 0], [0, 1], [1, 1]]) * size @ linear.T
    room = window - outline.max(axis=0), -outline.min(axis=0)  # shifts that touch either border
    low, high = np.minimum(*room), np.maximum(*room)
    if len(picture.faces) and zoom > 1 and rng.random() < how.aim:
        face = picture.faces[rng.integers(len(picture.faces))]
        middle = linear @ ((face[:2] + face[2:]) / 2)
        shift = np.clip(window * rng.uniform(0.15, 0.85, 2) - middle, low, high)
    else:
        shift = rng.uniform(low, high)

    affine = np.concatenate([linear, shift[:, None]], axis=1)
    pad = (float(rng.integers(256)),) * 3 if rng.random() < 0.5 else MEAN_BGR
    image = _warp(picture.image, affine, width, height, pad, averaged=rng.random() >= how.aliased)
    faces, ignored = _sort_faces(move_boxes(picture.faces, affine), width, height, how)
    doubtful = np.concatenate(_sort_faces(move_boxes(picture.doubtful, affine), width, height, how))
    marked = len(picture.faces) + len(picture.doubtful)
    empty = np.array([[0, 0, width, height]] * (not marked), np.float32).reshape(-1, 4)
    return Sample(image, faces, np.concatenate([ignored, doubtful]), empty)


def move_boxes(boxes: NDArray[np.float32], affine: NDArray[np.float64]) -> NDArray[np.float32]:
    """Boxes of the inscribed ellipses after an affine map.

    Args:
        boxes: float32 (n, 4) x0, y0, x1, y1.
        affine: float (2, 3).
    """
    center = (boxes[:, :2] + boxes[:, 2:]) / 2 @ affine[:, :2].T + affine[:, 2]
    half = np.sqrt(((boxes[:, 2:] - boxes[:, :2]) / 2) ** 2 @ (affine[:, :2] ** 2).T)
    return np.concatenate([center - half, center + half], axis=1).astype(np.float32)


def _warp(
    image: Image,
    affine: NDArray[np.float64],
    width: int,
    height: int,
    pad: tuple[float, ...],
    *,
    averaged: bool,
) -> Image:
    """Warp, if wanted with the averaging that a strong reduction needs first.

    The affine map is of points, as boxes are; OpenCV's is of pixels, whose middles lie at 0.5.
    """
    while averaged:
        scales = np.sqrt((affine[:, :2] ** 2).sum(axis=0))
        size = np.array([image.shape[1], image.shape[0]])
        parts = np.where((scales < 0.6) & (size > 1), 2, 1)
        if parts.max() == 1:
            break
        few = size // parts
        even = image[: few[1] * parts[1], : few[0] * parts[0]]
        image = cv2.resize(even, few.tolist(), interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
        affine = affine @ np.diag([*parts, 1.0])
    middle = affine[:, :2].sum(axis=1) / 2 - 0.5
    affine = np.concatenate([affine[:, :2], (affine[:, 2] + middle)[:, None]], axis=1)
    return cv2.warpAffine(
        image, affine, (width, height), flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT, borderValue=pad,
    )  # type: ignore[return-value]  # fmt: skip


def _sort_faces(
    boxes: NDArray[np.float32], width: int, height: int, how: Augment
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Clip; split into faces to find and faces to ignore; drop those outside."""
    area = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    clipped = np.clip(boxes, 0, np.array([width, height, width, height], np.float32))
    visible = (clipped[:, 2:] - clipped[:, :2]).prod(axis=1) / np.maximum(area, 1e-6)
    ignore = (visible < how.least_visible) | (np.sqrt(area) < how.smallest_face)
    return clipped[~ignore], clipped[ignore & (visible > 0.05)]
