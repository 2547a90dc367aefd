"""Which version of the program computed something."""

from __future__ import annotations

import subprocess
from pathlib import Path

_ROOT = Path(__file__).parents[2]


def commit(root: Path = _ROOT) -> str:
    """The version-control commit of this checkout, 40 hex digits; "unknown" in an installation.

    Args:
        root: folder that holds the package. A checkout that it only lies in, as an environment
            with packages may, is not ours.
    """
    try:
        done = subprocess.run(
            ["git", "rev-parse", "--show-toplevel", "HEAD"],
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
        )
        top, _, found = done.stdout.strip().rpartition("\n")
        return found if Path(top).samefile(root) else "unknown"
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
