"""What the commands of `howifeel-train` share."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path
from typing import Any

from howifeel.errors import MissingPackageError


def module(name: str) -> Any:
    """A module of `howifeel.train`, imported only when a command needs it.

    Raises:
        MissingPackageError: a package for training is not installed.
    """
    try:
        return importlib.import_module(f"howifeel.train.{name}")
    except ModuleNotFoundError as error:
        raise MissingPackageError(
            f"Training needs the package {error.name}; install howifeel[train]."
        ) from error


def add_data(parser: argparse.ArgumentParser) -> None:
    """The flag --data for FER-2013."""
    parser.add_argument(
        "--data", type=Path, default=Path("fer2013"), metavar="DIR",
        help="FER-2013: a CSV or Parquet file, or a folder with one of these or with pictures in "
        "train/angry and so on; recipes with votes above 0 use the FER+ votes beside it "
        "(default: %(default)s)",
    )  # fmt: skip
