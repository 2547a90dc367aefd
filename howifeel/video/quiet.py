"""Keeping the messages of native libraries off the terminal while they try something."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import BinaryIO

from cv2.utils import logging

_STDERR = 2
_LONGEST = 4096
_one_at_a_time = threading.Lock()
"""The terminal belongs to the process, and pictures are decoded in several threads."""


@contextmanager
def quiet_opencv() -> Iterator[None]:
    """Silence OpenCV inside the block; a failure is reported by its caller, in one sentence."""
    level = logging.setLogLevel(logging.LOG_LEVEL_SILENT)
    try:
        yield
    finally:
        logging.setLogLevel(level)


@contextmanager
def overheard() -> Iterator[Callable[[], str]]:
    """Keep what C libraries write to the terminal, such as libjpeg's "Corrupt JPEG data".

    OpenCV cannot be asked to silence them. For the time of the block the whole process writes its
    standard error into a file, so keep it short; other threads wait for their turn. Where there is
    no terminal, or no folder for temporary files, nothing is kept.

    Yields:
        What tells, inside the block, what was written so far; at most 4096 letters of it.
    """
    with ExitStack() as stack:
        stack.enter_context(_one_at_a_time)
        stack.enter_context(quiet_opencv())
        try:
            terminal = os.dup(_STDERR)
            stack.callback(os.close, terminal)
            file = stack.enter_context(tempfile.TemporaryFile())
        except OSError:
            yield lambda: ""
            return
        os.dup2(file.fileno(), _STDERR)
        stack.callback(os.dup2, terminal, _STDERR)
        yield lambda: _read(file)


def _read(file: BinaryIO) -> str:
    file.seek(0)
    return file.read(_LONGEST).decode("utf-8", "replace")
