"""Reads a timeline back."""

from __future__ import annotations

from pathlib import Path

from howifeel.errors import SettingsError, SourceError
from howifeel.timeline import formats
from howifeel.timeline.rows import from_rows
from howifeel.types import Moment


def read(path: Path) -> tuple[Moment, ...]:
    """The moments of a CSV, JSON Lines or Parquet timeline, rounded as they were written.

    Raises:
        SettingsError: the suffix names no format that can be read.
        SourceError: the file cannot be read or is not a timeline.
    """
    format = formats.load(path)
    if not hasattr(format, "read_rows"):
        raise SettingsError(f"A {path.suffix} file holds labels only; read a .csv in its place.")
    try:
        return tuple(from_rows(format.read_rows(path)))
    except OSError as error:
        raise SourceError(f"Cannot read the timeline {path}: {error.strerror or error}.") from error
    except (KeyError, TypeError, ValueError) as error:
        raise SourceError(f"{path} is not a complete timeline of HowIFeel ({error}).") from error
