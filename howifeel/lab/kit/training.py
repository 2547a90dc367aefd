"""Networks that an experiment trains itself, always by the same protocol."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from howifeel import assets
from howifeel.errors import AssetError, SettingsError
from howifeel.lab.kit.out import Out
from howifeel.lab.kit.study import Study
from howifeel.train import checkpoint, loop, nets, pretrained
from howifeel.train.checkpoint import Checkpoint
from howifeel.train.forward import predict, trained
from howifeel.train.lineage import exported
from howifeel.train.parallel import device_of
from howifeel.train.protocol import Split
from howifeel.train.recipe import Recipe

SMALL_WIDTH = 8
_LARGEST_BATCH = 64


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """A network that was trained and measured.

    Attributes:
        label: what it is called.
        saved: its checkpoint.
        logits: float32 (n, 7), its answers on the study's test pictures.
        hits: bool (n,), which of these it has right.
        seconds: how long its training took, over all parts of a continued run.
        parameters: number of weights.
    """

    label: str
    saved: Checkpoint
    logits: NDArray[np.float32]
    hits: NDArray[np.bool_]
    seconds: float
    parameters: int

    @property
    def accuracy(self) -> float:
        """Share of the test pictures that it names right, 0..1."""
        return float(self.hits.mean())


def check_nets(flag: str, names: Sequence[str]) -> None:
    """Refuse architectures that do not exist, before any work is done.

    Raises:
        SettingsError: one does not.
    """
    for name in names:
        if name not in nets.names():
            raise SettingsError(f"{flag} cannot be {name!r}; use {', '.join(nets.names())}.")


def start_in_words(start: str | Path) -> str:
    """The file that a training starts from, without its folder; of a download, its name.

    Raises:
        AssetError: the file is missing or cannot be read.
    """
    if str(start) in pretrained.KNOWN:
        return str(start)
    path = exported(str(start)) or assets.existing(Path(start))
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise AssetError(f"Cannot read {path}: {error.strerror or error}.") from error
    return f"{path.name} (SHA-256 {digest[:12]})"


def plain(seed: int, epochs: int, width: int, net: str) -> Recipe:
    """A recipe that suits short runs on few pictures: mild augmentation, no blending."""
    return Recipe(
        seed=seed,
        net=net,
        options={"width": width} if "width" in nets.options(net, {}) else {},
        epochs=epochs,
        lr=3e-3,
        ema=0.9,
        label_smoothing=0.05,
        mixup=0.0,
        erase=0.0,
        tone=0.1,
        shrink=0.0,
        blur=0.0,
        noise=0.0,
    )


def small(seed: int, epochs: int) -> Recipe:
    """The recipe of the net that stands in where no model is given: one that learns at once."""
    return plain(seed, epochs, SMALL_WIDTH, "vgg8")


def fit(
    recipe: Recipe,
    study: Study,
    out: Out,
    *,
    label: str,
    device: str = "auto",
    batch: int | None = None,
    on_epoch: Callable[[dict[str, float]], None] = lambda record: None,
) -> Checkpoint:
    """Train to the last epoch; what an earlier, interrupted call did is not done again.

    Args:
        recipe: how.
        study: on `fit`, the epoch chosen on `choose`.
        out: `work` holds the run, `progress` is told.
        label: names the run; unique in the experiment.
        device: auto, cpu or cuda.
        batch: pictures in a step; None chooses by the number of pictures, see `batch_for`.
        on_epoch: called after each epoch with its record.

    Raises:
        DivergedError: the loss is no longer a number.
        TrainingError: the GPU's memory is not enough.
    """
    folder = out.work / re.sub(r"[^\w.-]+", "-", label)
    folder.mkdir(parents=True, exist_ok=True)
    recipe = replace(recipe, batch=batch or batch_for(len(study.fit)))
    previous = folder / loop.CHECKPOINT_FILE
    done = len(checkpoint.load(previous).history) if previous.exists() else 0

    def on_step(step: int, steps: int) -> None:
        out.progress(label, done * steps + step, recipe.epochs * steps)

    def after_epoch(record: dict[str, float]) -> None:
        nonlocal done
        done = int(record["epoch"])
        on_epoch(record)

    torch.backends.cudnn.deterministic = True
    return loop.fit(
        recipe,
        Split(study.fit, study.choose, "a part of Training", None),
        folder,
        device=device_of(device),
        resume=True,
        on_step=on_step,
        on_epoch=after_epoch,
    )


def batch_for(pictures: int) -> int:
    """A batch that makes an epoch over so many pictures more than a few steps."""
    return max(2, min(pictures // 4, max(16, pictures // 40), _LARGEST_BATCH))


def outcome(
    recipe: Recipe,
    study: Study,
    out: Out,
    *,
    label: str,
    device: str = "auto",
    batch: int | None = None,
) -> Outcome:
    """Train and measure; see `fit`."""
    saved = fit(recipe, study, out, label=label, device=device, batch=batch)
    net = trained(saved).to(device_of(device))
    pictures = torch.from_numpy(study.test.images.copy()).unsqueeze(1).to(device_of(device))
    logits = predict(net, pictures, saved.recipe)
    return Outcome(
        label=label,
        saved=saved,
        logits=logits,
        hits=logits.argmax(1) == study.test.labels,
        seconds=sum(record["seconds"] for record in saved.history),
        parameters=sum(parameter.numel() for parameter in net.parameters()),
    )


def fingerprint(saved: Checkpoint) -> str:
    """SHA-256 of a checkpoint's chosen weights, 64 hex digits."""
    digest = hashlib.sha256()
    for name in sorted(saved.best):
        digest.update(name.encode())
        digest.update(saved.best[name].cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()
