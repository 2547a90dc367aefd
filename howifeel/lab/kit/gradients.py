"""A network as attribution and attack libraries want it: faces 0..1 in, logits out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from howifeel.lab.kit.models import TorchModel
from howifeel.train.forward import normalise


class Logits(nn.Module):
    """Logits, float (n, 7), of faces, float32 (n, 1, 48, 48), 0..1.

    Args:
        model: whose network and normalisation are used.
    """

    def __init__(self, model: TorchModel) -> None:
        super().__init__()
        self.net = model.net
        self.recipe = model.recipe

    def forward(self, faces: Tensor) -> Tensor:
        """See the class."""
        return self.net(normalise(faces, self.recipe))[0]


def faces(pictures: NDArray[np.uint8], model: TorchModel) -> Tensor:
    """Pictures uint8 (n, 48, 48) as faces, float32 (n, 1, 48, 48), 0..1, on the model's device."""
    return torch.from_numpy(pictures.astype(np.float32) / 255).unsqueeze(1).to(model.device)


def feature_layer(logits: Logits) -> nn.Module | None:
    """The part of the network whose answer is its features (n, k, h, w); None where there is none.

    It is found by comparing what each part answers to noise with what `base` answers.
    """
    parameter = next(logits.parameters())
    faces = torch.rand(2, 1, 48, 48, generator=torch.Generator().manual_seed(0))
    faces = faces.to(parameter.device)
    found: list[nn.Module] = []

    def look(module: nn.Module, inputs: Any, answer: Any) -> None:
        if isinstance(answer, Tensor) and torch.equal(answer, features):
            found.append(module)

    with torch.no_grad():
        features = logits.net.base(normalise(faces, logits.recipe))
        hooks = [module.register_forward_hook(look) for module in logits.net.modules()]
        try:
            logits(faces)
        finally:
            for hook in hooks:
                hook.remove()
    return found[-1] if found else None


def has_relus(logits: Logits) -> bool:
    """Whether its network uses ReLU, without which nothing is guided in `GuidedRelus`."""
    parameter = next(logits.parameters())
    with torch.no_grad(), GuidedRelus() as relus:
        logits(torch.zeros(2, 1, 48, 48, device=parameter.device))
    return relus.met


class _GuidedRelu(torch.autograd.Function):
    """ReLU whose gradient passes only where it and the input are positive."""

    @staticmethod
    def forward(ctx: Any, values: Tensor) -> Tensor:
        ctx.save_for_backward(values)
        return values.clamp(min=0)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        (values,) = ctx.saved_tensors
        return gradients[0].clamp(min=0) * (values > 0)


class GuidedRelus(TorchFunctionMode):
    """Within it, every ReLU is guided (Springenberg et al. 2015, section 3.4).

    Libraries replace modules; this also reaches `torch.relu` inside a network.

    Attributes:
        met: whether there was one.
    """

    met = False
    _RELUS = (torch.relu, torch.relu_, nn.functional.relu, nn.functional.relu_, Tensor.relu)

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Called for every function of torch."""
        if func in self._RELUS:
            self.met = True
            return _GuidedRelu.apply(args[0])
        return func(*args, **(kwargs or {}))
