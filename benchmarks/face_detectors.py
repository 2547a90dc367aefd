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
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

import cv2
import numpy as np
import torch

from howifeel import assets
from howifeel.detect.mtcnn import MTCNN, SMALLEST_FACE_PX
from howifeel.train.detector.data import Picture, read_split
from howifeel.train.detector.detectors import caffe_detector
from howifeel.train.detector.evaluate import Detect, evaluate
from howifeel.types import Frame


def howifeel() -> Detect:
    return caffe_detector(*assets.detector_files())


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


def mtcnn() -> Detect:
    """Zhang et al. 2016 from facenet-pytorch, down to the smallest face that it can see."""
    cascade = MTCNN(0.0, SMALLEST_FACE_PX, "cpu")

    def detect(image: np.ndarray) -> np.ndarray:
        faces = cascade.detect(Frame(image, 0, 0.0))
        rows = [(f.box.x0, f.box.y0, f.box.x1, f.box.y1, f.score) for f in faces]
        return np.array(rows, np.float32).reshape(-1, 5)

    return detect


DETECTORS: Mapping[str, Callable[[], Detect]] = {"howifeel": howifeel, "mtcnn": mtcnn, "haar": haar}


def busy_picture(pictures: tuple[Picture, ...]) -> np.ndarray:
    """The picture with most faces, as 640x480 pixels."""
    return cv2.resize(max(pictures, key=lambda picture: len(picture.faces)).image, (640, 480))


def least_ms(
    detectors: Mapping[str, Detect], image: np.ndarray, threads: int, repeat: int
) -> dict[str, float]:
    cv2.setNumThreads(threads)
    torch.set_num_threads(threads)
    least = dict.fromkeys(detectors, float("inf"))
    for _ in range(repeat):
        for name, detect in detectors.items():
            began = time.perf_counter()
            detect(image)
            least[name] = min(least[name], (time.perf_counter() - began) * 1000)
    return least


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
