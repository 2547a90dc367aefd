"""Measures sessions: seconds to record, finish, open, count, chart and export a long recording.

One face at 30 frames a second, numbers only. On a busy machine the seconds of the processor count.

    python benchmarks/sessions.py
    python benchmarks/sessions.py --minutes 180
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

import numpy as np

from howifeel import emotions
from howifeel.report import chart
from howifeel.session import Store
from howifeel.session.export import export
from howifeel.timeline.statistics import statistics
from howifeel.types import Box, Face, Frame, Moment, Provenance, Reading
from howifeel.video import SourceInfo

FPS = 30
CAMERA = SourceInfo(
    "camera 0", "camera", 64, 48, Fraction(FPS), None, None, Fraction(1, 1_000_000), live=True
)
ORIGIN = Provenance("camera 0", "model.onnx", "0" * 64, "caffe_ssd", None, "cpu", {}, "0")
T = TypeVar("T")


def moments(count: int) -> Iterator[Moment]:
    """A face whose expression drifts."""
    walk = np.random.default_rng(0).normal(0, 0.1, (count, 7)).cumsum(axis=0)
    powers = np.exp(walk - walk.max(axis=1, keepdims=True))
    probs = (powers / powers.sum(axis=1, keepdims=True)).tolist()
    face = Face(Box(10, 10, 30, 30), 0.9, 1)
    for n, row in enumerate(probs):
        top = emotions.NAMES[int(np.argmax(row))]
        yield Moment(n, n / FPS, (Reading(face, tuple(row), top, max(row) < 0.5),))


def timed(what: str, work: Callable[[], T]) -> T:
    """Do some work and print how long it took."""
    started, cpu = time.perf_counter(), time.process_time()
    result = work()
    took_s, cpu_s = time.perf_counter() - started, time.process_time() - cpu
    print(f"{what:<40} {took_s:7.2f} s, of the processor {cpu_s:6.2f} s")
    return result


def main() -> None:
    """Measure everything once."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=60)
    minutes = parser.parse_args().minutes
    picture = np.zeros((48, 64, 3), np.uint8)
    stream = [(Frame(picture, m.index, m.time_s), m) for m in moments(round(60 * minutes * FPS))]
    print(f"{minutes:g} minutes, {len(stream):,} frames; {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "sessions")
        recorder = store.record("benchmark", CAMERA, ORIGIN)
        timed("record all frames", lambda: [recorder.add(*each) for each in stream])
        info = timed("finish", recorder.finish)
        session = timed("open as columns", lambda: store.open(info.id))
        timed("moments of ten seconds in the middle", lambda: session.moments(900, 910))
        timed("all moments", lambda: session.timeline)
        timed("statistics of all, with intervals", lambda: statistics(session.table))
        timed("chart", lambda: chart.svg(session.table, 1, title="benchmark"))
        for suffix in (".html", ".parquet", ".csv", ".srt"):
            target = Path(folder) / f"out{suffix}"
            timed(f"export {suffix}", lambda target=target: export(session, target))
            print(f"{'':<40} {target.stat().st_size / 1e6:7.2f} MB")


if __name__ == "__main__":
    main()
