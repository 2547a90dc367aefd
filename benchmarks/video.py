"""Measures howifeel-video: milliseconds per frame and stage, share of the bare speed, peak memory.

The bare run decodes and encodes the same clip with the same code and no analysis. Both run in
turn, in fresh processes; quote the ratio, which holds on a noisy machine, and not milliseconds.

    python benchmarks/video.py
    python benchmarks/video.py --clip talk.mp4 --repeat 5
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "packaging"))

from demo import build_clip
from howifeel import engine, overlay, timeline
from howifeel.config import Settings
from howifeel.types import Moment
from howifeel.video import VideoSink, open_source

STAGES = ("decode", "detect", "classify", "rest", "draw", "encode", "write")
MODES = {"bare": "decode + encode", "full": "annotated video", "table": "timeline only"}


class Stopwatch:
    """Adds up seconds by name, from one call of `lap` to the next."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.seconds[name] += now - self._last
        self._last = now


class Timed:
    """Wraps a detector or classifier and charges its method to a stage."""

    def __init__(self, inner: object, method: str, stage: str, watch: Stopwatch) -> None:
        self._inner, self._method, self._stage, self._watch = inner, method, stage, watch

    def __getattr__(self, name: str) -> object:
        value = getattr(self._inner, name)
        if name != self._method:
            return value

        def timed(*arguments: object) -> object:
            self._watch.lap("rest")
            result = value(*arguments)
            self._watch.lap(self._stage)
            return result

        return timed


def run(clip: str, mode: str) -> dict[str, object]:
    """One run in this process; mode is "bare", "table" (no encoding) or "full"."""
    watch = Stopwatch()
    loaded = engine.load(Settings())
    detector = Timed(loaded.detector, "detect", "detect", watch)
    classifier = Timed(loaded.classifier, "classify", "classify", watch)
    analyser = engine.Engine(detector, classifier, Settings()).analyser()  # type: ignore[arg-type]
    layers = [overlay.build(name, Settings()) for name in overlay.DEFAULT]
    frames = faces = 0
    with tempfile.TemporaryDirectory() as folder, open_source(clip) as source:
        with ExitStack() as stack:
            sink = table = None
            if mode == "table":
                table = stack.enter_context(timeline.writer_for(Path(folder) / "out.csv"))
            else:
                target = Path(folder) / "out.mp4"
                sink = stack.enter_context(VideoSink(target, source.info, sound_from=Path(clip)))
            watch.lap("start")
            started = time.perf_counter()
            for frame in source:
                watch.lap("decode")
                image, moment = frame.image, Moment(frame.index, frame.time_s, gap="no face")
                if mode != "bare":
                    moment = analyser.read(frame)
                    watch.lap("rest")
                if mode == "full":
                    image = overlay.drawn(image, moment, layers)
                    watch.lap("draw")
                if sink:
                    sink.write(image, frame.time_s)
                    watch.lap("encode")
                if table:
                    table.add(moment)
                    watch.lap("write")
                frames += 1
                faces += len(moment.readings)
        watch.lap("encode")
        elapsed = time.perf_counter() - started
    return {
        "frames": frames,
        "faces": faces,
        "seconds": elapsed,
        "stages": {name: 1000 * watch.seconds[name] / frames for name in STAGES},
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def in_fresh_process(clip: str, mode: str) -> dict[str, object]:
    """The result of `run` in a new interpreter, so that peak memory is its own."""
    command = [sys.executable, __file__, "--clip", clip, "--mode", mode]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def compare(clip: str, repeat: int) -> None:
    """Run the modes in turn and print the table."""
    rounds = [{mode: in_fresh_process(clip, mode) for mode in MODES} for _ in range(repeat)]
    best = {mode: min((r[mode] for r in rounds), key=lambda r: r["seconds"]) for mode in MODES}
    frames = best["full"]["frames"]
    print(f"{clip}: {frames} frames, {best['full']['faces'] / frames:.2f} faces per frame")
    print(f"{platform.processor() or platform.machine()}, {repeat} rounds, fastest of each\n")
    print("| ms per frame | " + " | ".join(STAGES) + " | all | frames/s | peak MB |")
    print("| --- |" + " ---: |" * (len(STAGES) + 3))
    for mode, name in MODES.items():
        result = best[mode]
        cells = [f"{result['stages'][stage]:.1f}" for stage in STAGES]
        total = 1000 * result["seconds"] / frames
        cells += [f"{total:.1f}", f"{1000 / total:.0f}", f"{result['peak_mb']:.0f}"]
        print(f"| {name} | " + " | ".join(cells) + " |")
    ratios = [r["bare"]["seconds"] / r["full"]["seconds"] for r in rounds]
    print(f"\nspeed of the annotated run / bare run: {statistics.median(ratios):.2f} (median), "
          f"{min(ratios):.2f} to {max(ratios):.2f}")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clip", help="default: a generated film, 1280x720, 30 fps, one face")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--mode", choices=MODES, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.mode:
        print(json.dumps(run(arguments.clip, arguments.mode)))
        return
    with tempfile.TemporaryDirectory() as folder:
        clip = arguments.clip or str(Path(folder) / "film.mp4")
        if not arguments.clip:
            build_clip(Path(clip), 1280, 720, 30)
        compare(clip, arguments.repeat)


if __name__ == "__main__":
    main()
