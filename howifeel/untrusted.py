"""Reading files that anyone may have written: with limits, and with errors that can be told."""

from __future__ import annotations

import errno
import json
import logging
import os
import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

logging.getLogger("PIL").addHandler(logging.NullHandler())  # its exceptions say the same

_TOO_DEEP = "it is nested too deeply"


def read_bytes(path: Path, most_bytes: int) -> bytes:
    """The content of a regular file that is not too large; it may grow meanwhile, but not here.

    A pipe would be waited for without end, and a device may never end.

    Raises:
        OSError: it cannot be read, is a pipe, device or folder, or is larger; `strerror` says
            which.
    """
    check_regular(path)
    with open(path, "rb", opener=_without_waiting) as file:
        about = os.fstat(file.fileno())
        _check_mode(about.st_mode)  # it may have been replaced meanwhile
        if about.st_size > most_bytes:
            raise OSError(errno.EFBIG, f"it is larger than {most_bytes / 2**20:g} MB")
        return file.read(about.st_size)


def read_text(path: Path, most_bytes: int = 16 * 2**20) -> str:
    """The text (UTF-8) of a regular file, see `read_bytes`.

    Raises:
        OSError: see `read_bytes`.
        UnicodeDecodeError: it is not UTF-8.
    """
    return read_bytes(path, most_bytes).decode("utf-8")


def lines(file: TextIO, longest: int = 2**20) -> Iterator[str]:
    """The lines of a text file, so that none of them can fill the memory.

    Args:
        file: opened to read.
        longest: characters of a line at most.

    Raises:
        ValueError: a line is longer.
    """
    while line := file.readline(longest + 1):
        if len(line) > longest:
            raise ValueError("a line is too long")
        yield line


def check_regular(path: Path) -> None:
    """Accept a file that can be opened without waiting and that ends.

    Raises:
        OSError: there is none, or it is a pipe, device or folder; `strerror` says so.
    """
    _check_mode(path.stat().st_mode)


def _check_mode(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise OSError(errno.EISDIR, "it is a folder")
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is a pipe or device, not a file")


def reason(error: Exception) -> str:
    """What an exception says, without the system's number of the error."""
    return getattr(error, "strerror", None) or str(error)


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def from_json(text: str) -> Any:
    """The value of a JSON text.

    Raises:
        ValueError: it is not JSON, or nested so deeply that reading it would overflow the stack.
    """
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None


def from_toml(text: str) -> dict[str, Any]:
    """The table of a TOML text.

    Raises:
        ValueError: it is not TOML, or nested so deeply that reading it would overflow the stack.
    """
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
