"""Where in a face an expression was read: the class-activation map as heat."""

from __future__ import annotations

import numpy as np

from howifeel import emotions
from howifeel.classify import Answer
from howifeel.classify.crop import crop_square
from howifeel.types import Box, Heat


def heat_of(answer: Answer, face: int, expression: str, *, box: Box, margin: float) -> Heat | None:
    """How much each part of a face's crop speaks for an expression; needs no second inference.

    The class-activation map (Zhou et al. 2016, "Learning deep features for discriminative
    localization", section 2) without its negative part, relative to its own highest value.

    Args:
        answer: what the classifier said about the frame.
        face: position of the face in the frame.
        expression: one of `emotions.NAMES`.
        box: the box of the face.
        margin: the model's `ModelSpec.margin`.

    Returns:
        All 0 where nothing speaks for the expression; None where the model has no maps.
    """
    if answer.maps is None:
        return None
    evidence = np.maximum(answer.maps[face, emotions.NAMES.index(expression)], 0)
    highest = evidence.max()
    relative = evidence / highest if highest > 0 else evidence
    return Heat(relative.astype(np.float32), *crop_square(box, margin))
