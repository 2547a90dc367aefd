"""What the layers of a network answer, and layers with random weights instead of learned ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from howifeel.lab.kit import gradients
from howifeel.lab.kit.models import TorchModel

_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d)


def spread(net: nn.Module, count: int) -> dict[str, nn.Module]:
    """Convolutions (or, without any, linear layers) spread over the network, by name."""
    found = [m for m in net.modules() if isinstance(m, nn.Conv2d)] or [
        m for m in net.modules() if isinstance(m, nn.Linear)
    ]
    chosen = np.unique(np.linspace(0, len(found) - 1, min(count, len(found))).round().astype(int))
    return {f"layer {place + 1} of {len(found)}": found[place] for place in chosen}


@torch.no_grad()
def answers(
    layers: dict[str, nn.Module], model: TorchModel, images: NDArray[np.uint8]
) -> dict[str, Tensor]:
    """What each layer passes on, float32 (n, k, h, w): after the norm and activation behind it.

    Before these, a layer's answer is a map that nothing in the network looks at.

    Args:
        layers: of the model's network, by name.
        model: the network.
        images: faces, uint8 (n, 48, 48).
    """
    behind = _Behind()

    def keep(name: str) -> Callable[[nn.Module, Any, Tensor], None]:
        return lambda module, inputs, answer: behind.found.update({name: answer})

    hooks = [layer.register_forward_hook(keep(name)) for name, layer in layers.items()]
    try:
        with behind:
            gradients.Logits(model)(gradients.faces(images, model))
    finally:
        for hook in hooks:
            hook.remove()
    return behind.found


class _Behind(TorchFunctionMode):
    """Follows answers, in `found`, through norms and activations that take them at once.

    Modules of both call these functions, and so do networks themselves.
    """

    _KINDS = (
        functional.batch_norm, functional.layer_norm, functional.group_norm, torch.relu,
        torch.relu_, functional.relu, functional.relu_, Tensor.relu, functional.gelu,
        functional.silu, functional.leaky_relu, functional.elu, functional.hardswish,
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, Tensor] = {}

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Called for every function of torch."""
        answer = func(*args, **(kwargs or {}))
        if func in self._KINDS:
            for name, value in self.found.items():
                if value is args[0]:
                    self.found[name] = answer
        return answer


def weighted(net: nn.Module) -> list[nn.Module]:
    """All modules with weights of their own, norms too, in the order of their definition.

    For residual nets that is nearly the order of computing: a block's shortcut stands behind its
    convolutions.
    """
    return [module for module in net.modules() if [*module.parameters(recurse=False)]]


@torch.no_grad()
def randomise(modules: list[nn.Module], seed: int, measure: Callable[[], object]) -> None:
    """Start modules of a network anew, as PyTorch does by default.

    Norms then take the mean and variance of what reaches them, as training would have done.

    Args:
        modules: which.
        seed: start of the random numbers.
        measure: feeds faces to the network once.
    """
    with torch.random.fork_rng(devices=[]):
        # with the seed itself they could begin as the network did before it was trained
        torch.manual_seed(int(np.random.default_rng(seed).integers(2**32)))
        for module in modules:
            module.reset_parameters()  # type: ignore[operator]
    norms = [(module, module.momentum) for module in modules if isinstance(module, _NORMS)]
    for norm, _ in norms:
        norm.momentum = None  # a plain mean of what it is fed
        norm.train()
    measure()
    for norm, momentum in norms:
        norm.momentum = momentum
        norm.eval()
