"""What a step minimises: distance to labels, to FER+ votes and to teachers' answers."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from howifeel.train.data import FaceSet
from howifeel.train.ferplus import check_votes, voted_classes
from howifeel.train.forward import CLASSES
from howifeel.train.protocol import soft_targets
from howifeel.train.recipe import Recipe


def targets_of(faces: FaceSet, recipe: Recipe) -> np.ndarray:
    """What the network should answer, float32 (n, classes), classes as in `build_net`.

    A row of FER+ votes is 0 where a picture has none, and then counts nothing.

    Raises:
        DataError: the recipe wants FER+ votes, and there are none or they are of other pictures.
    """
    targets = soft_targets(faces, recipe)
    if recipe.votes_head:
        check_votes(faces)
        assert faces.votes is not None
        targets = np.concatenate((targets, voted_classes(faces.votes)), axis=1)
    return targets


class Objective:
    """The loss of a batch.

    Args:
        recipe: how its parts are weighed.
        labels: int64 (n,), all fitted labels; how often each occurs matters to logit adjustment.
    """

    def __init__(self, recipe: Recipe, labels: Tensor) -> None:
        self._recipe = recipe
        counts = torch.bincount(labels, minlength=CLASSES).clamp(min=1)
        self._rarity = recipe.logit_adjustment * torch.log(counts / counts.sum())

    def __call__(self, logits: Tensor, targets: Tensor, taught: Tensor | None) -> Tensor:
        """The mean loss.

        Args:
            logits: (n, classes).
            targets: float32 (n, classes).
            taught: the teachers' log-probabilities at the temperature, (n, 7), or None.
        """
        recipe, logits = self._recipe, logits.float()
        ours = logits[:, :CLASSES]
        loss = functional.cross_entropy(ours + self._rarity, targets[:, :CLASSES])
        if recipe.votes_head:
            loss = loss + recipe.votes_head * functional.cross_entropy(
                logits[:, CLASSES:], targets[:, CLASSES:]
            )
        if recipe.distil is None or taught is None:
            return loss
        temperature = recipe.distil.temperature
        softened = functional.log_softmax(ours / temperature, 1)
        gap = functional.kl_div(softened, taught, reduction="batchmean", log_target=True)
        share = recipe.distil.share
        return (1 - share) * loss + share * temperature**2 * gap
