"""What cameras do to faces: light, blur, distance, compression, noise; batched on the device.

Every function takes faces, float32 (n, 1, h, w), 0..1, how much to change, and a `Chance` on the
same device, and returns new faces in the same shape and range.

The runtime turns colour into grey as FER-2013's makers did; there is no colour left to vary here,
so what differs between cameras' colours is covered by `change_tone`.
"""

from __future__ import annotations

import functools
import math

import torch
from torch import Tensor
from torch.nn import functional

from howifeel.train.chance import Chance

_SMALLEST_PX, _LARGEST_PX = 24, 44
_WORST_QUALITY, _BEST_QUALITY = 15, 70
_BLOCK = 8
_LUMINANCE = (
    (16, 11, 10, 16, 24, 40, 51, 61),
    (12, 12, 14, 19, 26, 58, 60, 55),
    (14, 13, 16, 24, 40, 57, 69, 56),
    (14, 17, 22, 29, 51, 87, 80, 62),
    (18, 22, 37, 56, 68, 109, 103, 77),
    (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101),
    (72, 92, 95, 98, 112, 100, 103, 99),
)
"""Steps of a JPEG's luminance at quality 50 (ITU-T T.81, table K.1)."""


def change_tone(faces: Tensor, strength: float, chance: Chance) -> Tensor:
    """Random gamma, contrast about the face's mean, and brightness."""
    gamma, contrast, brightness = strength * chance.signed(3, len(faces), 1, 1, 1)
    faces = faces.clamp(1e-4, 1) ** torch.exp(gamma)
    mean = faces.mean((1, 2, 3), keepdim=True)
    return (mean + (faces - mean) * (1 + contrast) + brightness / 2).clamp(0, 1)


def light(faces: Tensor, strength: float, chance: Chance) -> Tensor:
    """Brighten one side and darken the opposite one by up to `strength`, in a random direction."""
    count, _, height, width = faces.shape
    angle = math.pi * chance.signed(count, 1, 1, 1)
    amount = strength * chance.uniform(count, 1, 1, 1)
    down = torch.linspace(-1, 1, height, device=faces.device).view(1, 1, -1, 1)
    across = torch.linspace(-1, 1, width, device=faces.device).view(1, 1, 1, -1)
    ramp = (torch.cos(angle) * across + torch.sin(angle) * down) / math.sqrt(2)
    return (faces * (1 + amount * ramp)).clamp(0, 1)


def blur(faces: Tensor, probability: float, chance: Chance) -> Tensor:
    """Gaussian blur with a standard deviation of 0.4 to 1.4 pixels on some faces."""
    count = len(faces)
    sigma = 0.4 + chance.uniform(count, 1)
    offsets = torch.arange(-2, 3, device=faces.device)
    kernel = torch.exp(-(offsets**2) / (2 * sigma**2))
    kernel = (kernel / kernel.sum(1, keepdim=True)).view(count, 1, 1, 1, 5)
    padded = functional.pad(faces, (2, 2, 2, 2), mode="replicate")
    rows = (padded.unfold(3, 5, 1) * kernel).sum(-1)
    both = (rows.unfold(2, 5, 1) * kernel).sum(-1)
    return torch.where(chance.chosen(count, probability), both, faces)


def shrink(faces: Tensor, probability: float, chance: Chance) -> Tensor:
    """Reduce some faces to 24..44 pixels, one size for the batch, and enlarge them: distance."""
    side = faces.shape[-1]
    small = int(chance.host.integers(_SMALLEST_PX, _LARGEST_PX + 1))
    chosen = chance.chosen(len(faces), probability)
    if small >= side:
        return faces
    reduced = functional.interpolate(faces, (small, small), mode="bilinear", antialias=True)
    return torch.where(
        chosen, functional.interpolate(reduced, (side, side), mode="bilinear"), faces
    )


def compress(faces: Tensor, probability: float, chance: Chance) -> Tensor:
    """Round the 8x8 cosine coefficients of some faces as JPEG does, at quality 15 to 70.

    The grid of blocks lies anywhere, as faces are cut out of larger pictures.
    """
    count, _, height, width = faces.shape
    quality = _WORST_QUALITY + (_BEST_QUALITY - _WORST_QUALITY) * chance.uniform(count, 1, 1, 1)
    scale = torch.where(quality < 50, 50 / quality, 2 - quality / 50)
    steps = (scale * _luminance(faces.device)).clamp(min=1).view(count, 1, 1, _BLOCK, _BLOCK)
    above, before = (int(offset) for offset in chance.host.integers(0, _BLOCK, 2))
    below, after = -(height + above) % _BLOCK, -(width + before) % _BLOCK
    padded = functional.pad(faces, (before, after, above, below), mode="replicate")
    rows, columns = padded.shape[2] // _BLOCK, padded.shape[3] // _BLOCK
    blocks = padded.view(count, rows, _BLOCK, columns, _BLOCK).transpose(2, 3)
    cosine = _cosines(faces.device)
    coefficients = cosine @ (255 * blocks - 128) @ cosine.T
    rounded = cosine.T @ (torch.round(coefficients / steps) * steps) @ cosine
    decoded = ((rounded + 128) / 255).transpose(2, 3).reshape(padded.shape)
    decoded = decoded[:, :, above : above + height, before : before + width].clamp(0, 1)
    return torch.where(chance.chosen(count, probability), decoded, faces)


def add_noise(faces: Tensor, probability: float, chance: Chance) -> Tensor:
    """Gaussian noise with a standard deviation of up to 0.06 on some faces."""
    count = len(faces)
    amount = 0.06 * chance.uniform(count, 1, 1, 1) * chance.chosen(count, probability)
    return (faces + amount * chance.normal(*faces.shape)).clamp(0, 1)


@functools.cache
def _cosines(device: torch.device) -> Tensor:
    """The orthonormal cosine transform of 8 values (DCT-II), float32 (8, 8)."""
    place = torch.arange(_BLOCK, dtype=torch.float64)
    matrix = torch.cos(math.pi / _BLOCK * (place + 0.5) * place[:, None]) * math.sqrt(2 / _BLOCK)
    matrix[0] /= math.sqrt(2)
    return matrix.float().to(device)


@functools.cache
def _luminance(device: torch.device) -> Tensor:
    return torch.tensor(_LUMINANCE, dtype=torch.float32, device=device)
