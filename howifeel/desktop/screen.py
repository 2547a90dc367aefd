"""Whether there is a screen; Qt itself ends the program where there is none."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Mapping

from howifeel.errors import HowIFeelError

_CURSOR = "libxcb-cursor.so.0"


class ScreenError(HowIFeelError):
    """The window cannot be shown."""


def check(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> None:
    """Find out before Qt does.

    Raises:
        ScreenError: there is no screen, or a library that Qt needs to reach it is missing.
    """
    if not platform.startswith("linux") or environment.get("QT_QPA_PLATFORM"):
        return
    if environment.get("WAYLAND_DISPLAY"):
        return
    if not environment.get("DISPLAY"):
        raise ScreenError(
            "There is no screen here (DISPLAY is not set); start it in a desktop session, or use "
            "howifeel-video."
        )
    try:
        ctypes.CDLL(_CURSOR)
    except OSError:
        raise ScreenError(
            f"Qt needs {_CURSOR}; install it (Debian and Ubuntu: apt install libxcb-cursor0)."
        ) from None
