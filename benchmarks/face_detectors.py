"""Compares face detectors: average precision on marked pictures, and time per picture.

Needs the face pictures that the detector is trained with (only its validation split is used).
Times are the least of several runs on a 640x480 picture, all detectors in turn; quote the ratio
to Haar, which holds on a noisy machine, and not milliseconds.

    python benchmarks/face_detectors.py --data FOLDER
    python benchmarks/face_detectors.py --data FOLDER --detectors howifeel haar --json
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

import cv2
import numpy as np

from howifeel.train.detector.data import read_split
from howifeel.train.detector.detectors import named_detector
from howifeel.train.detector.evaluate import Detect, evaluate
from howifeel.train.detector.speed import busy_picture, least_ms


def haar() -> Detect:
    """Viola and Jones 2001, OpenCV's frontal faces, with a score from its last stage."""
    cascade = cv2.CascadeClassifier(cv2.data.haarcascades + "haarcascade_frontalface_default.xml")

    def detect(image: np.ndarray) -> np.ndarray:
        grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        boxes, _, weights = cascade.detectMultiScale3(
            grey, 1.1, 3, minSize=(12, 12), outputRejectLevels=True
        )
        if not len(boxes):
            return np.zeros((0, 5), np.float32)
        boxes = np.asarray(boxes, np.float32)
        corners = np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], axis=1)
        return np.concatenate([corners, np.reshape(weights, (-1, 1))], axis=1, dtype=np.float32)

    return detect


DETECTORS: Mapping[str, Callable[[], Detect]] = {
    "howifeel": lambda: named_detector("caffe_ssd"),
    "mtcnn": lambda: named_detector("mtcnn"),
    "haar": haar,
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--detectors", nargs="+", choices=DETECTORS, default=list(DETECTORS))
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()

    pictures = read_split(args.data, "validation")
    detectors = {name: DETECTORS[name]() for name in args.detectors}
    results = {name: evaluate(detect, pictures) for name, detect in detectors.items()}
    image = busy_picture(pictures)
    times = {threads: least_ms(detectors, image, threads, args.repeat) for threads in (1, 2)}

    if args.json:
        report = {name: [asdict(result) for result in results[name]] for name in detectors}
        json.dump({"validation": report, "least_ms": times}, sys.stdout)
        return
    print("detector | AP >= 20 / 32 / 64 px | ms, 1 thread | ms, 2 threads | recall at 0.1 FP")
    for name, result in results.items():
        precision = " / ".join(f"{size.average_precision:.3f}" for size in result)
        recall = " / ".join(f"{size.recall_at_0_1:.3f}" for size in result)
        print(f"{name} | {precision} | {times[1][name]:.1f} | {times[2][name]:.1f} | {recall}")


if __name__ == "__main__":
    main()
