"""Starting points: weights from a file or a download, and layers that stay as they are."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from howifeel import assets
from howifeel.errors import AssetError, MissingPackageError, SettingsError
from howifeel.train.forward import normalise
from howifeel.train.lineage import exported
from howifeel.train.nets import Net
from howifeel.train.recipe import Recipe
from howifeel.train.reopen import reopen, settle
from howifeel.train.widen import widened

_TORCHVISION = "https://download.pytorch.org/models/"
KNOWN = {
    "resnet18-imagenet": _TORCHVISION + "resnet18-f37072fd.pth",
    "resnet34-imagenet": _TORCHVISION + "resnet34-b627a593.pth",
    "resnet50-imagenet": _TORCHVISION + "resnet50-11ad3fa6.pth",
    "vgg13-imagenet": _TORCHVISION + "vgg13-19584684.pth",
    "vgg13-norm-imagenet": _TORCHVISION + "vgg13_bn-abd245e5.pth",
    "vgg16-imagenet": _TORCHVISION + "vgg16-397923af.pth",
    "vgg16-norm-imagenet": _TORCHVISION + "vgg16_bn-6c64b313.pth",
}
"""Names for downloads. A file's name ends in the first digits of its SHA-256, which are checked."""


def prepare(net: Net, recipe: Recipe, data: str | None = None, faces: Tensor | None = None) -> str:
    """Load the recipe's starting point into the net and freeze what it wants frozen.

    Args:
        net: whose weights are replaced.
        recipe: what to start from, what to train.
        data: fingerprint of the run's pictures; see `load`.
        faces: see `load`.

    Returns:
        What was done, in a few words; empty for a net that starts from scratch and trains whole.

    Raises:
        AssetError: the starting point cannot be read or downloaded.
        SettingsError: it does not fit the net or the pictures, or the recipe's options contradict
            each other.
    """
    done = []
    if recipe.start and recipe.widen:
        narrow = _weights(recipe.start, data, faces)
        net.load_state_dict(widened(narrow, net.state_dict(), recipe.seed))
        done.append(f"widened from {recipe.start}")
    elif recipe.start:
        taken, total = load(net, recipe.start, data, faces)
        done.append(f"{taken} of {total} tensors from {recipe.start}")
    if recipe.train_last:
        freeze(net, recipe.train_last)
        trained = sum(p.numel() for p in net.parameters() if p.requires_grad)
        done.append(f"{trained:,} weights of the last {recipe.train_last} layers are trained")
    free = {name.split(".")[0] for name, p in net.named_parameters() if p.requires_grad}
    if recipe.recorded and not free <= set(net.tops):
        raise SettingsError(
            "Recorded features need a frozen base; lower the recipe's train_last to the number of "
            "the net's dense layers, the last one included."
        )
    return ", ".join(done)


def load(
    net: Net, start: str, data: str | None = None, faces: Tensor | None = None
) -> tuple[int, int]:
    """Copy the weights that fit by name and shape; the first convolution sums colours to grey.

    Args:
        net: whose weights are replaced.
        start: a file, which may be a model that howifeel-train exported, the name of one that
            ships, or a name of `KNOWN`.
        data: fingerprint of the pictures that the net is for; a run of howifeel-train on others may
            know those that choose. None takes any.
        faces: uint8 (n, 1, side, side), some of the run's, to `settle` an exported model with.

    Returns:
        How many tensors were taken, and how many the net has.

    Raises:
        AssetError: the file cannot be read or downloaded.
        SettingsError: nothing in it fits, or it is a run on other pictures.
    """
    wanted = net.state_dict()
    fitting = {}
    for name, value in net.translate(_weights(start, data, faces)).items():
        if name not in wanted:
            continue
        if value.ndim == 4 and value.shape[1] == 3 and wanted[name].shape[1] == 1:
            value = value.sum(1, keepdim=True)
        if value.shape == wanted[name].shape:
            fitting[name] = value
    if not any(value.ndim > 1 for value in fitting.values()):
        raise SettingsError(
            f"{start} has no weights that fit this net; choose the net and options that it was "
            "made with."
        )
    net.load_state_dict(fitting, strict=False)
    return len(fitting), len(wanted)


def freeze(net: nn.Module, last: int) -> None:
    """Keep all weights but those of the last layers; a norm belongs to the layer before it."""
    owners = [module for module in net.modules() if any(True for _ in module.parameters(False))]
    layers = [place for place, module in enumerate(owners) if not _is_norm(module)]
    first = layers[-last] if last < len(layers) else 0
    for module in owners[:first]:
        for parameter in module.parameters(recurse=False):
            parameter.requires_grad_(False)


def train_mode(net: nn.Module) -> None:
    """Training mode, in which frozen norms keep their statistics."""
    net.train()
    for module in net.modules():
        own = list(module.parameters(recurse=False))
        if own and not any(parameter.requires_grad for parameter in own):
            module.eval()


def _is_norm(module: nn.Module) -> bool:
    return isinstance(module, nn.modules.batchnorm._BatchNorm | nn.LayerNorm)


def _file(start: str) -> Path:
    if start not in KNOWN:
        path = exported(start) or Path(start)
        if not path.is_file():
            names = ", ".join([*assets.model_names(), *KNOWN])
            raise AssetError(
                f"There is no starting point {start!r}; give a file, or one of {names}."
            )
        return path
    url = KNOWN[start]
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"), "howifeel")
    path = cache / url.rpartition("/")[2]
    if not path.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        digest = path.stem.rpartition("-")[2]
        try:
            torch.hub.download_url_to_file(url, str(path), digest, progress=False)
        except (OSError, RuntimeError) as error:
            raise AssetError(
                f"{start} could not be downloaded ({error}); fetch {url} where there is a network, "
                "and give the recipe's start that file."
            ) from error
    return path


def _weights(start: str, data: str | None, faces: Tensor | None) -> dict[str, Tensor]:
    path = _file(start)
    if path.suffix == ".onnx":
        opened = reopen(path)
        if faces is not None:
            settle(opened.net, normalise(faces.float() / 255, opened.recipe))
        return opened.net.state_dict()
    values = _read(path)
    ours = isinstance(values.get("recipe"), str)
    if data is not None and ours and values.get("data") != data:
        raise SettingsError(
            f"The starting point {start} was trained on other pictures than this run has; use the "
            "same data and protocol for both."
        )
    for key in ("best", "state_dict"):
        if isinstance(values.get(key), dict):
            values = values[key]
    return {name: value for name, value in values.items() if isinstance(value, Tensor)}


def _read(path: Path) -> dict[str, Any]:
    damaged = AssetError(
        f"{path} cannot be read as weights; give a safetensors file or a state dictionary that "
        "holds tensors alone."
    )
    try:
        if path.suffix == ".safetensors":
            from safetensors.torch import load_file

            values = load_file(path)
        else:
            values = torch.load(path, map_location="cpu", weights_only=True)
    except ModuleNotFoundError as error:
        raise MissingPackageError(
            f"{path} needs the package {error.name} to be read; install it."
        ) from error
    except Exception as error:  # both raise whatever their decoders raise
        raise damaged from error
    if not isinstance(values, dict):
        raise damaged
    return values
