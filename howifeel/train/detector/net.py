"""The net: a small convolutional pyramid with a face score and a box for every prior.

A single-shot detector (Liu et al., ECCV 2016) on a feature pyramid (Lin et al., CVPR 2017) of
depthwise-separable residual blocks. The first two layers are dense convolutions: of so few channels
they cost a CPU less time than depthwise ones.

Each block can write itself into a `CaffeGraph`, with its batch normalisation folded into the
convolution.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from howifeel.train.detector.caffe_writer import CaffeGraph
from howifeel.train.detector.priors import PRIORS_PER_CELL

CLASSES = 2  # background, face
PRIOR_FACE_PROBABILITY = 0.01


@dataclass(frozen=True, slots=True)
class NetShape:
    """How wide and deep the net is.

    Attributes:
        stem: channels at strides 2, 4 and 8.
        stages: (channels, blocks) at strides 8, 16, 32 and 64.
        pyramid: channels of the maps that the heads read.
        refine: blocks after each top-down sum, at strides 8, 16 and 32.
    """

    stem: tuple[int, int, int] = (8, 24, 48)
    stages: tuple[tuple[int, int], ...] = ((48, 3), (96, 4), (160, 3), (160, 2))
    pyramid: int = 48
    refine: tuple[int, ...] = (2, 2, 1)


class Block(nn.Module, ABC):
    """A part of the net that can also be written as Caffe layers."""

    @abstractmethod
    def forward(self, x: Tensor) -> Tensor:
        """Run the block."""

    @abstractmethod
    def emit(self, graph: CaffeGraph, name: str, bottom: str) -> str:
        """Append the block to the graph and return the name of its output."""


class Convolution(Block):
    """Convolution, batch normalisation and, unless told otherwise, a rectifier."""

    def __init__(
        self, inputs: int, outputs: int, kernel: int = 3, *, stride: int = 1, groups: int = 1,
        relu: bool = True,
    ) -> None:  # fmt: skip
        super().__init__()
        self.convolution = nn.Conv2d(
            inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False
        )
        self.norm = nn.BatchNorm2d(outputs)
        self.relu = relu
        nn.init.kaiming_normal_(self.convolution.weight, mode="fan_out")

    def forward(self, x: Tensor) -> Tensor:
        """Float (n, inputs, h, w) -> (n, outputs, h / stride, w / stride)."""
        x = self.norm(self.convolution(x))
        return torch.relu(x) if self.relu else x

    def folded(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Weight and bias of the one convolution that does the same in evaluation mode."""
        norm = self.norm
        assert norm.running_mean is not None and norm.running_var is not None
        scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        weight = self.convolution.weight * scale[:, None, None, None]
        return _numpy(weight), _numpy(norm.bias - norm.running_mean * scale)

    def emit(self, graph: CaffeGraph, name: str, bottom: str) -> str:
        """Append one convolution and, if there is one, the rectifier."""
        stride, groups = self.convolution.stride[0], self.convolution.groups
        top = graph.convolution(name, bottom, *self.folded(), stride=stride, groups=groups)
        return graph.relu(f"{name}_relu", top) if self.relu else top


class Separable(Block):
    """Depthwise 3x3, then pointwise convolution; residual where the shape stays the same."""

    def __init__(self, inputs: int, outputs: int, *, stride: int = 1) -> None:
        super().__init__()
        self.depthwise = Convolution(inputs, inputs, 3, stride=stride, groups=inputs)
        self.pointwise = Convolution(inputs, outputs, 1, relu=False)
        self.residual = inputs == outputs and stride == 1
        if self.residual:
            nn.init.constant_(self.pointwise.norm.weight, 0.3)

    def forward(self, x: Tensor) -> Tensor:
        """Float (n, inputs, h, w) -> (n, outputs, h / stride, w / stride)."""
        y = self.pointwise(self.depthwise(x))
        return torch.relu(x + y if self.residual else y)

    def emit(self, graph: CaffeGraph, name: str, bottom: str) -> str:
        """Append both convolutions, the sum and the rectifier."""
        top = self.depthwise.emit(graph, f"{name}_depthwise", bottom)
        top = self.pointwise.emit(graph, f"{name}_pointwise", top)
        if self.residual:
            top = graph.sum(f"{name}_sum", bottom, top)
        return graph.relu(f"{name}_relu", top)


