"""The picture that a video shows at any time, for a player that jumps back and forth."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

import av
import numpy as np
from av.error import FFmpegError
from numpy.typing import NDArray

from howifeel.errors import SourceError
from howifeel.video.colour import ToBgr
from howifeel.video.container import clock_origin, packets, shown_size
from howifeel.video.file import open_video, video_stream
from howifeel.video.orientation import Orientation
from howifeel.video.picture import open_picture
from howifeel.video.source import PICTURE_SUFFIXES

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

KEPT_BYTES = 64 * 2**20
KEPT_FRAMES = 300
"""Decoded frames that stay in memory, so that stepping back need not decode anew."""

FORWARD_S = 1.5
"""A jump forward by at most this is decoded through; a longer one begins at a key frame."""

_FIRST_STEP_BACK_S = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Still:
    """One picture of a video.

    Attributes:
        image: uint8 (height, width, 3), BGR, upright.
        time_s: when it begins to be shown: its time stamp in seconds.
        until_s: when the next one is shown; infinite for the last one.
    """

    image: NDArray[np.uint8]
    time_s: float
    until_s: float


class Seekable(Protocol):
    """What shows a picture at any time. One thread at a time may use it."""

    def at(self, time_s: float, stopped: Callable[[], bool] = ...) -> Still | None:
        """The picture that is shown at a time, see `Seeker.at`."""
        ...

    def close(self) -> None:
        """Give back the file. Closing twice is fine."""
        ...


def open_seekable(path: Path) -> Seekable:
    """Open a video, or a picture, which is shown all the time.

    Raises:
        SourceError: it cannot be read or shows nothing.
    """
    if path.suffix.lower() in PICTURE_SUFFIXES:
        with open_picture(path) as source:
            return _OnePicture(next(iter(source)).image)
    return Seeker(path)


class _OnePicture:
    def __init__(self, image: NDArray[np.uint8]) -> None:
        self._still = Still(image, 0.0, math.inf)

    def at(self, time_s: float, stopped: Callable[[], bool] = lambda: False) -> Still | None:
        return self._still

    def close(self) -> None:
        pass


@dataclass(frozen=True, slots=True, eq=False)
class _Decoded:
    frame: VideoFrame
    time_s: float


class Seeker:
    """A video file, held open. One thread at a time may use it.

    Times are those of `Frame.time_s` of the same file, except where its time stamps are missing or
    run backwards, which a reader from the begin repairs.

    Args:
        path: of a video; the size of its first frame is that of all.

    Raises:
        SourceError: it cannot be read or shows nothing.
    """

    def __init__(self, path: Path) -> None:
        self._name = path.name
        self._kept: deque[_Decoded] = deque()
        self._ended = False
        self._container = open_video(path)
        try:
            self._stream = video_stream(self._container, self._name)
            self._base = self._stream.time_base or Fraction(1, av.time_base)
            self._origin = clock_origin(self._container, self._base)
            self._frames = self._decode()
            first = self._kept[0].frame if self._more() else None
            if first is None:
                raise SourceError(f"No picture of {self._name} can be decoded; it is damaged.")
            self._begin_s = self._kept[0].time_s
            self._orientation = Orientation.of(first)
            self._to_bgr = ToBgr(*shown_size(first.width, first.height))
        except BaseException:
            self.close()
            raise

    def at(self, time_s: float, stopped: Callable[[], bool] = lambda: False) -> Still | None:
        """The picture that is shown at a time: the last one that began before or then.

        Before the first picture that is the first one, after the last one the last.

        Args:
            time_s: in seconds.
            stopped: asked between frames; where it says yes, the result is None.

        Raises:
            SourceError: nothing can be decoded there.
        """
        time_s = max(time_s, self._begin_s)
        ahead_s = time_s - self._kept[-1].time_s if self._kept else math.inf
        if not (self._kept and self._kept[0].time_s <= time_s and ahead_s <= FORWARD_S):
            self._jump(time_s)
        while not (self._ended or self._kept[-1].time_s > time_s):
            if stopped():
                return None
            self._more()
        position = sum(each.time_s <= time_s for each in self._kept) - 1
        shown = self._kept[max(0, position)]
        following = list(self._kept)[position + 1 : position + 2]
        image = self._orientation.apply(self._to_bgr.convert(shown.frame))
        return Still(image, shown.time_s, following[0].time_s if following else math.inf)

    def close(self) -> None:
        """Give back the file. Closing twice is fine."""
        self._container.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _jump(self, time_s: float) -> None:
        """Begin at a key frame before a time.

        A container may end up behind it: its index may be coarse, or speak of when frames are
        decoded. So begin farther and farther back, in the end at the first frame.
        """
        back_s = 0.0
        while True:
            wanted_s = time_s - back_s
            self._restart(wanted_s)
            found = self._more() and self._kept[0].time_s <= time_s
            if found or wanted_s <= self._begin_s:
                break
            back_s = max(_FIRST_STEP_BACK_S, 2 * back_s)
        if not self._kept:
            raise SourceError(f"{self._name} can no longer be read; was it moved or changed?")

    def _restart(self, time_s: float) -> None:
        """Forget what was decoded and go to a key frame before a time, or to the first one."""
        self._kept.clear()
        self._ended = False
        ticks = math.floor(time_s / self._base) + self._origin
        if time_s <= self._begin_s:
            ticks = min(0, self._stream.start_time or 0)
        with suppress(FFmpegError):
            self._container.seek(ticks, stream=self._stream, backward=True, any_frame=False)
        self._frames = self._decode()

    def _more(self) -> bool:
        """Decode one more frame; whether there was one."""
        frame = next(self._frames, None)
        if frame is None:
            self._ended = True
            return False
        self._kept.append(frame)
        size = frame.frame.width * frame.frame.height * 3 // 2
        while len(self._kept) > min(max(2, KEPT_BYTES // size), KEPT_FRAMES):
            self._kept.popleft()
        return True

    def _decode(self) -> Iterator[_Decoded]:
        for packet in packets(self._container, self._stream):
            try:
                frames = [] if packet.is_corrupt else packet.decode()
            except FFmpegError:
                continue
            for frame in frames:
                ticks = frame.dts if frame.pts is None else frame.pts
                if ticks is not None and not frame.is_corrupt:
                    yield _Decoded(frame, float((ticks - self._origin) * self._base))
