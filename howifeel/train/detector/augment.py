"""Random training samples: one picture, or the cells of a mosaic of several.

Mosaics are from Bochkovskiy et al., "YOLOv4", 2020, section 3.3.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np

from howifeel.train.detector.look import change_look
from howifeel.train.detector.picture import Picture
from howifeel.train.detector.placing import Sample, place
from howifeel.train.detector.strengths import Augment

_TRIES = 6
"""Windows that are looked at for one without a face."""


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
    sample = (
        (_bare(rng, draw, width, height, how) if rng.random() < how.bare else None)
        or (_mosaic(rng, draw, width, height, how) if rng.random() < how.mosaic else None)
        or _single(rng, draw, width, height, how)
    )
    return replace(sample, image=change_look(rng, sample.image, how))


def _single(
    rng: np.random.Generator,
    draw: Callable[[np.random.Generator, float], Picture],
    width: int,
    height: int,
    how: Augment,
) -> Sample:
    whole = rng.random() < how.whole
    zoom = 1.0 if whole else float(np.exp(rng.uniform(*how.zoom_log)))
    return place(rng, draw(rng, how.negatives), width, height, zoom, how)


def _bare(
    rng: np.random.Generator,
    draw: Callable[[np.random.Generator, float], Picture],
    width: int,
    height: int,
    how: Augment,
) -> Sample | None:
    """A window without a face; None if none was found in a few tries."""
    picture = draw(rng, 0.0)
    for _ in range(_TRIES):
        zoom = float(np.exp(rng.uniform(*how.bare_zoom_log)))
        sample = place(rng, picture, width, height, zoom, replace(how, aim=0.0))
        if not len(sample.faces) and not len(sample.ignored):
            return sample
    return None


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
