"""Histograms of oriented gradients: the shape of a face without its brightness.

Dalal and Triggs 2005, "Histograms of oriented gradients for human detection".
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


def hog(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Nine directions in blocks of 16 pixels, float32 (n, 900), of faces uint8 (n, 48, 48)."""
    describe = cv2.HOGDescriptor((48, 48), (16, 16), (8, 8), (8, 8), 9)
    return np.stack([np.asarray(describe.compute(image), np.float32).ravel() for image in images])
