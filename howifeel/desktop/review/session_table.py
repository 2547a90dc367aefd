"""The table of sessions, with keys of its own."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from howifeel.desktop.review.library_model import NAME, WHEN, LibraryModel

ROW_HEIGHT = 40


class SessionTable(QTableView):
    """Enter opens a session, F2 renames it, Delete deletes it.

    Signals:
        renamed: the chosen session is to be renamed.
        deleted: it is to be deleted.
    """

    renamed = Signal()
    deleted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Sessions"))
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setSortingEnabled(True)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSortIndicator(WHEN, Qt.SortOrder.DescendingOrder)

    def setModel(self, model: LibraryModel) -> None:  # type: ignore[override]
        """Show this list."""
        super().setModel(model)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Rename, delete, open."""
        row = self.currentIndex()
        if event.key() == Qt.Key.Key_Delete:
            self.deleted.emit()
        elif event.key() == Qt.Key.Key_F2:
            self.renamed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row.isValid():
            self.activated.emit(QModelIndex(row))
        else:
            super().keyPressEvent(event)
