"""A frozen base's features of whole data sets, on disk, and the top that is trained on them.

The quick way of using a pre-trained network (feature extraction without augmentation); the other
way, a frozen base with new layers end to end, needs only `start` and `train_last` in a recipe.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from howifeel.files import atomic
from howifeel.train.forward import autocast, normalise
from howifeel.train.nets import Net
from howifeel.train.recipe import Recipe


class Top(nn.Module):
    """Only what comes after a network's base.

    Args:
        net: the whole network; its weights are shared.
    """

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.net = net

    def forward(self, features: Tensor) -> tuple[Tensor, None]:
        """Logits (n, classes) of features (n, k, h, w)."""
        return self.net.top(features), None


@torch.no_grad()
def record(net: Net, faces: Tensor, recipe: Recipe, path: Path) -> Tensor:
    """Features of all faces, written to disk as a NumPy array.

    Args:
        net: whose base is used.
        faces: uint8 (n, 1, h, w), on the net's device.
        recipe: how faces are normalised.
        path: the file, which is replaced.

    Returns:
        float16 (n, k, h, w), on the same device.

    Raises:
        OutputError: the file cannot be written.
    """
    net.eval()
    parts = []
    for part in faces.split(512):
        with autocast(faces.device, recipe):
            parts.append(net.base(normalise(part.float() / 255, recipe)).half())
    features = torch.cat(parts)
    with atomic(path, force=True) as unfinished, unfinished.open("wb") as file:
        np.save(file, features.cpu().numpy())
    return features
