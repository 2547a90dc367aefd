"""How long howifeel-compare takes for many films, how large its report is, and how much memory it
needs: `python benchmarks/compare.py --films 200 --minutes 30`.

The timelines are made up, one face at 25 frames per second, in Parquet.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

import numpy as np

from howifeel import timeline
from howifeel.compare import participants, pictures, report
from howifeel.compare.find import find
from howifeel.timeline import Summary, Table
from howifeel.types import Provenance

FPS = 25
ORIGIN = Provenance("film.mp4", "m.onnx", "ab" * 32, "d", "cd" * 32, "cpu", {}, "0")


def made_up(seed: int, minutes: float) -> Table:
    """A face whose look changes every four seconds, with gaps."""
    draw = np.random.default_rng(seed)
    frames = round(FPS * 60 * minutes)
    scene = np.arange(frames) // (4 * FPS)
    top = draw.integers(0, 7, scene[-1] + 1)[scene]
    gap = np.where(draw.random(scene[-1] + 1)[scene] < 0.1, 0, -1)
    read = gap < 0
    probs = np.full((frames, 7), 0.05)
    probs[np.arange(frames), top] = 0.7
    return Table(
        frame=np.arange(frames),
        time_s=np.arange(frames) / FPS,
        track=np.where(read, 1 + scene // 50, -1),
        box=np.where(read[:, None], (100, 80, 220, 200), 0),
        score=np.where(read, 0.9, np.nan),
        probs=np.where(read[:, None], probs, np.nan),
        top=np.where(read, top, -1),
        unsure=read & (draw.random(frames) < 0.2),
        gap=gap,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--films", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=30)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for number in range(arguments.films):
            path = folder / f"film-{number:04}.parquet"
            timeline.write_table(path, made_up(number, arguments.minutes))
            timeline.write_sidecar(timeline.sidecar_of(path), ORIGIN, Summary())
        target = folder / "compare.html"
        started, worked = time.perf_counter(), time.process_time()
        found, missing = find([folder])
        whose = participants.themselves([each.name for each in found])
        report.write(found, whose, missing, target, take=pictures.none)
        wall_s, work_s = time.perf_counter() - started, time.process_time() - worked
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{arguments.films} films of {arguments.minutes:g} min: {wall_s:.1f} s "
            f"({work_s:.1f} s of one core), {target.stat().st_size / 1e6:.2f} MB, "
            f"peak memory {peak_mb:.0f} MB (with making the timelines)"
        )


if __name__ == "__main__":
    main()
