"""The bar over the picture: source, start and pause, switches, LIVE, recording."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from howifeel.desktop import icons, theme
from howifeel.desktop.live.record_view import RecordView
from howifeel.desktop.live.source_view import SourceView
from howifeel.desktop.preferences import Preferences

ON_AT_FIRST = frozenset({"labels"})


class BarView(QFrame):
    """Everything that starts, stops and changes what is shown.

    Signals:
        switched: a switch (`mirror`, `labels`, `heat` or `blur`) was changed.
    """

    switched = Signal()

    def __init__(
        self, preferences: Preferences, record: RecordView, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self.source, self.record = SourceView(preferences.source), record
        self.start = QPushButton()
        self.start.setObjectName("primary")
        self.pause = _button(self.tr("Pause (Space)"))
        self._heat_tip = self.tr("Heat map: where the model looks for the shown expression (H)")
        self.switches = {
            "mirror": _button(self.tr("Mirror the picture (M)"), "M"),
            "labels": _button(self.tr("Frames and labels (L)"), "L"),
            "heat": _button(self._heat_tip, "H"),
            "blur": _button(self.tr("Blur faces (B)"), "B"),
        }
        self.live_mark = QLabel("LIVE")
        self.live_mark.setObjectName("live")
        self.live_mark.setFont(theme.sized(self.font(), 0.9, bold=True))
        self.live_mark.setToolTip(self.tr("The camera is on; no picture leaves this computer."))
        self.live_mark.hide()
        for name, button in self.switches.items():
            button.setChecked(preferences.flag(name, name in ON_AT_FIRST))
            button.toggled.connect(lambda on, name=name: preferences.set_flag(name, on))
            button.toggled.connect(self.switched)
        self._state = "stopped"
        self._lay_out()

    def is_on(self, name: str) -> bool:
        """Whether a switch is on."""
        return self.switches[name].isChecked()

    def show_state(self, state: str) -> None:
        """Show whether the source is "stopped", "running", "over" or "failed"."""
        self._state = state
        text, icon = {
            "stopped": (self.tr("Start"), "play"),
            "running": (self.tr("Stop"), "stop"),
            "over": (self.tr("Play again"), "retry"),
            "failed": (self.tr("Try again"), "retry"),
        }[state]
        self.start.setText(text)
        self.start.setIcon(icons.icon(icon, theme.current().on_accent))
        self.pause.setEnabled(state == "running")

    def offer_heat(self, offered: bool) -> None:
        """Whether the model in use brings what a heat map needs."""
        self.switches["heat"].setEnabled(offered)
        tip = self._heat_tip if offered else self.tr("This model brings no heat map")
        self.switches["heat"].setToolTip(tip)

    def retheme(self) -> None:
        """Take on the colours of the current theme."""
        look = theme.current()
        for name, button in (("pause", self.pause), *self.switches.items()):
            button.setIcon(icons.icon(name, look.text, look.on_accent))
        self.record.retheme()
        self.show_state(self._state)

    def _lay_out(self) -> None:
        box = QHBoxLayout(self)
        box.setContentsMargins(10, 8, 10, 8)
        box.setSpacing(8)
        for widget in (self.source, self.start, self.pause):
            box.addWidget(widget)
        box.addSpacing(8)
        for button in self.switches.values():
            box.addWidget(button)
        box.addStretch(1)
        box.addWidget(self.live_mark)
        box.addWidget(self.record)


def _button(tip: str, key: str = "") -> QToolButton:
    button = QToolButton()
    button.setObjectName("flat")
    button.setCheckable(True)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setShortcut(QKeySequence(key))
    return button
