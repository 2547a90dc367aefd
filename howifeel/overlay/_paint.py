"""Masks and how they are blended into a picture. A mask is float32 (height, width), 0..1."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Mask = NDArray[np.float32]
Colour = tuple[int, int, int]

FINE = 4  # masks are drawn this many times larger and reduced, which smooths their edges


def blend(image: Image, mask: Mask, colour: Colour, x: int, y: int, opacity: float = 1) -> None:
    """Paint a colour (BGR) through a mask whose left upper corner lies at (x, y), in place."""
    height, width = mask.shape
    left, top = max(x, 0), max(y, 0)
    right, bottom = min(x + width, image.shape[1]), min(y + height, image.shape[0])
    if left >= right or top >= bottom:
        return
    part = mask[top - y : bottom - y, left - x : right - x]
    weight = np.ascontiguousarray(part * np.float32(opacity))
    below = image[top:bottom, left:right]
    paint = np.full(below.shape, colour, np.uint8)
    image[top:bottom, left:right] = cv2.blendLinear(paint, below, weight, 1 - weight)


@lru_cache(maxsize=256)
def rounded(width: int, height: int, radius: int) -> Mask:
    """A filled rectangle with round corners."""
    mask = np.zeros((height * FINE, width * FINE), np.uint8)
    radius = min(radius, height // 2, width // 2) * FINE
    right, bottom = width * FINE - 1, height * FINE - 1
    cv2.rectangle(mask, (radius, 0), (right - radius, bottom), 255, cv2.FILLED)
    cv2.rectangle(mask, (0, radius), (right, bottom - radius), 255, cv2.FILLED)
    for x in (radius, right - radius):
        for y in (radius, bottom - radius):
            cv2.circle(mask, (x, y), radius, 255, cv2.FILLED)
    return reduced(mask)


@lru_cache(maxsize=64)
def corner(leg: int, radius: int, thickness: int) -> tuple[Mask, Mask]:
    """The left upper corner of a frame and its soft shadow.

    Both reach `2 * thickness` beyond the corner to the left and upwards.
    """
    margin = 2 * thickness
    side = leg + 2 * margin
    turns = np.linspace(np.pi, 1.5 * np.pi, 12)
    arc = radius + radius * np.stack([np.cos(turns), np.sin(turns)], axis=1)
    line = np.vstack([[(0, leg)], arc, [(leg, 0)]]) + margin
    mask = np.zeros((side * FINE, side * FINE), np.uint8)
    cv2.polylines(mask, [(line * FINE).astype(np.int32)], False, 255, thickness * FINE)
    sharp = reduced(mask)
    shadow = cv2.GaussianBlur(sharp, (0, 0), thickness * 0.75)
    return sharp, np.asarray(shadow, np.float32)


def reduced(mask: Image) -> Mask:
    """The mask of a drawing (0..255) that is `FINE` times larger."""
    size = mask.shape[1] // FINE, mask.shape[0] // FINE
    small = cv2.resize(mask, size, interpolation=cv2.INTER_AREA)
    return small.astype(np.float32) / np.float32(255)
