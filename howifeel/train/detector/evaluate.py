"""How well a detector finds faces: average precision and recall at a tolerable number of errors.

Average precision is that of PASCAL VOC 2010: the area under the interpolated precision-recall
curve at all points, with one detection per face at an intersection over union of at least 0.5.
Results by size follow COCO (Lin et al., ECCV 2014): what is too small neither helps nor hurts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from howifeel.train.detector.matching import iou
from howifeel.train.detector.picture import Picture

Detect = Callable[[NDArray[np.uint8]], NDArray[np.float32]]
"""uint8 (h, w, 3) BGR -> float32 (n, 5): x0, y0, x1, y1 in pixels of the picture, score."""

SIZE_LIMITS = (20, 32, 64)
REFERENCE_SIDE = 640
LEAST_OVERLAP = 0.5

Done = Callable[[int, int | None], None]
"""Is told how many pieces of work are done, and of how many (None: unknown)."""


@dataclass(frozen=True, slots=True)
class SizeResult:
    """The result for faces of at least some size; smaller ones neither help nor hurt.

    Attributes:
        min_px: least height of a face when its picture is scaled to 640 pixels on the long side.
        faces: number of such faces.
        average_precision: 0..1.
        recall_at_0_1: share of these faces found where one picture in ten has a false detection.
        recall_at_1: the same with one false detection per picture.
        best_score: threshold on the score with the highest F1, 0..1.
        best_f1: harmonic mean of precision and recall at that threshold, 0..1.
    """

    min_px: int
    faces: int
    average_precision: float
    recall_at_0_1: float
    recall_at_1: float
    best_score: float
    best_f1: float


class Ranked(NamedTuple):
    """All detections that count, best first, and the number of faces to find.

    Attributes:
        scores: float32 (n,).
        hits: bool (n,): whether each found a face that was not found yet.
        faces: number of faces to find.
        pictures: number of pictures looked at.
    """

    scores: NDArray[np.float32]
    hits: NDArray[np.bool_]
    faces: int
    pictures: int


def evaluate(
    detect: Detect,
    pictures: Sequence[Picture],
    limits: Sequence[int] = SIZE_LIMITS,
    done: Done | None = None,
) -> tuple[SizeResult, ...]:
    """Run a detector over pictures and score it for each size limit."""
    found = []
    for picture in pictures:
        found.append(detect(picture.image))
        if done:
            done(len(found), len(pictures))
    return tuple(_summary(rank(found, pictures, limit), limit) for limit in limits)


def _summary(ranked: Ranked, limit: int) -> SizeResult:
    best_score, best_f1 = best_threshold(ranked)
    return SizeResult(
        min_px=limit,
        faces=ranked.faces,
        average_precision=average_precision(ranked.hits, ranked.faces),
        recall_at_0_1=recall_at(ranked, 0.1),
        recall_at_1=recall_at(ranked, 1.0),
        best_score=best_score,
        best_f1=best_f1,
    )


def rank(
    found: Sequence[NDArray[np.float32]], pictures: Sequence[Picture], min_px: float
) -> Ranked:
    """Decide which detections are hits.

    A detection belongs to the face or doubtful place that it overlaps most. It is a hit if that
    face was not found yet by a better one, and false otherwise. It is left out if the place is
    doubtful (as VOC's `difficult` objects), if that face is smaller than the limit, or if it
    belongs to none and is smaller itself (as in COCO's results by size).
    """
    scores: list[NDArray[np.float32]] = []
    hits: list[NDArray[np.bool_]] = []
    faces = 0
    for detections, picture in zip(found, pictures, strict=True):
        scale = REFERENCE_SIDE / max(picture.image.shape[:2])
        limit = min_px / scale
        faces += int((_heights(picture.faces) >= limit).sum())
        detections = detections[np.argsort(-detections[:, 4], kind="stable")]
        hit, counts = _assign(detections, picture, limit)
        scores.append(detections[counts, 4])
        hits.append(hit[counts])
    all_scores = np.concatenate(scores) if scores else np.zeros(0, np.float32)
    all_hits = np.concatenate(hits) if hits else np.zeros(0, bool)
    order = np.argsort(-all_scores, kind="stable")
    return Ranked(all_scores[order], all_hits[order], faces, len(pictures))


def _assign(
    detections: NDArray[np.float32], picture: Picture, limit: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """For detections of one picture, best first: is it a hit, and does it count at all?"""
    hit, counts = np.zeros(len(detections), bool), _heights(detections) >= limit
    places = np.concatenate([picture.faces, picture.doubtful])
    if not len(places) or not len(detections):
        return hit, counts
    overlap = iou(detections[:, :4], places)
    to_find, taken = _heights(places) >= limit, np.zeros(len(places), bool)
    to_find[len(picture.faces) :] = False
    for index, place in enumerate(overlap.argmax(axis=1)):
        if overlap[index, place] >= LEAST_OVERLAP:
            counts[index] = to_find[place]
            hit[index] = to_find[place] and not taken[place]
            taken[place] = True
    return hit, counts


def _heights(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    return boxes[:, 3] - boxes[:, 1]


def average_precision(hits: NDArray[np.bool_], faces: int) -> float:
    """Area under the interpolated precision-recall curve, 0..1.

    Args:
        hits: bool (n,), best detection first.
        faces: number of faces to find.

    >>> round(average_precision(np.array([True, False, True]), faces=2), 3)
    0.833
    """
    if not faces or not len(hits):
        return 0.0
    found = np.cumsum(hits)
    precision = found / np.arange(1, len(hits) + 1)
    best_from_here = np.maximum.accumulate(precision[::-1])[::-1]
    return float(best_from_here[hits].sum() / faces)


def recall_at(ranked: Ranked, false_per_picture: float) -> float:
    """Share of faces found before the false detections exceed a number per picture."""
    if not ranked.faces:
        return 0.0
    within = np.cumsum(~ranked.hits) <= false_per_picture * ranked.pictures
    return float(ranked.hits[within].sum() / ranked.faces)


def best_threshold(ranked: Ranked) -> tuple[float, float]:
    """The score from which on to accept detections for the highest F1, and that F1."""
    if not ranked.faces or not len(ranked.hits):
        return 1.0, 0.0
    accepted = np.arange(1, len(ranked.hits) + 1)
    f1 = 2 * np.cumsum(ranked.hits) / (accepted + ranked.faces)
    best = int(f1.argmax())
    return float(ranked.scores[best]), float(f1[best])
