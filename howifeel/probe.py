"""Files that do not ship with HowIFeel are loaded in another process first.

OpenCV and ONNX Runtime are written in C++: a file that was made to harm, or that is merely damaged,
can end the program that loads it, or take its memory and time. A process that is there for nothing
else may end; what it survived is then loaded here.
"""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import howifeel
from howifeel.errors import AssetError

MOST_S = 30
"""A trial may take so many seconds."""

MOST_MEMORY = 2**30
"""A trial may take so many bytes beyond what the libraries need, where the system can limit it."""

_PROGRAM = "howifeel-check"


@cache
def check(kind: str, paths: tuple[Path, ...], sha256: str) -> None:
    """Load files in a process of their own; what passed once passes at once.

    Args:
        kind: "model" or "detector".
        paths: the model, or the detector's prototxt and caffemodel.
        sha256: of what the files hold.

    Raises:
        AssetError: they cannot be loaded; in the words of `howifeel.cli.check` where it has some.
    """
    named = " and ".join(map(str, paths))
    try:
        done = subprocess.run(
            [*_command(), kind, *(str(path.absolute()) for path in paths)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=MOST_S,
            env=os.environ | {"PYTHONIOENCODING": "utf-8", "PYTHONPATH": _modules()},
        )
    except subprocess.TimeoutExpired as error:
        raise AssetError(f"{named} took longer than {MOST_S} s to try out; use others.") from error
    if not done.returncode:
        return
    said = done.stderr.decode("utf-8", "replace").strip().rpartition(f"{_PROGRAM}: ")[2]
    if done.returncode == 1 and said:
        raise AssetError(said)
    raise AssetError(f"{named} ended the program that tried them out; use files that you trust.")


def _modules() -> str:
    """Where the other process finds this program, also where it is not installed."""
    given = os.environ.get("PYTHONPATH")
    return os.pathsep.join([str(Path(howifeel.__file__).parents[1]), *([given] if given else [])])


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        here = Path(sys.executable)
        return [str(here.with_name(_PROGRAM + here.suffix))]
    # -P: a file in the current folder that is named as a module must not be run.
    return [sys.executable, "-P", "-m", "howifeel.cli.check"]
