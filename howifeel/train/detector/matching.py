"""Which prior should answer for which face.

SSD, section 2.2, with a band that is ignored, and with more priors for faces that fit none well
(Zhang et al., "S3FD", ICCV 2017, section 3.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from howifeel.train.detector.priors import encode, to_corners

FACE, BACKGROUND, UNMARKED, IGNORED = 1, 0, -1, -2


@dataclass(frozen=True, slots=True)
class MatchRule:
    """Thresholds on the intersection over union of a prior and a face.

    Attributes:
        face_from: from here on the prior answers for the face.
        background_below: below this for every face the prior is background; between the two it
            is ignored.
        ignore_from: a prior that overlaps a face to be ignored at least this much is ignored; a
            face smaller than the smallest prior counts as large as that one.
        least_priors: a face with fewer priors than this, as small ones have, gets its next best
            ones too.
        least_overlap: these must overlap it at least this much.
    """

    face_from: float = 0.4
    background_below: float = 0.3
    ignore_from: float = 0.2
    least_priors: int = 3
    least_overlap: float = 0.2


class Targets(NamedTuple):
    """What the net should say.

    Attributes:
        labels: int8 (priors,): FACE, BACKGROUND, UNMARKED (background that touches no marked face,
            so that it could be a face that nobody marked) or IGNORED.
        offsets: float32 (priors, 4): see `priors.encode`; zeros where the label is not FACE.
    """

    labels: NDArray[np.int8]
    offsets: NDArray[np.float32]


def iou(left: NDArray[np.float32], right: NDArray[np.float32]) -> NDArray[np.float32]:
    """Intersection over union of every box on the left with every box on the right.

    Args:
        left: float (n, 4) x0, y0, x1, y1.
        right: float (m, 4), likewise.

    Returns:
        float (n, m), 0 (apart) to 1 (equal).
    """
    (x0, y0, x1, y1), (u0, v0, u1, v1) = left.T[:, :, None], right.T[:, None, :]
    across = np.clip(np.minimum(x1, u1) - np.maximum(x0, u0), 0, None)
    shared = across * np.clip(np.minimum(y1, v1) - np.maximum(y0, v0), 0, None)
    areas = (x1 - x0) * (y1 - y0) + (u1 - u0) * (v1 - v0)
    return shared / np.maximum(areas - shared, 1e-6)


def match(
    priors: NDArray[np.float32],
    faces: NDArray[np.float32],
    ignored: NDArray[np.float32],
    rule: MatchRule,
) -> Targets:
    """Give every prior its label and, where it answers for a face, the offsets to that face.

    Every face gets at least its best prior, however small their overlap.

    Args:
        priors: float32 (n, 4) centre x, centre y, width, height in pixels.
        faces: float32 (m, 4) x0, y0, x1, y1 in pixels.
        ignored: float32 (k, 4): faces that are neither to be found nor to be missed.
        rule: the thresholds.
    """
    labels = np.full(len(priors), UNMARKED, np.int8)
    offsets = np.zeros((len(priors), 4), np.float32)
    corners = to_corners(priors)
    if len(ignored):
        grown = _at_least(ignored, float(priors[:, 2:].min()))
        labels[iou(corners, grown).max(axis=1) >= rule.ignore_from] = IGNORED
    if len(faces):
        overlap = iou(corners, faces)
        best, owner = overlap.max(axis=1), overlap.argmax(axis=1)
        labels[(labels == UNMARKED) & (best > 0)] = BACKGROUND
        labels[best >= rule.background_below] = IGNORED
        labels[best >= rule.face_from] = FACE
        for face in np.flatnonzero((overlap >= rule.face_from).sum(axis=0) < rule.least_priors):
            near = overlap[:, face].argsort()[-rule.least_priors :]
            near = near[(overlap[near, face] >= rule.least_overlap) & (labels[near] != FACE)]
            labels[near], owner[near] = FACE, face
        for face in overlap.max(axis=0).argsort():  # the best-matched face chooses last and wins
            prior = overlap[:, face].argmax()
            labels[prior], owner[prior] = FACE, face
        found = labels == FACE
        offsets[found] = encode(faces[owner[found]], priors[found])
    return Targets(labels, offsets)


def _at_least(boxes: NDArray[np.float32], side: float) -> NDArray[np.float32]:
    """Boxes with the same middles, each side at least as long as told."""
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    half = np.maximum(boxes[:, 2:] - boxes[:, :2], side) / 2
    return np.concatenate([middle - half, middle + half], axis=1).astype(np.float32)
