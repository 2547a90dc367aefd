"""Cameras, read with OpenCV."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Generator
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

from howifeel.errors import SourceError
from howifeel.types import Frame
from howifeel.video.quiet import quiet_opencv
from howifeel.video.source import ReadOnce, SourceInfo

_BACKENDS = {
    "linux": (cv2.CAP_V4L2,),
    "win32": (cv2.CAP_MSMF, cv2.CAP_DSHOW),
    "darwin": (cv2.CAP_AVFOUNDATION,),
}
_MICROSECOND = Fraction(1, 1_000_000)
_HIGHEST_FPS = 1000
_GUESSED_CAMERAS = 3


def camera_names(devices: Path = Path("/sys/class/video4linux")) -> dict[str, str]:
    """The cameras to offer: what `open_camera` takes, and the name to show.

    On Linux these are the connected cameras. Elsewhere a camera can only be found by opening
    it, so the first three numbers are given.

    Args:
        devices: where Linux lists its cameras.
    """
    if sys.platform != "linux":
        return {str(number): f"Camera {number}" for number in range(_GUESSED_CAMERAS)}
    found = {}
    for device in devices.glob("video*"):
        number = device.name.removeprefix("video")
        if number.isdigit() and _text(device / "index") in ("0", None):
            found[number] = _text(device / "name") or f"Camera {number}"
    return {number: found[number] for number in sorted(found, key=int)}


def open_camera(spec: str) -> CameraSource:
    """Open a camera by its number, such as "0", or by its device, such as /dev/video0.

    Raises:
        SourceError: there is no such camera, another program uses it, or it gives no picture.
    """
    name = f"camera {spec}" if spec.isdigit() else spec
    _check_device(spec, name)
    with quiet_opencv():
        for backend in _BACKENDS.get(sys.platform, (cv2.CAP_ANY,)):
            capture = cv2.VideoCapture(int(spec) if spec.isdigit() else spec, backend)
            if capture.isOpened():
                capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
                return CameraSource(capture, name)
    raise SourceError(f"Cannot open {name}; close other programs that use it, or choose another.")


class CameraSource(ReadOnce):
    """The pictures of a camera as they come, with the seconds since it was opened.

    Args:
        capture: an open capture; this source releases it.
        name: what to show to a user.

    Raises:
        SourceError: the camera gives no picture.
    """

    def __init__(self, capture: cv2.VideoCapture, name: str) -> None:
        self._capture = capture
        self._opened = time.monotonic()
        good, image = capture.read()
        if not good:
            capture.release()
            raise SourceError(f"{name} gives no picture; close other programs that use it.")
        height, width = image.shape[:2]
        fps = capture.get(cv2.CAP_PROP_FPS)
        super().__init__(
            SourceInfo(
                name=name,
                kind="camera",
                width=width,
                height=height,
                fps=Fraction(fps).limit_denominator(1001) if 0 < fps <= _HIGHEST_FPS else None,
                frames=None,
                duration_s=None,
                time_base=_MICROSECOND,
                live=True,
            )
        )

    def _read(self) -> Generator[Frame, None, None]:
        index = 0
        while True:
            good, image = self._capture.read()
            now = round((time.monotonic() - self._opened) / _MICROSECOND)
            if not good:
                raise SourceError(f"{self.info.name} stopped to deliver; check its cable.")
            if image.shape[:2] != (self.info.height, self.info.width):
                raise SourceError(f"{self.info.name} changed the size of its picture; begin anew.")
            yield Frame(image.astype(np.uint8, copy=False), index, float(now * _MICROSECOND))
            index += 1

    def _release(self) -> None:
        self._capture.release()


def _check_device(spec: str, name: str) -> None:
    if sys.platform != "linux":
        return
    device = Path(f"/dev/video{spec}" if spec.isdigit() else spec)
    if not device.exists():
        others = ", ".join(f"{number} ({label})" for number, label in camera_names().items())
        advice = f"choose one of {others}" if others else "no camera is connected"
        raise SourceError(f"There is no {name}; {advice}.")
    if not os.access(device, os.R_OK | os.W_OK):
        raise SourceError(f"You may not use {name}; add yourself to the group video.")


def _text(path: Path) -> str | None:
    try:
        return path.read_text().strip()
    except OSError:
        return None
