"""Builds the bundle: one folder with the programs, Python, and every library that they need.

Runs on the system that the bundle is for. What comes out starts without Python and can be moved.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import artwork
import frozen_env
import gpl_free
import licences
import unneeded

ROOT = Path(__file__).resolve().parents[1]
NAME = "howifeel"
PROGRAMS = tuple(frozen_env.PROGRAMS)
INSIDE = "_internal"
_DEBUGGED = (
    "libpython*", "lib-dynload/*.so", "PIL/*.so", "av/**/*.so", "numpy/**/*.so", "pyarrow/*.so",
)  # fmt: skip
"""Python, and modules that come with the symbols that a debugger wants."""


class BundleError(Exception):
    """The bundle cannot be built, or is not what it should be."""


@dataclass(frozen=True, slots=True)
class Built:
    """A bundle.

    Attributes:
        folder: with the programs.
        saved: bytes that were left out, by the reason.
        licences: how many components have their licence in the bundle.
    """

    folder: Path
    saved: dict[str, int]
    licences: int


def build(wheel: Path, work: Path) -> Built:
    """Freeze our wheel.

    Args:
        wheel: of this program.
        work: an own folder; the environment in it is made anew.

    Raises:
        BundleError: something is in the bundle that must not be, or is not that must.
        LicenceError: the licence of something in it is unknown.
        NotFreeError: an encoder under the GPL cannot be taken out.
    """
    packages = frozen_env.make(work / "env", wheel)
    saved = unneeded.remove(packages)
    saved["x264 and x265, which are under the GPL"] = _without_gpl(packages)
    artwork.icon_files(work / "icons")
    folder = _freeze(packages, work)
    if sys.platform.startswith("linux"):
        _strip(folder)
    check(folder)
    count = licences.collect(folder / INSIDE, packages, folder / "licences", work / "debian")
    settle(folder)
    return Built(folder, saved, count)


def check(folder: Path) -> None:
    """Look for what must not be in a bundle, and for what must.

    Raises:
        BundleError: with the names.
    """
    if found := gpl_free.under_gpl(folder):
        raise BundleError(f"There are libraries under the GPL: {', '.join(p.name for p in found)}.")
    inside = folder / INSIDE
    if found := [name for name in ("torch", "scipy", "dask") if (inside / name).exists()]:
        raise BundleError(f"These packages belong outside: {', '.join(found)}.")
    ours = inside / "howifeel"
    needed = [folder / name for name in PROGRAMS] + [
        ours / "models" / "howifeel.onnx", ours / "faceDetection" / "weights.caffemodel",
        ours / "desktop" / "strings" / "de.qm", ours / "desktop" / "howifeel.svg",
    ]  # fmt: skip
    if sys.platform != "win32" and (missing := [path.name for path in needed if not path.exists()]):
        raise BundleError(f"These files are missing: {', '.join(missing)}.")


def settle(folder: Path) -> None:
    """Give all files the time of the last commit and plain permissions, for equal packages."""
    moment = int(source_date())
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            program = os.access(path, os.X_OK) and ".so" not in path.name
            path.chmod(0o755 if path.is_dir() or program else 0o644)
        os.utime(path, (moment, moment), follow_symlinks=False)


def link(source: str, target: str) -> None:
    """Copy a file without copying its bytes, where the file system can."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def source_date() -> str:
    """SOURCE_DATE_EPOCH, or the time of the last commit, in seconds since 1970."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return given
    asked = ["git", "-C", ROOT, "log", "-1", "--format=%ct"]
    found = subprocess.run(asked, capture_output=True, text=True, check=False)
    return found.stdout.strip() or "315532800"  # 1980, the first year that a wheel can hold


def size(folder: Path) -> int:
    """Bytes of all files, links not followed."""
    return sum(p.lstat().st_size for p in folder.rglob("*") if not p.is_dir() or p.is_symlink())


def libraries(folder: Path) -> Iterator[Path]:
    """All ELF files of a bundle, without links."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if file.read(4) == b"\x7fELF":
                    yield path


def _without_gpl(packages: Path) -> int:
    before = size(packages / "av.libs")
    gpl_free.replace(packages)
    return before - size(packages / "av.libs")


def _freeze(packages: Path, work: Path) -> Path:
    environment = os.environ | {"PYTHONHASHSEED": "1", "SOURCE_DATE_EPOCH": source_date()}
    environment.pop("PYTHONPATH", None)
    python = frozen_env.interpreter(work / "env")
    log = work / "pyinstaller.log"
    command = [
        python, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN",
        "--distpath", work / "frozen", "--workpath", work / "pyinstaller",
        ROOT / "packaging" / "howifeel.spec",
    ]  # fmt: skip
    with log.open("w") as told:
        if subprocess.run(command, env=environment, stdout=told, stderr=told, cwd=work).returncode:
            raise BundleError(f"PyInstaller failed; {log} tells why.")
    folder = work / "frozen" / NAME
    shutil.copy(ROOT / "LICENSE", folder / "LICENSE")
    return folder


def _strip(folder: Path) -> None:
    """Take symbols for debuggers, and paths of this machine, out of Python and its modules.

    The libraries beside the wheels (`*.libs`) are left as they are: they were changed after they
    were linked, which not every version of strip survives.
    """
    found = {
        p for pattern in _DEBUGGED for p in (folder / INSIDE).rglob(pattern) if not p.is_symlink()
    }
    for tool in (["strip", "--strip-unneeded"], ["patchelf", "--remove-rpath"]):
        files = found if tool[0] == "strip" else set(filter(_leads_outside, found))
        if files and shutil.which(tool[0]):
            subprocess.run([*tool, *sorted(files)], check=True)


def _leads_outside(library: Path) -> bool:
    told = subprocess.run(["objdump", "-p", library], capture_output=True, text=True, check=True)
    return re.search(r"R(UN)?PATH +/", told.stdout) is not None
