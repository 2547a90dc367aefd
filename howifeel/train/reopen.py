"""Makes a network of PyTorch of an exported model again, to look into it or to train it further.

An export folds each norm into the convolution before it, and 8-bit weights are rounded; the norms
come back as ones that only add a number each, and the weights as what they were rounded to.
"""

from __future__ import annotations

from collections.abc import Iterator
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

LEAST_AGREEMENT = 0.98
"""Correlation of the logits of network and file; they differ as the latter rounds to 8 bits."""


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
        AssetError: the file cannot be used, was not exported by howifeel-train, or is of a network
            whose weights cannot be told apart in it.
    """
    session, spec = open_model(model)
    lost = AssetError(
        f"The network in {model} cannot be trained or looked into; name the checkpoint.pt that it "
        "was exported from."
    )
    try:
        recipe = from_toml(spec.recipe, "its recipe")
    except SettingsError as error:
        raise lost from error
    recipe = replace(recipe, start="", widen=False, distil=None)
    if spec.networks > 1:
        raise lost
    net = nets.build(recipe.net, len(emotions.NAMES), recipe.options).eval()
    exported = list(_exported(onnx.load_model_from_string(assets.read(model)).graph))
    for layer, norm in _layers(net, recipe.size):
        while exported and exported[0].weight.shape != tuple(layer.weight.shape):
            exported.pop(0)
        if not exported:
            raise lost
        _fill(layer, norm, exported.pop(0))
    if not _agree(net, session, recipe, mirrored=spec.mirrored):
        raise lost
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


def _exported(graph: onnx.GraphProto) -> Iterator[_Exported]:
    """In the order in which they are computed."""
    stored = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    for node in graph.node:
        if node.op_type == "DequantizeLinear" and node.input[0] in stored:
            whole, scale, *zero = (stored[name].astype(np.float32) for name in node.input)
            along = (-1, *[1] * (whole.ndim - 1)) if scale.size > 1 else ()
            steps = whole - zero[0].reshape(along) if zero else whole
            stored[node.output[0]] = steps * scale.reshape(along)
        if node.op_type in _WEIGHTED and node.input[1] in stored:
            bias = stored.get(node.input[2]) if len(node.input) > 2 else None
            yield _Exported(stored[node.input[1]], bias)


def _layers(net: Net, size: int) -> list[tuple[nn.Conv2d | nn.Linear, nn.BatchNorm2d | None]]:
    """Convolutions and dense layers in the order in which they compute, each with its norm."""
    order: list[nn.Module] = []
    kinds = (nn.Conv2d, nn.Linear, nn.BatchNorm2d)
    hooks = [
        module.register_forward_hook(lambda module, *_: order.append(module))
        for module in net.modules()
        if isinstance(module, kinds)
    ]
    with torch.no_grad():
        net(torch.zeros(1, 1, size, size))
    for hook in hooks:
        hook.remove()
    return [
        (layer, after if isinstance(after, nn.BatchNorm2d) else None)
        for layer, after in pairwise([*order, None])
        if isinstance(layer, nn.Conv2d | nn.Linear)
    ]


@torch.no_grad()
def _fill(layer: nn.Conv2d | nn.Linear, norm: nn.BatchNorm2d | None, exported: _Exported) -> None:
    layer.weight.copy_(torch.from_numpy(exported.weight.copy()))
    bias = layer.bias
    if norm is not None:
        norm.reset_running_stats()
        norm.running_var.fill_(1 - norm.eps)  # pyright: ignore[reportOptionalMemberAccess]
        norm.weight.fill_(1)
        bias = norm.bias
        if layer.bias is not None:
            layer.bias.zero_()
    if bias is not None:
        bias.zero_() if exported.bias is None else bias.copy_(
            torch.from_numpy(exported.bias.copy())
        )


@torch.no_grad()
def _agree(net: Net, session: ort.InferenceSession, recipe: Recipe, *, mirrored: bool) -> bool:
    """Whether network and file answer nearly the same to drawn pictures."""
    noise = torch.rand(32, 1, 6, 6, generator=torch.Generator().manual_seed(0))
    smooth = functional.interpolate(noise, (recipe.size, recipe.size), mode="bicubic").clamp(0, 1)
    faces = normalise(smooth, recipe)
    views = [faces, faces.flip(3)] if mirrored else [faces]
    ours = torch.stack([net(view)[0] for view in views]).mean(0).numpy()
    theirs = np.asarray(session.run(["logits"], {"face": faces.contiguous().numpy()})[0])
    return float(np.corrcoef(ours.ravel(), theirs.ravel())[0, 1]) > LEAST_AGREEMENT
