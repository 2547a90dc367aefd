"""A frozen base's features of whole data sets, on disk, and the top that is trained on them.

The quick way of using a pre-trained network (feature extraction without augmentation); the other
way, a frozen base with new layers end to end, needs only `start` and `train_last` in a recipe.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from howifeel.files import atomic
from howifeel.train.forward import autocast, normalise
from howifeel.train.nets import Net
from howifeel.train.recipe import Recipe

_DIGITS = 16


class Top(nn.Module):
    """Only what comes after a network's base.

    Args:
        net: the whole network; its weights are shared.
    """

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.net = net

    def forward(self, features: Tensor) -> tuple[Tensor, None]:
        """Logits (n, classes) of features (n, k, h, w)."""
        return self.net.top(features), None


@torch.no_grad()
def recorded(
    net: Net, faces: Tensor, recipe: Recipe, folder: Path, part: str, *, write: bool = True
) -> Tensor:
    """Features of all faces, kept on disk as a NumPy array.

    The file's name holds a hash of faces and base, so that it is taken up where both are the same.

    Args:
        net: whose base is used.
        faces: uint8 (n, 1, h, w), on the net's device.
        recipe: how faces are normalised.
        folder: where the file lies.
        part: of the data; it begins the file's name.
        write: replace the part's file where it does not fit.

    Returns:
        float16 (n, k, h, w), on the same device.

    Raises:
        OutputError: the file cannot be written.
    """
    net.eval()
    path = folder / f"features-{part}-{_key(net, faces, recipe)}.npy"
    shape = (len(faces), *_features(net, faces[:1], recipe).shape[1:])
    with suppress(OSError, ValueError, EOFError):
        found = np.load(path, allow_pickle=False)
        if found.shape == shape and found.dtype == np.float16:
            return torch.from_numpy(found).to(faces.device)
    features = torch.cat([_features(net, some, recipe) for some in faces.split(512)])
    if write:
        with atomic(path, force=True) as unfinished, unfinished.open("wb") as file:
            np.save(file, features.cpu().numpy())
        for old in folder.glob(f"features-{part}-{'[0-9a-f]' * _DIGITS}.npy"):
            if old != path:
                old.unlink(missing_ok=True)
    return features


def _features(net: Net, faces: Tensor, recipe: Recipe) -> Tensor:
    with autocast(faces.device, recipe):
        return net.base(normalise(faces.float() / 255, recipe)).half()


def _key(net: Net, faces: Tensor, recipe: Recipe) -> str:
    """Hexadecimal digits that stand for all that decides the features."""
    digest = hashlib.sha256(faces.cpu().numpy().tobytes())
    how = (recipe.net, sorted(recipe.options.items()), recipe.mean, recipe.std, recipe.precision)
    digest.update(repr(how).encode())
    for name, value in sorted(net.state_dict().items()):
        if name.split(".")[0] not in net.tops:
            digest.update(name.encode())
            digest.update(value.cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:_DIGITS]
