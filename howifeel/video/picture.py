"""Picture files: one as a source of one frame, and writing one."""

from __future__ import annotations

import os
import warnings
from collections.abc import Generator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self

import cv2
import numpy as np
from PIL import Image

from howifeel.errors import OutputError, SourceError
from howifeel.types import Frame
from howifeel.video.quiet import quiet_opencv
from howifeel.video.source import PICTURE_SUFFIXES, ReadOnce, SourceInfo

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST_BYTES = 256 * 2**20
_LONGEST_SIDE = 65_535
_QUALITY = {
    ".jpg": (cv2.IMWRITE_JPEG_QUALITY, 95),
    ".jpeg": (cv2.IMWRITE_JPEG_QUALITY, 95),
    ".webp": (cv2.IMWRITE_WEBP_QUALITY, 95),
}


def open_picture(path: Path) -> PictureSource:
    """Open a picture, turned the way up that its EXIF data tell.

    Raises:
        SourceError: it cannot be read, is damaged, is no picture, has pixels of a format such as
            float, has more than 89 megapixels or 256 MB, or is longer than 65,535 pixels.
    """
    try:
        with path.open("rb") as file:
            _check_header(file, path)
            file.seek(0)
            image = _decode(file.read())
    except OSError as error:
        raise SourceError(f"Cannot read {path}: {error.strerror}.") from error
    if image is None:
        raise SourceError(
            f"{path} is damaged or has a pixel format that cannot be read; "
            "copy it again, or convert it to PNG or JPEG."
        )
    return PictureSource(image, path.name)


class PictureSource(ReadOnce):
    """One frame at time 0.

    Args:
        image: uint8 (height, width, 3), BGR.
        name: what to show to a user.
    """

    def __init__(self, image: NDArray[np.uint8], name: str) -> None:
        self._image = image
        height, width = image.shape[:2]
        super().__init__(
            SourceInfo(
                name=name,
                kind="picture",
                width=width,
                height=height,
                fps=None,
                frames=1,
                duration_s=None,
                time_base=Fraction(1, 1000),
                live=False,
            )
        )

    def _read(self) -> Generator[Frame, None, None]:
        yield Frame(self._image, index=0, time_s=0.0)


def write_picture(path: Path, image: NDArray[np.uint8]) -> None:
    """Write a picture; the suffix chooses the format. JPEG and WebP get a quality of 95.

    Args:
        path: the file to write, ending with one of `source.PICTURE_SUFFIXES`.
        image: uint8 (height, width, 3), BGR.

    Raises:
        OutputError: the suffix is unknown, or the file cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix not in PICTURE_SUFFIXES:
        known = ", ".join(sorted(PICTURE_SUFFIXES))
        raise OutputError(f"No picture is written as {path.suffix!r}; choose one of {known}.")
    encoded = cv2.imencode(suffix, image, _QUALITY.get(suffix, ()))[1]
    try:
        path.write_bytes(encoded.tobytes())
    except OSError as error:
        raise OutputError(f"The picture cannot be written: {error.strerror}.") from error


class PictureSink:
    """A picture file, with the interface of a `VideoSink` for one frame.

    Args:
        path: the file to write, ending with one of `source.PICTURE_SUFFIXES`.
    """

    notes: tuple[str, ...] = ()

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, image: NDArray[np.uint8], time_s: float) -> None:
        """Write the picture.

        Args:
            image: uint8 (height, width, 3), BGR.
            time_s: of no importance to a picture.

        Raises:
            OutputError: the suffix is unknown, or the file cannot be written.
        """
        write_picture(self._path, image)

    def end_early(self) -> None:
        """A picture has no sound that could be cut."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing is held open."""


def _check_header(file: BinaryIO, path: Path) -> None:
    """Look at the header before decoding, so that a small file cannot fill the memory."""
    if os.fstat(file.fileno()).st_size > _MOST_BYTES:
        raise SourceError(f"{path} is larger than 256 MB; convert it to JPEG first.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(file)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise SourceError(f"{path} is larger than 89 megapixels; scale it down first.") from error
    except Exception as error:
        raise SourceError(
            f"{path} is not a picture that can be read; name another, or convert it to PNG or JPEG."
        ) from error
    if max(picture.size) > _LONGEST_SIDE:
        size = f"{picture.width} x {picture.height} pixels"
        raise SourceError(f"{path} has {size}; make no side longer than {_LONGEST_SIDE}.")
    if not _is_intact(picture):
        raise SourceError(f"The picture {path} is damaged; copy it again.")


def _is_intact(picture: Image.Image) -> bool:
    """Compare check sums, where the format has them."""
    try:
        picture.verify()
    except Exception:
        return False
    return True


def _decode(data: bytes) -> NDArray[np.uint8] | None:
    with quiet_opencv():
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    return None if image is None else image.astype(np.uint8, copy=False)
