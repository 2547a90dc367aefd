"""The environment that the bundle is frozen from: what runs, at the locked versions, and no more.

ONNX Runtime comes in its CPU build and OpenCV without a window of its own; both are drop-in forms
of the packages that pip installs, and much smaller.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"
PROGRAMS = {
    "howifeel": "desktop",
    "howifeel-video": "video",
    "howifeel-compare": "compare",
    "howifeel-check": "check",
}
"""The commands of the bundle, and their modules in howifeel.cli."""

SMALLER = {"onnxruntime-gpu": "onnxruntime", "opencv-python": "opencv-python-headless"}
EXTRAS = ("osc", "websocket")
"""Extras that are in the bundle too: they are small, and nobody can add them there later. The wheel
of `lsl` brings no text of its licence, so it stays outside."""

TOOLS = ("pyinstaller==6.22.3", "pyinstaller-hooks-contrib==2026.9")


def requirements() -> list[str]:
    """What the bundle needs on this machine by pyproject.toml, each as "name==version"."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    lines = list(project["dependencies"])
    for extra in EXTRAS:
        lines += extras[extra]
    locked, wanted = _locked(), []
    for need in map(Requirement, lines):
        if need.marker is None or need.marker.evaluate():
            wanted.append(f"{SMALLER.get(need.name, need.name)}=={locked[need.name.lower()]}")
    return wanted


def make(folder: Path, wheel: Path) -> Path:
    """Make a fresh environment with our wheel, what it needs, and PyInstaller.

    Returns:
        Its folder of packages.
    """
    shutil.rmtree(folder, ignore_errors=True)
    python = interpreter(folder)
    base = getattr(sys, "_base_executable", sys.executable)
    if uv := shutil.which("uv"):
        _run(uv, "venv", "--quiet", "--python", base, folder)
        install = [uv, "pip", "install", "--quiet", "--python", python]
    else:
        _run(base, "-m", "venv", folder)
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    pinned = folder / "constraints.txt"
    pinned.write_text("".join(f"{name}=={version}\n" for name, version in _locked().items()))
    _run(*install, "-c", pinned, *requirements(), *TOOLS)
    _run(*install, "--no-deps", wheel)
    found = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return Path(found.stdout.strip())


def interpreter(folder: Path) -> Path:
    """The Python of an environment."""
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def _locked() -> dict[str, str]:
    """Name in lower case and version of everything that is pinned for this machine."""
    pins = {}
    for line in CONSTRAINTS.read_text("utf-8").splitlines():
        need = Requirement(line)
        version = str(need.specifier)
        if version.startswith("==") and (need.marker is None or need.marker.evaluate()):
            pins[need.name.lower()] = version.removeprefix("==")
    return pins


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True)
