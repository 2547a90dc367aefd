"""The default detector: a Caffe SSD (Liu et al. 2016) run by OpenCV's dnn module.

Reads the shipped pair and any pair with the same interface, such as OpenCV's classic
`res10_300x300_ssd_iter_140000`: one BGR input from which 104, 117, 123 are subtracted, and one
`DetectionOutput` of rows [image, class, score, x0, y0, x1, y1] with relative coordinates.

The picture, a large one halved first, is squashed to the input size of the prototxt. A prototxt may
say in a comment "Input sides may be other multiples of 64"; then the long side stays and the short
one follows the picture, so that a wide video is neither squashed nor costs more than it has to.
"""

from __future__ import annotations

import math
import re
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from howifeel import assets, probe
from howifeel.config import Settings
from howifeel.errors import AssetError, MissingPackageError
from howifeel.printable import printable
from howifeel.types import Box, Face, Frame

MEAN_BGR = (104.0, 117.0, 123.0)
"""Subtracted from B, G, R (0..255); the values of OpenCV's samples/dnn/face_detector."""

WIDEST = 1.5
"""No whole face is more times as wide as it is high, even one that lies on its side."""

NEAR_EDGE = 0.05
"""A box counts as cut off above or below if this share of its width, or less, is between it and
the picture's edge: a net does not place the edge of a box to the pixel."""

_ROUNDING = 1e-4
"""More than OpenCV's scores can differ from the same numbers in Python."""


