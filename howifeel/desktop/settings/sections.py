"""A column of cards that scrolls: the frame of the settings and about pages."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from howifeel.desktop import theme

WIDEST = 820
LABELS_WIDE = 170


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


def label_grid() -> QGridLayout:
    """Labels on the left, what they name on the right; fill it with `row`."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(10)
    grid.setColumnMinimumWidth(0, LABELS_WIDE)
    grid.setColumnStretch(1, 1)
    return grid


def add_row(grid: QGridLayout, text: str, widget: QWidget, help: str = "") -> None:
    """Add a label, its widget and perhaps a line of help."""
    row = grid.rowCount()
    label = QLabel(text)
    label.setBuddy(widget)
    label.setContentsMargins(0, 7, 0, 0)
    widget.setMinimumWidth(280)
    grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
    inner = QVBoxLayout()
    inner.setSpacing(3)
    inner.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft)
    if help:
        inner.addWidget(dim_label(help))
    grid.addLayout(inner, row, 1)


def dim_label(text: str) -> QLabel:
    """A text that stays in the background."""
    label = QLabel(text)
    label.setObjectName("dim")
    label.setWordWrap(True)
    return label
