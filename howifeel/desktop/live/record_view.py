"""The record button, the length of the recording, and the marker button."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QWidget

from howifeel.desktop import icons, theme, words
from howifeel.desktop.live.live_model import LiveModel
from howifeel.desktop.live.record_dialog import RecordDialog
from howifeel.desktop.live.recording_model import RecordingModel, Wish
from howifeel.live import Live
from howifeel.session import Picture, SessionInfo


class RecordView(QWidget):
    """Starts and ends recordings of the live page.

    Signals:
        told: a sentence for the user, and the id of the session that it is about, or "".
    """

    told = Signal(str, str)

    def __init__(
        self, recording: RecordingModel, live: LiveModel, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._recording, self._live = recording, live
        self._picture: Picture = "none"
        self.button = QPushButton(self.tr("Record"))
        self.button.setObjectName("record")
        self.button.setCheckable(True)
        self.button.setShortcut(QKeySequence("Ctrl+R"))
        self.button.setToolTip(self.tr("Record a session, or end the recording (Ctrl+R)"))
        self.marker = QPushButton(self.tr("Marker"))
        self.marker.setShortcut(QKeySequence("K"))
        self.marker.setToolTip(self.tr("Mark this moment (K)"))
        self.length = QLabel()
        self.length.setObjectName("dim")
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        for widget in (self.length, self.marker, self.button):
            box.addWidget(widget)
        self.button.clicked.connect(self._toggle)
        self.marker.clicked.connect(lambda: recording.mark())
        recording.started.connect(self._show)
        recording.ticked.connect(self._show_length)
        recording.ended.connect(self._show)
        recording.saved.connect(self._saved)
        recording.failed.connect(self._failed)
        live.opened.connect(self._source_changed)
        live.status.connect(self._enable)
        self.retheme()
        self._show()

    def retheme(self) -> None:
        """Take on the colours of the current theme."""
        look = theme.current()
        self.button.setIcon(icons.icon("record", look.danger, "#ffffff"))
        self.marker.setIcon(icons.icon("marker", look.text))

    def ask(self) -> Wish | None:
        """Ask what to record; None where the person changed their mind."""
        name = datetime.now().strftime(self.tr("Session %Y-%m-%d %H:%M"))
        dialog = RecordDialog(name, self._picture, self)
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return None
        return dialog.wish

    def _toggle(self) -> None:
        if self._recording.running:
            self._recording.stop()
        elif self._live.live and (wish := self._asked(self._live.live)):
            self._picture = wish.picture
            if self._live.live:
                self._recording.start(self._live.live, self._live.spec, wish)
            else:
                text = self.tr("Nothing is recorded: the source was closed meanwhile.")
                self.told.emit(text, "")
        self._show()

    def _asked(self, live: Live) -> Wish | None:
        """Ask while a film waits, so that nothing of it is missed."""
        if self._live.paused:
            return self.ask()
        live.pause(True)
        try:
            return self.ask()
        finally:
            live.pause(False)

    def _source_changed(self, spec: str) -> None:
        if not spec and self._recording.running:
            self._recording.stop()
        self._show()

    def _show(self) -> None:
        running = self._recording.running
        self._enable()
        self.button.setChecked(running)
        self.button.setText(self.tr("End recording") if running else self.tr("Record"))
        self.marker.setVisible(running)
        self.length.setVisible(running)
        self.length.setText(words.clock(0))

    def _enable(self) -> None:
        live = self._live.live
        ready = live is not None and live.status.condition.state in ("running", "paused")
        self.button.setEnabled(ready or self._recording.running)

    def _show_length(self, seconds: float, lost: int) -> None:
        text = words.clock(seconds)
        if lost:
            text += " · " + self.tr("{} pictures lost").format(lost)
        self.length.setText(text)

    def _saved(self, info: SessionInfo, why: str) -> None:
        self._show()
        saved = self.tr("Saved as “{}”.").format(info.name)
        self.told.emit(f"{why} {saved}" if why else saved, info.id)

    def _failed(self, sentence: str) -> None:
        self._show()
        self.told.emit(sentence, "")
