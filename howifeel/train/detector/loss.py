"""The training loss: how sure the net should be of a face, and how well its box fits.

A score is to say how well its box fits, so that the best of several boxes on a face survives
non-maximum suppression: varifocal loss (Zhang et al., "VarifocalNet", CVPR 2021, equation 2). Boxes
are compared as boxes and not side by side: DIoU loss (Zheng et al., "Distance-IoU Loss", AAAI 2020,
equation 7).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from howifeel.train.detector.matching import FACE, IGNORED, UNMARKED
from howifeel.train.detector.priors import CENTER_VARIANCE, SIZE_VARIANCE

LARGEST_GROWTH = 4.0
"""Of the natural logarithm of a box's side over its prior's, so that the loss stays finite."""


@dataclass(frozen=True, slots=True)
class LossWeights:
    """What counts how much.

    Attributes:
        focus: gamma of the varifocal loss; higher looks more at background that is taken for a
            face.
        background: alpha of it: weight of background.
        classes: factor of the class loss.
        boxes: factor of the box loss.
        sure: from this face probability (0..1) on, background that touches no marked face is
            taken for a face that nobody marked.
        unmarked: weight of such background, 0 (never punished) to 1 (like any other).
    """

    focus: float = 2.0
    background: float = 0.75
    classes: float = 1.0
    boxes: float = 2.0
    sure: float = 0.6
    unmarked: float = 0.2


class Losses(NamedTuple):
    """Scalars: their sum is what training minimises."""

    classes: Tensor
    boxes: Tensor


def detection_loss(
    offsets: Tensor,
    logits: Tensor,
    wanted: Tensor,
    labels: Tensor,
    priors: Tensor,
    weights: LossWeights,
) -> Losses:
    """Both losses, each divided by the number of priors on a face in the batch.

    Args:
        offsets: float (n, priors, 4), predicted.
        logits: float (n, priors, 2), predicted, background first.
        wanted: float (n, priors, 4), see `matching.Targets`.
        labels: int8 (n, priors), see `matching.Targets`.
        priors: float32 (priors, 4), see `priors.make_priors`.
        weights: what counts how much.
    """
    face = labels == FACE
    number = face.sum().clamp(min=1)
    own = priors.expand(len(labels), -1, -1)[face]
    overlap, distance = _fit(_boxes(offsets[face].float(), own), _boxes(wanted[face], own))
    logit = (logits[..., 1] - logits[..., 0]).float()
    certain = functional.binary_cross_entropy_with_logits
    fit = overlap.detach()
    on_face = (fit * certain(logit[face], fit, reduction="none")).sum()
    other = ~face & (labels != IGNORED)
    against, doubt = logit[other], labels[other] == UNMARKED
    probability = against.detach().sigmoid()
    share = torch.where(doubt & (probability > weights.sure), weights.unmarked, 1.0)
    share = share * weights.background * probability**weights.focus
    on_background = (share * functional.softplus(against)).sum()
    return Losses(
        classes=weights.classes * (on_face + on_background) / number,
        boxes=weights.boxes * (1 - overlap + distance).sum() / number,
    )


def _boxes(offsets: Tensor, priors: Tensor) -> Tensor:
    """Float (n, 4) offsets and priors -> (n, 4) x0, y0, x1, y1; see `priors.decode`."""
    center = priors[:, :2] + offsets[:, :2] * CENTER_VARIANCE * priors[:, 2:]
    growth = (offsets[:, 2:] * SIZE_VARIANCE).clamp(-LARGEST_GROWTH, LARGEST_GROWTH)
    half = priors[:, 2:] * growth.exp() / 2
    return torch.cat([center - half, center + half], dim=1)


def _fit(left: Tensor, right: Tensor) -> tuple[Tensor, Tensor]:
    """Of each pair of boxes (n, 4): overlap, and squared distance of the middles.

    The overlap is intersection over union; the distance is a share of the squared diagonal of the
    smallest box around both.
    """
    shared = torch.minimum(left[:, 2:], right[:, 2:]) - torch.maximum(left[:, :2], right[:, :2])
    shared = shared.clamp(min=0).prod(dim=1)
    areas = [(boxes[:, 2:] - boxes[:, :2]).prod(dim=1) for boxes in (left, right)]
    around = torch.maximum(left[:, 2:], right[:, 2:]) - torch.minimum(left[:, :2], right[:, :2])
    apart = (left[:, :2] + left[:, 2:] - right[:, :2] - right[:, 2:]) / 2
    return (
        shared / (areas[0] + areas[1] - shared).clamp(min=1e-6),
        apart.square().sum(dim=1) / around.square().sum(dim=1).clamp(min=1e-6),
    )
