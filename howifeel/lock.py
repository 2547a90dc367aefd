"""A lock that the operating system opens when its owner dies, however abruptly."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from howifeel.errors import OutputError


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


@contextmanager
def held(path: Path, place: Path) -> Iterator[None]:
    """Keep other runs out of a place inside the block, by a lock file that is removed at its end.

    Args:
        path: the lock file; its folder exists.
        place: what the sentence to the user names.

    Raises:
        OutputError: another run works there, or the file cannot be written.
    """
    try:
        owned = _current(path)
    except OSError as error:
        raise OutputError(f"Cannot write into {place}: {error.strerror}.") from error
    if not owned:
        raise OutputError(f"Another run works in {place}; wait for its end, or stop it.")
    with owned:
        try:
            yield
        finally:
            with suppress(OSError):
                path.unlink()


def _current(path: Path) -> IO[bytes] | None:
    """The lock, if it is still the one that lies there; its last owner may just have removed it."""
    while owned := acquire(path):
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(owned.fileno()), path.stat()):
                return owned
        owned.close()
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
