"""The flags of `howifeel-train detector`."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from pathlib import Path

from howifeel import plugins
from howifeel.train.detector import recipe

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
        help="may be given again (default: all that are installed, among them MTCNN, which is "
        "slow and may take minutes)",
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
