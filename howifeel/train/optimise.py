"""How weights follow gradients: SGD with Nesterov momentum, AdamW, and sharpness-aware steps."""

# pyright: reportPrivateImportUsage=false
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from howifeel.train.recipe import Recipe


def optimizer(net: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    """The recipe's optimiser over the weights that are trained; norms and biases do not decay."""
    trained = [p for p in net.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in trained if p.ndim > 1], "weight_decay": recipe.weight_decay},
        {"params": [p for p in trained if p.ndim <= 1], "weight_decay": 0.0},
    ]
    fused = trained[0].is_cuda
    if recipe.optimizer == "adamw":
        return torch.optim.AdamW(groups, lr=recipe.lr, fused=fused)
    return torch.optim.SGD(
        groups, lr=recipe.lr, momentum=recipe.momentum, nesterov=recipe.momentum > 0, fused=fused
    )


@contextmanager
def climbed(net: nn.Module, radius: float) -> Iterator[None]:
    """Stand where the loss is highest nearby, uphill along the gradient, and come back.

    Sharpness-aware minimisation takes its gradient there (Foret et al. 2021, equation 2). Norms do
    not count what they see on the way.
    """
    norms = [m for m in net.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm)]
    momenta = [norm.momentum for norm in norms]
    weights: list[Tensor] = [p for p in net.parameters() if p.grad is not None]
    with torch.no_grad():
        gradients: list[Tensor] = [p.grad for p in weights if p.grad is not None]
        length = torch.linalg.vector_norm(torch.stack(torch._foreach_norm(gradients)))
        steps = torch._foreach_mul(gradients, radius / (length + 1e-12))
        torch._foreach_add_(weights, steps)
    for norm in norms:
        norm.momentum = 0.0
    try:
        yield
    finally:
        for norm, momentum in zip(norms, momenta, strict=True):
            norm.momentum = momentum
        with torch.no_grad():
            torch._foreach_sub_(weights, steps)
