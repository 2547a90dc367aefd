"""Makes a network of PyTorch of an exported model again, to look into it or to train it further.

An export folds each norm into the convolution before it, and 8-bit weights are rounded; the norms
come back as ones that only add a number each, and the weights as what they were rounded to.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional

from howifeel import assets, emotions
from howifeel.classify.spec import ModelSpec
from howifeel.errors import AssetError, SettingsError
from howifeel.train import nets
from howifeel.train.evaluate import open_model
from howifeel.train.forward import normalise
from howifeel.train.nets import Net
from howifeel.train.recipe import Recipe, from_toml

_WEIGHTED = ("Conv", "Gemm")
"""The operators that convolutions and dense layers are exported as."""

_WRAPPER = "net"
"""What the network is called in each module that the export wraps around it."""

_MOST_IN_OPTIONS = 16_384
"""The sum of all whole numbers among a network's options: widths, numbers of blocks and so on."""

LARGEST_ERROR = {"fp32": 0.01, "int8": 0.3}
"""Of the logits of the network against those of the file, by its precision: the root of the mean
square, as a share of their standard deviation."""


@dataclass(frozen=True, slots=True, eq=False)
class Reopened:
    """What an exported model consists of.

    Attributes:
        net: its network in evaluation mode, with gradients, on the CPU. It looks at a single view,
            also where the model mirrors faces.
        recipe: how it was trained, but for where it started and who taught it.
        spec: the model's metadata.
    """

    net: Net
    recipe: Recipe
    spec: ModelSpec


def reopen(model: Path) -> Reopened:
    """The network of an ONNX file that `howifeel-train` exported.

    Raises:
        AssetError: the file cannot be used, was not exported by howifeel-train, has several
            networks, or one whose weights do not all stand in it as they were.
    """
    session, spec = open_model(model)
    try:
        return _opened(session, spec, assets.read(model))
    except (SettingsError, ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as e:
        # of any kind, as what the file says of its network is not to be trusted
        raise AssetError(
            f"The network in {model} cannot be trained or looked into: it is none that "
            "howifeel-train exported, or several, or one that an export changes too much. If it "
            "was exported, name its checkpoint.pt."
        ) from e


def _opened(session: ort.InferenceSession, spec: ModelSpec, data: bytes) -> Reopened:
    recipe = replace(
        from_toml(spec.recipe), start="", widen=False, distil=None,
        size=spec.size, mean=spec.mean[0], std=spec.std[0],
    )  # fmt: skip
    exported = _exported(onnx.load_model_from_string(data).graph)
    net = _empty(recipe, len(data))
    for name, layer, norm in _layers(net, recipe.size):
        _fill(layer, norm, exported[name])
    error = _error(net, session, recipe, mirrored=spec.mirrored)
    if error > LARGEST_ERROR[spec.precision]:
        raise ValueError(f"the network differs from the file by {error:.3f}")
    return Reopened(net, recipe, spec)


@torch.no_grad()
def settle(net: Net, faces: Tensor) -> None:
    """Give the norms of an opened network the statistics of some faces; its answers stay.

    Without that it would answer otherwise in training, where norms go by each batch.

    Args:
        net: in evaluation mode.
        faces: normalised, float (n, 1, side, side).
    """

    def measure(norm: nn.BatchNorm2d, inputs: tuple[Tensor]) -> None:
        assert norm.running_mean is not None and norm.running_var is not None
        (values,) = inputs
        mean, variance = values.mean((0, 2, 3)), values.var((0, 2, 3))
        gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        norm.bias.add_(gain * (mean - norm.running_mean))
        norm.weight.copy_(gain * torch.sqrt(variance + norm.eps))
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)

    norms = [module for module in net.modules() if isinstance(module, nn.BatchNorm2d)]
    hooks = [norm.register_forward_pre_hook(measure) for norm in norms]
    net.eval()(faces)
    for hook in hooks:
        hook.remove()


@dataclass(frozen=True, slots=True, eq=False)
class _Exported:
    """Weight and bias, if it has one, of a convolution or dense layer in a file."""

    weight: NDArray[np.float32]
    bias: NDArray[np.float32] | None


def _exported(graph: onnx.GraphProto) -> dict[str, _Exported]:
    """By the names that the layers have in the network."""
    stored = {each.name: each for each in graph.initializer}
    rounded = {n.output[0]: n for n in graph.node if n.op_type == "DequantizeLinear"}

    def array(name: str) -> NDArray[np.float32]:
        if name in rounded:
            return _dequantised(rounded[name], *map(array, filter(None, rounded[name].input)))
        if stored[name].external_data:
            raise ValueError("weights in another file")
        return numpy_helper.to_array(stored[name]).astype(np.float32)

    found = {}
    for node in graph.node:
        name = _layer(node.name)
        if node.op_type in _WEIGHTED and name:
            weight, *bias = filter(None, node.input[1:])
            found[name] = _Exported(array(weight), array(bias[0]) if bias else None)
    return found


