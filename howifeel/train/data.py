"""FER-2013 as arrays: which pictures, which labels, which part of the protocol."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from howifeel.errors import HowIFeelError

SIDE = 48
"""Width and height of every picture in pixels."""

TRAINING, PUBLIC, PRIVATE, TEST = "Training", "PublicTest", "PrivateTest", "Test"
USAGES = (TRAINING, PUBLIC, PRIVATE, TEST)
"""The parts of the protocol. `Test` is a test folder that does not say which of the two it is."""

VOTES = (
    "neutral",
    "happiness",
    "surprise",
    "sadness",
    "anger",
    "disgust",
    "fear",
    "contempt",
    "unknown",
    "nf",
)
"""What the ten taggers of FER+ could choose, in the order of `fer2013new.csv`."""


class DataError(HowIFeelError):
    """A data set cannot be read or does not fit the task."""


@dataclass(frozen=True, slots=True, eq=False)
class FaceSet:
    """Labelled faces.

    Attributes:
        images: uint8 (n, 48, 48), grey, 0..255.
        labels: int64 (n,), positions in `emotions.NAMES`.
        usage: text (n,), each one of `USAGES`.
        votes: uint8 (n, 10), FER+ votes in the order of `VOTES`, all 0 where a picture has
            none; None where the data set has no votes.

    Raises:
        DataError: the arrays do not fit each other, or a label or usage is unknown.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    usage: NDArray[np.str_]
    votes: NDArray[np.uint8] | None = None

    def __post_init__(self) -> None:
        count = len(self.images)
        if self.images.shape != (count, SIDE, SIDE) or self.images.dtype != np.uint8:
            raise DataError(
                f"Faces must be uint8 (n, {SIDE}, {SIDE}), not "
                f"{self.images.dtype} {self.images.shape}."
            )
        if len(self.labels) != count or len(self.usage) != count:
            raise DataError("There must be one label and one usage for each picture.")
        if self.votes is not None and self.votes.shape != (count, len(VOTES)):
            raise DataError(f"There must be {len(VOTES)} FER+ votes for each picture.")
        if count and not (self.labels.min() >= 0 and self.labels.max() <= 6):
            raise DataError("Labels must be numbers from 0 (angry) to 6 (neutral).")
        for name in np.unique(self.usage):
            if name not in USAGES:
                raise DataError(f"Unknown usage {str(name)!r}; known: {', '.join(USAGES)}.")
        for array in (self.images, self.labels, self.usage, self.votes):
            if array is not None:
                array.setflags(write=False)

    def __len__(self) -> int:
        return len(self.labels)

    def where(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> FaceSet:
        """The faces that a mask or positions choose."""
        votes = None if self.votes is None else self.votes[chosen]
        return FaceSet(self.images[chosen], self.labels[chosen], self.usage[chosen], votes)

    def part(self, usage: str) -> FaceSet:
        """The faces of one part of the protocol; may be empty."""
        return self.where(self.usage == usage)


def hold_out(faces: FaceSet, share: float, seed: int, *, least: int = 0) -> tuple[FaceSet, FaceSet]:
    """Split faces at random into two: the rest, and `share` of every class (0..1).

    Of a class of which that would be fewer than `least`, it is so many, or all there are.
    """
    generator = np.random.default_rng(seed)
    chosen = np.zeros(len(faces), bool)
    for label in np.unique(faces.labels):
        members = generator.permutation(np.flatnonzero(faces.labels == label))
        chosen[members[: max(round(share * len(members)), least)]] = True
    return faces.where(~chosen), faces.where(chosen)
