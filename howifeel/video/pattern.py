"""A moving test pattern: frames without any device or file."""

from __future__ import annotations

import re
import time
from collections.abc import Generator
from fractions import Fraction
from itertools import count
from typing import TYPE_CHECKING

import cv2
import numpy as np

from howifeel.errors import SourceError
from howifeel.types import Frame
from howifeel.video.source import ReadOnce, SourceInfo

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SPEC = re.compile(
    r"test:(?:([1-9]\d{1,3})x([1-9]\d{1,3}))?(?:@([1-9]\d{0,2})(?:x([1-9]\d{0,4}))?)?"
)
_DEFAULT_SIZE, _DEFAULT_FPS = (640, 480), 30
_BARS_BGR = (
    (255, 255, 255), (0, 255, 255), (255, 255, 0), (0, 255, 0),
    (255, 0, 255), (0, 0, 255), (255, 0, 0), (0, 0, 0),
)  # fmt: skip
_SECONDS_PER_CROSSING = 3


def open_pattern(spec: str) -> PatternSource:
    """Open a test pattern.

    Args:
        spec: "test:", "test:WIDTHxHEIGHT", "test:WIDTHxHEIGHT@FPS" or
            "test:WIDTHxHEIGHT@FPSxSECONDS". Without seconds it is live: it runs for ever, at
            the speed of a clock. With seconds it comes as fast as it is read.

    Raises:
        SourceError: the pattern is spelled otherwise.
    """
    match = _SPEC.fullmatch(spec)
    if not match:
        raise SourceError(f"{spec} is no test pattern; spell it like test:640x480@30x5.")
    width, height, fps, seconds = (int(text) if text else None for text in match.groups())
    size = (width, height) if width and height else _DEFAULT_SIZE
    return PatternSource(size, fps or _DEFAULT_FPS, seconds, name=spec)


class PatternSource(ReadOnce):
    """Colour bars with a disc that moves across and the number of the frame.

    Args:
        size: width and height in pixels.
        fps: frames per second.
        seconds: how long; None for ever, at the speed of a clock.
        name: what to show to a user.
    """

    def __init__(self, size: tuple[int, int], fps: int, seconds: int | None, name: str) -> None:
        width, height = size
        super().__init__(
            SourceInfo(
                name=name,
                kind="pattern",
                width=width,
                height=height,
                fps=Fraction(fps),
                frames=None if seconds is None else seconds * fps,
                duration_s=None if seconds is None else float(seconds),
                time_base=Fraction(1, fps),
                live=seconds is None,
            )
        )

    def _read(self) -> Generator[Frame, None, None]:
        info = self.info
        bars = _bars(info.width, info.height)
        began = time.monotonic()
        for index in count() if info.frames is None else range(info.frames):
            time_s = float(index * info.time_base)
            if info.live:
                time.sleep(max(0.0, began + time_s - time.monotonic()))
            yield Frame(_draw(bars, index, time_s), index, time_s)


def _bars(width: int, height: int) -> NDArray[np.uint8]:
    columns = np.arange(width) * len(_BARS_BGR) // width
    row = np.array(_BARS_BGR, np.uint8)[columns]
    return np.repeat(row[np.newaxis], height, axis=0)


def _draw(bars: NDArray[np.uint8], index: int, time_s: float) -> NDArray[np.uint8]:
    image = bars.copy()
    height, width = image.shape[:2]
    x = round(time_s / _SECONDS_PER_CROSSING % 1 * width)
    cv2.circle(image, (x, height // 2), max(2, height // 8), (128, 128, 128), cv2.FILLED)
    scale = height / 480
    cv2.putText(
        image, str(index), (8, height - 8), cv2.FONT_HERSHEY_SIMPLEX, scale, (255, 255, 255), 2
    )
    return image
