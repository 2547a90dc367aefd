"""Where labels go: rectangles in a picture that keep clear of each other."""

from __future__ import annotations

from collections.abc import Iterable
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


def hidden(area: Area, taken: Iterable[Area]) -> int:
    """How many pixels of what is there the area would cover."""
    return sum(area.overlap(other) for other in taken)
