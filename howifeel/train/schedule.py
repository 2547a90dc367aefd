"""How learning rate and averaged weights develop over the steps of a run."""

# pyright: reportPrivateImportUsage=false
from __future__ import annotations

import copy
import math
from typing import Generic, TypeVar

import torch
from torch import nn


def learning_rate(step: int, steps: int, warmup: int, highest: float) -> float:
    """Linear rise over `warmup` steps, then half a cosine down to 0.

    Args:
        step: from 0 to steps - 1.
        steps: length of the run.
        warmup: length of the rise.
        highest: the rate at the end of the rise.

    >>> [round(learning_rate(s, 5, 2, 1.0), 2) for s in range(5)]
    [0.5, 1.0, 1.0, 0.75, 0.25]
    """
    if step < warmup:
        return highest * (step + 1) / warmup
    done = (step - warmup) / max(1, steps - warmup)
    return highest * (1 + math.cos(math.pi * done)) / 2


_Net = TypeVar("_Net", bound=nn.Module)


class MovingAverage(Generic[_Net]):
    """A copy of a network whose weights and running statistics follow it slowly.

    Attributes:
        net: the copy.

    Args:
        net: what to follow; its tensors must stay where they are.
        decay: share of the old average that stays in a step.
    """

    def __init__(self, net: _Net, decay: float) -> None:
        self.net = copy.deepcopy(net)
        self._decay = decay
        pairs = list(zip(self.net.state_dict().values(), net.state_dict().values(), strict=True))
        self._means = [mean for mean, _ in pairs if mean.is_floating_point()]
        self._values = [value for mean, value in pairs if mean.is_floating_point()]
        self._counts = [mean for mean, _ in pairs if not mean.is_floating_point()]
        self._counted = [value for mean, value in pairs if not mean.is_floating_point()]

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Move towards the network after a step, which counts from 0.

        The decay starts low, (1 + step) / (10 + step), so that the random start is soon forgotten.
        """
        decay = min(self._decay, (1 + step) / (10 + step))
        torch._foreach_lerp_(self._means, self._values, 1 - decay)
        if self._counts:
            torch._foreach_copy_(self._counts, self._counted)
