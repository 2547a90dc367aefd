"""Records what the live page shows into a session, without drawing."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from howifeel import video
from howifeel.baseline import Baseline
from howifeel.errors import HowIFeelError
from howifeel.live import Live, Outlet, Task
from howifeel.session import Picture, Recorder, SessionInfo, Store

TICK_MS = 250
SAVE_WITHIN_S = 20.0
"""How long a window that was closed waits, unseen, for a recording to be saved."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What to record: a name, what to keep of the picture, and what was agreed to."""

    name: str
    picture: Picture
    consent: str


class RecordingModel(QObject):
    """At most one recording at a time.

    Signals:
        started: a recording has begun.
        ticked: its length in seconds and the pictures that it lost, four times a second.
        ended: nothing is recorded any more; it is being saved.
        saved: the `SessionInfo` of a finished recording, and a sentence where it was ended by
            something else than the user.
        failed: a sentence; what was recorded until then is kept where possible.
    """

    started = Signal()
    ticked = Signal(float, int)
    ended = Signal()
    saved = Signal(object, str)
    failed = Signal(str)

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.store = store
        self._live: Live | None = None
        self._recorder: Recorder | None = None
        self._outlet: Outlet | None = None
        self._savings: list[tuple[Task[SessionInfo], str]] = []
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)

    @property
    def running(self) -> bool:
        """Whether it records now."""
        return self._recorder is not None

    @property
    def time_s(self) -> float:
        """Length of the running recording in seconds."""
        return self._recorder.time_s if self._recorder else 0.0

    def start(self, live: Live, spec: str, wish: Wish) -> None:
        """Record the running session `live` of the source `spec` from now on."""
        info = live.status.condition.info
        if self.running or info is None:
            return
        try:
            self._recorder = self.store.record(
                wish.name,
                info,
                live.engine.provenance(video.display_name(spec)),
                wish.picture,
                wish.consent,
                video.local_path(spec),
            )
        except HowIFeelError as error:
            self.failed.emit(str(error))
            return
        self._live = live
        self.set_baselines(live.analyser.baselines)
        self._outlet = live.send_to(self._recorder)
        self._timer.start()
        self.started.emit()

    def mark(self, text: str = "") -> None:
        """Mark this moment."""
        if self._recorder:
            count = len(self._recorder.info.markers) + 1
            name = text or QCoreApplication.translate("Recording", "Marker {}").format(count)
            self._guarded(lambda recorder: recorder.mark(name))

    def set_baselines(self, in_use: Mapping[int, Baseline]) -> None:
        """Note the neutral faces to which readings are relative from now on."""
        if self._recorder:
            for track in {*self._recorder.info.baselines, *in_use}:
                values = in_use.get(track)
                self._guarded(lambda r, track=track, values=values: r.set_baseline(track, values))

    def stop(self, why: str = "") -> None:
        """End the recording; it is saved in the background.

        Args:
            why: a sentence where the user did not ask for it.
        """
        recorder, outlet, live = self._recorder, self._outlet, self._live
        self._live = self._recorder = self._outlet = None
        if recorder and outlet and live:
            live.cut(outlet)
            saving = Task(lambda task: _finish(recorder, outlet))
            self._savings.append((saving, why))
            self._timer.start()
            self.ended.emit()

    def settings_changed(self) -> None:
        """A session has one model and one set of settings, so other ones end it."""
        if self.running:
            self.stop(
                QCoreApplication.translate(
                    "Recording", "The recording was ended because a setting was changed."
                )
            )

    def close(self) -> None:
        """End and save at once, because the window closes."""
        self.stop()
        until = time.monotonic() + SAVE_WITHIN_S
        for saving, _ in self._savings:
            saving.wait(max(0.0, until - time.monotonic()))

    def _guarded(self, action: Callable[[Recorder], object]) -> None:
        if self._recorder:
            try:
                action(self._recorder)
            except HowIFeelError as error:
                self.failed.emit(str(error))

    def _tick(self) -> None:
        for entry in [entry for entry in self._savings if entry[0].done]:
            self._savings.remove(entry)
            self._tell(*entry)
        if self._outlet and self._outlet.error:
            self.stop(str(self._outlet.error))
        elif self._recorder and self._outlet:
            self.ticked.emit(self._recorder.time_s, self._outlet.lost)
        elif not self._savings:
            self._timer.stop()

    def _tell(self, saving: Task[SessionInfo], why: str) -> None:
        try:
            info = saving.result()
        except Exception as error:
            self.failed.emit(" ".join(filter(None, (why, str(error)))))
        else:
            self.saved.emit(info, why)


def _finish(recorder: Recorder, outlet: Outlet) -> SessionInfo:
    while not outlet.close(timeout_s=60):
        pass  # pictures that wait are still being encoded
    return recorder.finish()
