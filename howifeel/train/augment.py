"""Random changes of a batch of faces, all on the device that holds them.

Every function takes faces, float32 (n, 1, h, w), 0..1, and a `Chance` on the same device, and
returns new faces in the same range; the same seed gives the same faces.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

from howifeel.train import camera
from howifeel.train.chance import Chance
from howifeel.train.recipe import Recipe

_SMALLEST_CROP = 5 / 6
"""40 of 48 pixels."""


def augment(faces: Tensor, recipe: Recipe, chance: Chance, side: int) -> Tensor:
    """All changes of a recipe, in the order in which a camera makes them.

    Returns:
        float32 (n, 1, side, side), 0..1.
    """
    faces = move(faces, recipe, chance, side)
    for amount, change in (
        (recipe.light, camera.light),
        (recipe.tone, camera.change_tone),
        (recipe.blur, camera.blur),
        (recipe.shrink, camera.shrink),
        (recipe.noise, camera.add_noise),
        (recipe.jpeg, camera.compress),
        (recipe.erase, erase),
    ):
        if amount:
            faces = change(faces, amount, chance)
    return faces


def move(faces: Tensor, recipe: Recipe, chance: Chance, side: int) -> Tensor:
    """Flip, rotate, scale, squeeze, shift and crop in one resampling; edge pixels are repeated.

    Returns:
        float32 (n, 1, side, side).
    """
    count = len(faces)
    turn, zoom, squeeze, across, down, x, y = chance.signed(7, count)
    mirror = torch.where(chance.chosen(count, recipe.flip).view(-1), -1.0, 1.0)
    cropped = chance.chosen(count, recipe.crop).view(-1)
    crop = torch.where(cropped, 1 - (1 - _SMALLEST_CROP) * chance.uniform(count), 1.0)
    angle = math.radians(recipe.rotation) * turn
    zoom = crop * (1 + recipe.scale * zoom)
    squeeze = 1 + recipe.squeeze * squeeze
    cos, sin = torch.cos(angle) * zoom, torch.sin(angle) * zoom
    across = 2 * recipe.shift * across + (1 - crop) * x
    down = 2 * recipe.shift * down + (1 - crop) * y
    matrix = torch.stack(
        (
            torch.stack((mirror * cos * squeeze, -mirror * sin, across)),
            torch.stack((sin * squeeze, cos, down)),
        )
    ).permute(2, 0, 1)
    grid = functional.affine_grid(matrix, [count, 1, side, side], align_corners=False)
    if faces.shape[-1] != side:
        faces = functional.interpolate(faces, (side, side), mode="bilinear", antialias=True)
    return functional.grid_sample(
        faces, grid, mode="bilinear", padding_mode="border", align_corners=False
    )


def erase(faces: Tensor, probability: float, chance: Chance) -> Tensor:
    """Blank a rectangle of 15..45 % of each side on some faces with a random grey."""
    count, _, height, width = faces.shape
    covered = chance.chosen(count, probability)
    for length, shape in ((height, (1, 1, -1, 1)), (width, (1, 1, 1, -1))):
        extent = 0.15 + 0.3 * chance.uniform(count, 1, 1, 1)
        start = (1 - extent) * chance.uniform(count, 1, 1, 1)
        place = ((torch.arange(length, device=faces.device) + 0.5) / length).view(shape)
        covered = covered & (place >= start) & (place < start + extent)
    return torch.where(covered, chance.uniform(count, 1, 1, 1), faces)
