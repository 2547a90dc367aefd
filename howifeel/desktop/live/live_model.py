"""What the live page knows and does, without drawing."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from howifeel import engine as engines
from howifeel import explain
from howifeel.config import Settings
from howifeel.desktop import words
from howifeel.desktop.live.history import FaceState, History
from howifeel.desktop.live.neutral_model import NeutralModel
from howifeel.engine import Engine
from howifeel.errors import HowIFeelError
from howifeel.live import Live, Shot, Status, Task
from howifeel.types import Frame, Moment
from howifeel.video import Source, open_source

POLL_MS = 10
STATUS_EVERY_S = 0.5
STOP_WITHIN_S = 1.5


class LiveModel(QObject):
    """Runs one live session at a time and pulls its newest result with a timer.

    Signals:
        shot: a new `Shot` to paint.
        status: the `Status` about twice a second.
        opened: a source was opened or closed; its spelling, "" for none.
        began: the `Live` that begins to read it.
        problem: a sentence for the user, "" when it is over.
        settings_changed: the settings in use.
        neutral_changed: track -> baseline of the faces whose readings are relative to one.
    """

    shot = Signal(object)
    status = Signal(object)
    opened = Signal(str)
    began = Signal(object)
    problem = Signal(str)
    settings_changed = Signal(object)
    neutral_changed = Signal(object)

    def __init__(
        self,
        settings: Settings,
        parent: QObject | None = None,
        *,
        opener: Callable[[str], Source] = open_source,
        load: Callable[[Settings], Engine] = engines.load,
    ) -> None:
        super().__init__(parent)
        self.history = History()
        self.neutral = NeutralModel()
        self.live: Live | None = None
        self.spec = ""
        self.paused = False
        self.latencies_s: deque[float] = deque(maxlen=300)
        self._settings = settings
        self._frame: Frame | None = None
        self._moment: Moment | None = None
        self._overlays: tuple[str, ...] = ()
        self._engine: Engine | None = None
        self._loading: Task[Engine] | None = None
        self._closing: Task[bool] | None = None
        self._opener, self._load = opener, load
        self._status_due = 0.0
        self._shown_problem = ""
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._pull)

    @property
    def settings(self) -> Settings:
        """Thresholds, model and detector in use."""
        return self._settings

    def apply(self, settings: Settings) -> None:
        """Use other settings at once; what cannot be loaded is reported and changes nothing."""
        if settings.model != self._settings.model:
            self.neutral.clear()
            self._use_neutral()
        self._settings = settings
        if self.live:
            self.live.apply(settings)
        self.settings_changed.emit(settings)

    def set_overlays(self, overlays: tuple[str, ...]) -> None:
        """Draw these overlays into the picture."""
        self._overlays = overlays
        if self.live:
            self.live.draw(overlays)

    def use_neutral(self, track: int, used: bool) -> None:
        """Switch the neutral face of a track on or off."""
        self.neutral.use(track, used)
        self._use_neutral()

    def warm(self) -> None:
        """Load detector and model in the background, so that the first picture comes sooner."""
        if self._engine is None and self._loading is None:
            settings = self._settings
            self._loading = Task(lambda task: self._load(settings))
            self._timer.start()

    def open(self, spec: str) -> None:
        """Show a source as soon as the one before is closed and the models are loaded."""
        self.close()
        self.spec, self.paused = spec, False
        self.warm()
        self._timer.start()
        self._say("")
        self.opened.emit(spec)

    def close(self) -> None:
        """Close the source, if one is open; its threads end in the background."""
        if self.live:
            live, self.live = self.live, None
            self._engine = live.engine
            self._closing = Task(lambda task: live.stop(STOP_WITHIN_S))
        if self.spec:
            self.spec = ""
            self.opened.emit("")
        self._frame = self._moment = None
        self.history.clear()
        self.neutral.clear()
        self.latencies_s.clear()

    def close_and_wait(self) -> None:
        """Close the source and wait for its threads, because the window closes."""
        self.close()
        self._timer.stop()
        if self._closing:
            self._closing.wait(STOP_WITHIN_S)

    def pause(self, paused: bool) -> None:
        """Hold the picture, or go on."""
        self.paused = paused
        if self.live:
            self.live.pause(paused)

    def why(self, state: FaceState) -> tuple[str, ...]:
        """Why the reading of a face is unsure; nothing where it is sure or no longer there."""
        if self._frame is None or state.seen_s > 0:
            return ()
        reasons = explain.explain(self._frame, state.reading, self._settings)
        return tuple(map(words.reason, reasons))

    def painted(self, shot: Shot) -> None:
        """Told by the view when a shot is on the screen."""
        self.latencies_s.append(time.monotonic() - shot.grabbed_s)

    @property
    def frame(self) -> Frame | None:
        """The newest picture that was shown."""
        return self._frame

    def _pull(self) -> None:
        if self._loading and self._loading.done:
            self._take_engine(self._loading)
        if self.live is None:
            self._begin()
        else:
            self._fetch(self.live)

    def _take_engine(self, loading: Task[Engine]) -> None:
        self._loading = None
        try:
            self._engine = loading.result()
        except Exception as error:
            self.close()
            self._say(_sentence(error))

    def _begin(self) -> None:
        """Start the wanted source once nothing stands in its way."""
        if self._closing and self._closing.done:
            self._closing = None
        if self._closing or self._loading or self._engine is None or not self.spec:
            if not (self.spec or self._closing or self._loading):
                self._timer.stop()
            return
        self.live = Live(
            self.spec,
            self._engine,
            overlays=self._overlays,
            opener=self._opener,
        )
        self.live.apply(self._settings)
        self.live.pause(self.paused)
        self.live.start()
        self.began.emit(self.live)

    def _fetch(self, live: Live) -> None:
        try:
            shot = live.latest()
        except Exception as error:
            self.close()
            self._say(_sentence(error))
            return
        if shot is not None:
            self._take(shot)
        now = time.monotonic()
        if now >= self._status_due:
            self._status_due = now + STATUS_EVERY_S
            self._report(live.status)

    def _take(self, shot: Shot) -> None:
        if "blur" in self._overlays and "blur" not in shot.overlays:
            return  # grabbed before faces had to be hidden
        self._frame = shot.frame
        if shot.moment is not self._moment:
            self._moment = shot.moment
            self.history.add(shot.moment)
            if self.neutral.add(shot.moment):
                self._use_neutral()
        self.shot.emit(shot)

    def _use_neutral(self) -> None:
        in_use = self.neutral.in_use
        if self.live:
            self.live.analyser.baselines = in_use
        self.neutral_changed.emit(in_use)

    def _report(self, status: Status) -> None:
        self.status.emit(status)
        self._say(status.problem or status.condition.message)

    def _say(self, sentence: str) -> None:
        if sentence != self._shown_problem:
            self._shown_problem = sentence
            self.problem.emit(sentence)


def _sentence(error: Exception) -> str:
    return str(error) if isinstance(error, HowIFeelError) else f"{type(error).__name__}: {error}"
