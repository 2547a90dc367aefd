"""Reads a timeline back."""

from __future__ import annotations

from pathlib import Path

from howifeel.errors import SettingsError, SourceError
from howifeel.timeline import formats
from howifeel.timeline.rows import from_rows
from howifeel.timeline.sidecar import read_sidecar
from howifeel.types import Timeline


def read(path: Path) -> Timeline:
    """A CSV, JSON Lines or Parquet timeline, with numbers rounded as they were written.

    Raises:
        SettingsError: the suffix names no format that can be read.
        SourceError: the file cannot be read or is not a timeline.
    """
    format = formats.load(path)
    if not hasattr(format, "read_rows"):
        raise SettingsError(f"A {path.suffix} file holds labels only; read a .csv in its place.")
    try:
        moments = tuple(from_rows(format.read_rows(path)))
    except OSError as error:
        raise SourceError(f"Cannot read the timeline {path}: {error.strerror or error}.") from error
    except (KeyError, TypeError, ValueError) as error:
        raise SourceError(f"{path} is not a complete timeline of HowIFeel ({error}).") from error
    return Timeline(moments, read_sidecar(path))
