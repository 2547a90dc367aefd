"""How long detectors take for a picture of 640x480 pixels."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from howifeel.train.detector.evaluate import Detect, Done
from howifeel.train.detector.picture import Picture

SIZE = (640, 480)


def busy_picture(pictures: Sequence[Picture]) -> NDArray[np.uint8]:
    """The picture with most faces, which costs most: uint8 (480, 640, 3), BGR."""
    image = max(pictures, key=lambda picture: len(picture.faces)).image
    return cv2.resize(image, SIZE).astype(np.uint8, copy=False)


def least_ms(
    detectors: Mapping[str, Detect],
    image: NDArray[np.uint8],
    threads: int,
    repeat: int,
    done: Done | None = None,
) -> dict[str, float]:
    """The least of several runs in milliseconds, all detectors in turn.

    On a machine that is busy with other work the ratio of two detectors is worth more than either
    number.

    Args:
        detectors: by name.
        image: uint8 (h, w, 3), BGR.
        threads: of OpenCV and of torch.
        repeat: number of runs of each, at least 1.
        done: is told after each round how many are done.
    """
    before = cv2.getNumThreads(), torch.get_num_threads()
    cv2.setNumThreads(threads)
    torch.set_num_threads(threads)
    least = dict.fromkeys(detectors, float("inf"))
    for rounds in range(repeat):
        for name, detect in detectors.items():
            began = time.perf_counter()
            detect(image)
            least[name] = min(least[name], (time.perf_counter() - began) * 1000)
        if done:
            done(rounds + 1, repeat)
    cv2.setNumThreads(before[0])
    torch.set_num_threads(before[1])
    return least
