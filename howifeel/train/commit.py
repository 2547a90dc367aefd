"""Which version of the program computed something."""

from __future__ import annotations

import subprocess
from pathlib import Path


def commit() -> str:
    """The version-control commit of this checkout, 40 hex digits; "unknown" in an installation."""
    try:
        done = subprocess.run(
            ["git", "rev-parse", "HEAD"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()
