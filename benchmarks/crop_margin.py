"""Measures which part of a detected box the classifier should see (`margin` in its metadata).

FER-2013's pictures show a face as the classifier learnt it. Each is enlarged, pasted into a picture
without a face, found again by the shipped detector and cropped with a range of margins; the best
margin is the one at which the classifier is most often right. Also tells where FER-2013's square
lies around the detector's box, which needs no classifier.

The faces are those of PublicTest, some in each size, drawn at random. What is beyond the pasted
square is no part of the face, so accuracy is the lower the more of it a margin lets in.

    python benchmarks/crop_margin.py --data fer2013/ --backgrounds faces/
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from howifeel import assets
from howifeel.classify.onnx import OnnxClassifier
from howifeel.config import Settings
from howifeel.detect.caffe_ssd import CaffeSSD
from howifeel.train import readers
from howifeel.train.data import PUBLIC
from howifeel.train.detector.data import read_split
from howifeel.types import Box, Face, Frame

MARGINS = (-0.15, -0.1, -0.075, -0.05, -0.025, 0.0, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2)
FRAME = (640, 480)
SIDES = (96, 144, 200)
"""Of the pasted squares in pixels."""
LEAST_OVERLAP = 0.3
"""Of the pasted square and a box, for the box to be that of the pasted face."""


def paste(
    face: NDArray[np.uint8], ground: NDArray[np.uint8], rng: np.random.Generator
) -> tuple[NDArray[np.uint8], Box]:
    """A grey frame with the face somewhere, and where."""
    side = int(rng.choice(SIDES))
    frame = cv2.resize(ground, FRAME)
    x, y = (int(rng.integers(0, length - side + 1)) for length in FRAME)
    large = cv2.resize(face, (side, side), interpolation=cv2.INTER_CUBIC)
    frame[y : y + side, x : x + side] = large[:, :, None]
    return frame, Box(x, y, x + side, y + side)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="FER-2013")
    parser.add_argument("--backgrounds", type=Path, required=True, help="folder with negatives-*")
    parser.add_argument("--model", default=Settings().model, help="an ONNX model; default: shipped")
    parser.add_argument("--detector-files", type=Path, nargs=2, default=assets.detector_files())
    parser.add_argument("--faces", type=int, default=1000)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()

    cv2.setNumThreads(1)
    rng = np.random.default_rng(0)
    faces = readers.read(args.data).part(PUBLIC)
    grounds = read_split(args.backgrounds, "negatives")
    detector = CaffeSSD(*args.detector_files, min_score=0.5)
    classifier = OnnxClassifier(assets.model_file(args.model), "cpu")
    spec = classifier.spec

    framed, answers, truth, around = [], [], [], []
    drawn = rng.permutation(len(faces.images))[: args.faces]
    for index in drawn:
        ground = grounds[rng.integers(len(grounds))].image
        frame_image, square = paste(faces.images[index], ground, rng)
        frame = Frame(frame_image, 0, 0.0)
        found = [f for f in detector.detect(frame) if f.box.iou(square) >= LEAST_OVERLAP]
        if not found:
            continue
        box = found[0].box
        tops = []
        for margin in MARGINS:
            classifier.spec = replace(spec, margin=margin)
            tops.append(int(classifier.classify(frame, found[:1]).probs[0].argmax()))
        classifier.spec = replace(spec, margin=0.0)
        exact = classifier.classify(frame, (Face(square, 1.0),)).probs[0].argmax()
        answers.append(tops)
        framed.append(int(exact))
        truth.append(int(faces.labels[index]))
        side = max(box.width, box.height)
        shift = np.subtract(square.center, box.center) / side
        around.append((square.width / side, *shift))

    right = np.array(answers) == np.array(truth)[:, None]
    ratio, across, down = np.median(around, axis=0)
    report = {
        "faces": len(drawn),
        "found": len(truth) / len(drawn),
        "accuracy_of_the_pasted_square": float(np.mean(np.array(framed) == truth)),
        "accuracy_by_margin": dict(zip(MARGINS, right.mean(axis=0).tolist(), strict=True)),
        "margin_of_the_pasted_square": float((ratio - 1) / 2),
        "shift_of_the_pasted_square": (float(across), float(down)),
    }
    if args.json:
        print(json.dumps(report))
        return
    print(f"{report['found']:.1%} of {len(drawn)} faces found")
    print(f"cropped exactly as pasted: {report['accuracy_of_the_pasted_square']:.1%} right")
    for margin, accuracy in report["accuracy_by_margin"].items():
        print(f"margin {margin:+.3f}: {accuracy:.1%} right")
    print(
        f"FER-2013's square is {ratio:.3f} times the box's longer side (median), which is a margin "
        f"of {report['margin_of_the_pasted_square']:+.3f}; its middle lies {across:+.3f} to the "
        f"right and {down:+.3f} lower"
    )


if __name__ == "__main__":
    main()
