"""Play, step, speed and position."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from howifeel.desktop import icons, theme, words
from howifeel.desktop.review.opened import Opened
from howifeel.desktop.review.playback_model import SPEEDS, PlaybackModel
from howifeel.desktop.review.scrub_view import ScrubView


class TransportView(QWidget):
    """The controls of a `PlaybackModel`."""

    def __init__(self, playback: PlaybackModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._playback = playback
        self._length_s = 0.0
        self._begin_s = 0.0
        self.scrub = ScrubView()
        self.back = _button(self.tr("One frame back (Left)"))
        self.play = _button(self.tr("Play or pause (Space)"))
        self.forward = _button(self.tr("One frame forward (Right)"))
        for button in (self.back, self.forward):
            button.setAutoRepeat(True)
        self.marker = _button(self.tr("Mark this moment (K)"))
        self.speed = QComboBox()
        self.speed.setAccessibleName(self.tr("Speed"))
        self.speed.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.speed.setToolTip(self.tr("Speed ([ slower, ] faster)"))
        for speed in SPEEDS:
            self.speed.addItem(f"{speed:g}×", speed)
        self.speed.setCurrentIndex(SPEEDS.index(1.0))
        self.time = QLabel()
        self.time.setAccessibleName(self.tr("Time"))
        row = QHBoxLayout()
        row.setSpacing(4)
        for widget in (self.back, self.play, self.forward):
            row.addWidget(widget)
        row.addSpacing(8)
        row.addWidget(self.time)
        row.addStretch(1)
        row.addWidget(self.marker)
        row.addSpacing(4)
        row.addWidget(self.speed)
        box = QVBoxLayout(self)
        box.setContentsMargins(2, 2, 2, 2)
        box.setSpacing(2)
        box.addWidget(self.scrub)
        box.addLayout(row)
        self.scrub.sought.connect(playback.seek)
        self.back.clicked.connect(lambda: playback.step(-1))
        self.forward.clicked.connect(lambda: playback.step(1))
        self.play.clicked.connect(playback.toggle)
        self.speed.currentIndexChanged.connect(lambda i: playback.set_speed(SPEEDS[i]))
        playback.moved.connect(self._show_position)
        playback.playing.connect(lambda playing: self.retheme())
        self.retheme()

    def show_session(self, opened: Opened) -> None:
        """Show a session."""
        self._begin_s, self._length_s = opened.begin_s, opened.end_s - opened.begin_s
        self.scrub.show_session(opened)
        self._show_position(opened.begin_s)

    def change_speed(self, steps: int) -> None:
        """Faster, or slower where negative."""
        index = min(max(self.speed.currentIndex() + steps, 0), len(SPEEDS) - 1)
        self.speed.setCurrentIndex(index)

    def retheme(self) -> None:
        """Take on the colours of the current theme."""
        look = theme.current()
        playing = self._playback.is_playing
        self.play.setIcon(icons.icon("pause" if playing else "play", look.text))
        self.back.setIcon(icons.icon("step_back", look.text))
        self.forward.setIcon(icons.icon("step_forward", look.text))
        self.marker.setIcon(icons.icon("marker", look.text))
        self.scrub.retheme()

    def _show_position(self, time_s: float) -> None:
        now = words.clock(time_s - self._begin_s, 1)
        self.time.setText(f"{now} / {words.clock(self._length_s, 1)}")
        self.scrub.show_position(time_s)


def _button(tip: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName("flat")
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    return button
