"""The training loop: epochs over a data set that lies on the device as one tensor."""

from __future__ import annotations

import copy
import json
import math
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Generator, Tensor, nn
from torch.nn import functional

from howifeel import emotions, plugins
from howifeel.errors import HowIFeelError, SettingsError
from howifeel.files import atomic
from howifeel.train import checkpoint, metrics
from howifeel.train.augment import augment, mixup
from howifeel.train.checkpoint import Checkpoint
from howifeel.train.data import FaceSet
from howifeel.train.protocol import Split, soft_targets
from howifeel.train.recipe import Recipe
from howifeel.train.schedule import learning_rate, update_average

CHECKPOINT_FILE = "checkpoint.pt"
LOG_FILE = "log.jsonl"

OnStep = Callable[[int, int], None]
OnEpoch = Callable[[dict[str, float]], None]


class TrainingError(HowIFeelError):
    """A training run cannot go on."""


def build_net(recipe: Recipe) -> nn.Module:
    """The recipe's network with random weights from its seed."""
    torch.manual_seed(recipe.seed)
    module = plugins.load("howifeel.train.nets", recipe.net)
    return module.build(len(emotions.NAMES), width=recipe.width, dropout=recipe.dropout)


class Run:
    """One training run; all of its state is in `Checkpoint`, so that it can be continued.

    Args:
        recipe: how to train.
        split: what to train and choose on.
        device: where to train.
    """

    def __init__(self, recipe: Recipe, split: Split, device: torch.device) -> None:
        self.recipe = recipe
        self.split = split
        self.device = device
        self.data = split.fingerprint()
        self.history: list[dict[str, float]] = []
        self.net = build_net(recipe).to(device)
        self.net.to(memory_format=_layout(recipe))  # pyright: ignore[reportCallIssue]
        self.average = copy.deepcopy(self.net)
        self.best = _copy_weights(self.average)
        self.optimizer = _optimizer(self.net, recipe)
        self._faces = as_tensor(split.fit, device)
        self._labels = torch.from_numpy(split.fit.labels.copy()).to(device)
        self._targets = torch.from_numpy(soft_targets(split.fit, recipe)).to(device)
        self._batch = min(recipe.batch, len(split.fit))
        self._steps_per_epoch = len(split.fit) // self._batch

    def restore(self, saved: Checkpoint) -> None:
        """Continue where a checkpoint stopped.

        Raises:
            SettingsError: it is from another recipe or other data.
        """
        if saved.recipe != self.recipe:
            raise SettingsError(
                "The checkpoint was made with another recipe; use that one, or --force to start "
                "again."
            )
        if saved.data != self.data:
            raise SettingsError(
                "The checkpoint was made with other data; use the same, or --force to start again."
            )
        self.net.load_state_dict(saved.net)
        self.average.load_state_dict(saved.average)
        self.optimizer.load_state_dict(saved.optimizer)
        self.best = saved.best
        self.history = list(saved.history)

    def checkpoint(self) -> Checkpoint:
        """The state after the last whole epoch."""
        cleaning = self.split.cleaning
        notes: dict[str, Any] = {
            "choose_name": self.split.choose_name,
            "fitted_on": len(self.split.fit),
            "cleaning": asdict(cleaning) if cleaning else None,
        }
        return Checkpoint(
            recipe=self.recipe,
            data=self.data,
            history=self.history,
            net=self.net.state_dict(),
            average=self.average.state_dict(),
            optimizer=self.optimizer.state_dict(),
            best=self.best,
            choose_images=torch.from_numpy(self.split.choose.images.copy()),
            choose_labels=torch.from_numpy(self.split.choose.labels.copy()),
            notes=notes,
            fit_sample=torch.from_numpy(self.split.fit_sample()),
        )

    def epoch(self, on_step: OnStep) -> dict[str, float]:
        """Train one more epoch, measure it, and keep its weights if they are the best so far.

        Returns:
            The epoch's record, which is also appended to `history`.

        Raises:
            TrainingError: the loss is no longer a number.
        """
        started = time.monotonic()
        index = len(self.history)
        side = self.recipe.side_at(index)
        loss, train_accuracy = self._train(index, side, on_step)
        logits = predict(self.average, as_tensor(self.split.choose, self.device), self.recipe)
        probabilities = metrics.softmax(logits)
        labels = self.split.choose.labels
        record = {
            "epoch": index + 1,
            "side": side,
            "loss": loss,
            "train_accuracy": train_accuracy,
            "choose_loss": metrics.negative_log_likelihood(probabilities, labels),
            "choose_accuracy": float((probabilities.argmax(1) == labels).mean()),
            "seconds": round(time.monotonic() - started, 2),
        }
        if record["choose_accuracy"] > max(
            (r["choose_accuracy"] for r in self.history), default=-1
        ):
            self.best = _copy_weights(self.average)
        self.history.append(record)
        return record

    def _train(self, index: int, side: int, on_step: OnStep) -> tuple[float, float]:
        recipe, steps = self.recipe, self._steps_per_epoch
        seed = recipe.seed * 100_003 + index
        torch.manual_seed(seed)
        host = np.random.default_rng(seed)
        generator = Generator(self.device).manual_seed(seed)
        order = torch.from_numpy(host.permutation(len(self._faces))).to(self.device)
        loss_sum = torch.zeros((), device=self.device)
        hits = torch.zeros((), device=self.device)
        self.net.train()
        for step in range(steps):
            chosen = order[step * self._batch : (step + 1) * self._batch]
            faces = augment(self._faces[chosen].float() / 255, recipe, generator, side)
            targets = self._targets[chosen]
            if recipe.mixup:
                share = host.beta(recipe.mixup, recipe.mixup)
                faces, targets = mixup(faces, targets, max(share, 1 - share), generator)
            loss, logits = self._step(faces, targets, index * steps + step)
            loss_sum += loss
            hits += (logits.argmax(1) == self._labels[chosen]).sum()
            on_step(step + 1, steps)
        mean_loss = float(loss_sum) / steps
        if not math.isfinite(mean_loss):
            raise TrainingError("The loss is no longer a number; lower lr in the recipe.")
        return mean_loss, float(hits) / (steps * self._batch)

    def _step(self, faces: Tensor, targets: Tensor, step: int) -> tuple[Tensor, Tensor]:
        recipe = self.recipe
        rate = learning_rate(
            step,
            recipe.epochs * self._steps_per_epoch,
            round(recipe.warmup_epochs * self._steps_per_epoch),
            recipe.lr,
        )
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        with _autocast(self.device, recipe):
            logits, _ = self.net(normalise(faces, recipe))
        loss = functional.cross_entropy(logits.float(), targets)
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), recipe.clip)
        self.optimizer.step()
        update_average(self.average, self.net, recipe.ema, step)
        return loss.detach(), logits.detach()


