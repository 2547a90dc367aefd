"""What happened to a batch since its manifest was last written, line by line.

A manifest is written as a whole, which takes a while; a line is there at once. So a run that is
killed at any moment loses nothing that it has finished.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from howifeel.batch.manifest import Entry, entry_from, values_of
from howifeel.errors import OutputError

NAME = ".howifeel-batch.journal"
_TIMES = ("modified", "started", "ended")


def begin(path: Path) -> None:
    """Make an empty journal, because the manifest holds everything.

    Raises:
        OutputError: the file cannot be written.
    """
    _write(path, "wb", b"")


def add(path: Path, entry: Entry) -> None:
    """Append a row as it is after a change, and bring it to the disk.

    A line break comes first, too: what could not be written to its end is a line of its own.

    Raises:
        OutputError: the disk is full.
    """
    line = json.dumps(values_of(entry), default=datetime.isoformat)
    _write(path, "ab", f"\n{line}\n".encode())


def read(path: Path) -> Iterator[Entry]:
    """The rows of a journal, oldest first, but for lines that were not finished.

    Nothing where there is no such file.
    """
    with suppress(FileNotFoundError), path.open("rb") as file:
        for line in file:
            try:
                values: dict[str, Any] = json.loads(line)
                times = {name: values[name] for name in _TIMES if values[name]}
                values |= {name: datetime.fromisoformat(text) for name, text in times.items()}
                entry = entry_from(values)
            except (ValueError, TypeError, KeyError):
                continue
            yield entry


def _write(path: Path, mode: Literal["wb", "ab"], data: bytes) -> None:
    try:
        with path.open(mode) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise OutputError(f"Cannot write {path}: {error.strerror}.") from error
