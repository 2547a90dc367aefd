"""Packs the bundle for Debian, Ubuntu and their relatives."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import bundle
import licences
import linux_share
from howifeel import __version__

HOME = Path("usr/lib/howifeel")
MAINTAINER = "The HowIFeel contributors <howifeel@localhost>"
FONTS = "fonts-dejavu-core | fonts-freefont-ttf | fonts-noto-core"
"""Without any font every letter is a box."""

COMPRESSION = ("-Zzstd", "-z9")
"""zstd is read by dpkg since Debian 12 and Ubuntu 21.10."""

DESCRIPTION = """\
shows what faces look like they express, privately
 HowIFeel names what a face looks like it expresses, with calibrated
 probabilities or an honest "unsure", on cameras, films and pictures.
 Everything is computed on this machine; nothing is uploaded and nobody
 is identified.
 .
 The command howifeel opens a window, howifeel-video annotates films and
 pictures and writes their readings as tables, and howifeel-compare puts
 several films side by side. The package brings its own Python and
 libraries; ONNX Runtime computes on the processor. To train models, or
 to compute on an NVIDIA card, install with pip."""


def build(folder: Path, dist: Path, work: Path) -> Path:
    """Write the .deb.

    Args:
        folder: the bundle.
        dist: where to write.
        work: an own folder.
    """
    root = work / "deb"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(folder, root / HOME, symlinks=True, copy_function=bundle.link)
    for name in bundle.PROGRAMS:
        command = root / "usr" / "bin" / name
        command.parent.mkdir(parents=True, exist_ok=True)
        command.symlink_to(Path("../lib/howifeel") / name)
    linux_share.write(root / "usr" / "share", folder)
    size = bundle.size(root)
    (root / "DEBIAN").mkdir()
    (root / "DEBIAN" / "control").write_text(control(depends(folder), size), "utf-8")
    bundle.settle(root)
    architecture = _asked("dpkg", "--print-architecture")
    target = dist / f"howifeel_{__version__}_{architecture}.deb"
    command = ["dpkg-deb", "--root-owner-group", *COMPRESSION, "--build", root, target]
    environment = os.environ | {"SOURCE_DATE_EPOCH": bundle.source_date()}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return target


def control(needs: Iterable[str], size: int) -> str:
    """The file that tells Debian about the package.

    Args:
        needs: packages that must be there, in Debian's words.
        size: bytes of the installed files.
    """
    fields = {
        "Package": "howifeel",
        "Version": __version__,
        "Section": "science",
        "Priority": "optional",
        "Architecture": _asked("dpkg", "--print-architecture") or "amd64",
        "Maintainer": MAINTAINER,
        "Installed-Size": str(size // 1024 + 1),
        "Depends": ", ".join(needs),
        "Recommends": "xdg-utils",
        "Description": DESCRIPTION,
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items())


def depends(folder: Path) -> list[str]:
    """The Debian packages that bring what the bundle needs and has not: libraries and a font."""
    present = {path.name for path in folder.rglob("*") if ".so" in path.name}
    needed, glibc = set(), (0,)
    for library in bundle.libraries(folder):
        told = _asked("objdump", "-p", str(library))
        needed |= set(re.findall(r"NEEDED\s+(\S+)", told))
        versions = re.findall(r"\bGLIBC_(\d+(?:\.\d+)+)", told)
        glibc = max([glibc, *(tuple(map(int, version.split("."))) for version in versions)])
    owners = licences.of_system(Path(name) for name in sorted(needed - present))
    names = {part.name for part in owners} - {"libc6"}
    return [f"libc6 (>= {'.'.join(map(str, glibc))})", FONTS, *sorted(names)]


def _asked(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
