"""The seven probabilities as bars in a panel beside each of the largest faces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from howifeel import emotions
from howifeel.config import Settings
from howifeel.overlay._chip import (
    BRIGHT,
    DIM,
    GROUND,
    OPACITY,
    box_area,
    by_size,
    chips,
    track_number,
)
from howifeel.overlay._layout import Area, clearest
from howifeel.overlay._paint import blend, rounded
from howifeel.overlay._text import text
from howifeel.types import Moment, Reading

MOST_PANELS = 3
LARGEST_SHARE = 0.6
"""Of a picture's width or height, for a panel."""

MOST_HIDDEN = 1 / 3
"""Of a face, by the first panel; a further one hides nothing."""


class Bars:
    """Draws panels of bars. See `overlay.Overlay`."""

    def draw(self, image: NDArray[np.uint8], moment: Moment) -> None:
        """Draw a panel for each of the largest faces that leave room for one."""
        for panel in panels(moment, image.shape[1], image.shape[0]):
            panel.draw(image)


def build(settings: Settings) -> Bars:
    """Make the overlay; it has no settings of its own."""
    return Bars()


@dataclass(frozen=True, slots=True)
class Panel:
    """The bars of one face in their place. `title` tells which face where there are several."""

    reading: Reading
    title: str
    area: Area
    size_px: int

    def draw(self, image: NDArray[np.uint8]) -> None:
        """Paint it into a picture, in place."""
        x, y, width, height = self.area
        row, padding = _row(self.size_px), _padding(self.size_px)
        blend(image, rounded(width, height, padding), GROUND, x, y, OPACITY)
        x, y = x + padding, y + padding
        if self.title:
            blend(image, text(self.title, self.size_px), DIM, x, y)
            y += row
        for name, probability in zip(emotions.NAMES, self.reading.probs, strict=True):
            shown = name == self.reading.top and not self.reading.unsure
            label = text(name, self.size_px)
            blend(image, label, BRIGHT if shown else DIM, x, y)
            self._bar(image, name, probability, shown, x + _names(self.size_px), y)
            y += row

    def _bar(
        self, image: NDArray[np.uint8], name: str, probability: float, shown: bool, x: int, y: int
    ) -> None:
        full, thick = _bar_width(self.size_px), max(3, round(0.45 * self.size_px))
        y += (text(name, self.size_px).shape[0] - thick) // 2 + round(0.1 * self.size_px)
        blend(image, rounded(full, thick, thick // 2), BRIGHT, x, y, opacity=0.14)
        filled = round(full * probability)
        if filled:
            opacity = 1.0 if shown else 0.6
            bar = rounded(filled, thick, thick // 2)
            blend(image, bar, emotions.COLOURS_BGR[name], x, y, opacity)


def panels(moment: Moment, width: int, height: int) -> list[Panel]:
    """The panels for a picture, none where there is no room.

    The largest of a few faces may have one that covers others a little.
    """
    size_px = round(min(max(min(width, height) / 42, 11), 44))
    several = len(moment.readings) > 1
    panel_width = _names(size_px) + _bar_width(size_px) + 2 * _padding(size_px)
    panel_height = (len(emotions.NAMES) + several) * _row(size_px) + 2 * _padding(size_px)
    if panel_width > LARGEST_SHARE * width or panel_height > LARGEST_SHARE * height:
        return []
    faces = [box_area(reading) for reading in moment.readings]
    labels = [chip.area for chip in chips(moment, width, height)]
    crowd = len(faces) > MOST_PANELS
    placed: list[Panel] = []
    for reading in by_size(moment)[:MOST_PANELS]:
        places = _places(box_area(reading), panel_width, panel_height, size_px, width, height)
        area = clearest(places, labels, faces)
        covers = any(map(area.overlap, labels + faces))
        hides = any(area.overlap(face) > MOST_HIDDEN * face.width * face.height for face in faces)
        if not covers or not (placed or crowd or hides):
            number = track_number(reading, moment)
            placed.append(Panel(reading, f"face {number}" if number else "", area, size_px))
            labels.append(area)
    return placed


def _places(
    face: Area, panel_width: int, panel_height: int, gap: int, width: int, height: int
) -> list[Area]:
    """Places in the picture in the order of preference: beside, below, above, in the corners."""
    right, left = face.x + face.width + gap, face.x - gap - panel_width
    below, above = face.y + face.height + gap, face.y - gap - panel_height
    high, low = face.y, face.y + face.height - panel_height
    far_right, far_down = width - panel_width - gap, height - panel_height - gap
    wanted = [(right, high), (left, high), (right, low), (left, low), (face.x, below)]
    corners = [(x, y) for y in (gap, far_down) for x in (far_right, gap)]
    wanted += [(face.x, above), *corners]
    return [Area(x, y, panel_width, panel_height).shifted_into(width, height) for x, y in wanted]


def _row(size_px: int) -> int:
    return round(1.45 * size_px)


def _padding(size_px: int) -> int:
    return round(0.7 * size_px)


def _bar_width(size_px: int) -> int:
    return 6 * size_px


def _names(size_px: int) -> int:
    """Width of the column with the names, and the space after it."""
    return max(text(name, size_px).shape[1] for name in emotions.NAMES) + round(0.8 * size_px)
