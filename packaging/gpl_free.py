"""Takes the encoders under the GPL out of PyAV's wheel: libx264 and libx265 (docs/adr/0012).

FFmpeg itself is LGPL there (it was configured without --enable-gpl). It cannot be loaded without
these two libraries, so each is replaced by one that answers every call with "cannot".
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

STAND_IN = Path(__file__).with_name("absent_encoders.c")
UNDER_GPL = re.compile(r"lib(x264|x265|postproc|readline|gdbm|fftw3|rubberband|vidstab|xvidcore)\b")
"""Libraries under the GPL that FFmpeg or Python may bring."""

_MARK = b"howifeel: stands in for an encoder under the GPL"


class NotFreeError(Exception):
    """The encoders cannot be taken out."""


def replace(packages: Path) -> list[Path]:
    """Put the stand-in in the place of each of the two libraries.

    Args:
        packages: the folder of packages of an environment that belongs to the bundle alone.

    Returns:
        The replaced files.

    Raises:
        NotFreeError: there is no C compiler, or FFmpeg asks for a name that the stand-in lacks.
    """
    folder = packages / "av.libs"
    replaced = sorted(folder.glob("libx26[45]-*.so*"))
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        raise NotFreeError(
            "There is no C compiler; install one (Debian and Ubuntu: apt install gcc)."
        )
    for path in replaced:
        path.unlink()  # never written in place: installers share files with their caches
        subprocess.run(
            [
                compiler, "-O1", "-shared", "-fPIC", "-nostdlib", "-s", "-Wall", "-Werror",
                "-Wl,--build-id=none", f"-Wl,-soname,{path.name}", "-o", path, STAND_IN,
            ],
            check=True,
        )  # fmt: skip
    for library in folder.glob("libavcodec-*"):
        if lacking := wanted(library) - offered():
            raise NotFreeError(
                f"{library.name} asks for {', '.join(sorted(lacking))}; "
                f"add what is missing to {STAND_IN.name}."
            )
    return replaced


def wanted(library: Path) -> set[str]:
    """The names of x264 and x265 that a library asks for."""
    command = ["nm", "--dynamic", "--undefined-only", library]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return set(re.findall(r"\bx26[45]_\w+", listed))


def offered() -> set[str]:
    """The names that the stand-in has."""
    return set(re.findall(r"\bx26[45]_\w+(?=\(|\[)", STAND_IN.read_text("utf-8")))


def under_gpl(folder: Path) -> list[Path]:
    """Libraries in a folder that are under the GPL; stand-ins are not."""
    found = (path for path in folder.rglob("lib*") if UNDER_GPL.match(path.name))
    return sorted(path for path in found if path.is_file() and _MARK not in path.read_bytes())
