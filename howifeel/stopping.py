"""The signals that ask a program to end: Ctrl-C, `kill`, and a terminal that is closed."""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


def on_stop(handler: Callable[[int, FrameType | None], object]) -> None:
    """Have these signals handled; under nohup a closed terminal means nothing.

    Args:
        handler: called with the signal's number and the frame that it came in.
    """
    for name in _NAMES:
        number = getattr(signal, name, None)
        if number is None or (name == "SIGHUP" and signal.getsignal(number) is signal.SIG_IGN):
            continue
        signal.signal(number, handler)
