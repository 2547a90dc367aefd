"""One training run, epoch by epoch, on a data set that lies on the device as one tensor."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from howifeel.errors import HowIFeelError, SettingsError
from howifeel.train import metrics, pretrained
from howifeel.train.blend import cutmix, mixup
from howifeel.train.chance import Chance
from howifeel.train.checkpoint import Checkpoint
from howifeel.train.compiled import Decision, decide
from howifeel.train.distil import Teachers
from howifeel.train.ferplus import voted_classes
from howifeel.train.forward import CLASSES, autocast, build_net, layout
from howifeel.train.lineage import SOURCES, sources
from howifeel.train.objective import Objective, targets_of
from howifeel.train.optimise import climbed, optimizer
from howifeel.train.parallel import ALONE, World
from howifeel.train.protocol import Split
from howifeel.train.recipe import Recipe
from howifeel.train.schedule import MovingAverage, learning_rate
from howifeel.train.states import one_sentence_if_damaged
from howifeel.train.throughput import Stopwatch
from howifeel.train.views import Augmented, Recorded, Views

OnStep = Callable[[int, int], None]


class TrainingError(HowIFeelError):
    """A training run cannot go on."""


class DivergedError(TrainingError):
    """The loss of a training is no longer a number."""


class Run:
    """One training run; all of its state is in `Checkpoint`, so that it can be continued.

    Args:
        recipe: how to train.
        split: what to train and choose on.
        device: where to train.
        folder: an existing folder, for recorded features.
        world: the processes that train together.
    """

    def __init__(
        self,
        recipe: Recipe,
        split: Split,
        device: torch.device,
        folder: Path,
        world: World = ALONE,
    ) -> None:
        self.recipe = recipe
        self.split = split
        self.device = device
        self.world = world
        self.data = split.fingerprint()
        self.history: list[dict[str, float]] = []
        self.net = build_net(recipe)
        some = torch.from_numpy(split.fit_sample()).unsqueeze(1)
        self.start = pretrained.prepare(self.net, recipe, self.data, some)
        self.sources = sources(recipe)
        self.net.to(device)
        self.net.to(memory_format=layout(recipe))  # pyright: ignore[reportCallIssue]
        self.average = MovingAverage(self.net, recipe.ema)
        self.best = _copy_weights(self.average.net)
        self.optimizer = optimizer(self.net, recipe)
        self.views: Views = (
            Recorded(self.net, split.fit, split.choose, recipe, device, folder, write=world.first)
            if recipe.recorded
            else Augmented(split.fit, split.choose, recipe, device)
        )
        self.trained = self.views.trained(self.net)
        self.forward: nn.Module = world.wrap(self.trained)
        self.teachers = Teachers(recipe.distil, self.data, device) if recipe.distil else None
        self.labels = torch.from_numpy(split.fit.labels.copy()).to(device)
        self.objective = Objective(recipe, self.labels)
        self.targets = torch.from_numpy(targets_of(split.fit, recipe)).to(device)
        self.batch = world.batch(recipe.batch, len(split.fit))
        self.steps = len(split.fit) // self.batch
        self.compiled: bool | None = None

    def compile(self, choice: str) -> str:
        """Compile the network if the first process finds that it pays; see `compiled.decide`.

        Returns:
            What was decided and why, in a few words.
        """
        passes = 2 if self.recipe.sam else 1
        steps = (self.recipe.epochs - len(self.history)) * self.steps * passes
        if self.recipe.recorded:
            choice = "off"
        own = self.batch // self.world.size
        found = Decision(False, "")
        if self.world.first:
            earlier = self.compiled
            found = decide(self.trained, self.recipe, own, steps, self.device, choice, earlier)
        self.compiled = self.world.of_first(found.compiled)
        if self.compiled:
            self.trained.compile(dynamic=False)
        return found.reason

    def restore(self, saved: Checkpoint) -> None:
        """Continue where a checkpoint stopped.

        Raises:
            SettingsError: it is from another recipe or other data, or was made slim.
            AssetError: it is damaged.
        """
        saved.require_recipe(self.recipe)
        if saved.data != self.data:
            raise SettingsError(
                "The checkpoint was made with other data; use the same, or --force in place of "
                "--resume to start again."
            )
        if not saved.net:
            raise SettingsError(
                "The checkpoint was made slim and cannot be continued; use --force in place of "
                "--resume to start again."
            )
        with one_sentence_if_damaged():
            self.net.load_state_dict(saved.net)
            self.average.net.load_state_dict(saved.average)
            self.optimizer.load_state_dict(saved.optimizer)
            self.best = {name: value.to(self.device) for name, value in saved.best.items()}
            self.history = list(saved.history)
            self.compiled = saved.notes.get("compiled")

    def checkpoint(self) -> Checkpoint:
        """The state after the last whole epoch."""
        cleaning = self.split.cleaning
        notes: dict[str, Any] = {
            "choose_name": self.split.choose_name,
            "fitted_on": len(self.split.fit),
            "cleaning": asdict(cleaning) if cleaning else None,
            "start": self.start,
            SOURCES: self.sources,
            "compiled": self.compiled,
        }
        return Checkpoint(
            recipe=self.recipe,
            data=self.data,
            history=self.history,
            net=self.net.state_dict(),
            average=self.average.net.state_dict(),
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
            DivergedError: the loss is no longer a number.
        """
        started = time.monotonic()
        index = len(self.history)
        record: dict[str, float] = {"epoch": index + 1, "side": self.recipe.side_at(index)}
        record |= self._train(index, on_step)
        record |= self._judge()
        record["seconds"] = round(time.monotonic() - started, 2)
        if record["choose_accuracy"] > max(
            (r["choose_accuracy"] for r in self.history), default=-1
        ):
            self.best = _copy_weights(self.average.net)
        self.history.append(record)
        return record

    def _train(self, index: int, on_step: OnStep) -> dict[str, float]:
        recipe, world = self.recipe, self.world
        started, passes = time.perf_counter(), Stopwatch(self.device)
        seed = recipe.seed * 100_003 + index
        torch.manual_seed(seed + world.rank)
        order = np.random.default_rng(seed).permutation(len(self.labels))
        order = order[: self.steps * self.batch].reshape(self.steps, self.batch)
        positions = world.share(torch.from_numpy(order)).to(self.device)
        chance = Chance(seed * world.size + world.rank, self.device)
        loss_sum = torch.zeros((), device=self.device)
        hits = torch.zeros((), device=self.device)
        pretrained.train_mode(self.forward)
        batches = self.views.batches(positions, chance, recipe.side_at(index))
        for step, (chosen, seen) in enumerate(zip(positions, batches, strict=True)):
            seen, targets = self._blend(seen, self.targets[chosen], chance)
            loss, logits = self._step(seen, targets, index * self.steps + step, passes)
            loss_sum += loss
            hits += (logits[:, :CLASSES].argmax(1) == self.labels[chosen]).sum()
            on_step(step + 1, self.steps)
        mean_loss = world.mean(loss_sum) / self.steps
        if not math.isfinite(mean_loss):
            raise DivergedError("The loss is no longer a number; lower lr in the recipe.")
        accuracy = world.mean(hits) * world.size / order.size
        in_passes, whole = passes.seconds(), time.perf_counter() - started
        return {
            "loss": mean_loss,
            "train_accuracy": accuracy,
            "pictures_per_s": round(order.size / whole, 1),
            "outside_passes": round(max(0.0, 1 - in_passes / whole), 4),
        }

    def _blend(self, seen: Tensor, targets: Tensor, chance: Chance) -> tuple[Tensor, Tensor]:
        recipe = self.recipe
        if recipe.recorded:
            return seen, targets
        if recipe.cutmix and chance.host.random() < recipe.cutmix:
            return cutmix(seen, targets, chance.host.random(), chance)
        if recipe.mixup and chance.host.random() < recipe.mixup_share:
            share = chance.host.beta(recipe.mixup, recipe.mixup)
            return mixup(seen, targets, max(share, 1 - share), chance)
        return seen, targets

    def _step(
        self, seen: Tensor, targets: Tensor, step: int, passes: Stopwatch
    ) -> tuple[Tensor, Tensor]:
        recipe = self.recipe
        rate = learning_rate(
            step,
            recipe.epochs * self.steps,
            round(recipe.warmup_epochs * self.steps),
            recipe.lr,
        )
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        inputs = self.views.prepared(seen)
        with passes.running():
            taught = self.teachers(seen) if self.teachers else None
            loss, logits = self._backward(inputs, targets, taught)
        if recipe.sam:
            with climbed(self.net, recipe.sam), passes.running():
                self._backward(inputs, targets, taught)
        nn.utils.clip_grad_norm_(self.net.parameters(), recipe.clip)
        self.optimizer.step()
        self.average.update(step)
        return loss, logits

    def _backward(
        self, inputs: Tensor, targets: Tensor, taught: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        self.optimizer.zero_grad()
        with autocast(self.device, self.recipe):
            logits = self.forward(inputs)[0]
        loss = self.objective(logits, targets, taught)
        loss.backward()
        return loss.detach(), logits.detach()

    def _judge(self) -> dict[str, float]:
        choose = self.split.choose
        logits = self.views.answers(self.average.net)
        probabilities = metrics.softmax(logits[:, :CLASSES])
        record = {
            "choose_loss": metrics.negative_log_likelihood(probabilities, choose.labels),
            "choose_accuracy": float((probabilities.argmax(1) == choose.labels).mean()),
        }
        if self.recipe.votes_head and choose.votes is not None:
            wanted = voted_classes(choose.votes)
            hits = logits[:, CLASSES:].argmax(1) == wanted.argmax(1)
            record["votes_accuracy"] = float(hits[wanted.sum(1) > 0].mean())
        return record


def _copy_weights(net: nn.Module) -> dict[str, Tensor]:
    return {name: value.detach().clone() for name, value in net.state_dict().items()}
