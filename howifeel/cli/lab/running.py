"""What the commands of the lab share: their flags, and an experiment that runs and is shown."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from howifeel import lab
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


def check(arguments: argparse.Namespace) -> None:
    """Refuse common flags that cannot be used.

    Raises:
        SettingsError: a value is out of its range.
    """
    if arguments.threads is not None and arguments.threads < 1:
        raise SettingsError("--threads must be at least 1.")


def use_threads(arguments: argparse.Namespace) -> None:
    """Let PyTorch compute with as many threads as --threads says."""
    if arguments.threads is not None:
        _module("torch").set_num_threads(arguments.threads)


def check_place(target: Path, options: Any, arguments: argparse.Namespace) -> bool:
    """Refuse a folder that cannot be used, before any work is done.

    Returns:
        Whether it holds the result of the same options already, and is to be left as it is.

    Raises:
        OutputError: it exists or cannot be made.
    """
    place, config = kit("place"), kit("options").as_dict(options)
    if arguments.resume and place.is_complete(target, config):
        return True
    place.check_folder(target, config if arguments.resume else None, force=arguments.force)
    return False


def run_into(
    name: str, options: Any, target: Path, arguments: argparse.Namespace, *, quick: bool
) -> Any:
    """Run an experiment into a folder and show its progress; its record.

    With --resume a folder that the same options have made is left as it is.
    """
    if check_place(target, options, arguments):
        print(f"{target} is complete; --force without --resume makes it again.", file=sys.stderr)
        return kit("result").read(target)
    changed = kit("options").changed(options) or "none"
    print(f"{name}: {lab.summary(name)}", file=sys.stderr)
    print(f"Options other than the defaults: {changed}. Reading pictures ...", file=sys.stderr)
    use_threads(arguments)
    with _progress() as on_progress:
        return kit("runner").run(
            name,
            options,
            target,
            quick=quick,
            resume=arguments.resume,
            force=arguments.force,
            on_progress=on_progress,
        )


def show(record: Any, target: Path, arguments: argparse.Namespace) -> None:
    """Print what was found, for people or for machines."""
    if arguments.json:
        print(record.to_json(), end="")
        return
    written = kit("written")
    print(record.result.protocol)
    widest = max(len(number.name) for number in record.result.numbers)
    for number in record.result.numbers:
        bounds = written.interval(number)
        print(
            f"  {number.name:<{widest}}  {written.formatted(number)}"
            + (f"  (95 % interval {bounds})" if bounds else "")
        )
    print(f"The report is {target / kit('runner').REPORT_FILE}.")


def kit(name: str) -> ModuleType:
    """A module of the lab's kit, imported only when a command needs it."""
    return _module(f"howifeel.lab.kit.{name}")


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """What shows how far each part of an experiment is."""
    shown: dict[str, ProgressLine] = {}

    def close() -> None:
        for line in shown.values():
            line.close()

    def on_progress(label: str, done: int, total: int) -> None:
        if label not in shown:
            close()
            shown[label] = ProgressLine(label, "steps", done=done)
        shown[label].update(done, total)

    try:
        yield on_progress
    finally:
        close()


def _module(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise MissingPackageError(
            f'The lab needs the package {error.name}; install it with: pip install "howifeel[lab]".'
        ) from error
