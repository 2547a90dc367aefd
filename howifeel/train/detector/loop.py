"""The training loop: from pictures to the best checkpoint."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

import cv2
import torch
from torch import Tensor
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from torch.utils.data import DataLoader

from howifeel.errors import OutputError, SettingsError
from howifeel.train.detector import checkpoint
from howifeel.train.detector.checkpoint import Checkpoint
from howifeel.train.detector.data import FaceData
from howifeel.train.detector.detectors import torch_detector
from howifeel.train.detector.evaluate import SizeResult, evaluate
from howifeel.train.detector.loss import detection_loss
from howifeel.train.detector.net import FaceNet
from howifeel.train.detector.preprocess import to_input
from howifeel.train.detector.priors import make_priors
from howifeel.train.detector.recipe import Recipe
from howifeel.train.detector.samples import Samples
from howifeel.train.states import one_sentence_if_damaged

EVALUATIONS = 10
SAVE_EVERY_S = 180
REPORT_EVERY = 20
LAST, BEST, LOG = "last.pt", "best.pt", "log.jsonl"


@dataclass(frozen=True, slots=True)
class Machine:
    """Where and how long to train; of this, only `minutes` changes what a step does.

    Attributes:
        device: "cpu" or "cuda".
        workers: processes that make samples; 0 makes them in this process.
        minutes: end after this time at the latest, with the learning rate at zero by then.
        pause_minutes: stop after this time, to go on later as if nothing had happened.
    """

    device: torch.device
    workers: int = 1
    minutes: float = math.inf
    pause_minutes: float = math.inf


@dataclass(frozen=True, slots=True)
class Progress:
    """A line of the log.

    Attributes:
        step: steps done.
        fraction: share of the run that is done, 0..1.
        elapsed_s: time spent training, in seconds.
        left_s: time left, in seconds, as far as one can tell.
        loss: mean loss since the line before.
        validation: results on the validation pictures, if the net was evaluated just now.
    """

    step: int
    fraction: float
    elapsed_s: float
    left_s: float
    loss: float
    validation: tuple[SizeResult, ...] = ()


def train(
    recipe: Recipe,
    data: FaceData,
    out: Path,
    machine: Machine,
    *,
    resume: bool = False,
    start: Checkpoint | None = None,
    report: Callable[[Progress], None] = lambda progress: None,
) -> Path | None:
    """Train; write `last.pt`, `best.pt` and `log.jsonl` into a folder.

    A run that begins anew first removes what an earlier one left of these.

    Args:
        recipe: what to train.
        data: the pictures.
        out: an existing folder.
        machine: where and how long.
        resume: go on from `last.pt`, if there is one.
        start: begin with the averaged weights of another run; layers that its net does not have
            in this shape begin anew.
        report: is called with every line of the log.

    Returns:
        The checkpoint whose averaged net did best on the validation pictures; None if the run was
        paused before its end.

    Raises:
        SettingsError: there are no photos with faces, `last.pt` is of another recipe, limit of
            time or data, or `start` is of another net.
        OutputError: the folder cannot be written.
    """
    if not data.photos:
        raise SettingsError("There is no training picture with a face; name another --data.")
    run = _Run(recipe, machine, data)
    if resume and (out / LAST).exists():
        run.restore(checkpoint.load(out / LAST))
    else:
        if start is not None:
            run.begin_with(start)
        _clear(out)
    for progress in _steps(run, data, out):
        _write_down(progress, out / LOG)
        report(progress)
    return out / BEST if run.fraction >= 1 else None


def _clear(out: Path) -> None:
    """Remove an earlier run; what it could go on from goes first."""
    for name in (LAST, BEST, LOG):
        try:
            (out / name).unlink(missing_ok=True)
        except OSError as error:
            raise OutputError(f"Cannot replace {out / name}: {error.strerror}.") from error


def _write_down(progress: Progress, log: Path) -> None:
    try:
        with log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(progress)) + "\n")
    except OSError as error:
        raise OutputError(f"Cannot write {log}: {error.strerror}.") from error


class _Run:
    """What changes from step to step."""

    def __init__(self, recipe: Recipe, machine: Machine, data: FaceData) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.machine, self.pictures = recipe, machine, data.told
        self.net = FaceNet(recipe.net).to(machine.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = AveragedModel(
            self.net, multi_avg_fn=_moving_average(recipe.average), use_buffers=True
        )
        self.optimizer = torch.optim.AdamW(
            self.net.parameters(), recipe.learning_rate, weight_decay=recipe.weight_decay
        )
        priors = make_priors(recipe.maps, recipe.width, recipe.height)
        self._priors = torch.from_numpy(priors).to(machine.device)
        self.step = 0
        self.best = 0.0
        self._started = time.monotonic()

    @property
    def elapsed_s(self) -> float:
        return time.monotonic() - self._started

    @property
    def fraction(self) -> float:
        by_time = self.elapsed_s / 60 / self.machine.minutes
        return min(1.0, max(self.step / self.recipe.steps, by_time))

    def restore(self, saved: Checkpoint) -> None:
        with one_sentence_if_damaged():
            saved.require(self.recipe, self.machine.minutes, self.pictures)
            assert saved.net is not None and saved.optimizer is not None
            self.net.load_state_dict(saved.net)
            self.average.module.load_state_dict(saved.average)
            self.average.n_averaged.fill_(saved.step)
            self.optimizer.load_state_dict(saved.optimizer)
            self.step, self.best = int(saved.step), float(saved.best)
            self._started = time.monotonic() - saved.elapsed_s

    def begin_with(self, other: Checkpoint) -> None:
        own = self.net.state_dict()
        with one_sentence_if_damaged():
            fitting = {
                name: values
                for name, values in other.average.items()
                if name in own and values.shape == own[name].shape
            }
        if len(fitting) < len(own) / 2:
            raise SettingsError("The checkpoint to start from is of a net of another shape.")
        self.net.load_state_dict(own | fitting)

    def save(self, path: Path, *, resumable: bool) -> None:
        net = self.net.state_dict() if resumable else None
        optimizer = self.optimizer.state_dict() if resumable else None
        average = self.average.module.state_dict()
        state = Checkpoint(
            self.recipe, self.step, self.elapsed_s, self.best, average, net, optimizer,
            self.machine.minutes, self.pictures,
        )  # fmt: skip
        checkpoint.save(state, path)

    def train_on(self, batch: tuple[Tensor, Tensor, Tensor]) -> Tensor:
        """One step; returns the loss without waiting for the device."""
        images, labels, offsets = batch
        device = self.machine.device
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(self.recipe, self.step, self.fraction)
        with torch.autocast(device.type, torch.bfloat16):
            predicted, logits = self.net(to_input(images, device))
        losses = detection_loss(
            predicted, logits, offsets.to(device), labels.to(device), self._priors,
            self.recipe.loss,
        )  # fmt: skip
        loss = losses.classes + losses.boxes
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        self.average.update_parameters(self.net)
        self.step += 1
        return loss.detach()

    def validate(self, data: FaceData) -> tuple[SizeResult, ...]:
        net = cast("FaceNet", self.average.module).eval()
        return evaluate(torch_detector(net, self.recipe, self.machine.device), data.validation)


def learning_rate(recipe: Recipe, step: int, fraction: float) -> float:
    """Linear warm-up, then a cosine from the highest learning rate to zero.

    Args:
        recipe: has the highest learning rate and the number of steps to reach it.
        step: steps done.
        fraction: share of the run that is done, 0..1.
    """
    warm = min(1.0, (step + 1) / recipe.warm_up)
    return recipe.learning_rate * warm * (1 + math.cos(math.pi * fraction)) / 2


def _steps(run: _Run, data: FaceData, out: Path) -> Iterator[Progress]:
    """Train to the end, saving on the way."""
    begun_s, begun_at, saved_s = run.elapsed_s, run.fraction, run.elapsed_s
    evaluated = int(run.fraction * EVALUATIONS)
    losses: list[Tensor] = []
    run.net.train()
    for batch in _batches(run, data) if begun_at < 1 else ():
        losses.append(run.train_on(batch))
        done = run.fraction
        due = int(done * EVALUATIONS) > evaluated
        pause = run.elapsed_s - begun_s > 60 * run.machine.pause_minutes
        if not due and not pause and run.step % REPORT_EVERY:
            continue
        validation: tuple[SizeResult, ...] = ()
        if due:
            evaluated = int(done * EVALUATIONS)
            validation = run.validate(data)
            score = sum(result.average_precision for result in validation) / len(validation)
            if score >= run.best:
                run.best = score
                run.save(out / BEST, resumable=False)
        if due or pause or run.elapsed_s - saved_s > SAVE_EVERY_S:
            run.save(out / LAST, resumable=True)
            saved_s = run.elapsed_s
        left_s = (run.elapsed_s - begun_s) / max(done - begun_at, 1e-9) * (1 - done)
        loss = float(torch.stack(losses).mean())
        losses.clear()
        yield Progress(run.step, done, run.elapsed_s, left_s, loss, validation)
        if done >= 1 or pause:
            return


def _batches(run: _Run, data: FaceData) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    recipe, workers = run.recipe, run.machine.workers
    samples = Samples(data, recipe)
    return iter(
        DataLoader(
            samples,
            batch_size=recipe.batch,
            sampler=range(run.step * recipe.batch, len(samples)),
            num_workers=workers,
            worker_init_fn=_one_thread,
            prefetch_factor=4 if workers else None,
            pin_memory=run.machine.device.type == "cuda",
        )
    )


def _moving_average(decay: float) -> Callable[..., None]:
    """The average's update; at first it forgets faster, so that it soon forgets the start."""

    def update(averages: list[Tensor], values: list[Tensor], updates: Tensor) -> None:
        n = float(updates)
        now = min(decay, (1 + n) / (10 + n))
        get_ema_multi_avg_fn(now)(averages, values, updates)

    return update


def _one_thread(worker: int) -> None:
    cv2.setNumThreads(0)
