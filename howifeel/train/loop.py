"""The training loop: from epoch to epoch, with checkpoints, a log and a limit of time."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import torch

from howifeel.train import checkpoint, outputs, pretrained
from howifeel.train.checkpoint import Checkpoint
from howifeel.train.epochs import OnStep, Run, TrainingError
from howifeel.train.forward import emulates
from howifeel.train.log import Log
from howifeel.train.outputs import CHECKPOINT_FILE
from howifeel.train.parallel import ALONE, World
from howifeel.train.protocol import Split
from howifeel.train.recipe import Recipe

_SAVING_SHARE = 0.05
"""A checkpoint is written after an epoch if that costs at most this share of the time."""

OnEpoch = Callable[[dict[str, float]], None]
OnNote = Callable[[str], None]


@contextmanager
def _one_sentence_without_memory() -> Iterator[None]:
    try:
        yield
    except torch.OutOfMemoryError as error:
        raise TrainingError(
            "The GPU's memory is not enough; lower batch in the recipe, or end other programs "
            "that use the GPU."
        ) from error


@_one_sentence_without_memory()
def fit(
    recipe: Recipe,
    split: Split,
    out: Path,
    *,
    device: torch.device,
    resume: bool = False,
    minutes: float = math.inf,
    compile: str = "off",
    tensorboard: bool = False,
    world: World = ALONE,
    on_step: OnStep = lambda done, total: None,
    on_epoch: OnEpoch = lambda record: None,
    on_note: OnNote = lambda text: None,
) -> Checkpoint:
    """Train to the last epoch, or until the time is over; keep `checkpoint.pt` and `log.jsonl`.

    Stopped at any time and called again with `resume`, it ends with the same weights as a run
    that was not stopped. The checkpoint is written after an epoch as often as costs little time.

    Args:
        recipe: how to train.
        split: what to train and choose on.
        out: an existing folder.
        device: where to train.
        resume: continue from the folder's checkpoint if it has one; without that, what an earlier
            run left there is removed before the first epoch.
        minutes: begin no epoch after so long.
        compile: "auto", "on" or "off".
        tensorboard: write curves for TensorBoard.
        world: the processes that train together; each one calls this.
        on_step: called after each step with the number done and the number in the epoch.
        on_epoch: called after each epoch with its record.
        on_note: called with what else is worth knowing.

    Returns:
        The last state; `history` tells whether all epochs are done.

    Raises:
        AssetError: the starting point or a teacher cannot be read.
        SettingsError: the folder's checkpoint is from another recipe or other data, or the starting
            point or a teacher is from other data.
        OutputError: a file cannot be written.
        DivergedError: the loss is no longer a number.
        TrainingError: the GPU's memory is not enough.
    """
    started = time.monotonic()
    run = Run(recipe, split, device, out, world)
    path = out / CHECKPOINT_FILE
    if resume and path.exists():
        run.restore(checkpoint.load(path))
    if not resume and world.first:
        outputs.remove(out)
    if run.start:
        on_note(run.start)
    if emulates(recipe, device):
        on_note('This GPU is slow in bf16; precision = "fp32" in the recipe suits it better.')
    if len(run.history) < recipe.epochs:
        pretrained.train_mode(run.net)
        on_note(run.compile(compile))
    log = Log(out, tensorboard=tensorboard) if world.first else None
    kept, kept_at, cost = len(run.history), -math.inf, 0.0
    while len(run.history) < recipe.epochs and not world.any(
        time.monotonic() - started > 60 * minutes
    ):
        record = run.epoch(on_step)
        now = time.monotonic()
        if log:
            log.add(record)
        if log and now - kept_at >= cost / _SAVING_SHARE:
            run.checkpoint().save(path)
            log.keep(run.history)
            kept, kept_at = len(run.history), time.monotonic()
            cost = kept_at - now
        on_epoch(record)
    finished = run.checkpoint()
    if log and kept < len(run.history):
        finished.save(path)
        log.keep(run.history)
    if log:
        log.close()
    return finished
