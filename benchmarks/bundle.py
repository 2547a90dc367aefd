"""Measures the bundle that `make package` built: sizes, and seconds until its programs are there.

The same is measured for this environment, which pip installed. Starts are repeated, and the first
one, which reads from the disk, is left out; quote the median.

    python benchmarks/bundle.py
    python benchmarks/bundle.py --bundle /usr/lib/howifeel
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "packaging"))

import bundle

ROOT = Path(__file__).resolve().parents[1]
STARTS = {
    "howifeel-video --version": ["howifeel-video", "--version"],
    "howifeel --smoke (window, models, no screen)": ["howifeel", "--smoke"],
}


def seconds(command: list[str], repeat: int) -> float:
    """The median time of a program from start to end."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    taken = []
    for _ in range(repeat + 1):
        start = time.perf_counter()
        subprocess.run(command, check=True, env=environment, capture_output=True)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken[1:])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    built = ROOT / "build" / "package" / "frozen" / "howifeel"
    parser.add_argument("--bundle", type=Path, default=built)
    parser.add_argument("--repeat", type=int, default=5)
    arguments = parser.parse_args()
    for path in sorted((ROOT / "dist").glob("howifeel*")):
        print(f"{path.stat().st_size / 1e6:7.1f} MB  {path.name}")
    print(f"{bundle.size(arguments.bundle) / 1e6:7.1f} MB  the bundle, unpacked")
    inside = arguments.bundle / bundle.INSIDE
    parts = [(bundle.size(path), path.name) for path in inside.iterdir() if path.is_dir()]
    for size, name in sorted(parts, reverse=True)[:8]:
        print(f"{size / 1e6:7.1f} MB    {name}")
    print(f"\n| start to end, s (median of {arguments.repeat}) | bundle | pip |")
    print("| --- | ---: | ---: |")
    homes = (arguments.bundle, Path(sys.executable).parent)
    for title, (program, *flags) in STARTS.items():
        taken = [seconds([str(home / program), *flags], arguments.repeat) for home in homes]
        print(f"| {title} | {taken[0]:.2f} | {taken[1]:.2f} |", flush=True)


if __name__ == "__main__":
    main()
