"""`howifeel-train`: trains, evaluates and exports the classifier, and the face detector."""

from __future__ import annotations

import argparse
import functools
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from howifeel.cli import combine, measure, recipes, trainer, votes
from howifeel.cli.common import DONE, count, guarded, parser_for
from howifeel.cli.progress import ProgressLine

_EXAMPLES = """  howifeel-train --data fer2013/ --out runs/mine
  howifeel-train my-recipe.toml --data fer2013.csv --out runs/mine --epochs 60
  howifeel-train --data fer2013/ --out runs/mine --resume
  howifeel-train evaluate --data fer2013/ --model runs/mine/model.onnx
  howifeel-train export runs/mine/checkpoint.pt --out mine.onnx
  howifeel-train recipe cpu
  howifeel-train detector --help"""


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
        "Other commands: evaluate, export, calibrate, ensemble, soup, slim, votes, recipe, "
        "detector.",
        _EXAMPLES,
    )
    parser.add_argument(
        "recipe", nargs="?", default="cpu", metavar="RECIPE.toml",
        help="a TOML file with what differs from the defaults, or the name of a shipped recipe; "
        "`howifeel-train recipe` lists these, and prints all entries that a recipe may have "
        "(default: cpu, two hours on one core; cpu-more, cpu-wide and cpu-votes go on from it to "
        "the weights that ship, two hours each)",
    )  # fmt: skip
    trainer.add_data(parser)
    parser.add_argument("--out", type=Path, metavar="DIR", help="default: runs/RECIPE")
    parser.add_argument("--epochs", type=int, metavar="N", help="in place of the recipe's")
    parser.add_argument("--resume", action="store_true", help="continue the run in --out, if any")
    parser.add_argument("--force", action="store_true", help="replace the run in --out")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--threads", type=count, metavar="N", help="CPU threads of PyTorch")
    parser.add_argument(
        "--minutes", type=float, default=math.inf, metavar="N",
        help="stop after the epoch that is under way then; --resume continues",
    )  # fmt: skip
    parser.add_argument(
        "--compile", choices=("auto", "on", "off"), default="auto",
        help="compile the network; auto measures on a GPU whether it pays (default: auto)",
    )  # fmt: skip
    parser.add_argument(
        "--weights-only", action="store_true",
        help="make no model, figures and pictures; --resume without it makes them later, and "
        "howifeel-train export the model alone",
    )  # fmt: skip
    parser.add_argument("--tensorboard", action="store_true", help="write curves for TensorBoard")
    return parser, _train


def _train(arguments: argparse.Namespace) -> int:
    recipes, run = trainer.module("recipe"), trainer.module("run")
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
        weights_only=arguments.weights_only,
    )
    if scores:
        print(trainer.module("scores").table([scores]))
        print(f"The model is {out / run.MODEL_FILE}.")
    return DONE


def _detector_command() -> _Command:
    parser = argparse.ArgumentParser(prog="howifeel-train detector")
    parser.add_argument("--debug", action="store_true", help="show a traceback when it fails")
    trainer.module("detector.flags").add_arguments(parser)
    return parser, functools.partial(trainer.module("detector.command").run, follow=_follow)


@contextmanager
def _follow(label: str, unit: str) -> Iterator[Callable[[int, int | None], None]]:
    """A line of progress, which is gone when what it shows has ended."""
    line = ProgressLine(label, unit)
    try:
        yield line.update
    finally:
        line.close()


_Command = tuple[argparse.ArgumentParser, Callable[[argparse.Namespace], int]]
_COMMANDS: dict[str, Callable[[], _Command]] = {
    "train": _train_command,
    "evaluate": lambda: (measure.evaluate_parser(), measure.evaluate),
    "export": lambda: (measure.export_parser(), measure.export),
    "calibrate": lambda: (measure.calibrate_parser(), measure.calibrate),
    "ensemble": lambda: (combine.ensemble_parser(), combine.ensemble),
    "soup": lambda: (combine.soup_parser(), combine.soup),
    "slim": lambda: (combine.slim_parser(), combine.slim),
    "votes": lambda: (votes.parser(), votes.votes),
    "recipe": lambda: (recipes.parser(), recipes.recipe),
    "detector": _detector_command,
}
