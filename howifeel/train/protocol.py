"""Which pictures are used for what: fit on Training, choose on PublicTest, touch nothing else."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from howifeel import emotions
from howifeel.train.data import PUBLIC, TRAINING, DataError, FaceSet, hold_out
from howifeel.train.duplicates import RULES, Cleaning, clean_training, near_copies
from howifeel.train.ferplus import check_votes, distribution
from howifeel.train.recipe import Recipe

_HELD_OUT_SEED = 1
"""Not the recipe's: runs of different seeds choose on the same pictures, so that one may learn from
another."""


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """The pictures of one training run.

    Attributes:
        fit: what the weights are fitted on.
        choose: what the epoch, the temperature and the "unsure" threshold are chosen on.
        choose_name: what to call that part beside a number.
        cleaning: what was taken out of Training; None where the recipe keeps duplicates.
    """

    fit: FaceSet
    choose: FaceSet
    choose_name: str
    cleaning: Cleaning | None

    def fingerprint(self) -> str:
        """SHA-256 of all pictures and labels, 64 hex digits."""
        digest = hashlib.sha256()
        for faces in (self.fit, self.choose):
            digest.update(faces.images.tobytes())
            digest.update(faces.labels.tobytes())
        return digest.hexdigest()

    def fit_sample(self, count: int = 512) -> NDArray[np.uint8]:
        """Pictures of `fit` for the calibration of int8 exports, always the same ones.

        Returns:
            uint8 (n, 48, 48), n at most `count`.
        """
        order = np.random.default_rng(0).permutation(len(self.fit))
        return self.fit.images[np.sort(order[:count])]


def split(faces: FaceSet, recipe: Recipe) -> Split:
    """Divide a data set by the protocol.

    Of PrivateTest and of an unnamed test folder only the pixels are used, to find their copies
    in Training. Where there is no PublicTest, a part of Training that is held out replaces it; its
    copies leave Training, too.

    Raises:
        DataError: there is no Training, or the recipe wants FER+ votes that do not fit.
    """
    if not len(faces.part(TRAINING)):
        raise DataError("The data set has no Training pictures; add them to train a classifier.")
    if recipe.keep_duplicates:
        fit, cleaning = faces.part(TRAINING), None
    else:
        fit, cleaning = clean_training(faces, RULES[recipe.copies])
    choose, choose_name = faces.part(PUBLIC), PUBLIC
    if not len(choose):
        fit, choose = hold_out(fit, recipe.held_out, _HELD_OUT_SEED)
        choose_name = f"{recipe.held_out:.0%} of Training, held out"
        if cleaning:
            _, near = near_copies(fit.images, choose.images, RULES[recipe.copies])
            fit = fit.where(~near)
            cleaning = replace(
                cleaning,
                after=len(fit),
                held_out=len(choose),
                held_out_near=int(near.sum()),
            )
    if not len(fit) or not len(choose):
        raise DataError("The data set has too few Training pictures to fit and choose on.")
    if recipe.votes:
        check_votes(fit)
    return Split(fit, choose, choose_name, cleaning)


def soft_targets(faces: FaceSet, recipe: Recipe) -> NDArray[np.float32]:
    """What the network should answer: labels, smoothed, blended with FER+ votes.

    Returns:
        float32 (n, 7); each row sums to 1.
    """
    classes = len(emotions.NAMES)
    targets = np.eye(classes, dtype=np.float32)[faces.labels]
    targets = (1 - recipe.label_smoothing) * targets + recipe.label_smoothing / classes
    if recipe.votes and faces.votes is not None:
        by_votes = distribution(faces.votes)
        share = recipe.votes * by_votes.sum(1, keepdims=True)
        targets = (1 - share) * targets + recipe.votes * by_votes
    return targets.astype(np.float32)
