"""What the network sees of the fitted pictures in an epoch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn

from howifeel.train import features
from howifeel.train.augment import augment
from howifeel.train.chance import Chance
from howifeel.train.data import FaceSet
from howifeel.train.forward import as_tensor, normalise, predict
from howifeel.train.nets import Net
from howifeel.train.recipe import Recipe

_AT_ONCE = 4096
"""Faces that a GPU changes together: many small operations cost less on more faces."""


class Views(Protocol):
    """The inputs of a run: of the part that is fitted, and of the part it chooses on."""

    def batches(self, positions: Tensor, chance: Chance, side: int) -> Iterator[Tensor]:
        """Inputs for rows of positions, int64 (steps, batch)."""
        ...

    def prepared(self, inputs: Tensor) -> Tensor:
        """A batch as the trained part of the network takes it."""
        ...

    def trained(self, net: Net) -> nn.Module:
        """The part of the network that these inputs are for."""
        ...

    def answers(self, net: Net) -> np.ndarray:
        """Logits, float32 (n, classes), on the part that the run chooses on."""
        ...


class Augmented:
    """Pictures that lie on the device and are changed at random there."""

    def __init__(self, fit: FaceSet, choose: FaceSet, recipe: Recipe, device: torch.device) -> None:
        self._recipe = recipe
        self._fit, self._choose = as_tensor(fit, device), as_tensor(choose, device)

    def batches(self, positions: Tensor, chance: Chance, side: int) -> Iterator[Tensor]:
        """Faces, float32 (batch, 1, side, side), 0..1."""
        steps, batch = positions.shape
        together = max(1, _AT_ONCE // batch) if positions.is_cuda else 1
        for start in range(0, steps, together):
            chosen = positions[start : start + together].flatten()
            faces = self._fit[chosen].float() / 255
            yield from augment(faces, self._recipe, chance, side).split(batch)

    def prepared(self, inputs: Tensor) -> Tensor:
        """Normalised."""
        return normalise(inputs, self._recipe)

    def trained(self, net: Net) -> nn.Module:
        """All of it."""
        return net

    def answers(self, net: Net) -> np.ndarray:
        """Of the pictures as they are."""
        return predict(net, self._choose, self._recipe)


class Recorded:
    """Features of the unchanged pictures, which a frozen base gave once."""

    def __init__(
        self,
        net: Net,
        fit: FaceSet,
        choose: FaceSet,
        recipe: Recipe,
        device: torch.device,
        folder: Path,
        *,
        write: bool,
    ) -> None:
        self._fit, self._choose = (
            features.recorded(net, as_tensor(faces, device), recipe, folder, name, write=write)
            for name, faces in (("fit", fit), ("choose", choose))
        )

    def batches(self, positions: Tensor, chance: Chance, side: int) -> Iterator[Tensor]:
        """Features, float32 (batch, k, h, w)."""
        for chosen in positions:
            yield self._fit[chosen].float()

    def prepared(self, inputs: Tensor) -> Tensor:
        """As they are."""
        return inputs

    def trained(self, net: Net) -> nn.Module:
        """The top."""
        return features.Top(net)

    @torch.no_grad()
    def answers(self, net: Net) -> np.ndarray:
        """Of the recorded features."""
        net.eval()
        logits = [net.top(part.float()).float() for part in self._choose.split(512)]
        return torch.cat(logits).cpu().numpy()
