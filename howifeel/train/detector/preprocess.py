"""How a picture becomes the net's input; the same at training and at run time."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from howifeel.detect.caffe_ssd import MEAN_BGR, halved


def squash(image: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """Resize to the net's input size as the program does, without keeping the aspect.

    Args:
        image: uint8 (h, w, 3), BGR.
        width: of the input in pixels.
        height: of the input in pixels.
    """
    few = halved(image, width, height)
    return cv2.resize(few, (width, height), interpolation=cv2.INTER_LINEAR).astype(
        np.uint8, copy=False
    )


def to_input(images: Tensor, device: torch.device) -> Tensor:
    """uint8 (n, height, width, 3) BGR -> float32 (n, 3, height, width) minus the mean."""
    pixels = images.to(device, non_blocking=True).permute(0, 3, 1, 2).float()
    return pixels - torch.tensor(MEAN_BGR, device=device).reshape(1, 3, 1, 1)
