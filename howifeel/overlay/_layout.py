"""Where labels go: rectangles in a picture that keep clear of each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Area(NamedTuple):
    """Columns x..x+width-1 and rows y..y+height-1."""

    x: int
    y: int
    width: int
    height: int

    def overlap(self, other: Area) -> int:
        """Number of pixels that both cover."""
        width = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        height = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        return max(0, width) * max(0, height)

    def shifted_into(self, width: int, height: int) -> Area:
        """The same size, moved as little as needed to lie inside a picture."""
        x = max(0, min(self.x, width - self.width))
        y = max(0, min(self.y, height - self.height))
        return self._replace(x=x, y=y)


def clearest(spots: Sequence[Area], labels: Sequence[Area], faces: Sequence[Area]) -> Area:
    """The first spot that covers nothing, else the one that covers least of labels, of faces."""
    for spot in spots:
        if not _covered(spot, labels) and not _covered(spot, faces):
            return spot
    return min(spots, key=lambda spot: (_covered(spot, labels), _covered(spot, faces)))


def _covered(spot: Area, areas: Iterable[Area]) -> int:
    return sum(spot.overlap(area) for area in areas)
