"""Keeping OpenCV's own messages off the terminal while it tries something."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cv2.utils import logging


@contextmanager
def quiet_opencv() -> Iterator[None]:
    """Silence OpenCV inside the block; a failure is reported by its caller, in one sentence."""
    level = logging.setLogLevel(logging.LOG_LEVEL_SILENT)
    try:
        yield
    finally:
        logging.setLogLevel(level)
