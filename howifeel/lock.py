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
        OSError: the file cannot be written, or its file system has no locks.
    """
    file = path.open("ab")
    try:
        locked = _lock(file)
    except OSError:
        file.close()
        raise
    if locked:
        return file
    file.close()
    return None


if sys.platform == "win32":
    import errno
    import msvcrt

    def _lock(file: IO[bytes]) -> bool:
        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EDEADLK):
                raise
            return False
        return True

else:
    import fcntl

    def _lock(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
