"""The label of each face: what it says, how large it is and where it goes."""

from __future__ import annotations

import math
from dataclasses import dataclass

from howifeel import emotions
from howifeel.overlay._layout import Area, clearest
from howifeel.overlay._paint import Colour, Image, Mask, blend, rounded
from howifeel.overlay._text import text
from howifeel.types import Moment, Reading

GROUND: Colour = (30, 25, 22)
BRIGHT: Colour = (245, 245, 245)
DIM: Colour = (170, 165, 160)
OPACITY = 0.78
ALWAYS_LABELLED = 6


@dataclass(frozen=True, slots=True)
class Chip:
    """A label in its place. `size_px` is the size of its text."""

    reading: Reading
    number: str
    area: Area
    size_px: int

    def draw(self, image: Image) -> None:
        """Paint it into a picture, in place."""
        x, y, width, height = self.area
        blend(image, rounded(width, height, round(0.3 * height)), GROUND, x, y, OPACITY)
        x += _padding(self.size_px)
        baseline_y = y + round(0.2 * self.size_px)
        for mask, colour, room in _parts(self.reading, self.number, self.size_px):
            blend(image, mask, colour, x + room - mask.shape[1], baseline_y)
            x += room + _space(self.size_px)


def colour_of(reading: Reading) -> Colour:
    """The colour of the shown expression, BGR; grey where it is unsure."""
    return emotions.UNSURE_BGR if reading.unsure else emotions.COLOURS_BGR[reading.top]


def chips(moment: Moment, width: int, height: int) -> list[Chip]:
    """The labels of the faces, largest face first, clear of each other where there is room.

    Beyond the first few, a label that would cover another label or face is left out.
    """
    faces = [box_area(reading) for reading in moment.readings]
    placed: list[Chip] = []
    for reading in by_size(moment):
        number = track_number(reading, moment)
        size_px = _text_size(reading, width, height)
        spots = _spots(reading, *_extent(reading, number, size_px), width, height)
        labels = [chip.area for chip in placed]
        others = [face for face in faces if face != box_area(reading)]
        area = clearest(spots, labels, others)
        if len(placed) < ALWAYS_LABELLED or not any(map(area.overlap, labels + others)):
            placed.append(Chip(reading, number, area, size_px))
    return placed


def box_area(reading: Reading) -> Area:
    """The face's box."""
    box = reading.face.box
    return Area(box.x0, box.y0, box.width, box.height)


def by_size(moment: Moment) -> list[Reading]:
    """The readings, largest face first; of faces about as large the longest known first."""

    def order(reading: Reading) -> tuple[int, int]:
        return -round(math.log2(reading.face.box.area)), reading.face.track or 0

    return sorted(moment.readings, key=order)


def track_number(reading: Reading, moment: Moment) -> str:
    """The number that tells faces apart; empty where there is only one."""
    several = len(moment.readings) > 1 and reading.face.track is not None
    return str(reading.face.track) if several else ""


def _text_size(reading: Reading, width: int, height: int) -> int:
    full = min(max(min(width, height) / 34, 12), 56)
    wanted = min(full, max(reading.face.box.width / 7, 0.7 * full, 12))
    return int(wanted) // 2 * 2


def _parts(reading: Reading, number: str, size_px: int) -> list[tuple[Mask, Colour, int]]:
    """Masks in order, each with its colour and the room it takes, in which it stands right."""
    words = emotions.UNSURE if reading.unsure else emotions.PHRASES[reading.top]
    masks = [(text(words, size_px), BRIGHT)]
    if number:
        masks.insert(0, (text(number, size_px), DIM))
    parts = [(mask, colour, mask.shape[1]) for mask, colour in masks]
    if not reading.unsure:
        percent = text(f"{100 * reading.top_prob:.0f} %", size_px)
        room = max(percent.shape[1], text("88 %", size_px).shape[1])
        parts.append((percent, colour_of(reading), room))
    return parts


def _extent(reading: Reading, number: str, size_px: int) -> tuple[int, int]:
    parts = _parts(reading, number, size_px)
    rooms = sum(room for *_, room in parts) + _space(size_px) * (len(parts) - 1)
    return rooms + 2 * _padding(size_px), parts[0][0].shape[0] + round(0.4 * size_px)


def _padding(size_px: int) -> int:
    return round(0.55 * size_px)


def _space(size_px: int) -> int:
    return round(0.45 * size_px)


def _spots(
    reading: Reading, chip_width: int, chip_height: int, width: int, height: int
) -> list[Area]:
    """Places in the picture in the order of preference: above, below, inside the box."""
    box, gap = reading.face.box, max(2, chip_height // 4)
    above, below = box.y0 - gap - chip_height, box.y1 + gap
    rows = [above] * (above >= 0) + [below] * (below + chip_height <= height)
    rows += [box.y0 + gap, box.y1 - gap - chip_height]
    columns = [box.x0, box.x1 - chip_width]
    if box.width < chip_width:
        columns.insert(0, (box.x0 + box.x1 - chip_width) // 2)
    spots = [Area(x, y, chip_width, chip_height) for y in rows for x in columns]
    return [spot.shifted_into(width, height) for spot in spots]
