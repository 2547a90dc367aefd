"""The cascade of Zhang et al. 2016 (MTCNN) from facenet-pytorch: slower, a second opinion."""

from __future__ import annotations

import warnings

import numpy as np

from howifeel.config import Settings
from howifeel.errors import MissingPackageError, SettingsError
from howifeel.types import Box, Face, Frame

SMALLEST_FACE_PX = 12
"""The first network of the cascade sees windows of this side."""


class MTCNN:
    """facenet-pytorch's MTCNN with the weights that its package ships.

    Args:
        min_score: detections with a lower score (0..1) are dropped.
        min_face_px: least height of a face in pixels; larger values are faster.
        device: "cpu" or "cuda".

    Raises:
        MissingPackageError: facenet-pytorch, torch or torchvision is missing or does not match.
    """

    name = "MTCNN (facenet-pytorch)"
    sha256 = None

    def __init__(self, min_score: float, min_face_px: int, device: str) -> None:
        try:
            from facenet_pytorch import MTCNN as Cascade
        except (ImportError, RuntimeError) as error:
            raise MissingPackageError(
                f'The detector "mtcnn" cannot start ({error}); run: pip install "howifeel[face]"'
            ) from error
        self._min_side = max(min_face_px, SMALLEST_FACE_PX)
        self._cascade = Cascade(keep_all=True, min_face_size=self._min_side, device=device)
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
    return MTCNN(settings.face_score, settings.min_face_px, "cuda" if cuda else "cpu")