def _dequantised(
    node: onnx.NodeProto,
    steps: NDArray[np.float32],
    scale: NDArray[np.float32],
    zero: NDArray[np.float32] | None = None,
) -> NDArray[np.float32]:
    if scale.size > 1:
        axis = next((each.i for each in node.attribute if each.name == "axis"), 1)
        along = [-1 if place == axis else 1 for place in range(steps.ndim)]
        scale = scale.reshape(along)
        zero = None if zero is None else zero.reshape(along)
    return (steps if zero is None else steps - zero) * scale


def _layer(node: str) -> str:
    """The name in the network of what a node of the export computes, "" where it is none.

    >>> _layer("/net/net/stages/stages.2/shortcut/shortcut.0/Conv")
    'stages.2.shortcut.0'
    """
    scopes: list[str] = []
    for scope in node.split("/")[1:-1]:
        if scopes and scope.startswith(scopes[-1] + "."):
            scopes.pop()
        scopes.append(scope)
    while scopes and scopes[0] == _WRAPPER:
        scopes.pop(0)
    return ".".join(scopes)


def _empty(recipe: Recipe, most: int) -> Net:
    """The recipe's network in evaluation mode, if it has at most so many weights."""
    if _sum(tuple(recipe.options.values())) > _MOST_IN_OPTIONS:
        raise ValueError("more layers or channels than any network here")
    with torch.device("meta"):
        weights = sum(each.numel() for each in _build(recipe).parameters())
    if weights > most:
        raise ValueError("more weights than the file can hold")
    return _build(recipe).eval()


def _sum(value: object) -> int:
    """Of all whole numbers in it."""
    if isinstance(value, tuple):
        return sum(map(_sum, value))
    return value if type(value) is int else 0


def _build(recipe: Recipe) -> Net:
    return nets.build(recipe.net, len(emotions.NAMES), recipe.options)


def _layers(net: Net, size: int) -> list[tuple[str, nn.Conv2d | nn.Linear, nn.BatchNorm2d | None]]:
    """Name of each convolution and dense layer, itself, and the norm that follows it, if any."""
    order: list[tuple[str, nn.Module]] = []
    hooks = [
        module.register_forward_hook(lambda module, *_, name=name: order.append((name, module)))
        for name, module in net.named_modules()
        if isinstance(module, nn.Conv2d | nn.Linear | nn.BatchNorm2d)
    ]
    with torch.no_grad():
        net(torch.zeros(1, 1, size, size))
    for hook in hooks:
        hook.remove()
    return [
        (name, layer, after if isinstance(after, nn.BatchNorm2d) else None)
        for (name, layer), (_, after) in pairwise([*order, ("", None)])
        if isinstance(layer, nn.Conv2d | nn.Linear)
    ]


@torch.no_grad()
def _fill(layer: nn.Conv2d | nn.Linear, norm: nn.BatchNorm2d | None, exported: _Exported) -> None:
    if exported.weight.shape != tuple(layer.weight.shape):
        raise ValueError("a weight of another shape")
    layer.weight.copy_(torch.from_numpy(exported.weight))
    bias = layer.bias
    if norm is not None:
        norm.reset_running_stats()
        norm.running_var.fill_(1 - norm.eps)  # pyright: ignore[reportOptionalMemberAccess]
        norm.weight.fill_(1)
        if bias is not None:
            bias.zero_()
        bias = norm.bias
    if (bias is None) != (exported.bias is None):
        raise ValueError("a bias too much or too few")
    if bias is not None and exported.bias is not None:
        bias.copy_(torch.from_numpy(exported.bias))


@torch.no_grad()
def _error(net: Net, session: ort.InferenceSession, recipe: Recipe, *, mirrored: bool) -> float:
    """How far network and file are apart on drawn pictures, see `LARGEST_ERROR`."""
    chance = torch.Generator().manual_seed(0)
    smooth = [
        functional.interpolate(
            torch.rand(16, 1, side, side, generator=chance), (recipe.size, recipe.size),
            mode="bicubic",
        )
        for side in (4, 6, 12)
    ]  # fmt: skip
    faces = normalise(torch.cat(smooth).clamp(0, 1), recipe).contiguous()
    views = [faces, faces.flip(3)] if mirrored else [faces]
    ours = torch.stack([net(view)[0] for view in views]).mean(0).numpy()
    theirs = np.asarray(session.run(["logits"], {"face": faces.numpy()})[0])
    error = np.sqrt(np.mean((ours - theirs) ** 2)) / theirs.std()
    return float(error) if np.isfinite(error) else math.inf
