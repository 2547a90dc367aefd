"""The kept picture of a session: a video that grows with the recording."""

from __future__ import annotations

from collections import deque
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from howifeel import overlay
from howifeel.config import Settings
from howifeel.errors import OutputError
from howifeel.types import Face, Frame, Moment
from howifeel.video import SourceInfo, VideoSink

AHEAD_S = 0.5
"""A face is hidden this long before it was first found, at the place where it was found."""

AHEAD_BYTES = 100_000_000
"""Pictures that wait for that take at most this much memory: 36 of 1280 x 720."""


class Pictures:
    """Writes the pictures of a recording.

    Args:
        path: the .mkv file.
        source: what is recorded.
        blurred: hide every face.
        sound_from: a file whose sound belongs to the pictures.
        start_s: the second of that file at which the recording begins.

    Raises:
        OutputError: the file cannot be written; so do the methods.
    """

    def __init__(
        self,
        path: Path,
        source: SourceInfo,
        *,
        blurred: bool,
        sound_from: Path | None,
        start_s: float,
    ) -> None:
        self._size = (source.height, source.width)
        self._hider = Hider() if blurred else None
        self._stack = ExitStack()
        self._sink = self._stack.enter_context(
            VideoSink(path, source, sound_from=sound_from, sound_start_s=start_s, growing=True)
        )

    def add(self, frame: Frame, moment: Moment) -> None:
        """Write the next picture at the time of its moment."""
        if frame.image.shape[:2] != self._size:
            raise OutputError(
                f"The picture is no longer {self._size[1]} x {self._size[0]} pixels large; "
                "finish this recording and start another."
            )
        if self._hider is None:
            self._sink.write(frame.image, moment.time_s)
            return
        for image, time_s in self._hider.add(frame.image, moment):
            self._sink.write(image, time_s)

    def close(self) -> None:
        """Complete the file."""
        with self._stack:
            for image, time_s in self._hider.rest() if self._hider else ():
                self._sink.write(image, time_s)
            self._sink.end_early()


class Hider:
    """Hides every face, also in the last pictures before it was first found.

    For that it holds pictures back, see `AHEAD_S`. What it gives are pictures and their times.
    """

    def __init__(self) -> None:
        self._blur = overlay.build("blur", Settings())
        self._waiting: deque[tuple[NDArray[np.uint8], Moment]] = deque()

    def add(
        self, image: NDArray[np.uint8], moment: Moment
    ) -> list[tuple[NDArray[np.uint8], float]]:
        """Take the next picture; give those that have waited long enough."""
        self._waiting.append((image, moment))
        ready = []
        while self._is_full():
            ready.append(self._next())
        return ready

    def rest(self) -> list[tuple[NDArray[np.uint8], float]]:
        """Give all that still waits."""
        return [self._next() for _ in range(len(self._waiting))]

    def _is_full(self) -> bool:
        (image, first), (_, last) = self._waiting[0], self._waiting[-1]
        waited_s = last.time_s - first.time_s
        return waited_s >= AHEAD_S or image.nbytes * len(self._waiting) > AHEAD_BYTES

    def _next(self) -> tuple[NDArray[np.uint8], float]:
        image, moment = self._waiting.popleft()
        known = {face.track for face in faces_of(moment)}
        coming: dict[int | None, Face] = {}
        for _, later in self._waiting:
            for face in faces_of(later):
                if face.track not in known:
                    coming.setdefault(face.track, face)
        gap = None if moment.readings else moment.gap
        hidden = (*moment.unread, *coming.values())
        full = Moment(moment.index, moment.time_s, moment.readings, gap, hidden, moment.missed)
        return overlay.drawn(image, full, [self._blur]), moment.time_s


def faces_of(moment: Moment) -> tuple[Face, ...]:
    """All faces that are known to be in a frame, read or not."""
    return (*(r.face for r in moment.readings), *moment.unread, *moment.missed)
