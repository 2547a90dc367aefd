"""The command `howifeel-train detector`: train, evaluate or export the face detector."""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import cv2
import torch

from howifeel import assets
from howifeel.errors import OutputError, SettingsError
from howifeel.train.detector import checkpoint, data, recipe
from howifeel.train.detector.detectors import caffe_detector
from howifeel.train.detector.evaluate import SizeResult, evaluate
from howifeel.train.detector.export import ARCHITECTURE, WEIGHTS, export
from howifeel.train.detector.loop import LAST, Machine, Progress, train

EXAMPLES = """examples:
  howifeel-train detector --data FOLDER --out runs/detector --minutes 50
  howifeel-train detector --data FOLDER --out runs/detector --resume
  howifeel-train detector evaluate --data FOLDER
  howifeel-train detector evaluate --data FOLDER --detector-files NET.prototxt NET.caffemodel
  howifeel-train detector export runs/detector/best.pt --out faceDetection --force
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags of `howifeel-train detector`."""
    parser.description = "Train the face detector, evaluate it and export it as a Caffe pair."
    parser.epilog = EXAMPLES
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--data", type=Path, help="folder with the Parquet files of face pictures")
    parser.add_argument("--out", type=Path, help="folder for checkpoints, log and exported files")
    parser.add_argument("--recipe", type=Path, help="TOML file with what differs from the default")
    parser.add_argument("--steps", type=_positive(int), help="number of batches")
    parser.add_argument(
        "--minutes", type=_positive(float), default=math.inf, help="end after this time at latest"
    )
    parser.add_argument("--start", type=Path, help="checkpoint whose weights to refine")
    parser.add_argument("--resume", action="store_true", help="go on where --out was left")
    parser.add_argument("--force", action="store_true", help="replace what an earlier run left")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--threads", type=_positive(int), help="of torch; default: all cores")
    parser.add_argument(
        "--workers", type=_not_negative, help="processes that make samples; default: 1 on a CPU"
    )
    actions = parser.add_subparsers(dest="detector_action", metavar="{evaluate,export}")

    test = actions.add_parser("evaluate", help="average precision and recall of a Caffe pair")
    test.add_argument("--data", type=Path, required=True, help="folder with the Parquet files")
    test.add_argument("--split", default="validation", help="start of the file names to read")
    test.add_argument(
        "--detector-files",
        type=Path,
        nargs=2,
        metavar=("PROTOTXT", "CAFFEMODEL"),
        help="default: the shipped pair",
    )
    test.add_argument("--threads", type=_positive(int), help="of OpenCV; default: all cores")
    test.add_argument("--json", action="store_true", help="print JSON")

    write = actions.add_parser("export", help="write the Caffe pair of a checkpoint")
    write.add_argument("checkpoint", type=Path, help="a .pt file of a training run")
    write.add_argument("--out", type=Path, required=True, help="folder for the two files")
    write.add_argument("--force", action="store_true", help="replace existing files")


def run(args: argparse.Namespace) -> int:
    """Do what the parsed flags ask for; returns the exit code.

    Raises:
        HowIFeelError: with one sentence that says what to do.
    """
    return {None: _train, "evaluate": _evaluate, "export": _export}[args.detector_action](args)


def _train(args: argparse.Namespace) -> int:
    source, out = args.data, args.out
    if source is None or out is None:
        raise SettingsError("Training needs --data and --out; see --help for examples.")
    plan = recipe.load(args.recipe) if args.recipe else recipe.Recipe()
    if args.steps:
        plan = replace(plan, steps=args.steps)
    if (out / LAST).exists() and not (args.resume or args.force):
        raise OutputError(f"{out} holds a run; use --resume to go on or --force to replace it.")
    machine = _machine(args)
    _use_threads(args.threads)
    start = checkpoint.load(args.start) if args.start else None
    faces = data.read(source)
    _make_folder(out)
    best = train(plan, faces, out, machine, resume=args.resume, start=start, report=_show)
    difference = export(checkpoint.load(best), out, force=True)
    print(f"Exported to {out}; OpenCV against torch: {difference}", file=sys.stderr)
    pair = caffe_detector(out / ARCHITECTURE, out / WEIGHTS)
    print(_table(evaluate(pair, faces.validation)))
    return 0


def _evaluate(args: argparse.Namespace) -> int:
    _use_threads(args.threads)
    prototxt, caffemodel = args.detector_files or assets.detector_files()
    detect = caffe_detector(prototxt, caffemodel)
    results = evaluate(detect, data.read_split(args.data, args.split))
    print(json.dumps([asdict(result) for result in results]) if args.json else _table(results))
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
    return Machine(torch.device(device), workers, args.minutes)


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


def _table(results: Sequence[SizeResult]) -> str:
    lines = ["faces of at least | number |    AP | recall at 0.1 / 1 false per picture | best F1"]
    for result in results:
        recalls = f"{result.recall_at_0_1:.3f} / {result.recall_at_1:.3f}"
        lines.append(
            f"{result.min_px:14d} px | {result.faces:6d} | {result.average_precision:.3f} "
            f"| {recalls:>36} | {result.best_f1:.3f} at score {result.best_score:.2f}"
        )
    return "\n".join(lines)


def _positive(kind: type[int] | type[float]) -> Callable[[str], int | float]:
    def parse(text: str) -> int | float:
        value = kind(text)
        if not value > 0:
            raise argparse.ArgumentTypeError(f"{text} is not above 0")
        return value

    parse.__name__ = "number"
    return parse


def _not_negative(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text} is below 0")
    return value
