"""Measures batches: frames per second of one core and of several, and the memory of a worker.

Runs `howifeel-video FOLDER` itself, once on one core, once with a worker on each, and once as one
command for each core, which shows what the machine itself allows. Times count from the first file's
begin to the last one's end, as the manifest tells. Seconds of the processor are those of all
processes, less those of a run over the same number of films of one frame, which is what starting
costs. On a busy machine the seconds of the processor count, and the speed-up
means nothing.

    python benchmarks/scale.py
    python benchmarks/scale.py --cores 0,1 --films 8 --annotated
    python benchmarks/scale.py --clip talk.mp4 --hours 10000
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[1] / "packaging"))

from demo import build_clip
from howifeel.batch import manifest

COMMAND = Path(sys.executable).with_name("howifeel-video")
LOOK_EVERY_S = 0.1
FPS = 30


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run of the command took.

    Attributes:
        frames: of all films.
        wall_s: from the begin of the first film to the end of the last.
        whole_s: of the command, with its start.
        cpu_s: of all its processes, with their start.
        peak_mb: of the process that did the work, the largest of several; 0 where unknown.
    """

    frames: int
    wall_s: float
    whole_s: float
    cpu_s: float
    peak_mb: float


def measure(films: Path, cores: Sequence[int], target: Sequence[str]) -> Measured:
    """Work through a folder with a worker for each core."""
    with tempfile.TemporaryDirectory() as out:
        began, cpu_s = time.perf_counter(), _cpu_s()
        process = start(films, cores, target, out)
        peak_mb = 0.0
        while process.poll() is None:
            peak_mb = max(peak_mb, _worker_peak_mb(process.pid, len(cores)))
            time.sleep(LOOK_EVERY_S)
        if process.returncode:
            raise SystemExit(f"howifeel-video gave {process.returncode}.")
        rows = manifest.read(Path(out) / manifest.NAME)
    begun, ended = min(r.started for r in rows), max(r.ended for r in rows)  # type: ignore
    return Measured(
        frames=sum(row.frames or 0 for row in rows),
        wall_s=(ended - begun).total_seconds(),
        whole_s=time.perf_counter() - began,
        cpu_s=_cpu_s() - cpu_s,
        peak_mb=peak_mb,
    )


def measure_apart(folders: Sequence[Path], cores: Sequence[int], target: Sequence[str]) -> float:
    """Frames per second of commands that know nothing of each other, one for each folder and core.

    It is what the machine gives: cores share caches and clocks, virtual ones even a processor.
    """
    with tempfile.TemporaryDirectory() as out:
        outs = [Path(out, str(core)) for core in cores]
        commands = [
            start(folder, [core], target, str(own))
            for folder, core, own in zip(folders, cores, outs, strict=True)
        ]
        ended_with = [command.wait() for command in commands]
        if any(ended_with):
            raise SystemExit("howifeel-video failed.")
        rows = [row for own in outs for row in manifest.read(own / manifest.NAME)]
    begun, ended = min(r.started for r in rows), max(r.ended for r in rows)  # type: ignore
    return sum(row.frames or 0 for row in rows) / (ended - begun).total_seconds()


def start(
    films: Path, cores: Sequence[int], target: Sequence[str], out: str
) -> subprocess.Popen[bytes]:
    """Start the command on these cores, with a worker for each."""
    flags = [each.replace("OUT", out) for each in target]
    usual = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        return subprocess.Popen(
            [COMMAND, films, *flags, "--workers", str(len(cores)), "--json"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    finally:
        os.sched_setaffinity(0, usual)


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _worker_peak_mb(command: int, workers: int) -> float:
    """The most memory that a process which does the work has had so far."""
    with_work: Iterable[int] = [command]
    try:
        if workers > 1:
            children = psutil.Process(command).children()
            with_work = [c.pid for c in children if "spawn_main" in " ".join(c.cmdline())]
        peaks = [
            int(line.split()[1]) / 1024
            for pid in with_work
            for line in Path(f"/proc/{pid}/status").read_text().splitlines()
            if line.startswith("VmHWM")
        ]
    except (OSError, psutil.Error):
        return 0.0
    return max(peaks, default=0.0)


def fill(folder: Path, clip: Path, count: int) -> Path:
    """A folder with copies of a clip."""
    folder.mkdir()
    for number in range(count):
        shutil.copy(clip, folder / f"{number}{clip.suffix}")
    return folder


def days(core_s: float, cores: int) -> str:
    """How long that takes on so many cores."""
    hours = core_s / cores / 3600
    return f"{hours / 24:.1f} days" if hours >= 48 else f"{hours:.1f} h"


def report(
    films: Path, short: Path, parts: list[Path], cores: list[int], target: list[str], hours: float
) -> None:
    """Measure one core, all cores, and commands on their own; print what that means."""
    print("| workers | frames | seconds | frames/s | CPU ms per frame | start, CPU s | peak MB |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    speeds, cpu_s = [], 0.0
    for used in (cores[-1:], cores):
        start, run = measure(short, used, target), measure(films, used, target)
        cpu_s = (run.cpu_s - start.cpu_s) / (run.frames - start.frames)
        speeds.append(run.frames / run.wall_s)
        print(
            f"| {len(used)} | {run.frames} | {run.wall_s:.1f} | {speeds[-1]:.1f} "
            f"| {1000 * cpu_s:.1f} | {start.cpu_s:.1f} | {run.peak_mb:.0f} |"
        )
    print(f"\n{len(cores)} workers / 1 worker: {speeds[1] / speeds[0]:.2f} times the frames/s")
    apart = measure_apart(parts, cores, target)
    print(f"{len(cores)} separate commands: {apart:.1f} frames/s, {apart / speeds[0]:.2f} times")
    total_s = hours * 3600 * FPS * cpu_s
    print(f"{hours:g} h of film at {FPS} frames/s: {total_s / 3600:.0f} core hours")
    for machines in (1, 5, 20, 100):
        print(f"  on {machines} x 16 cores: {days(total_s, 16 * machines)}")


def main() -> None:
    """Measure numbers only, and with --annotated the annotated copy too."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--clip", type=Path, help="default: a generated film, 720p, one face")
    parser.add_argument("--seconds", type=int, default=8, help="length of the generated film")
    parser.add_argument("--films", type=int, default=6, help="how many copies of it")
    parser.add_argument("--cores", help="such as 0,1 (default: all); the last one works alone")
    parser.add_argument("--annotated", action="store_true", help="with an annotated copy too")
    parser.add_argument("--hours", type=float, default=10_000, help="film to reckon with")
    arguments = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    if arguments.cores:
        cores = [int(core) for core in arguments.cores.split(",")]
    load = os.getloadavg()[0]
    print(f"{len(cores)} cores; load before it began: {load:.1f}\n")
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        clip = arguments.clip or place / "film.mp4"
        if not arguments.clip:
            build_clip(clip, 1280, 720, FPS, seconds=arguments.seconds)
        build_clip(place / "short.mp4", 1280, 720, 1, seconds=1)
        films = fill(place / "films", clip, arguments.films)
        short = fill(place / "short", place / "short.mp4", arguments.films)
        each = max(1, arguments.films // len(cores))
        parts = [fill(place / f"part-{core}", clip, each) for core in cores]
        print("Numbers only (--timeline)\n")
        report(films, short, parts, cores, ["--timeline", "OUT/{name}.parquet"], arguments.hours)
        if arguments.annotated:
            print("\nAnnotated copy (--out)\n")
            report(films, short, parts, cores, ["--out", "OUT"], arguments.hours)


if __name__ == "__main__":
    main()
