"""The queue as a table that Qt can show."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QColor

from howifeel.desktop import theme, words
from howifeel.desktop.batch.batch_model import BatchModel
from howifeel.desktop.batch.entry import Entry

NAME, LENGTH, STATE, LEFT, SPEED = range(5)
SHARE = Qt.ItemDataRole.UserRole
"""Role: how much is done, 0..1, while an entry is worked on."""

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class TableModel(QAbstractTableModel):
    """A row for each entry of a `BatchModel`."""

    def __init__(self, batch: BatchModel) -> None:
        super().__init__(batch)
        self._batch = batch
        self._rows: list[int] = []
        batch.listed.connect(self._listed)
        batch.changed.connect(self._changed)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """One for each entry."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """Name, length, state, time left, speed."""
        return 5

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Titles of the columns."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section in (LENGTH, LEFT, SPEED) else _LEFT
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        titles = (
            self.tr("File"), self.tr("Length"), self.tr("State"), self.tr("Left"),
            self.tr("Speed"),
        )  # fmt: skip
        return titles[section]

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """What a cell shows."""
        entry, column = self._batch.entries[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(entry, column)
            case Qt.ItemDataRole.ToolTipRole:
                return entry.message or entry.found.spec
            case Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if column in (LENGTH, LEFT, SPEED) else _LEFT
            case Qt.ItemDataRole.ForegroundRole:
                return _colour(entry) if column == STATE else None
        return entry.share if role == SHARE and entry.state == "running" else None

    def _text(self, entry: Entry, column: int) -> str:
        match column:
            case 0:  # NAME
                return entry.name
            case 1:  # LENGTH
                return "" if entry.length_s is None else words.clock(entry.length_s)
            case 2:  # STATE
                return state(entry)
            case 3:  # LEFT
                return "" if entry.left_s is None else words.clock(entry.left_s)
        speed = entry.frames_per_s
        return "" if speed is None else self.tr("{} fps").format(f"{speed:.0f}")

    def _listed(self) -> None:
        rows = [entry.number for entry in self._batch.entries]
        if rows[: len(self._rows)] == self._rows:
            if len(rows) > len(self._rows):
                self.beginInsertRows(QModelIndex(), len(self._rows), len(rows) - 1)
                self._rows = rows
                self.endInsertRows()
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def _changed(self, row: int) -> None:
        self.dataChanged.emit(self.index(row, 0), self.index(row, self.columnCount() - 1))


def state(entry: Entry) -> str:
    """Where an entry stands, in a word or two."""
    if entry.state == "running" and entry.share is not None:
        return f"{100 * entry.share:.0f} %"
    if entry.state == "running" and entry.frames:
        return QCoreApplication.translate("Batch", "{} frames").format(entry.frames)
    return {
        "waiting": QCoreApplication.translate("Batch", "waiting"),
        "running": QCoreApplication.translate("Batch", "beginning …"),
        "done": QCoreApplication.translate("Batch", "done"),
        "failed": QCoreApplication.translate("Batch", "failed"),
        "skipped": QCoreApplication.translate("Batch", "skipped"),
        "cancelled": QCoreApplication.translate("Batch", "cancelled"),
    }[entry.state]


def _colour(entry: Entry) -> QColor:
    look = theme.current()
    colours = {"done": look.good, "failed": look.danger, "running": look.text}
    return QColor(colours.get(entry.state, look.dim))
