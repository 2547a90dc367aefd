"""Random changes of a batch of faces, all on the device that holds them.

Every function takes faces, float32 (n, 1, h, w), 0..1, and a generator on the same device, and
returns new faces in the same range; the same generator state gives the same faces.
"""

from __future__ import annotations

import math

import torch
from torch import Generator, Tensor
from torch.nn import functional

from howifeel.train.recipe import Recipe

_SMALLEST_PX, _LARGEST_PX = 24, 44


def augment(faces: Tensor, recipe: Recipe, generator: Generator, side: int) -> Tensor:
    """All changes of a recipe, in the order in which a camera makes them.

    Returns:
        float32 (n, 1, side, side), 0..1.
    """
    faces = move(faces, recipe, generator, side)
    faces = change_tone(faces, recipe.tone, generator)
    faces = blur(faces, recipe.blur, generator)
    faces = shrink(faces, recipe.shrink, generator)
    faces = add_noise(faces, recipe.noise, generator)
    return erase(faces, recipe.erase, generator)


def move(faces: Tensor, recipe: Recipe, generator: Generator, side: int) -> Tensor:
    """Flip, rotate, scale, squeeze and shift in one resampling; edge pixels are repeated.

    Returns:
        float32 (n, 1, side, side).
    """
    count = len(faces)
    angle = math.radians(recipe.rotation) * _signed(faces, generator)
    zoom = 1 + recipe.scale * _signed(faces, generator)
    squeeze = 1 + recipe.squeeze * _signed(faces, generator)
    mirror = torch.where(_chosen(faces, recipe.flip, generator), -1.0, 1.0)
    cos, sin = torch.cos(angle) * zoom, torch.sin(angle) * zoom
    matrix = torch.stack(
        (
            torch.stack((mirror * cos * squeeze, -mirror * sin, _shift(faces, recipe, generator))),
            torch.stack((sin * squeeze, cos, _shift(faces, recipe, generator))),
        )
    ).permute(2, 0, 1)
    grid = functional.affine_grid(matrix, [count, 1, side, side], align_corners=False)
    if faces.shape[-1] != side:
        faces = functional.interpolate(faces, (side, side), mode="bilinear", antialias=True)
    return functional.grid_sample(
        faces, grid, mode="bilinear", padding_mode="border", align_corners=False
    )


def change_tone(faces: Tensor, strength: float, generator: Generator) -> Tensor:
    """Random gamma, contrast about the face's mean, and brightness."""
    gamma, contrast, brightness = (
        (strength * _signed(faces, generator)).view(-1, 1, 1, 1) for _ in range(3)
    )
    faces = faces.clamp(1e-4, 1) ** torch.exp(gamma)
    mean = faces.mean((1, 2, 3), keepdim=True)
    return (mean + (faces - mean) * (1 + contrast) + brightness / 2).clamp(0, 1)


def blur(faces: Tensor, probability: float, generator: Generator) -> Tensor:
    """Gaussian blur with a standard deviation of 0.4 to 1.4 pixels on some faces."""
    count = len(faces)
    sigma = 0.4 + torch.rand(count, 1, generator=generator, device=faces.device)
    chosen = _chosen(faces, probability, generator).view(-1, 1, 1, 1)
    offsets = torch.arange(-2, 3, device=faces.device)
    kernel = torch.exp(-(offsets**2) / (2 * sigma**2))
    kernel = kernel / kernel.sum(1, keepdim=True)
    stacked = functional.pad(faces, (2, 2, 2, 2), mode="replicate").transpose(0, 1)
    rows = functional.conv2d(stacked, kernel.view(count, 1, 5, 1), groups=count)
    both = functional.conv2d(rows, kernel.view(count, 1, 1, 5), groups=count)
    return torch.where(chosen, both.transpose(0, 1), faces)


def shrink(faces: Tensor, probability: float, generator: Generator) -> Tensor:
    """Reduce some faces to a random 24..44 pixels and enlarge them again: a distant face."""
    side = faces.shape[-1]
    small = int(torch.randint(_SMALLEST_PX, _LARGEST_PX + 1, (1,), generator=generator,
                              device=faces.device))  # fmt: skip
    chosen = _chosen(faces, probability, generator).view(-1, 1, 1, 1)
    if small >= side:
        return faces
    reduced = functional.interpolate(faces, (small, small), mode="bilinear", antialias=True)
    return torch.where(
        chosen, functional.interpolate(reduced, (side, side), mode="bilinear"), faces
    )


def add_noise(faces: Tensor, probability: float, generator: Generator) -> Tensor:
    """Gaussian noise with a standard deviation of up to 0.06 on some faces."""
    amount = 0.06 * torch.rand(len(faces), generator=generator, device=faces.device)
    amount = amount * _chosen(faces, probability, generator)
    noise = torch.randn(faces.shape, generator=generator, device=faces.device)
    return (faces + amount.view(-1, 1, 1, 1) * noise).clamp(0, 1)


def erase(faces: Tensor, probability: float, generator: Generator) -> Tensor:
    """Blank a rectangle of 15..45 % of each side on some faces with a random grey."""
    count, _, height, width = faces.shape
    covered = _chosen(faces, probability, generator).view(-1, 1, 1)
    for length, axis in ((height, 1), (width, 2)):
        extent = 0.15 + 0.3 * torch.rand(count, generator=generator, device=faces.device)
        start = (1 - extent) * torch.rand(count, generator=generator, device=faces.device)
        place = (torch.arange(length, device=faces.device) + 0.5) / length
        inside = (place >= start[:, None]) & (place < (start + extent)[:, None])
        covered = covered & inside.unsqueeze(3 - axis)
    grey = torch.rand(count, 1, 1, 1, generator=generator, device=faces.device)
    return torch.where(covered.unsqueeze(1), grey, faces)


def mixup(
    faces: Tensor, targets: Tensor, share: float, generator: Generator
) -> tuple[Tensor, Tensor]:
    """Blend each face and its target with another one of the batch (Zhang et al. 2018).

    Args:
        faces: float32 (n, 1, h, w).
        targets: float32 (n, classes), rows that sum to 1.
        share: how much of each face stays, 0..1.
        generator: on the same device.

    Returns:
        Faces and targets, shapes as given.
    """
    order = torch.randperm(len(faces), generator=generator, device=faces.device)
    blended = share * faces + (1 - share) * faces[order]
    return blended, share * targets + (1 - share) * targets[order]


def _shift(faces: Tensor, recipe: Recipe, generator: Generator) -> Tensor:
    return 2 * recipe.shift * _signed(faces, generator)


def _signed(faces: Tensor, generator: Generator) -> Tensor:
    return 2 * torch.rand(len(faces), generator=generator, device=faces.device) - 1


def _chosen(faces: Tensor, probability: float, generator: Generator) -> Tensor:
    return torch.rand(len(faces), generator=generator, device=faces.device) < probability