class Chain(Block):
    """Blocks one after the other."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        super().__init__()
        self.blocks = nn.Sequential(*blocks)

    def forward(self, x: Tensor) -> Tensor:
        """Run the blocks in turn."""
        return self.blocks(x)

    def emit(self, graph: CaffeGraph, name: str, bottom: str) -> str:
        """Append the blocks in turn, numbered from 1."""
        for number, block in enumerate(cast("Iterable[Block]", self.blocks), start=1):
            bottom = block.emit(graph, f"{name}_{number}", bottom)
        return bottom


class Head(Block):
    """A plain 3x3 convolution with `values` numbers for every prior of a cell."""

    def __init__(self, inputs: int, values: int) -> None:
        super().__init__()
        self.values = values
        self.convolution = nn.Conv2d(inputs, PRIORS_PER_CELL * values, 3, padding=1)
        nn.init.normal_(self.convolution.weight, std=0.01)
        nn.init.zeros_(self.bias)

    @property
    def bias(self) -> Tensor:
        """Float (priors per cell * values,)."""
        return cast("Tensor", self.convolution.bias)

    def forward(self, x: Tensor) -> Tensor:
        """Float (n, inputs, h, w) -> (n, h * w * priors per cell, values), in prior order."""
        return self.convolution(x).permute(0, 2, 3, 1).reshape(len(x), -1, self.values)

    def emit(self, graph: CaffeGraph, name: str, bottom: str) -> str:
        """Append the convolution and its flattening into prior order."""
        weight, bias = _numpy(self.convolution.weight), _numpy(self.bias)
        top = graph.convolution(name, bottom, weight, bias)
        order = {"permute_param": {"order": (0, 2, 3, 1)}}
        top = graph.add("Permute", f"{name}_permute", top, params=order)
        return graph.add("Flatten", f"{name}_flat", top, params={"flatten_param": {"axis": 1}})


class Level(nn.Module):
    """What the net has at one stride: its part of both pyramids, and the two heads."""

    def __init__(
        self, inputs: int, channels: int, blocks: int, *, halve: bool, pyramid: int, refine: int
    ) -> None:
        super().__init__()
        first = Separable(inputs, channels, stride=2 if halve else 1)
        self.stage = Chain([first, *(Separable(channels, channels) for _ in range(blocks - 1))])
        self.lateral = Convolution(channels, pyramid, 1)
        self.refine = Chain(Separable(pyramid, pyramid) for _ in range(refine))
        self.offsets = Head(pyramid, 4)
        self.classes = Head(pyramid, CLASSES)
        _start_at_probability(self.classes, PRIOR_FACE_PROBABILITY)


class FaceNet(nn.Module):
    """The whole net.

    Input: float32 (n, 3, height, width), BGR 0..255 minus the mean; see `preprocess.to_input`;
    of any size. Output: offsets (n, priors, 4) and class logits (n, priors, 2),
    background first; see `priors.make_priors` for their order.
    """

    def __init__(self, shape: NetShape) -> None:
        super().__init__()
        half, quarter, eighth = shape.stem
        self.pyramid = shape.pyramid
        self.stem = Chain(
            [
                Convolution(3, half, stride=2),
                Convolution(half, quarter, stride=2),
                Separable(quarter, quarter),
                Separable(quarter, eighth, stride=2),
            ]
        )
        inputs = (eighth, *(channels for channels, _ in shape.stages))
        self._level_list = nn.ModuleList(
            Level(
                inputs[index],
                channels,
                blocks,
                halve=index > 0,
                pyramid=shape.pyramid,
                refine=(*shape.refine, 0)[index],
            )
            for index, (channels, blocks) in enumerate(shape.stages)
        )

    @property
    def levels(self) -> tuple[Level, ...]:
        """Finest first."""
        return tuple(cast("Iterable[Level]", self._level_list))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Offsets (n, priors, 4) and class logits (n, priors, 2)."""
        x = self.stem(x)
        laterals = []
        for level in self.levels:
            x = level.stage(x)
            laterals.append(level.lateral(x))
        maps = [laterals.pop()]
        for level in self.levels[-2::-1]:
            lateral = laterals.pop()
            above = nn.functional.interpolate(maps[0], scale_factor=2.0, mode="nearest")
            above = above[:, :, : lateral.shape[2], : lateral.shape[3]]
            maps.insert(0, level.refine(lateral + above))
        offsets = [level.offsets(top) for level, top in zip(self.levels, maps, strict=True)]
        classes = [level.classes(top) for level, top in zip(self.levels, maps, strict=True)]
        return torch.cat(offsets, 1), torch.cat(classes, 1)

    def emit(self, graph: CaffeGraph) -> tuple[list[str], list[str], list[str]]:
        """Append the net; returns the names of the maps, of the offsets and of the classes."""
        named = [(str(8 << index), level) for index, level in enumerate(self.levels)]
        top = self.stem.emit(graph, "stem", graph.input)
        laterals = []
        for stride, level in named:
            top = level.stage.emit(graph, f"stage{stride}", top)
            laterals.append(level.lateral.emit(graph, f"lateral{stride}", top))
        maps = [laterals.pop()]
        for stride, level in named[-2::-1]:
            lateral = laterals.pop()
            above = graph.upsample(f"upsample{stride}", maps[0], self.pyramid, like=lateral)
            total = graph.sum(f"topdown{stride}", lateral, above)
            maps.insert(0, level.refine.emit(graph, f"refine{stride}", total))
        heads = list(zip(named, maps, strict=True))
        offsets = [level.offsets.emit(graph, f"offsets{s}", top) for (s, level), top in heads]
        classes = [level.classes.emit(graph, f"classes{s}", top) for (s, level), top in heads]
        return maps, offsets, classes


def _start_at_probability(head: Head, probability: float) -> None:
    """Set the bias so that an untrained net gives every prior this face probability."""
    half = float(np.log((1 - probability) / probability)) / 2
    with torch.no_grad():
        head.bias.copy_(torch.tensor([half, -half] * PRIORS_PER_CELL))


def _numpy(values: Tensor) -> NDArray[np.float32]:
    return values.detach().cpu().float().contiguous().numpy()
