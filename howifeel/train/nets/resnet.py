"""A ResNet-18 for small grey faces: 3x3 stem without pooling, narrow, trained from scratch.

He et al. 2016, "Deep residual learning for image recognition", section 4.2. With width 32 it has
2.8 million parameters and needs 312 million multiplications for a face of 48x48.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class _Block(nn.Module):
    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1 = _conv(inputs, outputs, 3, stride)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = _conv(outputs, outputs, 3)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Sequential()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(
                _conv(inputs, outputs, 1, stride), nn.BatchNorm2d(outputs)
            )
        nn.init.zeros_(self.norm2.weight)

    def forward(self, x: Tensor) -> Tensor:
        inner = torch.relu(self.norm1(self.conv1(x)))
        return torch.relu(self.norm2(self.conv2(inner)) + self.shortcut(x))


class ResNet(nn.Module):
    """Stem, four stages of residual blocks, global average pooling, one linear layer.

    Args:
        classes: number of logits.
        width: channels of the first stage; each later stage has twice as many.
        blocks: residual blocks of each stage.
        strides: step of the stem and of each stage; their product divides the side.
        dropout: share of the pooled features that is dropped in training, 0..1.
    """

    def __init__(
        self,
        classes: int,
        width: int,
        blocks: tuple[int, ...],
        strides: tuple[int, ...],
        dropout: float,
    ) -> None:
        super().__init__()
        stem = _conv(1, width, 3, strides[0])
        self.stem = nn.Sequential(stem, nn.BatchNorm2d(width), nn.ReLU())
        stages: list[nn.Module] = []
        inputs = width
        for stage, count in enumerate(blocks):
            outputs = width * 2**stage
            for index in range(count):
                stages.append(_Block(inputs, outputs, strides[stage + 1] if not index else 1))
                inputs = outputs
        self.stages = nn.Sequential(*stages)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(inputs, classes)

    def forward(self, faces: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (n, classes) and features (n, 8 * width, side / stride, side / stride)."""
        features = self.stages(self.stem(faces))
        return self.head(self.dropout(features.mean((2, 3)))), features


def build(
    classes: int,
    width: int = 32,
    blocks: tuple[int, ...] = (2, 2, 2, 2),
    strides: tuple[int, ...] = (1, 1, 2, 2, 2),
    dropout: float = 0.0,
) -> ResNet:
    """A fresh network with random weights.

    Args:
        classes: number of logits.
        width: channels of the first stage; each later stage has twice as many.
        blocks: residual blocks of each stage.
        strides: step of the stem and of each stage.
        dropout: share of the pooled features that is dropped in training, 0..1.
    """
    net = ResNet(classes, width, tuple(blocks), tuple(strides), dropout)
    for module in net.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
    return net


def _conv(inputs: int, outputs: int, side: int, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, side, stride, padding=side // 2, bias=False)
