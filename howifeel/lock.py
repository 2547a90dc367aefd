"""A lock that the operating system opens when its owner dies, however abruptly."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO


def acquire(path: Path) -> IO[bytes] | None:
    """Lock a file that is made if needed; closing the result opens the lock.

    Returns:
        The open file, or None where another owner, in this process or not, holds the lock.

    Raises:
        OSError: the file cannot be written.
    """
    file = path.open("ab")
    try:
        _lock(file)
    except OSError:
        file.close()
        return None
    return file


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
