"""From the net's numbers to detections, as Caffe's DetectionOutput layer does it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from howifeel.train.detector.caffe_writer import Value
from howifeel.train.detector.matching import iou
from howifeel.train.detector.priors import decode

LEAST_SCORE = 0.01
MOST_CANDIDATES = 800
MOST_DETECTIONS = 200


def detections(
    offsets: NDArray[np.float32],
    scores: NDArray[np.float32],
    priors: NDArray[np.float32],
    nms: float,
) -> NDArray[np.float32]:
    """The detections of one picture, best first.

    Args:
        offsets: float32 (n, 4), see `priors.encode`.
        scores: float32 (n,), face probability of each prior.
        priors: float32 (n, 4) centre x, centre y, width, height in pixels.
        nms: of two boxes with a larger intersection over union only the better one stays.

    Returns:
        float32 (m, 5): x0, y0, x1, y1 in pixels, not clipped, and the score.
    """
    order = np.argsort(-scores, kind="stable")[:MOST_CANDIDATES]
    order = order[scores[order] > LEAST_SCORE]
    boxes = decode(offsets[order], priors[order])
    overlap = iou(boxes, boxes) > nms
    alive = np.ones(len(order), bool)
    for index in range(len(order)):
        if alive[index]:
            alive[index + 1 :] &= ~overlap[index, index + 1 :]
    kept = np.flatnonzero(alive)[:MOST_DETECTIONS]
    return np.concatenate([boxes[kept], scores[order[kept], None]], axis=1)


def caffe_parameters(nms: float) -> Mapping[str, Value]:
    """The same settings as fields of Caffe's `detection_output_param`."""
    return {
        "num_classes": 2,
        "share_location": True,
        "background_label_id": 0,
        "nms_param": {"nms_threshold": nms, "top_k": MOST_CANDIDATES},
        "code_type": "CENTER_SIZE",
        "keep_top_k": MOST_DETECTIONS,
        "confidence_threshold": LEAST_SCORE,
    }
