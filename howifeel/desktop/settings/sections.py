"""A column of cards that scrolls: the frame of the settings and about pages."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from howifeel.desktop import theme

WIDEST = 820


class Section(QFrame):
    """A card with a heading; put what belongs to it into `box`."""

    def __init__(self, heading: str) -> None:
        super().__init__()
        self.setObjectName("card")
        title = QLabel(heading)
        title.setFont(theme.sized(self.font(), 1.2, bold=True))
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(20, 16, 20, 18)
        self.box.setSpacing(12)
        self.box.addWidget(title)


class Column(QScrollArea):
    """Cards one below the other, in the middle of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QWidget()
        column.setMaximumWidth(WIDEST)
        self._box = QVBoxLayout(column)
        self._box.setContentsMargins(16, 16, 16, 16)
        self._box.setSpacing(14)
        self._box.addStretch(1)
        whole = QWidget()
        middle = QHBoxLayout(whole)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.addStretch(1)
        middle.addWidget(column, 100)
        middle.addStretch(1)
        self.setWidget(whole)

    def add(self, section: Section) -> None:
        """Put a card below the others."""
        self._box.insertWidget(self._box.count() - 1, section)
