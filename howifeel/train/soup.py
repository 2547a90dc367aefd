"""The mean of the weights of several trainings of one network, a "model soup".

Wortsman et al., "Model soups", ICML 2022: trainings that went on from the same weights lie close
enough together for their mean to be as good as their ensemble, at the cost of one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

from howifeel.errors import SettingsError
from howifeel.train import checkpoint, forward
from howifeel.train.checkpoint import Checkpoint
from howifeel.train.lineage import SOURCES

MEAN_OF = "mean_of"
"""Of a checkpoint's notes: the recipes of all trainings, as TOML text."""


def mean(paths: Sequence[Path]) -> Checkpoint:
    """A checkpoint with the mean of the chosen weights; it can be exported, but not continued.

    Args:
        paths: checkpoints, at least two; recipe and notes are those of the first.

    Raises:
        AssetError: one is missing or damaged.
        SettingsError: there are too few, or they are of different networks or pictures.
    """
    if len(paths) < 2:
        raise SettingsError("A mean needs at least two checkpoints; name another one.")
    loaded = [checkpoint.load(path) for path in paths]
    recipes = [each.recipe.public().to_toml() for each in loaded]
    first, *others = map(_seven, loaded)
    for path, other in zip(paths[1:], others, strict=True):
        if (other.recipe.net, other.recipe.options) != (first.recipe.net, first.recipe.options):
            raise SettingsError(
                f"{path} is of another network than {paths[0]}; only weights of the same one have "
                "a mean. Use howifeel-train ensemble for different ones."
            )
        if other.data != first.data:
            raise SettingsError(
                f"{path} was trained on other pictures than {paths[0]}; use the same data and "
                "protocol for all."
            )
    everyone = [first, *others]
    best = {name: _mean([each.best[name] for each in everyone]) for name in first.best}
    sources = dict.fromkeys(text for each in loaded for text in each.notes.get(SOURCES, []))
    notes = first.notes | {MEAN_OF: recipes, SOURCES: list(sources)}
    return replace(first, net={}, average={}, optimizer={}, history=[], best=best, notes=notes)


def accuracy(saved: Checkpoint) -> float:
    """Share (0..1) that is right of the pictures its epoch was chosen on, single view."""
    faces = saved.choose_images.unsqueeze(1)
    logits = forward.predict(forward.trained(saved), faces, saved.recipe)
    return float((logits.argmax(1) == saved.choose_labels.numpy()).mean())


def _seven(saved: Checkpoint) -> Checkpoint:
    """The same without a head for FER+ votes."""
    weights = {name: value.clone() for name, value in forward.trained(saved).state_dict().items()}
    return replace(saved, recipe=replace(saved.recipe, votes_head=0.0), best=weights)


def _mean(values: list[Tensor]) -> Tensor:
    if not values[0].is_floating_point():
        return values[0]
    return torch.stack([value.float() for value in values]).mean(0)
