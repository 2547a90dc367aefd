"""Picture files: one as a source of one frame, and writing one."""

from __future__ import annotations

import io
import warnings
from collections.abc import Generator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Self

import cv2
import numpy as np
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from howifeel import untrusted
from howifeel.errors import OutputError, SourceError
from howifeel.printable import printable
from howifeel.types import Frame
from howifeel.video import jpeg
from howifeel.video.quiet import overheard
from howifeel.video.source import PICTURE_SUFFIXES, ReadOnce, SourceInfo

if TYPE_CHECKING:
    from numpy.typing import NDArray

MEGAPIXELS = 32
"""The largest picture that is shown, in millions of pixels; a larger JPEG is made smaller."""

_MOST_BYTES = 128 * 2**20
_LONGEST_SIDE = 65_535
_MOST_JPEG_MEGAPIXELS = 400
_MOST_SCANS = 64
_OTHER_FORMATS = ("PNG", "WEBP", "BMP", "TIFF")
_REDUCED = {
    1: cv2.IMREAD_COLOR,
    2: cv2.IMREAD_REDUCED_COLOR_2,
    4: cv2.IMREAD_REDUCED_COLOR_4,
}
_COMPLAINTS = ("Corrupt JPEG", "Premature end", "Inconsistent progression")
_QUALITY = {
    ".jpg": (cv2.IMWRITE_JPEG_QUALITY, 95),
    ".jpeg": (cv2.IMWRITE_JPEG_QUALITY, 95),
    ".webp": (cv2.IMWRITE_WEBP_QUALITY, 95),
}


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """A picture, and in one sentence what is wrong with it.

    Attributes:
        image: uint8 (height, width, 3), BGR, turned the way up that its EXIF data tell.
        damage: that it is damaged or smaller than in the file; None where it is as it should be.
        reduced: by what its sides in the file were divided; 1, 2 or 4.
    """

    image: NDArray[np.uint8]
    damage: str | None = None
    reduced: int = 1


def open_picture(path: Path) -> PictureSource:
    """Open a picture, see `decode`.

    Raises:
        SourceError: it cannot be read, has more than 128 MB, or cannot be decoded.
    """
    decoded = read_picture(path)
    return PictureSource(decoded.image, path.name, decoded.damage)


def read_picture(path: Path) -> Decoded:
    """Decode a picture file, see `decode`.

    Raises:
        SourceError: see `open_picture`.
    """
    try:
        data = untrusted.read_bytes(path, _MOST_BYTES)
    except OSError as error:
        raise SourceError(f"Cannot read {path}: {untrusted.reason(error)}.") from error
    return decode(data, str(path))


def decode(data: bytes, name: str) -> Decoded:
    """Decode the content of a picture file, after a look at its header.

    A JPEG of more than `MEGAPIXELS` is read at a half or a quarter of its width and height.

    Args:
        data: of any format that Pillow and OpenCV know.
        name: what to call it in an error.

    Raises:
        SourceError: it is damaged, no picture, too large, longer than 65,535 pixels, or has pixels
            of a format such as float.
    """
    size, reduced = _check_header(data, name)
    with overheard() as said:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), _REDUCED[reduced])
        complaints = said()
    if image is None:
        raise SourceError(
            f"{name} is damaged or has a pixel format that cannot be read; "
            "copy it again, or convert it to PNG or JPEG."
        )
    damage = None
    if any(known in complaints for known in _COMPLAINTS):
        damage = "The picture is damaged; what could be decoded was processed."
    elif reduced > 1:
        damage = f"The picture, {size[0]} x {size[1]} pixels, was read at 1/{reduced} of its sides."
    return Decoded(image.astype(np.uint8, copy=False), damage, reduced)


class PictureSource(ReadOnce):
    """One frame at time 0.

    Args:
        image: uint8 (height, width, 3), BGR.
        name: what to show to a user.
        damage: what `Source.damage` is to say.
    """

    def __init__(self, image: NDArray[np.uint8], name: str, damage: str | None = None) -> None:
        self._image = image
        height, width = image.shape[:2]
        super().__init__(
            SourceInfo(
                name=printable(name),
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
        self.damage = damage

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
        path.write_bytes(encoded.data)
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


def _check_header(data: bytes, name: str) -> tuple[tuple[int, int], int]:
    """Look at the header before decoding, so that a small file cannot fill the memory.

    Returns:
        Width and height in pixels, and by what they must be divided.
    """
    most = _most_jpeg_megapixels(data, name) if data.startswith(jpeg.START) else MEGAPIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = _opened(data)
    except Image.DecompressionBombError as error:
        raise _too_large(name, most) from error
    except Exception as error:  # Pillow raises whatever its decoders raise
        raise _not_readable(name) from error
    width, height = picture.size
    if max(width, height) > _LONGEST_SIDE:
        size = f"{width} x {height} pixels"
        raise SourceError(f"{name} has {size}; make no side longer than {_LONGEST_SIDE}.")
    reduced = _reduction(width * height, most, name)
    if not _is_intact(picture):
        raise SourceError(f"The picture {name} is damaged; copy it again.")
    return (width, height), reduced


def _most_jpeg_megapixels(data: bytes, name: str) -> int:
    """How large a JPEG may be; only a plain one is decoded smaller in less memory."""
    layout = jpeg.layout(data)
    if layout.scans > _MOST_SCANS:
        raise SourceError(
            f"{name} is a JPEG of more than {_MOST_SCANS} passes; convert it to a plain one first."
        )
    if not layout.scans or layout.steps >= jpeg.MOST_STEPS:
        raise _not_readable(name)
    return _MOST_JPEG_MEGAPIXELS if layout.plain else MEGAPIXELS


def _opened(data: bytes) -> Image.Image:
    """The header of a picture; Pillow's own limit of pixels is not ours for a JPEG."""
    if data.startswith(jpeg.START):
        return JpegImageFile(io.BytesIO(data))
    return Image.open(io.BytesIO(data), formats=_OTHER_FORMATS)


def _reduction(pixels: int, most: int, name: str) -> int:
    """By what to divide the sides of a picture that may have so many megapixels."""
    for divisor in _REDUCED:
        if pixels <= min(most, MEGAPIXELS * divisor**2) * 1_000_000:
            return divisor
    raise _too_large(name, most)


def _not_readable(name: str) -> SourceError:
    return SourceError(
        f"{name} is not a picture that can be read; name another, or convert it to PNG or JPEG."
    )


def _too_large(name: str, megapixels: int) -> SourceError:
    return SourceError(f"{name} is larger than {megapixels} megapixels; scale it down first.")


def _is_intact(picture: Image.Image) -> bool:
    """Compare check sums, where the format has them."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture.verify()
    except Exception:
        return False
    return True
