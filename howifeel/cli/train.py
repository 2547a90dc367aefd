"""`howifeel-train`: trains, evaluates and exports the classifier, and the face detector."""

from __future__ import annotations

import argparse
import importlib
import json
import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from howifeel import assets
from howifeel.cli.common import DONE, guarded, parser_for
from howifeel.errors import MissingPackageError
from howifeel.files import check_target

_EXAMPLES = """  howifeel-train --data fer2013/ --out runs/mine
  howifeel-train my-recipe.toml --data fer2013.csv --out runs/mine --epochs 60
  howifeel-train --data fer2013/ --out runs/mine --resume
  howifeel-train evaluate --data fer2013/ --model runs/mine/model.onnx
  howifeel-train export runs/mine/checkpoint.pt --out mine.onnx
  howifeel-train detector --help"""
_EVALUATE_EXAMPLES = """  howifeel-train evaluate --data fer2013/
  howifeel-train evaluate --data fer2013/ --model runs/mine/model.onnx --json"""
_EXPORT_EXAMPLES = "  howifeel-train export runs/mine/checkpoint.pt --out models/mine.onnx"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Returns:
        0 done, 1 failed, 2 wrong usage, 130 interrupted.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    return guarded("howifeel-train", lambda: _run(words), debug="--debug" in words)


def _run(words: list[str]) -> int:
    if words and words[0] in _COMMANDS:
        name, *words = words
    else:
        name = "train"
    parser, body = _COMMANDS[name]()
    return body(parser.parse_args(words))


def _train_command() -> _Command:
    parser = parser_for(
        "howifeel-train",
        "Train the expression classifier on FER-2013; write weights, figures and an ONNX model. "
        "Other commands: evaluate, export, detector.",
        _EXAMPLES,
    )
    parser.add_argument(
        "recipe", nargs="?", default="howifeel", metavar="RECIPE.toml",
        help="a TOML file with what differs from the defaults, or the name of a shipped recipe "
        "(default: howifeel)",
    )  # fmt: skip
    _add_data(parser)
    parser.add_argument("--out", type=Path, metavar="DIR", help="default: runs/RECIPE")
    parser.add_argument("--epochs", type=int, metavar="N", help="in place of the recipe's")
    parser.add_argument("--resume", action="store_true", help="continue the run in --out")
    parser.add_argument("--force", action="store_true", help="replace the run in --out")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--threads", type=_count, metavar="N", help="CPU threads of PyTorch")
    parser.add_argument(
        "--minutes", type=float, default=math.inf, metavar="N",
        help="stop after the epoch that is under way then; --resume continues",
    )  # fmt: skip
    parser.add_argument(
        "--compile", choices=("auto", "on", "off"), default="auto",
        help="compile the network; auto measures on a GPU whether it pays (default: auto)",
    )  # fmt: skip
    parser.add_argument("--tensorboard", action="store_true", help="write curves for TensorBoard")
    return parser, _train


def _train(arguments: argparse.Namespace) -> int:
    recipes, run = _trainer("recipe"), _trainer("run")
    recipe = recipes.load(arguments.recipe)
    if arguments.epochs is not None:
        recipe = replace(recipe, epochs=arguments.epochs)
    out = arguments.out or Path("runs", Path(arguments.recipe).stem)
    scores = run.train(
        recipe,
        arguments.data,
        out,
        device=arguments.device,
        threads=arguments.threads,
        resume=arguments.resume,
        force=arguments.force,
        minutes=arguments.minutes,
        compile=arguments.compile,
        tensorboard=arguments.tensorboard,
    )
    if scores:
        print(_trainer("evaluate").table([scores]))
        print(f"The model is {out / run.MODEL_FILE}.")
    return DONE


def _evaluate_command() -> _Command:
    parser = parser_for(
        "howifeel-train evaluate",
        "Measure an ONNX model on the test parts of FER-2013, as the program runs it.",
        _EVALUATE_EXAMPLES,
    )
    _add_data(parser)
    parser.add_argument(
        "--model", default=assets.DEFAULT_MODEL, metavar="FILE.onnx|NAME",
        help="a file or the name of a shipped model (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--part", action="append", choices=("PublicTest", "PrivateTest", "Test"), default=[],
        help="measure only this part; may be repeated (default: all that the data has)",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print JSON for machines")
    return parser, _evaluate


def _evaluate(arguments: argparse.Namespace) -> int:
    evaluate, readers = _trainer("evaluate"), _trainer("readers")
    model = assets.model_file(arguments.model)
    all_scores = evaluate.evaluate(model, readers.read(arguments.data), tuple(arguments.part))
    if arguments.json:
        print(json.dumps([scores.as_dict() for scores in all_scores], indent=2))
    else:
        print(f"{model}\n{evaluate.table(all_scores)}")
    return DONE


def _export_command() -> _Command:
    parser = parser_for(
        "howifeel-train export",
        "Write the chosen weights of a checkpoint as a calibrated ONNX model.",
        _EXPORT_EXAMPLES,
    )
    parser.add_argument("checkpoint", type=Path, metavar="CHECKPOINT")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.onnx")
    parser.add_argument("--force", action="store_true", help="replace an existing file")
    return parser, _export


def _export(arguments: argparse.Namespace) -> int:
    check_target(arguments.out, force=arguments.force)
    checkpoint = _trainer("checkpoint").load(arguments.checkpoint)
    exported = _trainer("export").export(checkpoint, arguments.out, force=arguments.force)
    print(_trainer("evaluate").table([exported.scores]))
    print(f"The model is {arguments.out}.")
    return DONE


def _detector_command() -> _Command:
    parser = argparse.ArgumentParser(prog="howifeel-train detector")
    parser.add_argument("--debug", action="store_true", help="show a traceback when it fails")
    command = _trainer("detector.command")
    command.add_arguments(parser)
    return parser, command.run


def _add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", type=Path, default=Path("fer2013"), metavar="DIR",
        help="FER-2013: a CSV or Parquet file, or a folder with one of these or with pictures in "
        "train/angry and so on; recipes with votes above 0 use the FER+ votes beside it "
        "(default: %(default)s)",
    )  # fmt: skip


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("it must be at least 1")
    return number


def _trainer(module: str) -> Any:
    """A module of `howifeel.train`, imported only when a command needs it.

    Raises:
        MissingPackageError: a package for training is not installed.
    """
    try:
        return importlib.import_module(f"howifeel.train.{module}")
    except ModuleNotFoundError as error:
        raise MissingPackageError(
            f"Training needs the package {error.name}; install howifeel[train]."
        ) from error


_Command = tuple[argparse.ArgumentParser, Callable[[argparse.Namespace], int]]
_COMMANDS: dict[str, Callable[[], _Command]] = {
    "train": _train_command,
    "evaluate": _evaluate_command,
    "export": _export_command,
    "detector": _detector_command,
}
