"""The training loss: focal loss on the classes, smooth L1 on the offsets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from howifeel.train.detector.matching import FACE, IGNORED


@dataclass(frozen=True, slots=True)
class LossWeights:
    """What counts how much.

    Attributes:
        focus: gamma of the focal loss; higher looks more at what is still wrong.
        face_share: alpha of the focal loss: weight of priors on a face; the rest for background.
        classes: factor of the class loss.
        offsets: factor of the offset loss.
    """

    focus: float = 2.0
    face_share: float = 0.5
    classes: float = 4.0
    offsets: float = 0.5


class Losses(NamedTuple):
    """Scalars: their sum is what training minimises."""

    classes: Tensor
    offsets: Tensor


def detection_loss(
    offsets: Tensor, logits: Tensor, wanted: Tensor, labels: Tensor, weights: LossWeights
) -> Losses:
    """Both losses, each divided by the number of priors on a face in the batch.

    Focal loss: Lin et al., "Focal Loss for Dense Object Detection", ICCV 2017.

    Args:
        offsets: float (n, priors, 4), predicted.
        logits: float (n, priors, 2), predicted, background first.
        wanted: float (n, priors, 4), see `matching.Targets`.
        labels: int8 (n, priors), see `matching.Targets`.
        weights: what counts how much.
    """
    face, counted = labels == FACE, labels != IGNORED
    number = face.sum().clamp(min=1)
    log_probability = functional.log_softmax(logits.float(), dim=-1)
    log_right = torch.where(face, log_probability[..., 1], log_probability[..., 0])
    share = torch.where(face, weights.face_share, 1 - weights.face_share)
    focal = -share * (1 - log_right.exp()) ** weights.focus * log_right
    distance = functional.smooth_l1_loss(offsets[face].float(), wanted[face], reduction="sum")
    return Losses(
        classes=weights.classes * (focal * counted).sum() / number,
        offsets=weights.offsets * distance / number,
    )
