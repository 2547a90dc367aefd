"""The queue as a person sees it: a table, what there is to say about the chosen file, actions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QStackedWidget,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from howifeel.desktop import icons, theme
from howifeel.desktop.batch import table_model
from howifeel.desktop.batch.batch_model import BatchModel
from howifeel.desktop.batch.entry import Entry
from howifeel.desktop.batch.progress_delegate import ProgressDelegate
from howifeel.desktop.batch.table_model import TableModel


class QueueView(QFrame):
    """Shows a `BatchModel`.

    Signals:
        review: a timeline that was written (Path) and the film it came from (Path).
    """

    review = Signal(object, object)

    def __init__(self, model: BatchModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.model = model
        self._said, self._bad = "", False
        self._icons: dict[QToolButton, str] = {}
        self._table_model = TableModel(model)
        self._build()
        self.table.selectionModel().selectionChanged.connect(lambda: self.say(""))
        self.table.doubleClicked.connect(lambda: self._review())
        self.retry.clicked.connect(lambda: model.retry([e.number for e in self.selected]))
        self.remove.clicked.connect(lambda: model.remove([e.number for e in self.selected]))
        self.open_folder.clicked.connect(self._open_folder)
        self.show_review.clicked.connect(self._review)
        self.retheme()
        self.refresh()

    @property
    def selected(self) -> tuple[Entry, ...]:
        """The entries that are chosen in the table."""
        rows = self.table.selectionModel().selectedRows()
        return tuple(self.model.entries[row] for row in sorted(index.row() for index in rows))

    def select(self, row: int) -> None:
        """Choose one entry."""
        flag = QItemSelectionModel.SelectionFlag
        index = self._table_model.index(row, 0)
        self.table.selectionModel().select(index, flag.ClearAndSelect | flag.Rows)

    def retheme(self) -> None:
        """Take on the colours of the current theme."""
        look = theme.current()
        for button, name in self._icons.items():
            button.setIcon(icons.icon(name, look.text))
        self._picture.setPixmap(icons.icon("batch", look.dim).pixmap(64, 64))

    def say(self, sentence: str, *, bad: bool = True) -> None:
        """Show a sentence about the whole queue until another row is chosen; "" for none."""
        self._said, self._bad = sentence, bad
        self.refresh()

    def refresh(self) -> None:
        """Show what depends on the states of the entries."""
        entries, chosen = self.model.entries, self.selected
        self._pages.setCurrentIndex(1 if entries else 0)
        self.retry.setEnabled(any(entry.ended for entry in chosen))
        self.remove.setEnabled(any(entry.state != "running" for entry in chosen))
        self.open_folder.setEnabled(any(entry.written for entry in chosen))
        self.show_review.setEnabled(len([e for e in chosen if e.table]) == 1)
        self._details.setVisible(bool(entries) or bool(self._said))
        self._show_message(chosen)

    # Building

    def _build(self) -> None:
        self.table = QTableView()
        self.table.setModel(self._table_model)
        self.table.setItemDelegateForColumn(table_model.STATE, ProgressDelegate(self.table))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.table.setAccessibleName(self.tr("Files to work through"))
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(32)
        self.table.setStyleSheet("QTableView { border: none; }")
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(40)
        header.setSectionResizeMode(table_model.NAME, QHeaderView.ResizeMode.Stretch)
        for column, width in ((1, 78), (2, 176), (3, 78), (4, 86)):
            self.table.setColumnWidth(column, width)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._empty())
        self._pages.addWidget(self.table)
        box = QVBoxLayout(self)
        box.setContentsMargins(1, 1, 1, 1)
        box.setSpacing(0)
        box.addWidget(self._pages, 1)
        box.addWidget(self._build_details())

    def _empty(self) -> QWidget:
        empty = QWidget()
        self._picture = QLabel()
        title = QLabel(self.tr("Drop films, pictures or folders here"))
        title.setFont(theme.sized(self.font(), 1.35, bold=True))
        more = QLabel(
            self.tr("Each one gets an annotated copy and a table, one after the other. ")
            + self.tr("Everything is computed on this computer.")
        )
        more.setObjectName("dim")
        more.setWordWrap(True)
        box = QVBoxLayout(empty)
        box.setContentsMargins(40, 20, 40, 20)
        box.addStretch(1)
        for label in (self._picture, title, more):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            box.addWidget(label)
        box.addStretch(1)
        return empty

    def _build_details(self) -> QFrame:
        self._details = QFrame()
        self._details.setObjectName("status")
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.message.setMinimumHeight(34)
        self.show_review = self._action("review", self.tr("Review"), "")
        self.show_review.setText(self.tr("Review"))
        self.open_folder = self._action("folder", self.tr("Open the folder of the results"), "")
        self.retry = self._action("retry", self.tr("Try again"), "R")
        self.retry.setText(self.tr("Try again"))
        self.remove = self._action("trash", self.tr("Remove from the list"), "Del")
        box = QHBoxLayout(self._details)
        box.setContentsMargins(14, 6, 8, 6)
        box.addWidget(self.message, 1)
        for button in (self.show_review, self.retry):
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        for button in (self.show_review, self.retry, self.open_folder, self.remove):
            box.addWidget(button)
        return self._details

    def _action(self, icon: str, tip: str, key: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName("flat")
        button.setToolTip(f"{tip} ({key})" if key else tip)
        button.setAccessibleName(tip)
        if key:
            button.setShortcut(QKeySequence(key))
        self._icons[button] = icon
        return button

    # Doing

    def _open_folder(self) -> None:
        for folder in {path.parent for entry in self.selected for path in entry.written}:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def _review(self) -> None:
        reviewable = [entry for entry in self.selected if entry.table]
        if len(reviewable) == 1:
            self.review.emit(reviewable[0].table, Path(reviewable[0].found.spec))

    def _show_message(self, chosen: Sequence[Entry]) -> None:
        shown, bad = self._said, self._bad
        failed = [e for e in self.model.entries if e.state == "failed"]
        of = chosen[0] if len(chosen) == 1 else failed[-1] if failed else None
        if of and not shown:
            shown, bad = of.message, of.state == "failed"
            if not shown and of.written:
                shown = self.tr("Written: {}").format(", ".join(path.name for path in of.written))
        self.message.setText(shown)
        name = "danger" if bad else "dim"
        if self.message.objectName() != name:
            self.message.setObjectName(name)
            self.message.style().unpolish(self.message)
            self.message.style().polish(self.message)
