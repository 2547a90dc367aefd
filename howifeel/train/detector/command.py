"""The command `howifeel-train detector`: train, evaluate, label pictures, export."""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import cv2
import torch

from howifeel import plugins
from howifeel.errors import MissingPackageError, OutputError, SettingsError, SourceError
from howifeel.train.detector import checkpoint, data, recipe
from howifeel.train.detector.detectors import caffe_detector, named_detector
from howifeel.train.detector.evaluate import Detect, evaluate
from howifeel.train.detector.export import ARCHITECTURE, WEIGHTS, export
from howifeel.train.detector.jitter import Jitter, jitter
from howifeel.train.detector.label import LabelRule, label, write
from howifeel.train.detector.loop import LAST, Machine, Progress, train
from howifeel.train.detector.report import Report, size_table, text
from howifeel.train.detector.speed import busy_picture, least_ms

EXAMPLES = """examples:
  howifeel-train detector --data FOLDER --out runs/detector --minutes 50
  howifeel-train detector --data FOLDER --out runs/detector --resume
  howifeel-train detector --data FOLDER --out runs/detector --recipe gpu --pause-minutes 9
  howifeel-train detector label --data FOLDER --out labelled
  howifeel-train detector --data FOLDER --labelled labelled --out runs/detector
  howifeel-train detector evaluate --data FOLDER --video still-face.mp4
  howifeel-train detector evaluate --data FOLDER --detector-files NET.prototxt NET.caffemodel
  howifeel-train detector export runs/detector/best.pt --out faceDetection --force
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags of `howifeel-train detector`."""
    parser.description = "Train the face detector, evaluate it and export it as a Caffe pair."
    parser.epilog = EXAMPLES
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--data", type=Path, help="folder with the Parquet files of face pictures")
    parser.add_argument("--labelled", type=Path, help="folder that the action `label` wrote")
    parser.add_argument("--out", type=Path, help="folder for checkpoints, log and exported files")
    shipped = ", ".join(sorted(path.stem for path in recipe.RECIPES.glob("*.toml")))
    parser.add_argument(
        "--recipe",
        help=f"TOML file with what differs from the default, or a shipped one: {shipped}",
    )
    parser.add_argument("--steps", type=_positive(int), help="number of batches")
    parser.add_argument(
        "--minutes", type=_positive(float), default=math.inf, help="end after this time at latest"
    )
    parser.add_argument(
        "--pause-minutes", type=_positive(float), default=math.inf,
        help="stop after this time, to go on with --resume as if nothing had happened",
    )  # fmt: skip
    parser.add_argument("--start", type=Path, help="checkpoint whose weights to refine")
    parser.add_argument("--resume", action="store_true", help="go on where --out was left")
    parser.add_argument("--force", action="store_true", help="replace what an earlier run left")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--threads", type=_positive(int), help="of torch; default: all cores")
    parser.add_argument(
        "--workers", type=_not_negative, help="processes that make samples; default: 1 on a CPU"
    )
    actions = parser.add_subparsers(dest="detector_action", metavar="{evaluate,label,export}")

    test = actions.add_parser("evaluate", help="accuracy, speed and jitter of detectors")
    test.add_argument("--data", type=Path, required=True, help="folder with marked pictures")
    test.add_argument("--split", default="validation", help="which of them (default: validation)")
    which = test.add_mutually_exclusive_group()
    which.add_argument(
        "--detector", action="append", choices=plugins.names("howifeel.detect"),
        help="may be given again (default: all)",
    )  # fmt: skip
    which.add_argument(
        "--detector-files", type=Path, nargs=2, metavar=("PROTOTXT", "CAFFEMODEL"),
        help="any SSD for OpenCV instead",
    )  # fmt: skip
    test.add_argument(
        "--video",
        action="append",
        default=[],
        metavar="FILE",
        help="measure jitter; again for more",
    )
    test.add_argument(
        "--face-score", type=float, default=0.5, help="least score of a face in videos"
    )
    test.add_argument(
        "--repeat", type=_not_negative, default=15, help="runs for the speed; 0 leaves it out"
    )
    test.add_argument("--threads", type=_positive(int), help="of OpenCV; default: all cores")
    test.add_argument("--json", action="store_true", help="print JSON")

    mark = actions.add_parser(
        "label", help="mark faces where the shipped detector and MTCNN agree, for --labelled"
    )
    mark.add_argument("--data", type=Path, required=True, help="folder with unmarked pictures")
    mark.add_argument("--split", default="unboxed", help="which of them (default: unboxed)")
    mark.add_argument("--out", type=Path, required=True, help="folder for the marked pictures")
    mark.add_argument("--threads", type=_positive(int), help="of torch; default: all cores")
    mark.add_argument("--force", action="store_true", help="replace an existing file")

    write = actions.add_parser("export", help="write the Caffe pair of a checkpoint")
    write.add_argument("checkpoint", type=Path, help="a .pt file of a training run")
    write.add_argument("--out", type=Path, required=True, help="folder for the two files")
    write.add_argument("--force", action="store_true", help="replace existing files")


def run(args: argparse.Namespace) -> int:
    """Do what the parsed flags ask for; returns the exit code.

    Raises:
        HowIFeelError: with one sentence that says what to do.
    """
    actions = {None: _train, "evaluate": _evaluate, "label": _label, "export": _export}
    return actions[args.detector_action](args)


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
    faces = data.read(source, args.labelled)
    _make_folder(out)
    best = train(plan, faces, out, machine, resume=args.resume, start=start, report=_show)
    if best is None:
        print(f"Paused; go on with: --out {out} --resume", file=sys.stderr)
        return 0
    difference = export(checkpoint.load(best), out, force=True)
    print(f"Exported to {out}; OpenCV against torch: {difference}", file=sys.stderr)
    pair = caffe_detector(out / ARCHITECTURE, out / WEIGHTS)
    print(size_table(evaluate(pair, faces.validation)))
    return 0


def _evaluate(args: argparse.Namespace) -> int:
    _use_threads(args.threads)
    chosen = _chosen(args)
    pictures = data.read_split(args.data, args.split)
    if not pictures:
        raise SourceError(f"The split {args.split} of {args.data} is empty; name another --split.")
    reports = [
        Report(name, evaluate(detect, pictures), {}, _jitters(detect, args))
        for name, detect in chosen.items()
    ]
    if args.repeat:
        image = busy_picture(pictures)
        for threads in (1, 2):
            for report, ms in zip(
                reports, least_ms(chosen, image, threads, args.repeat).values(), strict=True
            ):
                report.ms[threads] = ms
    print(json.dumps([asdict(report) for report in reports]) if args.json else text(reports))
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


def _jitters(detect: Detect, args: argparse.Namespace) -> dict[str, Jitter]:
    results = {}
    for spec in args.video:
        from howifeel.video import open_source  # needs PyAV, which training does not

        with open_source(spec) as frames:
            results[Path(spec).name] = jitter(detect, frames, args.face_score)
    return results


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
