"""Random training samples: where the picture lands in the net's input, and how it looks.

Geometry is one affine map from the stored picture (zoom, aspect, rotation, flip), alone or as one
of the cells of a mosaic (Bochkovskiy et al., "YOLOv4", 2020, section 3.3). A face is taken as the
ellipse inscribed in its box, so that a rotated face gets a box that still fits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from howifeel.detect.caffe_ssd import MEAN_BGR
from howifeel.train.detector.picture import Picture

Image = NDArray[np.uint8]
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Augment:
    """How strongly samples vary. Probabilities are 0..1; spans are (low, high), drawn uniformly.

    Attributes:
        negatives: share of samples (or of mosaic cells) without a face.
        colour_negatives: share of these that get false colours, because photos without a face
            are often grey and a net must not take colour for a sign of a face.
        smooth_negatives: share of these that are smeared to a gradient, like a sky or a wall.
        labelled: share of photos that were marked by detectors and not by people, if there are any.
        whole: share of samples that show the whole picture unzoomed.
        zoom_log: natural logarithm of the zoom; 0 squashes the whole picture into the input.
        mosaic: share of samples made of several pictures.
        mosaic_sides: numbers of rows and columns of a mosaic, drawn evenly.
        mosaic_zoom_log: like `zoom_log`, for the cells of a mosaic.
        aspect_log: logarithm of the stretch in x, and of the squeeze in y.
        aim: share of zoomed-in windows that are aimed at a face.
        rotate: share of samples that are rotated.
        rotate_degrees: by how much.
        grey: share without colour.
        hue_saturation: share of the rest with another hue and saturation.
        tone: share with another gamma, gain and offset.
        aliased: share of strong reductions without averaging, as programs make them that hand a
            large picture to `cv2.dnn.blobFromImage`.
        degrade: share that are blurred, shaken, coarsened, compressed or nearly dark.
        smallest_face: a face of a smaller geometric mean side in pixels is ignored.
        least_visible: a face with a smaller part inside the picture is ignored.
    """

    negatives: float = 0.2
    colour_negatives: float = 0.6
    smooth_negatives: float = 0.1
    labelled: float = 0.25
    whole: float = 0.25
    zoom_log: Span = (-0.7, 1.3)
    mosaic: float = 0.25
    mosaic_sides: tuple[int, ...] = (2, 2, 3)
    mosaic_zoom_log: Span = (-0.4, 0.9)
    aspect_log: Span = (-0.2, 0.2)
    aim: float = 0.8
    rotate: float = 0.3
    rotate_degrees: Span = (-30, 30)
    grey: float = 0.25
    hue_saturation: float = 0.4
    tone: float = 0.6
    aliased: float = 0.15
    degrade: float = 0.35
    smallest_face: float = 6.5
    least_visible: float = 0.5


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


def make_sample(
    rng: np.random.Generator,
    draw: Callable[[np.random.Generator, float], Picture],
    width: int,
    height: int,
    how: Augment,
) -> Sample:
    """One random training sample.

    Args:
        rng: source of all randomness.
        draw: gives a random picture; its second argument is the share of negatives.
        width: of the sample in pixels.
        height: of the sample in pixels.
        how: the strengths.
    """
    if rng.random() < how.mosaic:
        sample = _mosaic(rng, draw, width, height, how)
    else:
        whole = rng.random() < how.whole
        zoom = 1.0 if whole else float(np.exp(rng.uniform(*how.zoom_log)))
        sample = place(rng, draw(rng, how.negatives), width, height, zoom, how)
    return replace(sample, image=change_look(rng, sample.image, how))


def _mosaic(
    rng: np.random.Generator,
    draw: Callable[[np.random.Generator, float], Picture],
    width: int,
    height: int,
    how: Augment,
) -> Sample:
    side = how.mosaic_sides[rng.integers(len(how.mosaic_sides))]
    rows, columns = _cuts(rng, side, height), _cuts(rng, side, width)
    image = np.empty((height, width, 3), np.uint8)
    cells = []
    for y0, y1 in pairwise(rows):
        for x0, x1 in pairwise(columns):
            zoom = float(np.exp(rng.uniform(*how.mosaic_zoom_log)))
            cell = place(rng, draw(rng, how.negatives), x1 - x0, y1 - y0, zoom, how)
            image[y0:y1, x0:x1] = cell.image
            corner = np.array([x0, y0, x0, y0], np.float32)
            cells.append((cell.faces + corner, cell.ignored + corner, cell.empty + corner))
    faces, ignored, empty = map(np.concatenate, zip(*cells, strict=True))
    return Sample(image, faces, ignored, empty)


def _cuts(rng: np.random.Generator, parts: int, length: int) -> list[int]:
    """Where to cut a length into parts that differ by up to a factor of about two."""
    sizes = rng.uniform(0.7, 1.3, parts)
    return [0, *(np.cumsum(sizes) / sizes.sum() * length).astype(int).tolist()[:-1], length]


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


def vary_negative(rng: np.random.Generator, picture: Picture, how: Augment) -> Picture:
    """A picture without a face, perhaps as a gradient, perhaps in false colours."""
    image: Image = picture.image
    if rng.random() < how.smooth_negatives:
        few = cv2.resize(image, rng.integers(2, 7, 2).tolist(), interpolation=cv2.INTER_AREA)
        size = (image.shape[1], image.shape[0])
        image = cv2.resize(few, size, interpolation=cv2.INTER_CUBIC)  # type: ignore[assignment]
    if rng.random() < how.colour_negatives:
        image = _false_colours(rng, image)
    return Picture(image, picture.faces)


def _false_colours(rng: np.random.Generator, image: Image) -> Image:
    """Maps each channel through its own rising curve."""
    dark, middle, light = (rng.uniform(*span, 3) for span in ((0, 70), (40, 210), (160, 255)))
    curves = [
        np.interp(np.arange(256), (0, 128, 255), sorted(points))
        for points in zip(dark, middle, light, strict=True)
    ]
    table = np.stack(curves, axis=1).astype(np.uint8)[:, None]
    return cv2.LUT(image, table)  # type: ignore[return-value]


def change_look(rng: np.random.Generator, image: Image, how: Augment) -> Image:
    """Random colour, tone and damage; nothing moves."""
    if rng.random() < how.grey:
        image = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)  # type: ignore[assignment]
    elif rng.random() < how.hue_saturation:
        image = _change_colour(rng, image)
    if rng.random() < how.tone:
        image = _change_tone(rng, image)
    if rng.random() < how.degrade:
        damage = _DAMAGES[rng.integers(len(_DAMAGES))]
        image = damage(rng, image)
    return image


def _change_colour(rng: np.random.Generator, image: Image) -> Image:
    hue, saturation, value = cv2.split(cv2.cvtColor(image, cv2.COLOR_BGR2HSV))
    hue = ((hue.astype(np.int16) + rng.integers(-8, 9)) % 180).astype(np.uint8)
    saturation = cv2.multiply(saturation, rng.uniform(0.4, 1.5))  # type: ignore[call-overload]
    return cv2.cvtColor(cv2.merge([hue, saturation, value]), cv2.COLOR_HSV2BGR)  # type: ignore[return-value]


def _change_tone(rng: np.random.Generator, image: Image) -> Image:
    gamma, gain, offset = (
        np.exp(rng.uniform(-0.5, 0.5)),
        rng.uniform(0.7, 1.3),
        rng.uniform(-30, 30),
    )
    curve = 255 * (np.arange(256) / 255) ** gamma * gain + offset
    return cv2.LUT(image, np.clip(curve, 0, 255).astype(np.uint8))  # type: ignore[return-value]


def _blur(rng: np.random.Generator, image: Image) -> Image:
    return cv2.GaussianBlur(image, (0, 0), rng.uniform(0.5, 2.2))  # type: ignore[return-value]


def _shake(rng: np.random.Generator, image: Image) -> Image:
    """Motion blur: the average along a short line."""
    length, angle = int(rng.integers(3, 8)), rng.uniform(0, np.pi)
    reach = np.array([np.cos(angle), np.sin(angle)]) * (length - 1) / 2
    kernel = np.zeros((length, length), np.float32)
    middle = (length - 1) / 2
    start, end = np.rint(middle - reach).astype(int), np.rint(middle + reach).astype(int)
    cv2.line(kernel, start.tolist(), end.tolist(), 1.0)
    return cv2.filter2D(image, -1, kernel / kernel.sum())  # type: ignore[return-value]


def _coarsen(rng: np.random.Generator, image: Image) -> Image:
    height, width = image.shape[:2]
    ratio = rng.uniform(0.4, 0.8)
    small = cv2.resize(image, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)  # type: ignore[return-value]


def _compress(rng: np.random.Generator, image: Image) -> Image:
    _, encoded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 71))])
    return cv2.imdecode(encoded, cv2.IMREAD_COLOR)  # type: ignore[return-value]


def _darken(rng: np.random.Generator, image: Image) -> Image:
    """Low light: little signal, much noise."""
    noise = rng.standard_normal((*image.shape[:2], 1), np.float32) * rng.uniform(2, 10)
    return np.clip(image * rng.uniform(0.15, 0.5) + noise, 0, 255).astype(np.uint8)


_DAMAGES = (_blur, _shake, _coarsen, _compress, _darken)
