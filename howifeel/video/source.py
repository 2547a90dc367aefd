"""Where frames come from: one protocol for files, URLs, pictures, cameras and test patterns."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from fractions import Fraction
from types import TracebackType
from typing import Literal, Protocol, Self

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
        """After the last frame: one sentence if the source is damaged or shown smaller, or None."""
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
