"""Mixtures of the faces of a batch, with targets mixed alike."""

from __future__ import annotations

import math

from torch import Tensor

from howifeel.train.chance import Chance


def mixup(faces: Tensor, targets: Tensor, share: float, chance: Chance) -> tuple[Tensor, Tensor]:
    """Blend each face and its target with another one of the batch (Zhang et al. 2018).

    Args:
        faces: float32 (n, 1, h, w).
        targets: float32 (n, classes), rows that sum to 1.
        share: how much of each face stays, 0..1.
        chance: on the same device.

    Returns:
        Faces and targets, shapes as given.
    """
    order = chance.order(len(faces))
    blended = share * faces + (1 - share) * faces[order]
    return blended, share * targets + (1 - share) * targets[order]


def cutmix(faces: Tensor, targets: Tensor, share: float, chance: Chance) -> tuple[Tensor, Tensor]:
    """Paste a rectangle of another face of the batch into each one (Yun et al. 2019).

    Args:
        faces: float32 (n, 1, h, w).
        targets: float32 (n, classes), rows that sum to 1.
        share: how much of each face should stay, 0..1; a rectangle that reaches over the edge
            takes less, and targets follow what was pasted.
        chance: on the same device.

    Returns:
        Faces and targets, shapes as given.
    """
    height, width = faces.shape[2:]
    reach = math.sqrt(1 - share) / 2
    y, x = chance.host.random(2)
    top, bottom = (round(height * min(1, max(0, y + d))) for d in (-reach, reach))
    left, right = (round(width * min(1, max(0, x + d))) for d in (-reach, reach))
    order = chance.order(len(faces))
    pasted = faces.clone()
    pasted[:, :, top:bottom, left:right] = faces[order, :, top:bottom, left:right]
    stays = 1 - (bottom - top) * (right - left) / (height * width)
    return pasted, stays * targets + (1 - stays) * targets[order]
