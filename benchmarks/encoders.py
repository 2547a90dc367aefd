"""Compares the encoders of written films: milliseconds of the processor per frame, size, likeness.

The same frames are encoded by `VideoSink` with each codec in turn; likeness is the mean PSNR of the
decoded frames to those that were written. Quote one run's lines together: they share a machine.

    python benchmarks/encoders.py
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

import cv2

sys.path.insert(0, str(Path(__file__).parents[1] / "packaging"))

from demo import build_clip
from howifeel.video import VideoSink, open_source

CODECS = ("h264", "av1", "vp9", "mpeg4")


def measure(clip: Path, codec: str, folder: Path) -> tuple[float, int, float]:
    """Processor time per frame in ms, bytes, and PSNR in dB."""
    with open_source(clip) as source:
        frames, about = [(frame.image, frame.time_s) for frame in source], source.info
    target = folder / f"{codec}.mkv"
    started = time.process_time()
    with VideoSink(target, about, codec=codec) as sink:
        for image, time_s in frames:
            sink.write(image, time_s)
    busy = time.process_time() - started
    with open_source(target) as written:
        likeness = [cv2.PSNR(a, b.image) for (a, _), b in zip(frames, written, strict=True)]
    return 1000 * busy / len(frames), target.stat().st_size, statistics.mean(likeness)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clip", type=Path, help="default: a generated film, 1280x720, 25 fps")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        clip = arguments.clip or Path(folder) / "clip.mp4"
        if not arguments.clip:
            build_clip(clip, 1280, 720)
        print("| codec | processor, ms per frame | MB | PSNR, dB |")
        print("| --- | ---: | ---: | ---: |")
        for codec in CODECS:
            busy, size, likeness = measure(clip, codec, Path(folder))
            print(f"| {codec} | {busy:.1f} | {size / 1e6:.2f} | {likeness:.1f} |", flush=True)


if __name__ == "__main__":
    main()
