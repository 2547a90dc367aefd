"""Prior boxes: the fixed squares from which the net's boxes are offsets.

Liu et al., "SSD: Single Shot MultiBox Detector", ECCV 2016, section 2.2, in the layout of Caffe's
PriorBox layer, so that the exported net has the same priors in the same order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PRIORS_PER_CELL = 2
CENTER_VARIANCE = 0.1
SIZE_VARIANCE = 0.2


@dataclass(frozen=True, slots=True)
class PriorMap:
    """The priors of one feature map: two squares in each cell.

    Attributes:
        stride: side of a cell in pixels of the net's input.
        smallest: side of the first square in pixels.
        largest: the second square has the side sqrt(smallest * largest).
    """

    stride: int
    smallest: float
    largest: float

    @property
    def sides(self) -> tuple[float, float]:
        """Sides of the squares in pixels, in the order of the PriorBox layer."""
        return self.smallest, (self.smallest * self.largest) ** 0.5


DEFAULT_MAPS = (
    PriorMap(8, 10, 25),
    PriorMap(16, 25, 64),
    PriorMap(32, 64, 160),
    PriorMap(64, 160, 400),
)


def make_priors(maps: tuple[PriorMap, ...], width: int, height: int) -> NDArray[np.float32]:
    """All priors of a net, map by map, row by row, cell by cell.

    Args:
        maps: the feature maps, finest first.
        width: width of the net's input in pixels.
        height: height of it.

    Returns:
        float32 (n, 4): centre x, centre y, width, height in pixels of the input.

    >>> make_priors((PriorMap(8, 4, 16),), width=16, height=8)[:3]
    array([[ 4.,  4.,  4.,  4.],
           [ 4.,  4.,  8.,  8.],
           [12.,  4.,  4.,  4.]], dtype=float32)
    """
    parts = []
    for level in maps:
        rows, columns = -(-height // level.stride), -(-width // level.stride)
        y, x, side = np.meshgrid(
            (np.arange(rows) + 0.5) * level.stride,
            (np.arange(columns) + 0.5) * level.stride,
            level.sides,
            indexing="ij",
        )
        parts.append(np.stack([x, y, side, side], axis=-1).reshape(-1, 4))
    return np.concatenate(parts).astype(np.float32)


def to_corners(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n, 4) centre x, centre y, width, height -> (n, 4) x0, y0, x1, y1."""
    half = boxes[:, 2:] / 2
    corners = [boxes[:, :2] - half, boxes[:, :2] + half]
    return np.concatenate(corners, axis=1, dtype=np.float32)


def encode(boxes: NDArray[np.float32], priors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Offsets from priors to boxes; the net learns to predict these.

    Args:
        boxes: float32 (n, 4) x0, y0, x1, y1 in pixels, one for each prior.
        priors: float32 (n, 4) centre x, centre y, width, height in pixels.

    Returns:
        float32 (n, 4), divided by the variances as Caffe does.
    """
    center = (boxes[:, :2] + boxes[:, 2:]) / 2
    size = np.maximum(boxes[:, 2:] - boxes[:, :2], 1)
    shift = (center - priors[:, :2]) / priors[:, 2:] / CENTER_VARIANCE
    growth = np.log(size / priors[:, 2:]) / SIZE_VARIANCE
    return np.concatenate([shift, growth], axis=1).astype(np.float32)


def decode(offsets: NDArray[np.float32], priors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The inverse of `encode`: float32 (n, 4) offsets -> (n, 4) x0, y0, x1, y1 in pixels."""
    center = priors[:, :2] + offsets[:, :2] * CENTER_VARIANCE * priors[:, 2:]
    size = priors[:, 2:] * np.exp(offsets[:, 2:] * SIZE_VARIANCE)
    return to_corners(np.concatenate([center, size], axis=1, dtype=np.float32))
