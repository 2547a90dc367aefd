"""The live page: the picture, a card per face, the last minute, and what to do with them."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from howifeel import video
from howifeel.desktop.live.adjust_view import AdjustView
from howifeel.desktop.live.bar_view import BarView
from howifeel.desktop.live.chart_view import ChartView
from howifeel.desktop.live.faces_view import FacesView
from howifeel.desktop.live.history import FaceState
from howifeel.desktop.live.live_model import LiveModel
from howifeel.desktop.live.record_view import RecordView
from howifeel.desktop.live.recording_model import RecordingModel
from howifeel.desktop.live.status_view import StatusView
from howifeel.desktop.live.video_view import VideoView
from howifeel.desktop.page import Page
from howifeel.desktop.preferences import Preferences
from howifeel.live import Shot, Status

NOBODY = -1
CARDS_EVERY_S, CHART_EVERY_S = 0.1, 0.2


class LiveView(Page):
    """Wires `LiveModel` to its widgets.

    Signals:
        live_camera: whether a camera is on.
        review: id of a session that the user wants to see.
    """

    live_camera = Signal(bool)
    review = Signal(str)

    def __init__(
        self,
        model: LiveModel,
        recording: RecordingModel,
        preferences: Preferences,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.model, self.recording, self._preferences = model, recording, preferences
        self._chosen: int | None = None
        self._over = self._blurs = self._serves_others = False
        self._cards_due = self._chart_due = 0.0
        self.picture = VideoView()
        self.faces = FacesView()
        self.chart = ChartView(model.history.seconds)
        self.adjust = AdjustView(model.settings)
        self.status = StatusView()
        self.bar = BarView(preferences, RecordView(recording, model))
        self._build()
        self._wire()
        self.picture.set_message(self._welcome())
        self.retheme()

    def open(self, spec: str) -> None:
        """Show a source and remember it."""
        self._preferences.source = spec
        self.model.open(spec)

    def retheme(self) -> None:
        """Take on the colours of the current theme."""
        self.bar.retheme()

    def close_all(self) -> None:
        """End the recording and the source, because the window closes."""
        self.recording.stop()
        self.model.close()
        self.recording.close()
        self.model.close_and_wait()

    def hideEvent(self, event: QHideEvent) -> None:
        """A page that is not seen does not watch: the camera goes off."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._close_unseen()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space pauses, unless the widget with the focus wants it."""
        if event.key() == Qt.Key.Key_Space:
            self.bar.pause.click()
        else:
            super().keyPressEvent(event)

    def keeps_running(self) -> bool:
        """Whether the source must stay open while another page is shown."""
        return self.recording.running or self._serves_others

    def show_streams(self, wanted: tuple[str, ...], sending: tuple[str, ...]) -> None:
        """Told what other programs shall hear, and what they hear now."""
        self.status.show_sending(sending)
        served, self._serves_others = self._serves_others, bool(wanted)
        if served and not wanted:
            self._close_unseen()

    def _close_unseen(self) -> None:
        if not self.isVisible() and self.model.spec and not self.keeps_running():
            self.model.close()

    # Building

    def _build(self) -> None:
        side = QTabWidget()
        side.setDocumentMode(True)
        side.tabBar().setDrawBase(False)
        side.addTab(self.faces, self.tr("Faces"))
        side.addTab(self.adjust, self.tr("Adjust"))
        side.setMinimumWidth(270)
        side.setMaximumWidth(420)
        panel = QFrame()
        panel.setObjectName("panel")
        inside = QVBoxLayout(panel)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(side)
        chart = QFrame()
        chart.setObjectName("panel")
        chart_box = QVBoxLayout(chart)
        chart_box.setContentsMargins(6, 6, 6, 4)
        chart_box.addWidget(self.chart)
        left = QSplitter(Qt.Orientation.Vertical)
        left.addWidget(self.picture)
        left.addWidget(chart)
        left.setStretchFactor(0, 1)
        left.setSizes([560, 150])
        left.setCollapsible(0, False)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(left)
        self.splitter.addWidget(panel)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setSizes([900, 300])
        self.splitter.setCollapsible(0, False)
        middle = QVBoxLayout()
        middle.setContentsMargins(10, 10, 10, 10)
        middle.addWidget(self.splitter)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.bar)
        box.addLayout(middle, 1)
        box.addWidget(self.status)

    def _wire(self) -> None:
        model, bar = self.model, self.bar
        model.shot.connect(self._show_shot)
        model.status.connect(self._show_status)
        model.problem.connect(self._show_problem)
        model.opened.connect(self._show_opened)
        model.settings_changed.connect(self.adjust.show_settings)
        self.picture.painted.connect(model.painted)
        self.picture.face_clicked.connect(self._choose)
        self.faces.chosen.connect(self._choose)
        self.faces.neutral_begun.connect(model.neutral.begin)
        self.faces.neutral_switched.connect(model.use_neutral)
        model.neutral_changed.connect(self.recording.set_baselines)
        model.settings_changed.connect(lambda _: self.recording.settings_changed())
        self.recording.started.connect(lambda: self.adjust.setEnabled(False))
        self.recording.ended.connect(self._recorded)
        bar.source.chosen.connect(self.open)
        bar.record.told.connect(self.status.tell)
        self.status.review.connect(self.review)
        bar.start.clicked.connect(self._start_or_stop)
        bar.pause.toggled.connect(model.pause)
        bar.switched.connect(self._apply_switches)
        self._apply_switches()
        QShortcut(QKeySequence("Ctrl+O"), self, bar.source.ask_file)
        self._show_opened("")

    def _apply_switches(self) -> None:
        bar = self.bar
        self.model.set_overlays(tuple(name for name in ("blur", "heat") if bar.is_on(name)))
        if bar.is_on("blur") and not self._blurs:
            self.picture.clear()
        self._blurs = bar.is_on("blur")
        self.picture.mirrored = bar.is_on("mirror")
        self.picture.labels = bar.is_on("labels")
        self.picture.update()

    # Doing

    def _start_or_stop(self) -> None:
        if self.model.spec and not self._over:
            self.model.close()
        else:
            spec = self.bar.source.currentData() or self._preferences.source
            if spec:
                self.open(spec)
            else:
                self.bar.source.showPopup()

    def _choose(self, track: int) -> None:
        self._chosen = track
        self.picture.chosen = track
        self._cards_due = self._chart_due = 0.0
        self._refresh()

    # Showing

    def _show_shot(self, shot: Shot) -> None:
        if self.picture.shot is None:
            self.picture.set_message("")
        self.picture.show_shot(shot)
        self._refresh()

    def _refresh(self) -> None:
        now = time.monotonic()
        if now >= self._cards_due:
            self._cards_due = now + CARDS_EVERY_S
            faces = self.model.history.faces()
            self._chosen = self._still_chosen(faces)
            self.picture.chosen = self._chosen
            self._show_faces(faces)
        if now >= self._chart_due and self._chosen is not None:
            self._chart_due = now + CHART_EVERY_S
            self.chart.show_series(*self.model.history.series(self._chosen))

    def _show_faces(self, faces: tuple[FaceState, ...]) -> None:
        model = self.model
        self.faces.show_faces(faces, self._chosen, self.picture.names, model.why, model.neutral)

    def _still_chosen(self, faces: tuple[FaceState, ...]) -> int | None:
        present = [face for face in faces if face.present]
        if not present or self._chosen in [face.track for face in present]:
            return self._chosen
        return max(present, key=lambda face: face.reading.face.box.area).track

    def _show_status(self, status: Status) -> None:
        self.status.show_status(status, self.model.latencies_s)
        if self.model.live:
            classifier = self.model.live.engine.classifier
            self.adjust.set_model_default(classifier.spec.unsure_below)
            self.bar.offer_heat(classifier.has_maps)
        info = status.condition.info
        open_now = status.condition.state in ("running", "paused")
        camera = open_now and info is not None and info.live
        self.bar.live_mark.setVisible(camera)
        self.live_camera.emit(camera)
        self._over = status.condition.state in ("ended", "failed")
        if not self._over:
            return
        end = status.condition.message or self.tr("The film is over.")
        self.recording.stop(end)
        if status.condition.state == "failed":
            self.bar.show_state("failed")
        else:
            self.picture.set_message(end)
            self.bar.show_state("over")

    def _recorded(self) -> None:
        self.adjust.setEnabled(True)
        self._close_unseen()

    def _show_problem(self, sentence: str) -> None:
        self.picture.set_message(sentence)

    def _show_opened(self, spec: str) -> None:
        running = bool(spec)
        self._over = False
        self.bar.source.show_spec(spec or self._preferences.source)
        self.bar.show_state("running" if running else "stopped")
        self.bar.pause.setChecked(False)
        self._chosen = None
        self.picture.clear()
        self.chart.show_series(*self.model.history.series(NOBODY))
        if running:
            name = video.display_name(spec)
            self.picture.set_message(self.tr("Opening {} …").format(name))
        else:
            self.picture.set_message(self._welcome())
            self._show_faces(())
            self.status.clear()
            self.bar.live_mark.hide()
            self.live_camera.emit(False)

    def _welcome(self) -> str:
        return self.tr(
            "Choose a camera, film or stream above and press Start.\n"
            "You can also drop a film or picture here. No picture leaves this computer."
        )
