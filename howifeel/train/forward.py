"""From faces to logits: build a recipe's network, feed it, take a trained one from a file."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from howifeel import emotions
from howifeel.train import nets
from howifeel.train.checkpoint import Checkpoint
from howifeel.train.data import FaceSet
from howifeel.train.ferplus import CLASSES as VOTED
from howifeel.train.nets import Net
from howifeel.train.recipe import Recipe
from howifeel.train.states import one_sentence_if_damaged

CLASSES = len(emotions.NAMES)


def build_net(recipe: Recipe) -> Net:
    """The recipe's network with random weights from its seed.

    Its first seven logits are the expressions; with a head for FER+ votes eight more follow.
    """
    torch.manual_seed(recipe.seed)
    outputs = CLASSES + (len(VOTED) if recipe.votes_head else 0)
    return nets.build(recipe.net, outputs, recipe.options)


def trained(checkpoint: Checkpoint) -> Net:
    """The chosen weights as a network in evaluation mode, on the CPU, with seven logits.

    Raises:
        AssetError: they do not fit the recipe.
    """
    net = build_net(checkpoint.recipe)
    with one_sentence_if_damaged():
        net.load_state_dict(checkpoint.best)
    if net.head.out_features > CLASSES:
        whole = net.head
        net.head = nn.Linear(whole.in_features, CLASSES)
        net.head.load_state_dict({k: v[:CLASSES] for k, v in whole.state_dict().items()})
    return net.eval()


@torch.no_grad()
def predict(net: nn.Module, faces: Tensor, recipe: Recipe, batch: int = 512) -> np.ndarray:
    """Logits, float32 (n, classes), for uint8 faces (n, 1, h, w) on the net's device."""
    net.eval()
    logits = []
    for part in faces.split(batch):
        with autocast(faces.device, recipe):
            logits.append(net(normalise(part.float() / 255, recipe))[0].float())
    return torch.cat(logits).cpu().numpy()


def normalise(faces: Tensor, recipe: Recipe) -> Tensor:
    """Network input from faces, float32 (n, 1, h, w), 0..1."""
    normalised = (faces - recipe.mean) / recipe.std
    return normalised.contiguous(memory_format=layout(recipe))


def as_tensor(faces: FaceSet, device: torch.device) -> Tensor:
    """The pictures as uint8 (n, 1, 48, 48) on a device."""
    return torch.from_numpy(faces.images.copy()).unsqueeze(1).to(device)


def autocast(device: torch.device, recipe: Recipe) -> torch.autocast:
    """The arithmetic that the recipe asks for."""
    return torch.autocast(device.type, torch.bfloat16, enabled=recipe.precision == "bf16")


def emulates(recipe: Recipe, device: torch.device) -> bool:
    """Whether the device has no arithmetic of the kind that the recipe asks for, and is slow in it.

    GPUs compute bf16 themselves from compute capability 8.0 on.
    """
    old = device.type == "cuda" and torch.cuda.get_device_capability(device) < (8, 0)
    return old and recipe.precision == "bf16"


def layout(recipe: Recipe) -> torch.memory_format:
    """Channels last is faster in bf16; in fp32 on a CPU it crashes PyTorch 2.13 for few channels.

    (1x1 convolution with stride 2 and 8 channels: memory is damaged in its backward pass.)
    """
    return torch.channels_last if recipe.precision == "bf16" else torch.contiguous_format
