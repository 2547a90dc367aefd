"""The part of a face's card that takes its neutral look and shows whether it is used."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QWidget

from howifeel.baseline import LEARN_S
from howifeel.desktop import icons, theme
from howifeel.desktop.live.neutral_model import NeutralModel


class NeutralView(QWidget):
    """One button to take it or to switch it, one to take it again.

    Signals:
        begun: the user asks to look neutral now.
        switched: whether readings should be relative to it.
    """

    begun = Signal()
    switched = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = QPushButton()
        self.button.clicked.connect(self._clicked)
        self.again = QToolButton()
        self.again.setObjectName("flat")
        self.again.setToolTip(self.tr("Take the neutral face again"))
        self.again.setAccessibleName(self.again.toolTip())
        self.again.setIcon(icons.icon("retry", theme.current().dim))
        self.again.clicked.connect(self.begun)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 4, 0, 0)
        box.addWidget(self.button, 1)
        box.addWidget(self.again)
        self._known = False

    def show_state(self, track: int, neutral: NeutralModel) -> None:
        """Show what is known of this face."""
        progress = neutral.progress(track)
        self._known = track in neutral.known
        self.button.setEnabled(progress is None)
        self.button.setCheckable(self._known)
        self.button.setChecked(self._known and track in neutral.used)
        self.again.setVisible(self._known)
        if progress is not None:
            left = max(1, round(LEARN_S * (1 - progress) + 0.4))
            text = self.tr("Look neutral … {}").format(left)
        elif self._known:
            text = self.tr("Relative to neutral face")
        else:
            text = self.tr("Set neutral face")
        self.button.setText(text)
        self.button.setToolTip(
            self.tr("Look neutral for three seconds; readings are then relative to that look.")
        )

    def _clicked(self) -> None:
        if self._known:
            self.switched.emit(self.button.isChecked())
        else:
            self.begun.emit()
