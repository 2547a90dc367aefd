"""`howifeel-train evaluate`, `export` and `calibrate`: what is done with finished weights."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from howifeel import assets
from howifeel.cli import trainer
from howifeel.cli.common import DONE, parser_for
from howifeel.config import Settings
from howifeel.files import check_target

_PARTS = ("PublicTest", "PrivateTest", "Test")
_VIEWS = ("single view", "flip", "ten-crop")
_EVALUATE_EXAMPLES = """  howifeel-train evaluate --data fer2013/
  howifeel-train evaluate --data fer2013/ --model runs/mine/model.onnx --json
  howifeel-train evaluate --data fer2013/ --view "single view"     (quickest)
  howifeel-train evaluate --end-to-end photographs/                (photographs/happy/1.jpg ...)"""
_EXPORT_EXAMPLES = """  howifeel-train export runs/mine/checkpoint.pt --out models/mine.onnx
  howifeel-train export runs/mine/checkpoint.pt --out mine.onnx --precision int8 --coverage 0.7
  howifeel-train export runs/mine/checkpoint.pt --out mine.onnx --neutral 0.5
  howifeel-train export runs/a/checkpoint.pt runs/b/checkpoint.pt --out both.onnx"""

_CALIBRATE_EXAMPLES = """  howifeel-train calibrate --coverage 0.95 --data fer2013/ --out bold.onnx
  howifeel-train calibrate --model mine.onnx --neutral 0.6 --data fer2013/ --out calm.onnx"""


def evaluate_parser() -> argparse.ArgumentParser:
    """The flags of `evaluate`."""
    parser = parser_for(
        "howifeel-train evaluate",
        "Measure an ONNX model on the test parts of FER-2013, or the whole program on pictures.",
        _EVALUATE_EXAMPLES,
    )
    trainer.add_data(parser)
    _add_model(parser)
    parser.add_argument(
        "--part", action="append", choices=_PARTS, default=[],
        help="measure only this part; may be repeated (default: all that the data has)",
    )  # fmt: skip
    parser.add_argument(
        "--view", action="append", choices=_VIEWS, default=[],
        help="how to look at each face; may be repeated (default: each of them)",
    )  # fmt: skip
    parser.add_argument(
        "--end-to-end", type=Path, metavar="DIR|FILE.parquet",
        help="in place of FER-2013: uncropped pictures, in a folder for each label or as Parquet "
        "with image and label, through detector, crop and model; a missed face is an error",
    )  # fmt: skip
    parser.add_argument(
        "--half", choices=("all", "first", "second"), default="all",
        help="of the --end-to-end pictures: every other one from the first or from the second on, "
        "to choose on one half and report on the other (default: all)",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print JSON for machines")
    return parser


def evaluate(arguments: argparse.Namespace) -> int:
    """Measure and print."""
    scores = trainer.module("scores")
    model = assets.model_file(arguments.model)
    if arguments.end_to_end:
        settings = Settings(model=str(model))
        module, pictures = trainer.module("end_to_end"), arguments.end_to_end
        measured = module.evaluate(pictures, settings, arguments.half)
        note = module.ABOUT_CORRECTION if len(measured) > 1 else None
    else:
        faces = trainer.module("readers").read(arguments.data)
        module, views = trainer.module("evaluate"), tuple(arguments.view) or _VIEWS
        measured = module.evaluate(model, faces, tuple(arguments.part), views)
        note = module.about_copies(faces)
    if arguments.json:
        if note:
            print(note, file=sys.stderr)
        print(json.dumps([each.as_dict() for each in measured], indent=2))
        return DONE
    print(model)
    if note:
        print(note)
    for each in measured:
        print(scores.table([each]))
        if arguments.end_to_end:
            print(scores.confusion_table(each))
    return DONE


def export_parser() -> argparse.ArgumentParser:
    """The flags of `export`."""
    parser = parser_for(
        "howifeel-train export",
        "Write the chosen weights of a checkpoint as a calibrated ONNX model. The networks of "
        "several answer together, every other one to the mirror image of the face.",
        _EXPORT_EXAMPLES,
    )
    parser.add_argument("checkpoints", type=Path, nargs="+", metavar="CHECKPOINT")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.onnx")
    parser.add_argument(
        "--precision", choices=("best", "fp32", "int8"), default="best",
        help="best: the quickest that is as accurate as the best one within 3 ms a face "
        "(default: best)",
    )  # fmt: skip
    parser.add_argument(
        "--mirrored", action="store_true",
        help="let the model look at each face and its mirror image: better, in twice the time",
    )  # fmt: skip
    _add_reading(parser, "0.8", "0.35")
    parser.add_argument(
        "--data", type=Path, metavar="DIR",
        help="FER-2013, whose Training int8 ranges are measured on; only for checkpoints of "
        "earlier versions, which hold no sample of it",
    )  # fmt: skip
    parser.add_argument("--force", action="store_true", help="replace an existing file")
    return parser


def export(arguments: argparse.Namespace) -> int:
    """Export and print the figures on the chosen-on part."""
    check_target(arguments.out, force=arguments.force)
    module = trainer.module("export")
    checkpoint, *beside = map(trainer.module("checkpoint").load, arguments.checkpoints)
    sample = None
    if arguments.data:
        faces = trainer.module("readers").read(arguments.data)
        sample = trainer.module("protocol").split(faces, checkpoint.recipe).fit_sample()
    reading = _reading(arguments)
    choices = module.Choices(arguments.precision, arguments.mirrored, reading)
    exported = module.export(
        checkpoint, arguments.out, choices, beside=beside, sample=sample, force=arguments.force
    )
    print(trainer.module("scores").table([exported.scores]))
    for name, value in exported.spec.scores.items():
        if name.startswith(("fp32", "int8")):
            print(f"  {name}: {value}")
    print(f"The model is {arguments.out} ({exported.spec.precision}).")
    _tell_coverage(exported, reading.coverage)
    return DONE


def calibrate_parser() -> argparse.ArgumentParser:
    """The flags of `calibrate`."""
    parser = parser_for(
        "howifeel-train calibrate",
        "Write an ONNX model anew with other probabilities for the same answers, fitted on "
        "PublicTest: temperature, curve, the threshold of unsure, the correction for a camera.",
        _CALIBRATE_EXAMPLES,
    )
    _add_model(parser)
    trainer.add_data(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.onnx")
    _add_reading(parser, "as many as before", "as before")
    parser.add_argument("--force", action="store_true", help="replace an existing file")
    return parser


def calibrate(arguments: argparse.Namespace) -> int:
    """Fit, write, print the figures on what it was fitted to."""
    check_target(arguments.out, force=arguments.force)
    model = assets.model_file(arguments.model)
    faces = trainer.module("readers").read(arguments.data)
    made = trainer.module("recalibrate").recalibrate(
        model, faces, arguments.out, arguments.coverage, arguments.neutral, force=arguments.force
    )
    print(trainer.module("scores").table([made.scores]))
    print(f"The model is {arguments.out}.")
    _tell_coverage(made, arguments.coverage)
    return DONE


def _add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--model", default=assets.DEFAULT_MODEL, metavar="FILE.onnx|NAME",
        help="a file or the name of a shipped model (default: %(default)s)",
    )  # fmt: skip


def _add_reading(parser: argparse.ArgumentParser, coverage: str, neutral: str) -> None:
    parser.add_argument(
        "--coverage", type=float, metavar="SHARE",
        help="share of the pictures that is named, the rest is unsure "
        f"(default: {coverage})",
    )  # fmt: skip
    parser.add_argument(
        "--neutral", type=float, metavar="SHARE",
        help="share of neutral faces before a camera, for which answers are corrected; "
        f"0 corrects nothing (default: {neutral})",
    )  # fmt: skip


def _reading(arguments: argparse.Namespace) -> Any:
    """How answers are to be read, a `recalibrate.Reading`."""
    given = {"coverage": arguments.coverage, "neutral": arguments.neutral}
    chosen = {name: value for name, value in given.items() if value is not None}
    return trainer.module("recalibrate").Reading(**chosen)


def _tell_coverage(made: Any, asked: float | None) -> None:
    if asked is None:
        return
    if note := trainer.module("recalibrate").about_coverage(made, asked):
        print(note, file=sys.stderr)