def fit(
    recipe: Recipe,
    split: Split,
    out: Path,
    *,
    device: torch.device,
    resume: bool = False,
    on_step: OnStep = lambda done, total: None,
    on_epoch: OnEpoch = lambda record: None,
) -> Checkpoint:
    """Train to the last epoch; write `checkpoint.pt` and `log.jsonl` after each one.

    Stopped at any time and called again with `resume`, it ends with the same weights as a run
    that was not stopped.

    Args:
        recipe: how to train.
        split: what to train and choose on.
        out: an existing folder.
        device: where to train.
        resume: continue from the folder's checkpoint if it has one.
        on_step: called after each step with the number done and the number in the epoch.
        on_epoch: called after each epoch with its record.

    Raises:
        SettingsError: the folder's checkpoint is from another recipe or other data.
        OutputError: a file cannot be written.
        TrainingError: the loss is no longer a number.
    """
    run = Run(recipe, split, device)
    path = out / CHECKPOINT_FILE
    if resume and path.exists():
        run.restore(checkpoint.load(path))
    while len(run.history) < recipe.epochs:
        record = run.epoch(on_step)
        run.checkpoint().save(path)
        with atomic(out / LOG_FILE, force=True) as unfinished:
            unfinished.write_text("".join(json.dumps(r) + "\n" for r in run.history), "utf-8")
        on_epoch(record)
    return run.checkpoint()


@torch.no_grad()
def predict(net: nn.Module, faces: Tensor, recipe: Recipe, batch: int = 512) -> np.ndarray:
    """Logits, float32 (n, 7), for uint8 faces (n, 1, h, w) on the net's device."""
    net.eval()
    logits = []
    for part in faces.split(batch):
        with _autocast(faces.device, recipe):
            logits.append(net(normalise(part.float() / 255, recipe))[0].float())
    return torch.cat(logits).cpu().numpy()


def normalise(faces: Tensor, recipe: Recipe) -> Tensor:
    """Network input from faces, float32 (n, 1, h, w), 0..1."""
    normalised = (faces - recipe.mean) / recipe.std
    return normalised.contiguous(memory_format=_layout(recipe))


def as_tensor(faces: FaceSet, device: torch.device) -> Tensor:
    """The pictures as uint8 (n, 1, 48, 48) on a device."""
    return torch.from_numpy(faces.images.copy()).unsqueeze(1).to(device)


def _optimizer(net: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    decayed = [p for p in net.parameters() if p.ndim > 1]
    others = [p for p in net.parameters() if p.ndim <= 1]
    groups = [
        {"params": decayed, "weight_decay": recipe.weight_decay},
        {"params": others, "weight_decay": 0.0},
    ]
    if recipe.optimizer == "adamw":
        return torch.optim.AdamW(groups, lr=recipe.lr)
    return torch.optim.SGD(groups, lr=recipe.lr, momentum=0.9, nesterov=True)


def _autocast(device: torch.device, recipe: Recipe) -> torch.autocast:
    return torch.autocast(device.type, torch.bfloat16, enabled=recipe.precision == "bf16")


def _layout(recipe: Recipe) -> torch.memory_format:
    """Channels last is faster in bf16; in fp32 on a CPU it crashes PyTorch 2.13 for few channels.

    (1x1 convolution with stride 2 and 8 channels: memory is damaged in its backward pass.)
    """
    return torch.channels_last if recipe.precision == "bf16" else torch.contiguous_format


def _copy_weights(net: nn.Module) -> dict[str, Tensor]:
    return {name: value.detach().clone() for name, value in net.state_dict().items()}
