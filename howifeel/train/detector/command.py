"""The command `howifeel-train detector`: train, evaluate, label pictures, export."""

from __future__ import annotations

import argparse
import json
import math
import os
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, replace
from pathlib import Path

import cv2
import torch

from howifeel import plugins
from howifeel.errors import (
    MissingPackageError,
    OutputError,
    SettingsError,
    SourceError,
    Stopped,
)
from howifeel.train.detector import checkpoint, data, recipe
from howifeel.train.detector.detectors import caffe_detector, named_detector
from howifeel.train.detector.evaluate import Detect, Done, evaluate
from howifeel.train.detector.export import ARCHITECTURE, WEIGHTS, export
from howifeel.train.detector.jitter import Jitter, jitter
from howifeel.train.detector.label import LabelRule, label, write
from howifeel.train.detector.loop import BEST, LAST, LOG, Machine, Progress, train
from howifeel.train.detector.report import Report, accuracy, size_table, speed
from howifeel.train.detector.speed import busy_picture, least_ms
from howifeel.types import Frame

Follow = Callable[[str, str], AbstractContextManager[Done]]
"""Shows progress while it is entered; given what is worked on, and its unit in the plural."""


def _unseen(label: str, unit: str) -> AbstractContextManager[Done]:
    return nullcontext(lambda done, total: None)


def run(args: argparse.Namespace, follow: Follow = _unseen) -> int:
    """Do what the parsed flags ask for; returns the exit code.

    Args:
        args: the flags, see `flags`.
        follow: shows the progress of an evaluation.

    Raises:
        HowIFeelError: with one sentence that says what to do.
    """
    if args.detector_action == "evaluate":
        return _evaluate(args, follow)
    return {None: _train, "label": _label, "export": _export}[args.detector_action](args)


def _train(args: argparse.Namespace) -> int:
    source, out = args.data, args.out
    if source is None or out is None:
        raise SettingsError("Training needs --data and --out; see --help for examples.")
    plan = recipe.load(args.recipe) if args.recipe else recipe.Recipe()
    if args.steps:
        plan = replace(plan, steps=args.steps)
    _check_folder(out, resume=args.resume, force=args.force)
    machine = _machine(args)
    _use_threads(args.threads)
    start = checkpoint.load(args.start) if args.start else None
    faces = data.read(source, args.labelled)
    _make_folder(out)
    try:
        best = train(plan, faces, out, machine, resume=args.resume, start=start, report=_show)
    except KeyboardInterrupt as stop:
        if (out / LAST).exists():
            raise Stopped(f"go on with: {_to_resume(args)}") from stop
        raise
    if best is None:
        print(f"Paused; go on with: {_to_resume(args)}", file=sys.stderr)
        return 0
    difference = export(checkpoint.load(best), out, force=True)
    print(f"Exported to {out}; OpenCV against torch: {difference}", file=sys.stderr)
    pair = caffe_detector(out / ARCHITECTURE, out / WEIGHTS)
    print(size_table(evaluate(pair, faces.validation)))
    return 0


def _check_folder(out: Path, *, resume: bool, force: bool) -> None:
    """Refuse to replace what nobody said to replace."""
    if resume and force:
        raise SettingsError(
            "--resume goes on with a run and --force replaces it; give one of them."
        )
    if force or (resume and (out / LAST).exists()):
        return
    if (out / LAST).exists():
        raise OutputError(f"{out} holds a run; use --resume to go on or --force to replace it.")
    for name in (BEST, LOG, ARCHITECTURE, WEIGHTS):
        if (out / name).exists():
            raise OutputError(
                f"{out} holds {name} without a run to go on with; use --force to replace it, or "
                "choose another --out."
            )


def _to_resume(args: argparse.Namespace) -> str:
    """The command that goes on with a run, as one types it."""
    words = ["howifeel-train", "detector"]
    for flag in _KEPT_FLAGS:
        value = getattr(args, flag[2:].replace("-", "_"))
        if value not in (None, math.inf, "auto"):
            words += [flag, str(value)]
    return shlex.join([*words, "--resume"])


_KEPT_FLAGS = (
    "--data", "--labelled", "--out", "--recipe", "--steps", "--minutes", "--pause-minutes",
    "--device", "--threads", "--workers",
)  # fmt: skip


