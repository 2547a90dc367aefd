"""The endless, numbered stream of training samples."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from torch.utils.data import Dataset

from howifeel.train.detector.augment import SampleMaker
from howifeel.train.detector.data import FaceData
from howifeel.train.detector.look import vary_negative
from howifeel.train.detector.matching import BACKGROUND, UNMARKED, match
from howifeel.train.detector.picture import Picture
from howifeel.train.detector.priors import make_priors
from howifeel.train.detector.recipe import Recipe


class Samples(Dataset):
    """Sample number n is the same whoever asks for it, in whichever order and process.

    Crowds teach more than portraits: a photo is drawn in proportion to the square root of its
    number of faces. Photos that detectors marked are drawn as often as the recipe says.
    """

    def __init__(self, data: FaceData, recipe: Recipe) -> None:
        """Serve samples of the training pictures."""
        self._data = data
        self._recipe = recipe
        self._maker = SampleMaker(self._draw, recipe.width, recipe.height, recipe.augment)
        self._priors = make_priors(recipe.maps, recipe.width, recipe.height)
        self._photos = data.photos + data.labelled
        weights = np.sqrt([len(photo.faces) for photo in self._photos])
        if data.labelled:
            share, people = recipe.augment.labelled, len(data.photos)
            weights[:people] *= (1 - share) / weights[:people].sum()
            weights[people:] *= share / weights[people:].sum()
        self._chances = np.cumsum(weights) / weights.sum()

    def __len__(self) -> int:
        """Number of samples of a whole training run."""
        return self._recipe.steps * self._recipe.batch

    def __getitem__(
        self, number: int
    ) -> tuple[NDArray[np.uint8], NDArray[np.int8], NDArray[np.float32]]:
        """Picture uint8 (h, w, 3), labels int8 (priors,) and offsets float32 (priors, 4)."""
        recipe = self._recipe
        rng = np.random.default_rng((recipe.seed, number))
        sample = self._maker.make(rng)
        targets = match(self._priors, sample.faces, sample.ignored, recipe.matching)
        empty = _inside(self._priors, sample.empty) | (not len(sample.faces))
        targets.labels[empty & (targets.labels == UNMARKED)] = BACKGROUND
        return np.ascontiguousarray(sample.image), targets.labels, targets.offsets

    def _draw(self, rng: np.random.Generator, negatives: float) -> Picture:
        if self._data.negatives and rng.random() < negatives:
            negative = self._data.negatives[rng.integers(len(self._data.negatives))]
            return vary_negative(rng, negative, self._recipe.augment)
        place = int(np.searchsorted(self._chances, rng.random()))
        return self._photos[min(place, len(self._photos) - 1)]


def _inside(priors: NDArray[np.float32], areas: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Bool (priors,): whether the middle of a prior lies in one of the areas."""
    x, y = priors[:, :1], priors[:, 1:2]
    x0, y0, x1, y1 = areas.T
    return ((x >= x0) & (x < x1) & (y >= y0) & (y < y1)).any(axis=1)
