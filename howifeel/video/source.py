"""Where frames come from: one protocol for files, URLs, pictures, cameras and test patterns."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Literal, Protocol, Self

from howifeel.errors import SourceError
from howifeel.types import Frame

Kind = Literal["file", "url", "picture", "camera", "pattern"]

PICTURE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"})
"""What a picture file ends with, in lower case."""

UNSPECIFIED = 2
"""The code point of ITU-T H.273 for "not known"."""


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What is known about a source once it is open.

    Attributes:
        name: what to show to a user: file name, URL without its password, "camera 0", "test:".
        kind: what the source is.
        width: columns of every frame, after rotation.
        height: rows of every frame, after rotation.
        fps: average frames per second, to be shown and as a hint for an encoder; time stamps
            are in the frames. None where unknown.
        frames: how many frames the header promises, an estimate; None where unknown.
        duration_s: how many seconds the header promises, an estimate; None where unknown.
        time_base: the unit of the time stamps in seconds; every `Frame.time_s` is a multiple.
        live: frames come when they happen, without an end.
        pixel_aspect: width of a pixel divided by its height.
        primaries: colour primaries, code point of ITU-T H.273.
        transfer: transfer characteristics, code point of ITU-T H.273.
    """

    name: str
    kind: Kind
    width: int
    height: int
    fps: Fraction | None
    frames: int | None
    duration_s: float | None
    time_base: Fraction
    live: bool
    pixel_aspect: Fraction = Fraction(1)
    primaries: int = UNSPECIFIED
    transfer: int = UNSPECIFIED


class Source(Protocol):
    """An open source of frames. Use it in a `with` statement and iterate over it.

    A source is read once: a second loop goes on where the first one stopped, and gives nothing
    when the source has ended or is closed. Frames have indices 0, 1, 2 ..., growing time stamps
    and the size that `info` tells. Each frame has pixels of its own.
    """

    @property
    def info(self) -> SourceInfo:
        """What is known about the source."""
        ...

    @property
    def damage(self) -> str | None:
        """After the last frame: one sentence if the source is damaged, else None."""
        ...

    def close(self) -> None:
        """Give back the file, device or connection. Closing twice is fine."""
        ...

    def __iter__(self) -> Iterator[Frame]:
        """The frames that are still to come.

        Raises:
            SourceError: a live source stops to deliver.
        """
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class ReadOnce(ABC):
    """The part that all sources share. A new kind adds `_read` and, if needed, `_release`."""

    def __init__(self, info: SourceInfo) -> None:
        self.info = info
        self.damage: str | None = None
        self._frames = self._read()

    @abstractmethod
    def _read(self) -> Generator[Frame, None, None]:
        """Give all frames, then set `damage` if there was any."""

    def _release(self) -> None:  # noqa: B027 - most sources hold nothing
        """Give back what the source holds; called again on every close."""

    def close(self) -> None:
        """End the frames and give back what the source holds."""
        self._frames.close()
        self._release()

    def __iter__(self) -> Iterator[Frame]:
        return self._frames

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def kind_of(spec: str) -> Kind:
    """What a source is, by its spelling alone; nothing is opened.

    >>> [kind_of(spec) for spec in ("0", "./0", "a.JPG", "rtsp://host/a", "test:")]
    ['camera', 'file', 'picture', 'url', 'pattern']
    """
    if spec.startswith("test:"):
        return "pattern"
    if re.fullmatch(r"\d+|/dev/video\d+", spec):
        return "camera"
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", spec):
        return "url"
    return "picture" if Path(spec).suffix.lower() in PICTURE_SUFFIXES else "file"


def open_source(spec: str | Path) -> Source:
    """Open a source of frames.

    Args:
        spec: a path of a video or picture, a URL such as rtsp://host/stream, a camera number
            such as "0" or a device such as /dev/video0, or "test:" for a moving test pattern
            (see `pattern.open_pattern`). A file whose name is a number is spelled "./0".

    Raises:
        SourceError: it does not exist, cannot be read, or holds no picture.
    """
    text, path = str(spec), Path(spec)
    match kind_of(text):
        case "pattern":
            from howifeel.video.pattern import open_pattern

            return open_pattern(text)
        case "camera":
            from howifeel.video.camera import open_camera

            return open_camera(text)
        case "url":
            from howifeel.video.file import open_url

            return open_url(text)
        case "picture":
            from howifeel.video.picture import open_picture

            _check_file(path)
            return open_picture(path)
        case "file":
            from howifeel.video.file import open_file

            _check_file(path)
            return open_file(path)


def _check_file(path: Path) -> None:
    try:
        if path.is_dir():
            raise SourceError(f"{path} is a folder; name a video or picture in it.")
        if not path.exists():
            raise SourceError(f"There is no file {path}; check the name.")
        if path.is_file() and path.stat().st_size == 0:
            raise SourceError(f"{path} is empty (0 bytes); copy or record it again.")
    except OSError as error:
        raise SourceError(f"Cannot read {path}: {error.strerror}.") from error
