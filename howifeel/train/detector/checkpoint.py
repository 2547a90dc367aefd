"""Saves a training run so that it can go on or be exported."""

from __future__ import annotations

import math
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from howifeel import assets
from howifeel.errors import AssetError, SettingsError
from howifeel.train import states
from howifeel.train.detector.net import FaceNet
from howifeel.train.detector.recipe import Recipe, from_dict

FORMAT = "howifeel-detector-1"


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """The state of a run after `step` steps.

    Random numbers need no state: each sample's come from the seed and the sample's number.

    Attributes:
        recipe: what is trained.
        step: number of steps done.
        elapsed_s: time spent training so far, in seconds.
        best: best validation score so far, 0..1.
        average: state of the averaged net, which is what ships.
        net: state of the net itself; None in a checkpoint that is only for export.
        optimizer: its state; None likewise.
        minutes: after how many the run ends, infinite if never; None in older files.
        pictures: what `FaceData.told` says of the data; None likewise.
    """

    recipe: Recipe
    step: int
    elapsed_s: float
    best: float
    average: dict[str, Any]
    net: dict[str, Any] | None = None
    optimizer: dict[str, Any] | None = None
    minutes: float | None = None
    pictures: str | None = None

    def require(self, recipe: Recipe, minutes: float, pictures: str) -> None:
        """Refuse to go on with anything that would change what is left of the run.

        Raises:
            SettingsError: the recipe, the limit of time or the pictures differ, or this
                checkpoint is only for export.
        """
        if self.recipe != recipe or self.net is None or self.optimizer is None:
            raise SettingsError(
                f"The run to resume is of the recipe {self.recipe.name!r} with other values; "
                "use the same recipe or another --out."
            )
        if self.minutes not in (None, minutes):
            given = "no --minutes" if self.minutes == math.inf else f"--minutes {self.minutes}"
            raise SettingsError(f"The run to resume began with {given}; give the same.")
        if self.pictures not in (None, pictures):
            raise SettingsError(
                f"The run to resume learns from {self.pictures}, not from {pictures}; "
                "give the same --data and --labelled."
            )

    def averaged_net(self) -> FaceNet:
        """The net that ships, in evaluation mode, on the CPU.

        Raises:
            AssetError: the state does not fit the recipe.
        """
        net = FaceNet(self.recipe.net)
        with states.one_sentence_if_damaged():
            net.load_state_dict(self.average)
        return net.eval()


def save(checkpoint: Checkpoint, path: Path) -> None:
    """Write a checkpoint, replacing an older one only when complete.

    Raises:
        OutputError: the file cannot be written.
    """
    values = {name: getattr(checkpoint, name) for name in Checkpoint.__slots__}
    values |= {"format": FORMAT, "recipe": checkpoint.recipe.as_dict()}
    states.write(values, path)


def load(path: Path) -> Checkpoint:
    """Read a checkpoint onto the CPU; no code in the file is run.

    Raises:
        AssetError: the file is missing, damaged, or not a checkpoint of this trainer.
        SettingsError: its recipe is not understood by this version.
    """
    damaged = AssetError(f"The checkpoint {path} is damaged; use a complete copy.")
    if not zipfile.is_zipfile(assets.existing(path)):
        raise AssetError(f"{path} is not a checkpoint; name a .pt file of this trainer.")
    try:
        values = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch.load raises whatever its decoders raise
        raise damaged from error
    if not isinstance(values, dict) or values.pop("format", None) != FORMAT:
        raise AssetError(f"{path} is not a checkpoint of this trainer; name one of its .pt files.")
    try:
        return Checkpoint(from_dict(values.pop("recipe")), **values)
    except (AttributeError, KeyError, TypeError) as error:
        raise damaged from error
