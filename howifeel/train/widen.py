"""A wider net that computes what a narrower one does (Chen et al. 2016, "Net2Net")."""

from __future__ import annotations

import torch
from torch import Tensor

from howifeel.errors import SettingsError

_NOISE = 0.05


def widened(narrow: dict[str, Tensor], wide: dict[str, Tensor], seed: int) -> dict[str, Tensor]:
    """Weights of the wider net: new channels repeat old ones, later layers share out their sum.

    arXiv 1511.05641, section 3.1, "Net2WiderNet". A little noise lets the copies part in training.

    Args:
        narrow: tensors of a trained net whose layers form one chain, in their order.
        wide: tensors of a net of the same layers, whose shapes are wanted.
        seed: chooses the channels that are repeated, and the noise.

    Raises:
        SettingsError: the nets differ in more than their width.
    """
    chance = torch.Generator().manual_seed(seed)
    result: dict[str, Tensor] = {}
    inputs = outputs = torch.arange(1)
    for name, wanted in wide.items():
        value = narrow.get(name)
        if value is None or value.ndim != wanted.ndim or value.shape[2:] != wanted.shape[2:]:
            raise SettingsError(
                f"A net is widened from one of the same layers, and {name} is not in both; choose "
                "the start's net."
            )
        if value.ndim > 1:
            if value.shape[1] != inputs.max() + 1 or wanted.shape[1] != len(inputs):
                raise SettingsError(
                    f"Only a chain of layers can be widened, and {name} is no link of one; "
                    "choose a plain net such as vgg8."
                )
            outputs = _repeats(value.shape[0], wanted.shape[0], name, chance)
            noise = _NOISE * value.std() * torch.randn(wanted.shape, generator=chance)
            share = torch.bincount(inputs)[inputs].view(1, -1, *[1] * (value.ndim - 2))
            grown = value.shape != wanted.shape
            value = value[outputs][:, inputs] / share + (noise if grown else 0)
            inputs = outputs
        elif value.ndim == 1:
            value = value[outputs]
        result[name] = value
    return result


def _repeats(old: int, new: int, name: str, chance: torch.Generator) -> Tensor:
    """Which old channel each new one repeats; every old one is among them."""
    if new < old:
        raise SettingsError(
            f"A net is widened from a narrower one, but {name} has {old} channels in the start and "
            f"{new} here; choose a greater width."
        )
    rest = torch.randint(old, (new - old,), generator=chance)
    return torch.cat([torch.arange(old), rest])
