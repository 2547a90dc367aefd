"""`howifeel-check`: loads a model or detector and tries it out; see `howifeel.probe`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from howifeel.classify.onnx import OnnxClassifier
from howifeel.cli import common
from howifeel.detect.caffe_ssd import CaffeSSD
from howifeel.errors import SettingsError
from howifeel.printable import printable
from howifeel.probe import MOST_MEMORY, MOST_S
from howifeel.types import Box, Face, Frame

PROGRAM = "howifeel-check"
EXAMPLES = """\
  howifeel-check model mine.onnx
  howifeel-check detector deploy.prototxt weights.caffemodel
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Try the files out; 0 they work, 1 they do not, 2 wrong usage."""
    arguments = parser().parse_args(argv)
    return common.guarded(PROGRAM, lambda: _run(arguments), debug=arguments.debug)


def parser() -> argparse.ArgumentParser:
    """The command line of howifeel-check."""
    made = common.parser_for(
        PROGRAM, "Loads a model or a face detector, and tries it out once.", EXAMPLES
    )
    made.add_argument("kind", choices=("model", "detector"))
    made.add_argument("files", nargs="+", type=Path, metavar="FILE")
    return made


def _run(arguments: argparse.Namespace) -> int:
    if len(arguments.files) != (1 if arguments.kind == "model" else 2):
        raise SettingsError("A model is one file, a detector two: prototxt and caffemodel.")
    cv2.setNumThreads(1)  # each would take some of the memory, and a machine may have 200
    _limit()
    if arguments.kind == "model":
        classifier = OnnxClassifier(arguments.files[0], device="cpu")
        for count in (1, 3):
            faces = (Face(Box(20, 10, 60, 70), 1.0),) * count
            classifier.classify(Frame(_noise(96, 128), 0, 0.0), faces)
        tried = "works: its metadata are complete, and it read one face and three at once"
    else:
        detector = CaffeSSD(*arguments.files, min_score=0.01)
        for height, width in ((480, 640), (640, 360), (64, 64)):
            detector.detect(Frame(_noise(height, width), 0, 0.0))
        tried = "work: it looked for faces in a wide, a high and a small picture"
    named = " and ".join(printable(str(path)) for path in arguments.files)
    print(f"The {arguments.kind} {named} {tried}.")
    return common.DONE


def _noise(height: int, width: int) -> NDArray[np.uint8]:
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)


def _limit() -> None:
    """Bound memory and time, where the system can."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        pages = int(Path("/proc/self/statm").read_text("utf-8").split()[0])
        most = pages * resource.getpagesize() + MOST_MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_S, MOST_S))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
