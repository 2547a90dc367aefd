"""Random training samples: one picture, or the cells of a mosaic of several.

Mosaics are from Bochkovskiy et al., "YOLOv4", 2020, section 3.3.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from howifeel.train.detector.look import change_look
from howifeel.train.detector.picture import Picture
from howifeel.train.detector.placing import Sample, place
from howifeel.train.detector.strengths import Augment

_TRIES = 6
"""Windows that are looked at for one without a face."""


@dataclass(frozen=True, slots=True)
class SampleMaker:
    """Makes samples of pictures.

    Attributes:
        draw: gives a random picture; its second argument is the share of negatives.
        width: of a sample in pixels.
        height: of a sample in pixels.
        how: the strengths.
    """

    draw: Callable[[np.random.Generator, float], Picture]
    width: int
    height: int
    how: Augment

    def make(self, rng: np.random.Generator) -> Sample:
        """One random sample; `rng` is the source of all randomness."""
        sample = (
            (self._bare(rng) if rng.random() < self.how.bare else None)
            or (self._mosaic(rng) if rng.random() < self.how.mosaic else None)
            or self._single(rng)
        )
        return replace(sample, image=change_look(rng, sample.image, self.how))

    def _single(self, rng: np.random.Generator) -> Sample:
        whole = rng.random() < self.how.whole
        zoom = 1.0 if whole else float(np.exp(rng.uniform(*self.how.zoom_log)))
        picture = self.draw(rng, self.how.negatives)
        return place(rng, picture, self.width, self.height, zoom, self.how)

    def _bare(self, rng: np.random.Generator) -> Sample | None:
        """A window without a face; None if none was found in a few tries."""
        picture, anywhere = self.draw(rng, 0.0), replace(self.how, aim=0.0)
        for _ in range(_TRIES):
            zoom = float(np.exp(rng.uniform(*self.how.bare_zoom_log)))
            sample = place(rng, picture, self.width, self.height, zoom, anywhere)
            if not len(sample.faces) and not len(sample.ignored):
                return sample
        return None

    def _mosaic(self, rng: np.random.Generator) -> Sample:
        how = self.how
        side = how.mosaic_sides[rng.integers(len(how.mosaic_sides))]
        rows, columns = _cuts(rng, side, self.height), _cuts(rng, side, self.width)
        image = np.empty((self.height, self.width, 3), np.uint8)
        cells = []
        for y0, y1 in pairwise(rows):
            for x0, x1 in pairwise(columns):
                zoom = float(np.exp(rng.uniform(*how.mosaic_zoom_log)))
                cell = place(rng, self.draw(rng, how.negatives), x1 - x0, y1 - y0, zoom, how)
                image[y0:y1, x0:x1] = cell.image
                corner = np.array([x0, y0, x0, y0], np.float32)
                cells.append((cell.faces + corner, cell.ignored + corner, cell.empty + corner))
        faces, ignored, empty = map(np.concatenate, zip(*cells, strict=True))
        return Sample(image, faces, ignored, empty)


def _cuts(rng: np.random.Generator, parts: int, length: int) -> list[int]:
    """Where to cut a length into parts that differ by up to a factor of about two."""
    sizes = rng.uniform(0.7, 1.3, parts)
    return [0, *(np.cumsum(sizes) / sizes.sum() * length).astype(int).tolist()[:-1], length]
