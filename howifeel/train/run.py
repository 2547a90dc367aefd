"""One training run from a data set to a finished model, its figures and its pictures."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from howifeel.errors import OutputError, SettingsError, Stopped
from howifeel.files import atomic
from howifeel.train import checkpoint, loop, metrics, outputs, plots, readers
from howifeel.train.export import Exported, export
from howifeel.train.outputs import CHECKPOINT_FILE, MODEL_FILE, SCORES_FILE
from howifeel.train.parallel import device_of, joined
from howifeel.train.progress import EpochProgress
from howifeel.train.protocol import split
from howifeel.train.recipe import Recipe
from howifeel.train.scores import Scores


def train(
    recipe: Recipe,
    data: Path,
    out: Path,
    *,
    device: str = "auto",
    threads: int | None = None,
    resume: bool = False,
    force: bool = False,
    minutes: float = math.inf,
    compile: str = "auto",
    tensorboard: bool = False,
    weights_only: bool = False,
) -> Scores | None:
    """Train, choose the epoch, calibrate, export and measure.

    Writes checkpoint.pt, log.jsonl, model.onnx, scores.json, curves.png, confusion.png and
    calibration.png into `out`. PrivateTest and unnamed test folders are not measured here. Under
    torchrun every process calls this, and the first one writes.

    Args:
        recipe: how to train.
        data: a data set that `readers.read` understands.
        out: folder for the results; created if missing.
        device: auto, cpu or cuda.
        threads: CPU threads of PyTorch; None leaves its default.
        resume: continue the run that `out` holds.
        force: replace the run that `out` holds; not together with `resume`.
        minutes: begin no epoch after so long; the run can be continued.
        compile: "auto", "on" or "off"; see `compiled.decide`.
        tensorboard: write curves for TensorBoard, too.
        weights_only: leave out export, measurement and pictures; they can be made elsewhere.

    Returns:
        The figures on the part that the epoch was chosen on; None where nothing was exported.

    Raises:
        HowIFeelError: data, recipe or output cannot be used; see the modules it calls.
        Stopped: Ctrl-C, when an epoch is kept.
    """
    place = device_of(device)
    if threads is not None:
        torch.set_num_threads(threads)
    torch.backends.cudnn.deterministic = True
    done = _epochs_done(recipe, out, resume=resume, force=force)
    if weights_only and done >= recipe.epochs:
        return None
    with joined(place) as world:
        progress = EpochProgress(recipe, done) if world.first else None
        divided = split(readers.read(data), recipe)
        _make_folder(out)
        try:
            finished = loop.fit(
                recipe,
                divided,
                out,
                device=place,
                resume=resume,
                minutes=minutes,
                compile=compile,
                tensorboard=tensorboard,
                world=world,
                **_told(progress),
            )
        except KeyboardInterrupt as stop:
            if (out / CHECKPOINT_FILE).exists():
                raise Stopped(f"{out} keeps the last epoch; --resume continues the run.") from stop
            raise
    if progress is None:
        return None
    if len(finished.history) < recipe.epochs:
        progress.note("The time is over and epochs are left; --resume continues the run.")
        return None
    if weights_only:
        return None
    exported = export(finished, out / MODEL_FILE, force=True)
    _report(finished, exported, out)
    return exported.scores


def _told(progress: EpochProgress | None) -> dict[str, Any]:
    if progress is None:
        return {}
    return {"on_step": progress.step, "on_epoch": progress.epoch, "on_note": progress.note}


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"Cannot create the folder {out}: {error.strerror}.") from error


def _epochs_done(recipe: Recipe, out: Path, *, resume: bool, force: bool) -> int:
    if resume and force:
        raise SettingsError("--resume continues a run and --force replaces it; give one of them.")
    path = out / CHECKPOINT_FILE
    if resume and path.exists():
        saved = checkpoint.load(path)
        saved.require_recipe(recipe)
        return len(saved.history)
    if path.exists() and not force:
        raise OutputError(f"{out} holds a run; use --resume to continue or --force to replace it.")
    if (found := outputs.found(out)) and not force:
        raise OutputError(
            f"{out} holds {found[0].name} without a run to continue; use --force to replace it, or "
            "choose another --out."
        )
    return 0


def _report(finished: checkpoint.Checkpoint, exported: Exported, out: Path) -> None:
    labels = finished.choose_labels.numpy()
    spec = exported.spec
    plots.curves(finished.history, finished.notes["choose_name"], out / outputs.CURVES_FILE)
    plots.confusion(exported.scores, out / outputs.CONFUSION_FILE)
    plots.calibration(
        metrics.softmax(exported.logits),
        spec.unbiased().probabilities(exported.logits),
        labels,
        spec.unsure_below,
        out / outputs.CALIBRATION_FILE,
    )
    report = {
        "scores": exported.scores.as_dict(),
        "cleaning": finished.notes["cleaning"],
        "spec": asdict(spec),
    }
    with atomic(out / SCORES_FILE, force=True) as unfinished:
        unfinished.write_text(json.dumps(report, indent=2) + "\n", "utf-8")
