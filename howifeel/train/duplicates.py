"""Finds copies: pictures of the test parts inside Training, and copies inside Training.

In FER-2013 hundreds of test pictures are pixel-identical to a training picture, and some
training pictures appear several times with different labels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from howifeel.train.data import TRAINING, FaceSet

Rule = tuple[tuple[int, float], ...]
"""Two pictures are near copies when, for one of the pairs, the 64 bits of their perceptual hashes
differ in at most so many places and their pixels correlate at least so much (Pearson)."""

RULES: dict[str, Rule] = {
    "narrow": ((4, 0.95),),
    "wide": ((8, 0.8), (14, 0.88)),
}
"""The narrow rule finds the same cut of a photograph, brighter or compressed again; the wide one
also other cuts of it and those with watermarks. `docs/adr/0007-near-copies.md` tells how it was
chosen."""

_AT_ONCE = 2048


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What was taken out of Training, in pictures.

    Attributes:
        before, after: size of Training; after it, of what is left to be fitted.
        test_exact: pixel-identical to a test picture.
        test_near: near copy of a test picture, but not identical.
        repeated: further copies of a picture inside Training; the first one stays.
        contradicting: copies whose labels have no majority; none of them stays.
        held_out: pictures that choose the epoch where the data has no PublicTest.
        held_out_near: copies of these.
    """

    before: int
    after: int
    test_exact: int
    test_near: int
    repeated: int
    contradicting: int
    held_out: int = 0
    held_out_near: int = 0


def perceptual_hash(images: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """64-bit perceptual hash: signs of the lowest frequencies of the cosine transform.

    Zauner 2010, "Implementation and benchmarking of perceptual image hash functions", section
    3.2.1: the 8x8 lowest frequencies without the constant ones, each compared with their median.

    Args:
        images: uint8 (n, side, side), grey.

    Returns:
        bool (n, 64).
    """
    side = images.shape[1]
    frequencies = np.arange(1, 9)[:, None]
    basis = np.cos(np.pi * frequencies * (2 * np.arange(side) + 1) / (2 * side)).astype(np.float32)
    spectrum = (basis @ images.astype(np.float32) @ basis.T).reshape(len(images), 64)
    return spectrum > np.median(spectrum, axis=1, keepdims=True)


def near_copies(
    images: NDArray[np.uint8], others: NDArray[np.uint8], rule: Rule = RULES["wide"]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which images have a copy among the others.

    Args:
        images: uint8 (n, side, side).
        others: uint8 (m, side, side).
        rule: what a near copy is.

    Returns:
        Two masks (n,): pixel-identical to one of the others; near copy of one, identical ones
        included.
    """
    known = {other.tobytes() for other in others}
    exact = np.array([image.tobytes() in known for image in images], bool)
    near = exact.copy()
    signs, other_signs = (np.where(perceptual_hash(x), 1, -1) for x in (images, others))
    signs, other_signs = signs.astype(np.float32), other_signs.astype(np.float32)
    vectors, other_vectors = standardised(images), standardised(others)
    farthest = max(distance for distance, _ in rule)
    for start in range(0, len(images), 1024):
        distances = (64 - signs[start : start + 1024] @ other_signs.T) / 2
        pairs = np.argwhere(distances <= farthest)
        for some in np.array_split(pairs, len(pairs) // _AT_ONCE + 1):
            rows, columns = some[:, 0], some[:, 1]
            correlation = np.einsum("ij,ij->i", vectors[start + rows], other_vectors[columns])
            for distance, least in rule:
                close = (distances[rows, columns] <= distance) & (correlation >= least)
                near[start + rows[close]] = True
    return exact, near


def clean_training(faces: FaceSet, rule: Rule = RULES["wide"]) -> tuple[FaceSet, Cleaning]:
    """Training without copies of any test picture, and with one picture for each group of copies.

    A group of identical training pictures keeps its first picture with the label that most of
    the group has; where no label has the most, the whole group goes. Only the pixels of the test
    parts are used, never their labels.

    Args:
        faces: all parts.
        rule: what a near copy is.

    Returns:
        Training alone, cleaned, and the counts.
    """
    training, tests = faces.part(TRAINING), faces.where(faces.usage != TRAINING)
    exact, near = near_copies(training.images, tests.images, rule)
    kept = training.where(~near)
    labels, repeated, contradicting = _merge_copies(kept)
    merged = FaceSet(kept.images, labels, kept.usage, kept.votes)
    result = merged.where(~(repeated | contradicting))
    counts = Cleaning(
        before=len(training),
        after=len(result),
        test_exact=int(exact.sum()),
        test_near=int((near & ~exact).sum()),
        repeated=int(repeated.sum()),
        contradicting=int(contradicting.sum()),
    )
    return result, counts


def _merge_copies(
    faces: FaceSet,
) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_]]:
    groups: dict[bytes, list[int]] = {}
    for position, image in enumerate(faces.images):
        groups.setdefault(image.tobytes(), []).append(position)
    labels = faces.labels.copy()
    repeated = np.zeros(len(faces), bool)
    contradicting = np.zeros(len(faces), bool)
    for members in groups.values():
        counts = np.bincount(faces.labels[members])
        if np.count_nonzero(counts == counts.max()) > 1:
            contradicting[members] = True
        else:
            labels[members[0]] = counts.argmax()
            repeated[members[1:]] = True
    return labels, repeated, contradicting


def standardised(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Pictures (n, side, side) as vectors (n, side * side) whose product is their correlation."""
    flat = images.reshape(len(images), images.shape[1] * images.shape[2]).astype(np.float32)
    flat = flat - flat.mean(1, keepdims=True)
    return flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6)
