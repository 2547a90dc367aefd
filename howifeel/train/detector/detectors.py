"""Detectors to evaluate: a net in training, a Caffe pair, or any detector of the program."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from howifeel.config import Settings
from howifeel.detect import build
from howifeel.detect.caffe_ssd import CaffeSSD
from howifeel.train.detector.decode import LEAST_SCORE, detections
from howifeel.train.detector.evaluate import Detect
from howifeel.train.detector.net import FaceNet
from howifeel.train.detector.preprocess import squash, to_input
from howifeel.train.detector.priors import make_priors
from howifeel.train.detector.recipe import Recipe
from howifeel.types import Frame

SMALLEST_FACE_PX = 12
"""Smaller faces than any size that results are given for."""


def torch_detector(net: FaceNet, recipe: Recipe, device: torch.device) -> Detect:
    """A net in evaluation mode as a detector."""
    width, height = recipe.width, recipe.height
    priors = make_priors(recipe.maps, width, height)

    @torch.inference_mode()
    def detect(image: NDArray[np.uint8]) -> NDArray[np.float32]:
        pixels = torch.from_numpy(squash(image, width, height))[None]
        offsets, logits = net(to_input(pixels, device))
        scores = logits[0].softmax(dim=1)[:, 1].cpu().numpy()
        found = detections(offsets[0].cpu().numpy(), scores, priors, recipe.nms)
        found[:, :4] *= _scale(image) / np.array([width, height] * 2, np.float32)
        return found

    return detect


def caffe_detector(prototxt: Path, caffemodel: Path) -> Detect:
    """A Caffe pair as a detector, loaded and run as the program does it.

    Raises:
        AssetError: a file is missing, damaged, or not a detector.
    """
    return _of_the_program(detector_files=(str(prototxt), str(caffemodel)))


def named_detector(name: str) -> Detect:
    """A detector of `howifeel.detect` by its file name, with all detections it can give.

    Raises:
        SettingsError: there is no detector of that name.
        AssetError: its files are missing or damaged.
        MissingPackageError: it needs a package that is not installed.
    """
    return _of_the_program(detector=name)


def _of_the_program(**chosen: Any) -> Detect:
    """What the program would show with these settings if it showed faces of any score.

    Boxes of an SSD are those of the net, before they are rounded to pixels.
    """
    least = Settings(**chosen, face_score=LEAST_SCORE, min_face_px=SMALLEST_FACE_PX)
    threads = cv2.getNumThreads()
    detector = build(least)
    cv2.setNumThreads(threads)  # the caller's choice, not that of the settings

    if isinstance(detector, CaffeSSD):
        return detector.boxes

    def detect(image: NDArray[np.uint8]) -> NDArray[np.float32]:
        faces = detector.detect(Frame(image, 0, 0.0))
        rows = [(f.box.x0, f.box.y0, f.box.x1, f.box.y1, f.score) for f in faces]
        return np.array(rows, np.float32).reshape(-1, 5)

    return detect


def _scale(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    height, width = image.shape[:2]
    return np.array([width, height, width, height], np.float32)
