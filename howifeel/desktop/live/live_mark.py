"""LIVE or REC, in sight on every page while a camera is on or something is recorded."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget

from howifeel.desktop import theme
from howifeel.desktop.live.live_view import LiveView


class LiveMark(QLabel):
    """Watches the live page."""

    def __init__(self, live: LiveView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("live")
        self.setFont(theme.sized(self.font(), 0.85, bold=True))
        self._live = live
        self._camera = False
        live.live_camera.connect(self._camera_changed)
        live.recording.started.connect(self._show_state)
        live.recording.ended.connect(self._show_state)
        self._show_state()

    def _camera_changed(self, on: bool) -> None:
        self._camera = on
        self._show_state()

    def _show_state(self) -> None:
        recording = self._live.recording.running
        self.setText("REC" if recording else "LIVE")
        self.setToolTip(
            self.tr("A session is being recorded.")
            if recording
            else self.tr("The camera is on; no picture leaves this computer.")
        )
        self.setVisible(recording or self._camera)
