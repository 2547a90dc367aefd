"""Where in a face an expression was read: the class-activation map as a heat map."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from howifeel import emotions
from howifeel.classify import Answer


def heat_map(answer: Answer, face: int, expression: str, side: int) -> NDArray[np.float32] | None:
    """How much each part of a face's crop speaks for an expression; needs no second inference.

    The class-activation map (Zhou et al. 2016, "Learning deep features for discriminative
    localization", section 2) without its negative part, relative to its own highest value.

    Args:
        answer: what the classifier said about the frame.
        face: position of the face in the frame.
        expression: one of `emotions.NAMES`.
        side: side of the result in pixels; `crop.crop_square` tells where it lies in the frame.

    Returns:
        float32 (side, side), 0..1, all 0 where nothing speaks for the expression; None where
        the model has no maps.
    """
    if answer.maps is None:
        return None
    evidence = np.maximum(answer.maps[face, emotions.NAMES.index(expression)], 0)
    highest = evidence.max()
    relative = evidence / highest if highest > 0 else evidence
    large = cv2.resize(relative, (side, side), interpolation=cv2.INTER_LINEAR)
    return np.asarray(large, np.float32)
