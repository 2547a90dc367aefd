"""Teachers: trained networks whose answers a smaller one learns (Hinton et al. 2015)."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from howifeel.errors import SettingsError
from howifeel.train import checkpoint
from howifeel.train.forward import autocast, layout, normalise, trained
from howifeel.train.graph import Mirrored
from howifeel.train.lineage import exported
from howifeel.train.nets import Net
from howifeel.train.recipe import Distil, Recipe
from howifeel.train.reopen import reopen


class Teachers:
    """Several networks that answer together, each on the view that the student sees.

    An exported model that mirrors faces by itself sees the mirror image of that view, too.

    Args:
        distil: which ones, and how much each says.
        data: fingerprint of the student's pictures.
        device: where to run them.

    Raises:
        AssetError: a teacher is missing or damaged.
        SettingsError: a checkpoint learned from other pictures, so it may know those that choose.
            An exported model does not tell from which ones.
    """

    def __init__(self, distil: Distil, data: str, device: torch.device) -> None:
        self._temperature = distil.temperature
        weights = torch.tensor(distil.weights or [1.0] * len(distil.teachers))
        self._weights = torch.log(weights / weights.sum()).tolist()
        self._teachers = []
        for name in distil.teachers:
            net, recipe = _teacher(name, data)
            net.to(device).requires_grad_(False)
            net.to(memory_format=layout(recipe))  # pyright: ignore[reportCallIssue]
            self._teachers.append((net, recipe))

    @torch.no_grad()
    def __call__(self, faces: Tensor) -> Tensor:
        """Log of the weighted mean of the softened probabilities, float32 (n, 7).

        Args:
            faces: float32 (n, 1, h, w), 0..1.
        """
        answers = []
        for (net, recipe), weight in zip(self._teachers, self._weights, strict=True):
            with autocast(faces.device, recipe):
                logits = net(normalise(faces, recipe))[0].float()
            answers.append(torch.log_softmax(logits / self._temperature, 1) + weight)
        return torch.logsumexp(torch.stack(answers), 0)


def _teacher(name: str, data: str) -> tuple[Net, Recipe]:
    if path := exported(name):
        opened = reopen(path)
        net = Mirrored(opened.net).eval() if opened.spec.mirrored else opened.net
        return net, opened.recipe
    saved = checkpoint.load(Path(name))
    if saved.data != data:
        raise SettingsError(
            f"The teacher {name} was trained on other pictures than this run has; use the same "
            "data and protocol for both."
        )
    return trained(saved), saved.recipe
