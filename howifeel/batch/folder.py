"""The folder of a batch: one run at a time, and nothing unfinished in it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

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
        owned = _locked(place / _LOCK)
    except FileExistsError as error:
        raise OutputError(f"{place} is a file; name a folder.") from error
    except OSError as error:
        raise OutputError(f"Cannot write into {place}: {error.strerror}.") from error
    if not owned:
        raise OutputError(f"Another run works in {place}; wait for its end, or stop it.")
    with owned:
        try:
            yield
        finally:
            with suppress(OSError):
                (place / _LOCK).unlink()


def _locked(path: Path) -> IO[bytes] | None:
    """The lock, if it is still the one that lies there; its last owner may just have removed it."""
    while owned := lock.acquire(path):
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(owned.fileno()), path.stat()):
                return owned
        owned.close()
    return None


def mark_of(place: Path) -> str:
    """What the unfinished files of this batch have in their names, see `files.sweep`."""
    return hashlib.sha256(bytes(files.real(place))).hexdigest()[:8]
