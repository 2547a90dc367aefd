"""Asks once what to do with outputs that exist; lies in the page, so that nothing is blocked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget


class QuestionView(QFrame):
    """A panel with a sentence and four buttons; hidden until it asks.

    Signals:
        answered: "both", "replace" or "skip".
    """

    answered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setProperty("chosen", True)
        self._text = QLabel()
        self._text.setWordWrap(True)
        self.both = self._button(self.tr("Keep both"), "both")
        self.both.setObjectName("primary")
        self.replace = self._button(self.tr("Replace"), "replace")
        self.skip = self._button(self.tr("Leave these out"), "skip")
        self.not_now = QPushButton(self.tr("Not now"))
        self.not_now.clicked.connect(self.hide)
        buttons = QHBoxLayout()
        for button in (self.both, self.replace, self.skip, self.not_now):
            buttons.addWidget(button)
        buttons.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(14, 12, 14, 12)
        box.addWidget(self._text)
        box.addLayout(buttons)
        self.hide()

    def ask(self, existing: Sequence[Path]) -> None:
        """Show which files exist."""
        first = existing[0].name
        if len(existing) == 1:
            self._text.setText(self.tr("{} exists already.").format(first))
        else:
            more = self.tr("{} and {} more files exist already.")
            self._text.setText(more.format(first, len(existing) - 1))
        self._text.setToolTip("\n".join(str(path) for path in existing[:30]))
        self.show()
        self.both.setFocus()

    def _button(self, text: str, answer: str) -> QPushButton:
        button = QPushButton(text)
        button.clicked.connect(lambda: (self.hide(), self.answered.emit(answer)))
        return button
