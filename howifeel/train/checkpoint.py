"""The file that a training run continues from and that an export is made of."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from howifeel.errors import AssetError, SettingsError
from howifeel.train import states
from howifeel.train.recipe import Recipe, from_toml

_FORMAT = 1
_EARLIER = {"copies": "narrow"}
"""What the recipe of an earlier checkpoint meant where it does not say so."""


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """The state of a run after a whole epoch.

    Attributes:
        recipe: how the run trains.
        data: fingerprint of its pictures.
        history: one record for each finished epoch, as in log.jsonl.
        net, average: weights as trained, and their moving average; empty when made slim.
        optimizer: state of the optimiser; empty when made slim.
        best: averaged weights of the chosen epoch.
        choose_images: uint8 (n, 48, 48), what the epoch was chosen on; the export calibrates and
            checks itself on them.
        choose_labels: int64 (n,).
        notes: JSON-compatible facts about the run for the export, such as cleaning counts.
        fit_sample: uint8 (n, 48, 48), some of what the weights were fitted on, on which int8
            exports measure the ranges of activations; None in files of earlier versions.
    """

    recipe: Recipe
    data: str
    history: list[dict[str, float]]
    net: dict[str, Tensor]
    average: dict[str, Tensor]
    optimizer: dict[str, Any]
    best: dict[str, Tensor]
    choose_images: Tensor
    choose_labels: Tensor
    notes: dict[str, Any]
    fit_sample: Tensor | None = None

    def save(self, path: Path) -> None:
        """Write or replace the file.

        Raises:
            OutputError: it cannot be written.
        """
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        values |= {"recipe": self.recipe.to_toml(), "format": _FORMAT}
        states.write(values, path)

    def require_recipe(self, recipe: Recipe) -> None:
        """Refuse to continue with another recipe.

        Raises:
            SettingsError: it differs; the sentence says in what.
        """
        names = [
            spec.name
            for spec in fields(Recipe)
            if getattr(self.recipe, spec.name) != getattr(recipe, spec.name)
        ]
        if names:
            raise SettingsError(
                f"The checkpoint was made with another recipe (not the same: {', '.join(names)}); "
                "use that one, or --force in place of --resume to start again."
            )


def slim(checkpoint: Checkpoint) -> Checkpoint:
    """The same without what only a continued run needs, and with large weights in half precision.

    It is a fifth to an eighth of the size, and can be exported, averaged and learned from.
    """
    best = {k: v.half() if v.ndim > 1 else v for k, v in checkpoint.best.items()}
    return replace(checkpoint, net={}, average={}, optimizer={}, best=best)


def load(path: Path) -> Checkpoint:
    """Read a checkpoint onto the CPU; only tensors and plain values are accepted from the file.

    Raises:
        AssetError: it is missing, damaged or of another format.
        SettingsError: its recipe is not understood by this version.
    """
    if not path.is_file():
        raise AssetError(f"There is no checkpoint {path}; train one with howifeel-train.")
    damaged = AssetError(
        f"{path} is damaged or not a checkpoint of howifeel-train; use a complete copy."
    )
    try:
        values = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch.load raises whatever its decoders raise
        raise damaged from error
    if not isinstance(values, dict) or values.pop("format", None) != _FORMAT:
        raise damaged
    try:
        recipe = from_toml(values.pop("recipe"), f"the recipe in {path}", _EARLIER)
        return Checkpoint(recipe=recipe, **values)
    except (AttributeError, KeyError, TypeError) as error:
        raise damaged from error
