"""The folder of a batch: one run at a time, and nothing unfinished in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from howifeel import files, lock
from howifeel.errors import OutputError

_LOCK = ".howifeel-batch.lock"


@contextmanager
def held(place: Path) -> Iterator[None]:
    """Make the folder if it is missing, and keep other runs out of it inside the block.

    Raises:
        OutputError: another run works there, or it cannot be written.
    """
    try:
        place.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise OutputError(f"{place} is a file; name a folder.") from error
    except OSError as error:
        raise OutputError(f"Cannot write into {place}: {error.strerror}.") from error
    with lock.held(place / _LOCK, place):
        yield


def mark_of(place: Path) -> str:
    """What the unfinished files of this batch have in their names, see `files.sweep`."""
    return hashlib.sha256(bytes(files.real(place))).hexdigest()[:8]
