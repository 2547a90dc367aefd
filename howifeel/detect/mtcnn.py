"""The cascade of Zhang et al. 2016 (MTCNN) from facenet-pytorch: slower, a second opinion."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

from howifeel import facenet
from howifeel.config import Settings
from howifeel.errors import MissingPackageError, SettingsError
from howifeel.types import Box, Face, Frame

SMALLEST_FACE_PX = 12
"""The first network of the cascade sees windows of this side."""

POINTS = ("left eye", "right eye", "nose", "left corner of the mouth", "right corner of the mouth")
"""What the last network of the cascade marks, left and right as in the picture."""


class MTCNN:
    """facenet-pytorch's MTCNN with the weights that its package ships.

    Args:
        min_score: detections with a lower score (0..1) are dropped.
        min_face_px: least height of a face in pixels; larger values are faster.
        device: "cpu" or "cuda".

    Raises:
        MissingPackageError: facenet-pytorch, torch or torchvision is missing or damaged.
    """

    name = "MTCNN (facenet-pytorch)"
    sha256 = None
    ships = False

    def __init__(self, min_score: float, min_face_px: int, device: str) -> None:
        cascade = facenet.package().MTCNN
        self._min_side = max(min_face_px, SMALLEST_FACE_PX)
        self._cascade = cascade(keep_all=True, min_face_size=self._min_side, device=device)
        self._min_score = min_score

    def detect(self, frame: Frame) -> tuple[Face, ...]:
        """The faces of one frame, best first, boxes inside the frame."""
        if min(frame.width, frame.height) < self._min_side:
            return ()
        rgb = np.ascontiguousarray(frame.image[:, :, ::-1])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            boxes, scores, *_ = self._cascade.detect(rgb)
        if boxes is None:
            return ()
        found = []
        for corners, score in zip(boxes.tolist(), scores.tolist(), strict=True):
            box = Box.clipped(*corners, width=frame.width, height=frame.height)
            if box is not None and score >= self._min_score:
                found.append(Face(box, min(score, 1.0)))
        return tuple(sorted(found, key=lambda face: -face.score))

    def points(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The five `POINTS` of the best face in each picture.

        Args:
            images: uint8 (n, h, w, 3), BGR, all of one size.

        Returns:
            float32 (n, 5, 2), x and y in pixels; NaN where a picture has no face.
        """
        found = np.full((len(images), len(POINTS), 2), np.nan, np.float32)
        rgb = np.ascontiguousarray(images[..., ::-1])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            *_, scores, points = self._cascade.detect(rgb, landmarks=True)
        for place, (of_faces, marked) in enumerate(zip(scores, points, strict=True)):
            if marked is None:
                continue
            best = int(np.argmax(of_faces))
            if of_faces[best] >= self._min_score:
                found[place] = marked[best]
        return found


def build(settings: Settings) -> MTCNN:
    """MTCNN on the device of the settings.

    Raises:
        MissingPackageError: see `MTCNN`.
        SettingsError: the settings name files for another kind of detector.
    """
    if settings.detector_files:
        raise SettingsError("MTCNN brings its own weights; leave out --detector-files.")
    try:
        import torch
    except ImportError as error:
        raise MissingPackageError(
            'The detector "mtcnn" needs torch; run: pip install "howifeel[face]"'
        ) from error
    cuda = settings.device != "cpu" and torch.cuda.is_available()
    return MTCNN(settings.followed_score, settings.min_face_px, "cuda" if cuda else "cpu")
