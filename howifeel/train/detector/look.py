"""How a training sample looks: colour, tone and damage; nothing moves."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from howifeel.train.detector.picture import Picture
from howifeel.train.detector.strengths import Augment

Image = NDArray[np.uint8]


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
