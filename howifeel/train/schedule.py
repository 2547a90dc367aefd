"""How learning rate and averaged weights develop over the steps of a run."""

from __future__ import annotations

import math

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


@torch.no_grad()
def update_average(average: nn.Module, net: nn.Module, decay: float, step: int) -> None:
    """Move the averaged weights and running statistics towards the net's.

    The decay starts low, (1 + step) / (10 + step), so that the random start is soon forgotten.
    """
    decay = min(decay, (1 + step) / (10 + step))
    for mean, now in zip(average.state_dict().values(), net.state_dict().values(), strict=True):
        if mean.is_floating_point():
            mean.lerp_(now, 1 - decay)
        else:
            mean.copy_(now)
