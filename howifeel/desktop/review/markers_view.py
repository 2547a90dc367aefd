"""The markers of a session as a table: seek, add, edit, delete."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from howifeel.desktop import icons, theme, words
from howifeel.session import Marker

_TIME, _TEXT = 0, 1


class MarkersView(QWidget):
    """Time and text of each marker.

    Signals:
        added: a marker is wanted where the page is.
        sought: seconds of the marker that was chosen.
        edited: the marker before, and what it is to be.
        doomed: the marker that is to be deleted.
    """

    added = Signal()
    sought = Signal(float)
    edited = Signal(object, object)
    doomed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._markers: tuple[Marker, ...] = ()
        self._begin_s = 0.0
        self.table = _Table()
        self.table.setAccessibleName(self.tr("Markers"))
        self.table.setHorizontalHeaderLabels([self.tr("Time"), self.tr("What")])
        self._empty = QLabel(
            self.tr("Press K to mark a moment: it becomes a line in the chart and in exports.")
        )
        self._empty.setObjectName("dim")
        self._empty.setWordWrap(True)
        self.add = QPushButton(self.tr("Add here"))
        self.add.setToolTip(self.tr("Mark this moment (K)"))
        self.delete = QPushButton(self.tr("Delete"))
        buttons = QHBoxLayout()
        buttons.addWidget(self.add)
        buttons.addWidget(self.delete)
        buttons.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 10, 10, 10)
        box.addWidget(self._empty)
        box.addWidget(self.table, 1)
        box.addLayout(buttons)
        self.add.clicked.connect(self.added)
        self.delete.clicked.connect(self._delete)
        self.table.deleted.connect(self._delete)
        self.table.itemChanged.connect(self._changed)
        self.table.itemSelectionChanged.connect(self._chosen)
        self.retheme()

    def show_markers(self, markers: Sequence[Marker], begin_s: float) -> None:
        """Show these markers.

        Args:
            markers: in the order of time.
            begin_s: the time that counts as zero.
        """
        row = self.table.currentRow()
        self._markers, self._begin_s = tuple(markers), begin_s
        self.table.blockSignals(True)
        self.table.setRowCount(len(markers))
        for index, marker in enumerate(markers):
            shown = QTableWidgetItem(words.clock(marker.time_s - begin_s, 1))
            self.table.setItem(index, _TIME, shown)
            self.table.setItem(index, _TEXT, QTableWidgetItem(marker.text))
        if 0 <= row < len(markers):
            self.table.selectRow(row)
        self.table.blockSignals(False)
        self.table.setVisible(bool(markers))
        self._empty.setVisible(not markers)
        self._show_buttons()

    def edit(self, marker: Marker) -> None:
        """Let the person type the text of a marker."""
        if marker in self._markers:
            row = self._markers.index(marker)
            self.table.blockSignals(True)
            self.table.selectRow(row)
            self.table.blockSignals(False)
            self._show_buttons()
            self.table.setFocus()
            self.table.edit_text(row)

    def retheme(self) -> None:
        """Take on the colours of the current theme."""
        look = theme.current()
        self.add.setIcon(icons.icon("marker", look.text))
        self.delete.setIcon(icons.icon("trash", look.text))

    def _at(self, row: int) -> Marker | None:
        return self._markers[row] if 0 <= row < len(self._markers) else None

    def _chosen(self) -> None:
        self._show_buttons()
        marker = self._at(self.table.currentRow())
        if marker and self.table.selectedItems():
            self.sought.emit(marker.time_s)

    def _show_buttons(self) -> None:
        self.delete.setEnabled(bool(self.table.selectedItems()))

    def _delete(self) -> None:
        marker = self._at(self.table.currentRow())
        if marker and self.table.selectedItems():
            self.doomed.emit(marker)

    def _changed(self, item: QTableWidgetItem) -> None:
        old = self._at(item.row())
        if old is None:
            return
        time_s = seconds(item.text()) if item.column() == _TIME else None
        if item.column() == _TEXT and item.text().strip():
            self.edited.emit(old, Marker(old.time_s, item.text().strip()))
        elif time_s is not None:
            self.edited.emit(old, Marker(round(time_s + self._begin_s, 3), old.text))
        else:
            self.show_markers(self._markers, self._begin_s)


class _Table(QTableWidget):
    deleted = Signal()

    def __init__(self) -> None:
        super().__init__(0, 2)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        header = self.horizontalHeader()
        header.setSectionResizeMode(_TIME, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_TEXT, QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        header.setHighlightSections(False)

    def edit_text(self, row: int) -> None:
        if item := self.item(row, _TEXT):
            self.editItem(item)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        editing = self.state() == QAbstractItemView.State.EditingState
        if event.key() == Qt.Key.Key_Delete and not editing:
            self.deleted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2) and not editing:
            self.edit_text(self.currentRow())
        elif event.key() in (Qt.Key.Key_Space, Qt.Key.Key_K) and not editing:
            event.ignore()
        else:
            super().keyPressEvent(event)


def seconds(text: str) -> float | None:
    """The seconds that a clock such as 1:02:03.5, 2:03 or 7.5 stands for; None for others.

    >>> seconds("1:02:03.5"), seconds("2:03"), seconds("soon")
    (3723.5, 123.0, None)
    """
    match = re.fullmatch(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:[.,]\d*)?)", text.strip())
    if not match:
        return None
    hours, minutes, rest = (part or "0" for part in match.groups())
    return int(hours) * 3600 + int(minutes) * 60 + float(rest.replace(",", "."))
