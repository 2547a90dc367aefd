from __future__ import annotations

import torch
from torch import Tensor, nn


class Net(nn.Module):
    """What every architecture is: a convolutional (or other) base and a top that ends in `head`.

    Attributes:
        pooled: the logits are `head` of the features' mean over all cells, so that features and
            `head.weight` give a class-activation map (Zhou et al. 2016).
        tops: names of the layers with weights that `top` uses; all others are the base's.
        head: the last layer; its first seven outputs are the expressions.
    """

    pooled = True
    tops = ("dense", "head")
    head: nn.Linear

    def base(self, faces: Tensor) -> Tensor:
        """Features, float (n, k, h, w), of normalised faces, float (n, 1, side, side)."""
        raise NotImplementedError

    def top(self, features: Tensor) -> Tensor:
        """Logits, float (n, classes), of features, float (n, k, h, w)."""
        raise NotImplementedError

    def forward(self, faces: Tensor) -> tuple[Tensor, Tensor | None]:
        """Logits (n, classes), and the features (n, k, h, w) where they are pooled, else None."""
        features = self.base(faces)
        return self.top(features), features if self.pooled else None

    def translate(self, state: dict[str, Tensor]) -> dict[str, Tensor]:
        """Weights that are published under other names, under the names of this network."""
        return state


def initialise(net: nn.Module) -> None:
    """Random weights for ReLU networks (He et al. 2015, "Delving deep into rectifiers")."""
    for module in net.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
            if module.bias is not None:
                nn.init.zeros_(module.bias)


def conv(inputs: int, outputs: int, side: int, stride: int = 1) -> nn.Conv2d:
    """A convolution that keeps the picture's side (divided by the stride), for a norm to follow."""
    return nn.Conv2d(inputs, outputs, side, stride, padding=side // 2, bias=False)


class Dense(nn.Sequential):
    """Fully connected layers with ReLU and dropout (n, inputs) -> (n, last size)."""

    def __init__(self, inputs: int, sizes: tuple[int, ...], dropout: float) -> None:
        layers: list[nn.Module] = []
        for size in sizes:
            layers += [nn.Linear(inputs, size), nn.ReLU(), nn.Dropout(dropout)]
            inputs = size
        super().__init__(*layers)
        self.outputs = inputs


def pool(features: Tensor) -> Tensor:
    """Global average pooling, (n, k, h, w) -> (n, k)."""
    return torch.mean(features, (2, 3))
