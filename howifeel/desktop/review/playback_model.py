"""Where in a session the page is, and the picture there: play, pause, seek, step."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from howifeel.desktop.review.opened import Opened
from howifeel.desktop.review.stage import Stage
from howifeel.errors import HowIFeelError
from howifeel.live import Pictures, Shot
from howifeel.session.export import SLACK_S
from howifeel.types import Frame

TICK_MS = 15
SPEEDS = (0.25, 0.5, 1.0, 1.5, 2.0, 4.0)


class PlaybackModel(QObject):
    """Plays one session at a time, from its video or, without one, from its numbers.

    Signals:
        moved: the position changed, in seconds.
        shown: a `Shot` to paint.
        playing: whether it plays now.
        problem: a sentence about the video, which cannot be shown.
    """

    moved = Signal(float)
    shown = Signal(object)
    playing = Signal(bool)
    problem = Signal(str)

    def __init__(
        self, parent: QObject | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self.position_s = 0.0
        self.speed = 1.0
        self.is_playing = False
        self.opened: Opened | None = None
        self._clock = clock
        self._stage: Stage | None = None
        self._pictures: Pictures | None = None
        self._since = (0.0, 0.0)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)

    def open(self, opened: Opened) -> None:
        """Show the first frame of a session."""
        self.close()
        self.opened = opened
        self._stage = Stage(opened.size)
        if opened.session.video:
            self._pictures = Pictures(opened.session.video)
        self._timer.start()
        self.seek(opened.begin_s)

    def close(self) -> None:
        """End, within two seconds."""
        self.pause()
        self._timer.stop()
        if self._pictures:
            self._pictures.close()
        self._pictures = self.opened = self._stage = None

    @property
    def last_s(self) -> float:
        """Time of the last frame, where playing ends."""
        return float(self.opened.frames_s[-1]) if self.opened else 0.0

    def play(self) -> None:
        """Play from here, or from the begin where this is the end."""
        if self.opened is None:
            return
        if self.position_s >= self.last_s:
            self.seek(self.opened.begin_s)
        self._set_playing(True)

    def pause(self) -> None:
        """Stay here."""
        self._set_playing(False)

    def toggle(self) -> None:
        """Play or pause."""
        if self.is_playing:
            self.pause()
        else:
            self.play()

    def set_speed(self, speed: float) -> None:
        """Play so many times as fast as it was recorded."""
        self.speed = speed
        self._since = (self._clock(), self.position_s)

    def seek(self, time_s: float) -> None:
        """Go to a time; playing goes on from there."""
        if self.opened is None:
            return
        self._go(min(max(time_s, self.opened.begin_s), self.last_s))
        self._since = (self._clock(), self.position_s)

    def step(self, frames: int) -> None:
        """Pause and go so many frames forward, or back where negative."""
        if self.opened is None:
            return
        self.pause()
        frame = self.opened.frame_at(self.position_s) + frames
        frame = int(np.clip(frame, 0, len(self.opened.frames_s) - 1))
        self.seek(float(self.opened.frames_s[frame]))

    def redraw(self) -> None:
        """Draw the ground anew, because colours have changed."""
        if self.opened:
            self._stage = Stage(self.opened.size)
            self.seek(self.position_s)

    def _set_playing(self, playing: bool) -> None:
        self._since = (self._clock(), self.position_s)
        if playing != self.is_playing:
            self.is_playing = playing
            self.playing.emit(playing)

    def _go(self, time_s: float) -> None:
        assert self.opened and self._stage
        self.position_s = time_s
        if self._pictures:
            self._pictures.want(time_s + self.opened.session.video_offset_s + SLACK_S)
        else:
            moment = self.opened.moment_at(time_s)
            frame = self._stage.frame(moment.index, time_s)
            self.shown.emit(Shot(frame, frame, moment, 0.0))
        self.moved.emit(time_s)

    def _tick(self) -> None:
        if self.is_playing:
            began, from_s = self._since
            time_s = from_s + (self._clock() - began) * self.speed
            self._go(min(time_s, self.last_s))
            if time_s >= self.last_s:
                self.pause()
        if self._pictures:
            self._fetch(self._pictures)

    def _fetch(self, pictures: Pictures) -> None:
        try:
            still = pictures.latest()
        except Exception as error:
            self._pictures = None
            pictures.close()
            known = isinstance(error, HowIFeelError)
            self.problem.emit(str(error) if known else f"{type(error).__name__}: {error}")
            self.seek(self.position_s)
            return
        if still is None or self.opened is None:
            return
        moment = self.opened.moment_at(still.time_s - self.opened.session.video_offset_s)
        frame = Frame(still.image, max(0, moment.index), still.time_s)
        self.shown.emit(Shot(frame, frame, moment, 0.0))
