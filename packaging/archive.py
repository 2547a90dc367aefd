"""Packs the bundle as .tar.zst: unpack it anywhere, move it, start it."""

from __future__ import annotations

import platform
import shutil
import subprocess
from pathlib import Path

import bundle
import linux_share
from howifeel import __version__


def build(folder: Path, dist: Path, work: Path) -> Path:
    """Write the archive; everything in it is below one folder with name and version.

    Args:
        folder: the bundle.
        dist: where to write.
        work: an own folder.
    """
    name = f"howifeel-{__version__}"
    staged = work / "archive" / name
    shutil.rmtree(staged.parent, ignore_errors=True)
    shutil.copytree(folder, staged, symlinks=True, copy_function=bundle.link)
    linux_share.write(staged / "share", folder)
    bundle.settle(staged)
    target = dist / f"{name}-linux-{platform.machine()}.tar.zst"
    subprocess.run(
        [
            "tar", "--create", "--file", target, "--use-compress-program", "zstd -9 -T1 --quiet",
            "--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--format=gnu",
            "--directory", staged.parent, name,
        ],
        check=True,
    )  # fmt: skip
    return target
