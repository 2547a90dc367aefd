"""`howifeel-train ensemble`, `soup` and `slim`: what is done with finished checkpoints."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from howifeel.cli import trainer
from howifeel.cli.common import DONE, parser_for
from howifeel.files import atomic, check_target

_ENSEMBLE_EXAMPLES = """  howifeel-train ensemble runs/a/checkpoint.pt runs/b/checkpoint.pt
  howifeel-train ensemble runs/*/checkpoint.pt --out ensemble.json"""
_SOUP_EXAMPLES = "  howifeel-train soup runs/a/checkpoint.pt runs/b/checkpoint.pt --out mean.pt"
_SLIM_EXAMPLES = "  howifeel-train slim runs/mine/checkpoint.pt --out mine.pt"


def ensemble_parser() -> argparse.ArgumentParser:
    """The flags of `ensemble`."""
    parser = parser_for(
        "howifeel-train ensemble",
        "Let several checkpoints answer together; choose their weights on PublicTest. What it "
        "prints last can stand in a recipe, for a smaller network to learn from them.",
        _ENSEMBLE_EXAMPLES,
    )
    parser.add_argument("checkpoints", type=Path, nargs="+", metavar="CHECKPOINT")
    parser.add_argument("--out", type=Path, metavar="FILE.json", help="keep the figures here")
    parser.add_argument("--force", action="store_true", help="replace an existing file")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    return parser


def ensemble(arguments: argparse.Namespace) -> int:
    """Weigh, print, keep."""
    if arguments.out:
        check_target(arguments.out, force=arguments.force)
    device = trainer.module("parallel").device_of(arguments.device)
    found = trainer.module("ensemble").assemble(arguments.checkpoints, device)
    if arguments.out:
        with atomic(arguments.out, force=arguments.force) as unfinished:
            unfinished.write_text(json.dumps(found.as_dict(), indent=2) + "\n", "utf-8")
    print(found.table())
    print(f"\n[distil]\nteachers = {json.dumps([m.checkpoint for m in found.members])}")
    print(f"weights = {json.dumps([m.weight for m in found.members])}")
    return DONE


def soup_parser() -> argparse.ArgumentParser:
    """The flags of `soup`."""
    parser = parser_for(
        "howifeel-train soup",
        "Average the weights of trainings of one network that began with the same weights. The "
        "mean often answers as well as all of them together, at the cost of one.",
        _SOUP_EXAMPLES,
    )
    parser.add_argument("checkpoints", type=Path, nargs="+", metavar="CHECKPOINT")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.pt")
    parser.add_argument("--force", action="store_true", help="replace an existing file")
    return parser


def soup(arguments: argparse.Namespace) -> int:
    """Average, save, tell how good it is."""
    check_target(arguments.out, force=arguments.force)
    checkpoint, soups = trainer.module("checkpoint"), trainer.module("soup")
    mean = soups.mean(arguments.checkpoints)
    mean.save(arguments.out)
    print(f"Right on {mean.notes['choose_name']}, single view, epochs chosen on it:")
    for path in (*arguments.checkpoints, arguments.out):
        print(f"  {soups.accuracy(checkpoint.load(path)):.2%}  {path}")
    return DONE


def slim_parser() -> argparse.ArgumentParser:
    """The flags of `slim`."""
    parser = parser_for(
        "howifeel-train slim",
        "Make a checkpoint several times smaller. It can be exported, averaged and learned from as "
        "before, but not continued.",
        _SLIM_EXAMPLES,
    )
    parser.add_argument("checkpoint", type=Path, metavar="CHECKPOINT")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.pt")
    parser.add_argument("--force", action="store_true", help="replace an existing file")
    return parser


def slim(arguments: argparse.Namespace) -> int:
    """Load, reduce, save."""
    check_target(arguments.out, force=arguments.force)
    checkpoint = trainer.module("checkpoint")
    checkpoint.slim(checkpoint.load(arguments.checkpoint)).save(arguments.out)
    before, after = (path.stat().st_size / 1e6 for path in (arguments.checkpoint, arguments.out))
    print(f"{arguments.out} has {after:.1f} MB in place of {before:.1f}.")
    return DONE
