"""Reading what another run of HowIFeel analysed."""

from __future__ import annotations

from pathlib import Path

from howifeel import __version__
from howifeel.errors import SourceError
from howifeel.timeline import Table, read_sidecar, read_table
from howifeel.types import Provenance


def read(path: Path) -> tuple[Table, Provenance]:
    """A timeline and where it comes from, "unknown" where nothing beside it says so.

    Raises:
        SettingsError: the suffix names no format that can be read.
        SourceError: the file cannot be read, is no timeline, or holds no frame.
    """
    table = read_table(path)
    if not len(table):
        raise SourceError(f"The timeline {path} is empty; choose another.")
    return table, read_sidecar(path) or _unknown_origin(path)


def _unknown_origin(path: Path) -> Provenance:
    return Provenance(
        source=path.name,
        model="unknown",
        model_sha256="",
        detector="unknown",
        detector_sha256=None,
        device="unknown",
        settings={},
        version=f"unknown, imported by {__version__}",
    )
