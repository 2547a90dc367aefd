"""Detectors to evaluate: a net in training, or a Caffe pair as OpenCV runs it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from howifeel.detect.caffe_ssd import CaffeSSD
from howifeel.train.detector.decode import detections
from howifeel.train.detector.evaluate import Detect
from howifeel.train.detector.net import FaceNet
from howifeel.train.detector.preprocess import squash, to_input
from howifeel.train.detector.priors import make_priors
from howifeel.train.detector.recipe import Recipe


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
    """A Caffe pair as a detector, run as the program runs it.

    Raises:
        AssetError: a file is missing, damaged, or not a detector.
    """
    ssd = CaffeSSD(prototxt, caffemodel, min_score=0)

    def detect(image: NDArray[np.uint8]) -> NDArray[np.float32]:
        rows = ssd.rows(image)
        rows = rows[rows[:, 2] > 0]
        return np.concatenate([rows[:, 3:] * _scale(image), rows[:, 2:3]], axis=1)

    return detect


def _scale(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    height, width = image.shape[:2]
    return np.array([width, height, width, height], np.float32)
