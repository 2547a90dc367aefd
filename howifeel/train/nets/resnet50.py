"""ResNet-50: the residual network with bottlenecks, for small grey faces (3x3 stem, no pooling).

He et al. 2016, "Deep residual learning for image recognition", section 4.1. With width 64 it has
23.5 million parameters.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from howifeel.train.nets._attention import attention as attention_layer
from howifeel.train.nets._net import conv
from howifeel.train.nets.resnet import ResNet, shortcut


class Bottleneck(nn.Module):
    """1x1, 3x3 and 1x1 convolutions beside a shortcut; four times as many channels come out."""

    widening = 4

    def __init__(self, inputs: int, width: int, stride: int, attention: str) -> None:
        super().__init__()
        outputs = width * self.widening
        self.conv1 = conv(inputs, width, 1)
        self.norm1 = nn.BatchNorm2d(width)
        self.conv2 = conv(width, width, 3, stride)
        self.norm2 = nn.BatchNorm2d(width)
        self.conv3 = conv(width, outputs, 1)
        self.norm3 = nn.BatchNorm2d(outputs)
        self.shortcut = shortcut(inputs, outputs, stride)
        self.attention = attention_layer(attention, outputs)
        nn.init.zeros_(self.norm3.weight)

    def forward(self, x: Tensor) -> Tensor:
        """Features of the same or half the side."""
        inner = torch.relu(self.norm1(self.conv1(x)))
        inner = torch.relu(self.norm2(self.conv2(inner)))
        inner = self.attention(self.norm3(self.conv3(inner)))
        return torch.relu(inner + self.shortcut(x))


def build(
    classes: int,
    width: int = 64,
    blocks: tuple[int, ...] = (3, 4, 6, 3),
    strides: tuple[int, ...] = (2, 1, 2, 2, 1),
    dropout: float = 0.1,
    attention: str = "",
) -> ResNet:
    """A fresh network with random weights.

    Args:
        classes: number of logits.
        width: channels inside the first stage's blocks; each later stage has twice as many.
        blocks: residual blocks of each stage.
        strides: step of the stem and of each stage.
        dropout: share of the pooled features that is dropped in training, 0..1.
        attention: "se", "cbam", or "" for none.
    """
    return ResNet(classes, width, blocks, strides, dropout, attention, Bottleneck)
