"""What the commands of the lab share: their flags, and an experiment that runs and is shown."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path
from types import ModuleType
from typing import Any

from howifeel.cli.progress import ProgressLine
from howifeel.errors import MissingPackageError, SettingsError

PROGRAM = "howifeel-lab"


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Those that every command which runs experiments has."""
    parser.add_argument(
        "--quick", action="store_true", help="few pictures, few epochs: see that it runs"
    )
    parser.add_argument(
        "--resume", action="store_true", help="go on with what an interrupted run left"
    )
    parser.add_argument("--force", action="store_true", help="replace an existing result")
    parser.add_argument(
        "--json",
        action="store_true",
        help="print result.json for machines, of several experiments a list",
    )
    parser.add_argument("--threads", type=int, metavar="N", help="CPU threads of PyTorch")


def use(arguments: argparse.Namespace) -> None:
    """Do what the common flags say about PyTorch.

    Raises:
        SettingsError: a value is out of its range.
    """
    if arguments.threads is None:
        return
    if arguments.threads < 1:
        raise SettingsError("--threads must be at least 1.")
    importlib.import_module("torch").set_num_threads(arguments.threads)


def run_into(
    name: str, options: Any, target: Path, arguments: argparse.Namespace, *, quick: bool
) -> Any:
    """Run an experiment into a folder and show its progress; its record."""
    shown: dict[str, ProgressLine] = {}

    def on_progress(label: str, done: int, total: int) -> None:
        if label not in shown:
            close()
            shown[label] = ProgressLine(label, "steps")
        shown[label].update(done, total)

    def close() -> None:
        for line in shown.values():
            line.close()

    try:
        return kit("runner").run(
            name,
            options,
            target,
            quick=quick,
            resume=arguments.resume,
            force=arguments.force,
            on_progress=on_progress,
        )
    finally:
        close()


def show(record: Any, target: Path, arguments: argparse.Namespace) -> None:
    """Print what was found, for people or for machines."""
    if arguments.json:
        print(record.to_json(), end="")
        return
    page = kit("page")
    print(record.result.protocol)
    widest = max(len(number.name) for number in record.result.numbers)
    for number in record.result.numbers:
        bounds = page.interval(number)
        print(
            f"  {number.name:<{widest}}  {page.formatted(number)}"
            + (f"  (95 % interval {bounds})" if bounds else "")
        )
    print(f"The report is {target / kit('runner').REPORT_FILE}.")


def kit(name: str) -> ModuleType:
    """A module of the lab's kit, imported only when a command needs it."""
    try:
        return importlib.import_module(f"howifeel.lab.kit.{name}")
    except ModuleNotFoundError as error:
        raise MissingPackageError(
            f'The lab needs the package {error.name}; install it with: pip install "howifeel[lab]".'
        ) from error
