"""A ResNet-18 for small grey faces: 3x3 stem without pooling, trained from scratch.

He et al. 2016, "Deep residual learning for image recognition", section 4.2. With width 32 it has
2.8 million parameters and needs 312 million multiplications for a face of 48x48.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import torch
from torch import Tensor, nn

from howifeel.train.nets._attention import attention as attention_layer
from howifeel.train.nets._net import Net, conv, initialise, pool


class Block(nn.Module):
    """Two 3x3 convolutions beside a shortcut."""

    widening = 1

    def __init__(self, inputs: int, width: int, stride: int, attention: str) -> None:
        super().__init__()
        self.conv1 = conv(inputs, width, 3, stride)
        self.norm1 = nn.BatchNorm2d(width)
        self.conv2 = conv(width, width, 3)
        self.norm2 = nn.BatchNorm2d(width)
        self.shortcut = shortcut(inputs, width, stride)
        self.attention = attention_layer(attention, width)
        nn.init.zeros_(self.norm2.weight)

    def forward(self, x: Tensor) -> Tensor:
        """Features of the same or half the side."""
        inner = torch.relu(self.norm1(self.conv1(x)))
        inner = self.attention(self.norm2(self.conv2(inner)))
        return torch.relu(inner + self.shortcut(x))


def shortcut(inputs: int, outputs: int, stride: int) -> nn.Sequential:
    """Nothing, or a projection where the shape changes."""
    if stride == 1 and inputs == outputs:
        return nn.Sequential()
    return nn.Sequential(conv(inputs, outputs, 1, stride), nn.BatchNorm2d(outputs))


class ResNet(Net):
    """Stem, stages of residual blocks, global average pooling, one linear layer.

    Args:
        classes: number of logits.
        width: channels of the first stage; each later stage has twice as many.
        blocks: residual blocks of each stage.
        strides: step of the stem and of each stage; their product divides the side.
        dropout: share of the pooled features that is dropped in training, 0..1.
        attention: "se", "cbam", or "" for none.
        block: the kind of residual block, from (inputs, width, stride, attention).

    Raises:
        ValueError: blocks and strides do not fit each other, or there is no such attention.
    """

    def __init__(
        self,
        classes: int,
        width: int,
        blocks: tuple[int, ...],
        strides: tuple[int, ...],
        dropout: float,
        attention: str = "",
        block: Callable[[int, int, int, str], nn.Module] = Block,
    ) -> None:
        super().__init__()
        if len(strides) != len(blocks) + 1:
            raise ValueError("strides must name the stem's and each stage's")
        self._starts = [sum(blocks[:stage]) for stage in range(len(blocks))]
        self.stem = nn.Sequential(conv(1, width, 3, strides[0]), nn.BatchNorm2d(width), nn.ReLU())
        stages: list[nn.Module] = []
        inputs = width
        for stage, count in enumerate(blocks):
            outputs = width * 2**stage
            for index in range(count):
                stride = strides[stage + 1] if not index else 1
                stages.append(block(inputs, outputs, stride, attention))
                inputs = outputs * getattr(block, "widening", 1)
        self.stages = nn.Sequential(*stages)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(inputs, classes)
        initialise(self)

    def base(self, faces: Tensor) -> Tensor:
        """Features of the last stage."""
        return self.stages(self.stem(faces))

    def top(self, features: Tensor) -> Tensor:
        """Logits of the pooled features."""
        return self.head(self.dropout(pool(features)))

    def translate(self, state: dict[str, Tensor]) -> dict[str, Tensor]:
        """From torchvision's names (`layer1.0.bn1.weight`)."""
        names = {"bn": "norm", "downsample": "shortcut"}
        renamed = {}
        for name, value in state.items():
            new = re.sub(r"^conv1\.", "stem.0.", re.sub(r"^bn1\.", "stem.1.", name))
            found = re.match(r"layer(\d)\.(\d+)\.(bn|downsample)?(.*)", name)
            if found and int(found[1]) <= len(self._starts):
                place = self._starts[int(found[1]) - 1] + int(found[2])
                new = f"stages.{place}.{names.get(found[3], '')}{found[4]}"
            renamed[new] = value
        return renamed


def build(
    classes: int,
    width: int = 32,
    blocks: tuple[int, ...] = (2, 2, 2, 2),
    strides: tuple[int, ...] = (1, 1, 2, 2, 2),
    dropout: float = 0.1,
    attention: str = "",
) -> ResNet:
    """A fresh network with random weights.

    Args:
        classes: number of logits.
        width: channels of the first stage; each later stage has twice as many.
        blocks: residual blocks of each stage; (3, 4, 6, 3) is ResNet-34.
        strides: step of the stem and of each stage.
        dropout: share of the pooled features that is dropped in training, 0..1.
        attention: "se" (Hu et al. 2018), "cbam" (Woo et al. 2018), or "" for none.
    """
    return ResNet(classes, width, blocks, strides, dropout, attention)
