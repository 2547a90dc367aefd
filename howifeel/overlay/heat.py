"""Where in each face its expression was read, as a glow from violet to yellow."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from howifeel.config import Settings
from howifeel.types import Heat as HeatOfFace
from howifeel.types import Moment

OPACITY = 0.62
"""Of the hottest places; cold ones are left as they are."""

COLD = 0.15
"""Heat below this is not painted."""

EDGE = 0.08
"""Over this share of its side the square fades out."""

FINE = 16
"""Pixels for each cell, before the map is stretched over the face."""


class Heat:
    """Paints the heat of the readings that have one. See `overlay.Overlay`.

    The readings have heat while `pipeline.Analyser.heat` is set and the model brings
    class-activation maps.
    """

    def draw(self, image: NDArray[np.uint8], moment: Moment) -> None:
        """Draw a glow on each face."""
        for reading in moment.readings:
            if reading.heat is not None:
                _paint(image, reading.heat)


def build(settings: Settings) -> Heat:
    """Make the overlay; it has no settings of its own."""
    return Heat()


def smooth(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cells of heat without visible steps.

    Args:
        values: float32 (rows, columns), 0..1.

    Returns:
        float32 (rows * FINE, columns * FINE), 0..1.
    """
    rows, columns = values.shape
    fine = cv2.resize(values, (columns * FINE, rows * FINE), interpolation=cv2.INTER_CUBIC)
    fine = cv2.GaussianBlur(fine, (0, 0), FINE / 3, borderType=cv2.BORDER_REPLICATE)
    return np.clip(fine, 0, 1).astype(np.float32)


@lru_cache(maxsize=1)
def colours() -> NDArray[np.uint8]:
    """256 colours from cold to hot, uint8 (256, 3), BGR, in even steps of perceived lightness.

    Violet, red, orange, yellow: in OKLab (Ottosson 2020) the lightness rises evenly from 0.4 to
    0.95 while the hue turns, so that hotter always looks brighter, in shades of grey and to the
    colour-blind as well.
    """
    heat = np.linspace(0, 1, 256)
    lightness = 0.4 + 0.55 * heat
    hue = np.radians(300 + 165 * heat)
    chroma = 0.16 - 0.02 * heat
    a, b = chroma * np.cos(hue), chroma * np.sin(hue)
    cone = np.stack([
        lightness + 0.3963377774 * a + 0.2158037573 * b,
        lightness - 0.1055613458 * a - 0.0638541728 * b,
        lightness - 0.0894841775 * a - 1.2914855480 * b,
    ]) ** 3  # fmt: skip
    to_rgb = np.array([
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ])  # fmt: skip
    linear = np.clip(to_rgb @ cone, 0, 1)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.round(255 * encoded[::-1].T).astype(np.uint8)


def _paint(image: NDArray[np.uint8], heat: HeatOfFace) -> None:
    """Paint the heat of one face in place."""
    left, top = max(heat.x, 0), max(heat.y, 0)
    right = min(heat.x + heat.side, image.shape[1])
    bottom = min(heat.y + heat.side, image.shape[0])
    if left >= right or top >= bottom:
        return
    values = smooth(heat.values)
    warmth = np.sqrt(np.clip((values - COLD) / (1 - COLD), 0, 1))
    weight = OPACITY * warmth * _window(*values.shape)
    glow = colours()[np.round(255 * values).astype(np.uint8)]
    size = heat.side, heat.side
    inside = slice(top - heat.y, bottom - heat.y), slice(left - heat.x, right - heat.x)
    glow = np.ascontiguousarray(cv2.resize(glow, size)[inside])
    weight = np.ascontiguousarray(cv2.resize(weight, size)[inside])
    below = image[top:bottom, left:right].copy()
    image[top:bottom, left:right] = cv2.blendLinear(glow, below, weight, 1 - weight)


@lru_cache(maxsize=8)
def _window(rows: int, columns: int) -> NDArray[np.float32]:
    """1 inside, 0 at the edges of a rectangle, float32 (rows, columns)."""
    down, across = _ramp(rows), _ramp(columns)
    return np.outer(down, across).astype(np.float32)


def _ramp(length: int) -> NDArray[np.float64]:
    depth = np.minimum(np.arange(length), np.arange(length)[::-1])
    return np.clip(depth / max(1, EDGE * length), 0, 1)