def _evaluate(args: argparse.Namespace, follow: Follow) -> int:
    """Each table is printed as soon as it is known, as a slow detector may come next."""
    _use_threads(args.threads)
    chosen = _chosen(args)
    pictures = data.read_split(args.data, args.split)
    if not pictures:
        raise SourceError(f"The split {args.split} of {args.data} is empty; name another --split.")
    reports = []
    for name, detect in chosen.items():
        with follow(name, "pictures") as done:
            sizes = evaluate(detect, pictures, done=done)
        reports.append(Report(name, sizes, {}, _jitters(name, detect, args, follow)))
        if not args.json:
            print(accuracy(reports[-1]), end="\n\n", flush=True)
    if args.repeat:
        image = busy_picture(pictures)
        for threads in (1, 2):
            with follow(f"speed with {threads} thread(s)", "rounds") as done:
                least = least_ms(chosen, image, threads, args.repeat, done)
            for report in reports:
                report.ms[threads] = least[report.detector]
        if not args.json:
            print(speed(reports))
    if args.json:
        print(json.dumps([asdict(report) for report in reports]))
    return 0


def _chosen(args: argparse.Namespace) -> dict[str, Detect]:
    """The detectors to evaluate by name; of all, those that can start."""
    if args.detector_files:
        return {args.detector_files[1].name: caffe_detector(*args.detector_files)}
    chosen = {}
    for name in args.detector or plugins.names("howifeel.detect"):
        try:
            chosen[name] = named_detector(name)
        except MissingPackageError as error:
            if args.detector:
                raise
            print(f"Left out {name}: {error}", file=sys.stderr)
    return chosen


def _jitters(
    name: str, detect: Detect, args: argparse.Namespace, follow: Follow
) -> dict[str, Jitter]:
    results = {}
    for spec in args.video:
        from howifeel.video import open_source  # needs PyAV, which training does not

        video = Path(spec).name
        with open_source(spec) as frames, follow(f"{name}, {video}", "frames") as done:
            total = frames.info.frames
            results[video] = jitter(detect, _counted(frames, done, total), args.face_score)
    return results


def _counted(frames: Iterable[Frame], done: Done, total: int | None) -> Iterator[Frame]:
    for number, frame in enumerate(frames, 1):
        yield frame
        done(number, total)


def _label(args: argparse.Namespace) -> int:
    _use_threads(args.threads)
    _make_folder(args.out)
    first, second = named_detector("caffe_ssd"), named_detector("mtcnn")
    images = data.read_unmarked(args.data, args.split)
    done = write(label(images, first, second, LabelRule()), args.out, force=args.force)
    print(
        f"{done.kept} of {done.pictures} pictures have a face that both detectors see: "
        f"{done.faces} faces, and {done.doubtful} places that only one takes for a face."
    )
    return 0


def _export(args: argparse.Namespace) -> int:
    state = checkpoint.load(args.checkpoint)
    _make_folder(args.out)
    print(f"OpenCV against torch: {export(state, args.out, force=args.force)}")
    return 0


def _machine(args: argparse.Namespace) -> Machine:
    has_cuda = torch.cuda.is_available()
    if args.device == "cuda" and not has_cuda:
        raise SettingsError("There is no CUDA device that torch can use; use --device cpu.")
    device = "cuda" if has_cuda and args.device != "cpu" else "cpu"
    workers = args.workers
    if workers is None:
        workers = min(8, os.cpu_count() or 1) if device == "cuda" else 1
    return Machine(torch.device(device), workers, args.minutes, args.pause_minutes)


def _use_threads(threads: int | None) -> None:
    if threads:
        torch.set_num_threads(threads)
        cv2.setNumThreads(threads)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"Cannot make the folder {folder}: {error.strerror}.") from error


def _show(progress: Progress) -> None:
    """On a terminal one line that stays; else a line whenever the net was evaluated."""
    left = f"{progress.left_s / 60:.1f} min left"
    line = f"step {progress.step} ({progress.fraction:.0%}), loss {progress.loss:.3f}, {left}"
    if progress.validation:
        scores = " / ".join(f"{result.average_precision:.3f}" for result in progress.validation)
        sizes = " / ".join(str(result.min_px) for result in progress.validation)
        line += f", validation AP {scores} for faces >= {sizes} px"
    if sys.stderr.isatty():
        end = "\n" if progress.validation else ""
        print(f"\r\x1b[K{line}", end=end, file=sys.stderr, flush=True)
    elif progress.validation:
        print(line, file=sys.stderr, flush=True)