class CaffeSSD:
    """A prototxt and a caffemodel.

    Args:
        prototxt: the architecture, and what its input size may be.
        caffemodel: the weights.
        min_score: detections with a lower score (0..1) are dropped.

    Raises:
        AssetError: a file is missing, damaged, or not a detector.
        MissingPackageError: the installed OpenCV cannot read Caffe models.
    """

    def __init__(self, prototxt: Path, caffemodel: Path, min_score: float) -> None:
        self.name = printable(caffemodel.name)
        self.sha256 = assets.sha256(prototxt, caffemodel)
        contents = (assets.read(prototxt), assets.read(caffemodel))
        self.ships = assets.ships("faceDetection", *contents)
        text = contents[0].decode("utf-8", errors="replace")
        self._input_size, self._step = _input_size(text, prototxt), _side_step(text)
        self._min_score = min_score
        asked = _asking_from(contents[0], min_score - _ROUNDING)
        self._net = _read_net(prototxt, caffemodel, asked, contents[1])
        self._check_output(caffemodel)

    def detect(self, frame: Frame) -> tuple[Face, ...]:
        """The faces of one frame, best first, boxes inside the frame."""
        found = []
        for x0, y0, x1, y1, score in self.boxes(frame.image).tolist():
            box = Box.clipped(x0, y0, x1, y1, width=frame.width, height=frame.height)
            if box is not None:
                found.append(Face(box, min(score, 1.0)))
        return tuple(sorted(found, key=lambda face: -face.score))

    def boxes(self, image: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The faces of one picture before their boxes are rounded to pixels.

        Args:
            image: uint8 (height, width, 3), BGR.

        Returns:
            float32 (n, 5): x0, y0, x1, y1 in pixels, inside the picture, and score 0..1.
        """
        height, width = image.shape[:2]
        rows = self.rows(image)
        rows = rows[rows[:, 2] >= max(self._min_score, _ROUNDING)]
        corners = np.clip(rows[:, 3:], 0, 1) * np.array([width, height, width, height], np.float32)
        found = np.concatenate([corners, rows[:, 2:3]], axis=1)
        return found[_like_faces(corners, height)]

    def input_size(self, width: int, height: int) -> tuple[int, int]:
        """Width and height of the network's input for pictures of a size in pixels.

        The long side of the prototxt's size stays; the short one is the picture's at this scale,
        rounded up to a side that the network can have.
        """
        if self._step is None:
            return self._input_size
        long_side = max(self._input_size)
        ratio = long_side / max(width, height, 1)
        steps = [max(1, math.ceil(side * ratio / self._step)) for side in (width, height)]
        return (
            min(long_side, steps[0] * self._step),
            min(long_side, steps[1] * self._step),
        )

    def rows(self, image: np.ndarray) -> np.ndarray:
        """The network's own output for a picture, from `min_score` on and not rounded to pixels.

        Args:
            image: uint8 (height, width, 3), BGR.

        Returns:
            float32 (n, 7): [image, class, score, x0, y0, x1, y1], corners relative to the sides;
            OpenCV fills the end with rows of zeros.
        """
        size = self.input_size(image.shape[1], image.shape[0])
        self._net.setInput(cv2.dnn.blobFromImage(halved(image, *size), 1.0, size, MEAN_BGR))
        return self._net.forward().reshape(-1, 7)

    def _check_output(self, caffemodel: Path) -> None:
        width, height = self._input_size
        try:
            self.rows(np.zeros((height, width, 3), np.uint8))
        except (cv2.error, ValueError) as error:
            raise AssetError(
                f"{caffemodel} does not work as a face detector with its prototxt; "
                "use a matching SSD pair."
            ) from error


def halved(image: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """A picture made smaller by averages of 2x2 pixels while it is twice as large as a size.

    What then resizes it to the size without averaging, as `cv2.dnn.blobFromImage` does, passes over
    few pixels. Steps of two because OpenCV does these much faster than any other average.

    Args:
        image: uint8 (h, w, 3), BGR. Of an odd side the last pixel is left out.
        width: in pixels.
        height: in pixels.

    >>> halved(np.zeros((720, 1280, 3), np.uint8), 320, 256).shape
    (360, 640, 3)
    """
    while image.shape[1] >= 2 * width and image.shape[0] >= 2 * height:
        few = image.shape[1] // 2, image.shape[0] // 2
        even = image[: 2 * few[1], : 2 * few[0]]
        image = cv2.resize(even, few, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    return image


def _like_faces(boxes: NDArray[np.float32], height: int) -> NDArray[np.bool_]:
    """Which boxes are no wider than a face is, as far as a picture of this height shows it."""
    x0, y0, x1, y1 = boxes.T
    near = NEAR_EDGE * (x1 - x0)
    cut = (y0 <= near) | (y1 >= height - near)
    return cut | (x1 - x0 <= WIDEST * (y1 - y0))


def build(settings: Settings) -> CaffeSSD:
    """The shipped detector, or the pair that the settings name.

    A pair that does not ship is tried out in another process first, see `howifeel.probe`.

    Raises:
        AssetError: see `CaffeSSD`; or the installed pair is not the one that ships.
    """
    pair = settings.detector_files
    prototxt, caffemodel = map(Path, pair) if pair else assets.detector_files()
    if not assets.ships("faceDetection", assets.read(prototxt), assets.read(caffemodel)):
        if not pair:
            raise AssetError(
                f"The detector in {prototxt.parent} is not the one that ships with this version; "
                f"install HowIFeel again, or use --detector-files {prototxt} {caffemodel}."
            )
        paths = (prototxt, caffemodel)
        probe.check("detector", paths, assets.sha256(*paths))
    cv2.setNumThreads(settings.threads)
    return CaffeSSD(prototxt, caffemodel, settings.followed_score)


def _read_net(prototxt: Path, caffemodel: Path, text: bytes, weights: bytes) -> cv2.dnn.Net:
    if not hasattr(cv2.dnn, "readNetFromCaffe"):
        raise MissingPackageError(
            f"OpenCV {cv2.__version__} cannot read Caffe models; "
            'run: pip install --force-reinstall "opencv-python<5"'
        )
    try:
        return cv2.dnn.readNetFromCaffe(
            np.frombuffer(text, np.uint8), np.frombuffer(weights, np.uint8)
        )
    except (cv2.error, MemoryError) as error:
        raise AssetError(
            f"{prototxt} and {caffemodel} are damaged or not a Caffe model; use a complete copy."
        ) from error


def _asking_from(text: bytes, score: float) -> bytes:
    """The prototxt with a higher confidence_threshold: sorting what nobody wants takes time."""

    def raised(found: re.Match[bytes]) -> bytes:
        return found[1] + str(max(float(found[2]), score)).encode()

    number = rb"((?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)"
    return re.sub(rb"(\bconfidence_threshold\s*:\s*)" + number, raised, text)


def _input_size(text: str, prototxt: Path) -> tuple[int, int]:
    """Width and height of the network's input, from any way Caffe has to write it."""
    text = re.sub(r"#.*", "", text)
    shape = re.search(r"(?:input_shape|input_param\s*:?\s*\{\s*shape)\s*:?\s*\{([^}]*)\}", text)
    spelled = (r"\bdim\s*:\s*(\d+)", shape[1]) if shape else (r"\binput_dim\s*:\s*(\d+)", text)
    dims = re.findall(*spelled)
    if len(dims) != 4 or dims[1] != "3" or not all(8 <= int(d) <= 4096 for d in dims[2:]):
        raise AssetError(f"{prototxt} states no input of 3 channels; use an SSD's prototxt.")
    return int(dims[3]), int(dims[2])


def _side_step(text: str) -> int | None:
    """Of what number the input's sides have to be multiples; None where its size is fixed."""
    said = re.search(r"^#.*\bInput sides may be other multiples of (\d+)", text, re.MULTILINE)
    return int(said[1]) if said and int(said[1]) > 0 else None
