"""The pictures of an experiment, and the words that say what was done with them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from howifeel import emotions
from howifeel.lab.kit import drawn
from howifeel.lab.kit.options import Options
from howifeel.train import readers
from howifeel.train.data import TRAINING, DataError, FaceSet, hold_out
from howifeel.train.duplicates import RULES, clean_training, near_copies

_HELD_OUT = 0.15
_LEAST = 5
"""A rare expression keeps so many pictures, or all it has, when pictures are made fewer."""

_RARE = 0.2
"""Drawn faces of disgust, as a share of those of another expression; about as in FER-2013."""

_CLASSES = len(emotions.NAMES)


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """Three parts that share no picture.

    Attributes:
        fit: what weights are fitted on.
        choose: what epochs, temperatures and the like are chosen on; a part of Training.
        test: what is measured; nothing is fitted or chosen on it here.
        name: the data in words.
        part: what `test` is called.
        drawn: these are drawn faces, which prove nothing about people.
    """

    fit: FaceSet
    choose: FaceSet
    test: FaceSet
    name: str
    part: str
    drawn: bool

    @property
    def measured(self) -> str:
        """Which pictures are measured, in words."""
        return f"{self.part} of {self.name}, n = {len(self.test):,}, single view"

    @property
    def trained(self) -> str:
        """What networks of an experiment are trained on, in words."""
        return (
            f"fitted on {len(self.fit):,} pictures of Training without near copies of test "
            f"pictures; the epoch was chosen on {len(self.choose):,} others of Training"
        )


def faces(options: Options) -> tuple[FaceSet, str]:
    """All pictures, and what to call them.

    Raises:
        DataError: they cannot be read.
    """
    if options.data is None:
        return drawn.faces(seed=options.seed, rare=_RARE), "drawn faces"
    return readers.read(options.data), options.data.name


def study(options: Options, *, train: bool = True) -> Study:
    """The pictures of an experiment, cleaned, made fewer where the options ask for it.

    Args:
        options: which data.
        train: whether networks are trained; without that, Training may be missing.

    Raises:
        DataError: a part is missing, or an expression has too few pictures.
    """
    everything, name = faces(options)
    test = fewer(everything.part(options.part), options.pictures, options.seed)
    if not len(test):
        raise DataError(
            f"The data set has no {options.part}; it has "
            f"{', '.join(sorted(set(everything.usage.tolist())))}: choose one with --part."
        )
    fit = choose = everything.where(np.zeros(len(everything), bool))
    if train:
        rule = RULES["narrow" if options.data is None else "wide"]  # drawn faces are all alike
        training = training_only(everything, options)
        tests = everything.where(everything.usage != TRAINING)
        cleaned, _ = clean_training(joined(training, tests), rule)
        fit, choose = hold_out(cleaned, _HELD_OUT, options.seed, least=1)
        _, straddling = near_copies(fit.images, choose.images, rule)
        fit = fit.where(~straddling)
        require_all(fit, "Training")
        require_all(choose, "the part of Training that is held out")
    return Study(fit, choose, test, name, options.part, options.data is None)


def fewer(faces: FaceSet, count: int, seed: int) -> FaceSet:
    """About `count` pictures (0: all), each expression with its share, in their order.

    A rare expression keeps a few pictures where its share would be none.
    """
    if not count or len(faces) <= count:
        return faces
    return hold_out(faces, count / len(faces), seed, least=_LEAST)[1]


def joined(first: FaceSet, second: FaceSet) -> FaceSet:
    """The pictures of both; votes only where both have some."""
    votes = None
    if first.votes is not None and second.votes is not None:
        votes = np.concatenate([first.votes, second.votes])
    return FaceSet(
        np.concatenate([first.images, second.images]),
        np.concatenate([first.labels, second.labels]),
        np.concatenate([first.usage, second.usage]),
        votes,
    )


def require_all(faces: FaceSet, name: str) -> None:
    """Refuse a part in which an expression is missing.

    Raises:
        DataError: one is.
    """
    counts = np.bincount(faces.labels, minlength=_CLASSES)
    if (counts == 0).any():
        missing = emotions.NAMES[int(counts.argmin())]
        raise DataError(
            f"There is no picture of {missing} in {name}; use a data set with all seven "
            "expressions, or raise --pictures."
        )


def training_only(everything: FaceSet, options: Options) -> FaceSet:
    """Training as it is, made fewer where the options ask for it.

    Raises:
        DataError: there is none.
    """
    training = fewer(everything.part(TRAINING), options.pictures, options.seed)
    if not len(training):
        raise DataError("The data set has no Training pictures; add them.")
    return training


def fingerprint(*parts: FaceSet) -> str:
    """SHA-256 of pictures and labels, 64 hex digits."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.images.tobytes())
        digest.update(part.labels.tobytes())
    return digest.hexdigest()
