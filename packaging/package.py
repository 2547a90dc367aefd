"""`make package`: wheel, source archive, bundle, .tar.zst and .deb, all in dist/.

The bundle is for the system that this runs on; packages for Linux are made on Debian 12, so that
they start on everything that is not older.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import archive
import bundle
import deb

ROOT = Path(__file__).resolve().parents[1]
SUMS = "SHA256SUMS"
TOOLS = {
    "cc": "gcc", "dpkg-deb": "dpkg", "objdump": "binutils", "patchelf": "patchelf",
    "strip": "binutils", "tar": "tar", "zstd": "zstd",
}  # fmt: skip
"""Programs that packages for Linux are made with, and the Debian packages that bring them."""

_Made = TypeVar("_Made")


def main() -> int:
    """Build everything; 0 when all of it is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dist", type=Path, default=ROOT / "dist", help="where to write")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "package", help="in between")
    parser.add_argument("--python-only", action="store_true", help="wheel and source archive only")
    arguments = parser.parse_args()
    dist, work = arguments.dist.resolve(), arguments.work.resolve()
    if not arguments.python_only and (lacking := {TOOLS[n] for n in TOOLS if not shutil.which(n)}):
        print(f"Tools are missing; apt install {' '.join(sorted(lacking))}.", file=sys.stderr)
        return 1
    os.environ["SOURCE_DATE_EPOCH"] = bundle.source_date()
    wheel, sdist = _timed("wheel and source archive", lambda: python_packages(dist))
    made = [wheel, sdist]
    if not arguments.python_only:
        built = _timed("bundle", lambda: bundle.build(wheel, work))
        told(built)
        made.append(_timed(".tar.zst", lambda: archive.build(built.folder, dist, work)))
        made.append(_timed(".deb", lambda: deb.build(built.folder, dist, work)))
    for path in made:
        print(f"{path.stat().st_size / 1e6:7.1f} MB  {path}")
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in made]
    (dist / SUMS).write_text("".join(sorted(lines)), "utf-8")
    return 0


def python_packages(dist: Path) -> tuple[Path, Path]:
    """Build sdist and, from it, the wheel."""
    dist.mkdir(parents=True, exist_ok=True)
    for pattern in ("howifeel-*.whl", "howifeel-*.tar.gz"):
        for old in dist.glob(pattern):
            old.unlink()
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", dist, ROOT]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return next(dist.glob("howifeel-*.whl")), next(dist.glob("howifeel-*.tar.gz"))


def told(built: bundle.Built) -> None:
    """Print what is in the bundle and what is not."""
    print(f"{bundle.size(built.folder) / 1e6:7.1f} MB  {built.folder}")
    for reason, saved in sorted(built.saved.items(), key=lambda item: -item[1]):
        print(f"{-saved / 1e6:7.1f} MB  {reason}")
    print(f"{built.licences:7d} parts with their licences")


def _timed(what: str, make: Callable[[], _Made]) -> _Made:
    start = time.monotonic()
    print(f"{what} ...", flush=True)
    made = make()
    print(f"{what}: {time.monotonic() - start:.0f} s", flush=True)
    return made


if __name__ == "__main__":
    sys.exit(main())
