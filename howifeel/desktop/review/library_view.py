"""The list of sessions, and what to do with one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from howifeel.desktop import icons, theme
from howifeel.desktop.review import described
from howifeel.desktop.review.export_model import KINDS
from howifeel.desktop.review.export_view import ask_target
from howifeel.desktop.review.library_model import LibraryModel
from howifeel.desktop.review.session_table import SessionTable
from howifeel.session import SessionInfo

TIMELINES = "*.csv *.jsonl *.parquet"


class LibraryView(QWidget):
    """Search, open, rename, delete, import.

    Signals:
        opened: id of the session that is to be shown.
        reported: ids of sessions, and the `Target` of the report about them.
    """

    opened = Signal(str)
    reported = Signal(object, object)

    def __init__(self, model: LibraryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self._icons: dict[QPushButton, str] = {}
        self._wanted = ""
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search names, faces, markers"))
        self.search.setAccessibleName(self.tr("Search"))
        self.search.setToolTip(self.tr("Search (Ctrl+F)"))
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(320)
        self.file = self._button("folder", self.tr("Open analysed file …"))
        self.file.setToolTip(
            self.tr("Make a session of a timeline that howifeel-video wrote (Ctrl+O)")
        )
        self.table = SessionTable()
        self.table.setModel(model)
        self.open = self._button("play", self.tr("Open"))
        self.rename = self._button("pencil", self.tr("Rename …"))
        self.report = self._button("export", self.tr("Report …"))
        self.report.setToolTip(
            self.tr("Write a report about the selected sessions; several are compared")
        )
        self.delete = self._button("trash", self.tr("Delete …"))
        self.note = QLabel()
        self.note.setObjectName("dim")
        self.note.setWordWrap(True)
        self._build()
        self._wire()
        self.retheme()
        self._show_listed()

    def retheme(self) -> None:
        """Take on the colours of the current theme."""
        look = theme.current()
        for button, name in self._icons.items():
            primary = button.objectName() == "primary"
            button.setIcon(icons.icon(name, look.on_accent if primary else look.text))
        self._emblem.setPixmap(icons.icon("review", look.dim).pixmap(QSize(56, 56)))

    def refresh(self, select: str = "") -> None:
        """Read the list anew, and select a session in it."""
        self._wanted = select or self._selected_id()
        self.model.refresh()

    def ask_file(self) -> None:
        """Let the person choose a timeline, and the video that belongs to it."""
        path, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("Open analysed file"),
            filter=self.tr("Timelines ({})").format(TIMELINES),
        )
        if path:
            self.import_file(Path(path), self._ask_video(Path(path)))

    def import_file(self, path: Path, video: Path | None) -> None:
        """Make a session of an analysed file and open it."""
        self.model.import_file(path, video)

    # Building

    def _build(self) -> None:
        title = QLabel(self.tr("Sessions"))
        title.setFont(theme.sized(self.font(), 1.25, bold=True))
        bar = QFrame()
        bar.setObjectName("bar")
        bar.setMinimumHeight(49)
        bar_box = QHBoxLayout(bar)
        bar_box.setContentsMargins(16, 8, 10, 8)
        bar_box.setSpacing(8)
        bar_box.addWidget(title)
        bar_box.addStretch(1)
        bar_box.addWidget(self.search, 2)
        bar_box.addWidget(self.file)
        self.open.setObjectName("primary")
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.open)
        below.addWidget(self.rename)
        below.addWidget(self.report)
        below.addWidget(self.delete)
        below.addSpacing(8)
        below.addWidget(self.note, 1)
        full = QWidget()
        full_box = QVBoxLayout(full)
        full_box.setContentsMargins(10, 10, 10, 10)
        full_box.setSpacing(10)
        full_box.addWidget(self.table, 1)
        full_box.addLayout(below)
        self.stack = QStackedWidget()
        self.stack.addWidget(full)
        self.stack.addWidget(self._empty())
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(bar)
        box.addWidget(self.stack, 1)

    def _empty(self) -> QWidget:
        self._emblem = QLabel()
        self._emblem.setAlignment(Qt.AlignmentFlag.AlignCenter)
        title = QLabel(self.tr("No session yet"))
        title.setFont(theme.sized(self.font(), 1.4, bold=True))
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.how = QLabel(
            self.tr(
                "Press Record on the Live page to record one: numbers only, if you like. "
                "Or open a timeline that howifeel-video or the Batch page wrote."
            )
        )
        self.how.setObjectName("dim")
        self.how.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.how.setWordWrap(True)
        self.how.setFixedWidth(430)
        self.how.setMinimumHeight(self.how.heightForWidth(430))
        button = self._button("folder", self.tr("Open analysed file …"))
        button.clicked.connect(self.ask_file)
        page = QWidget()
        box = QVBoxLayout(page)
        box.setSpacing(12)
        box.addStretch(1)
        for widget in (self._emblem, title, self.how, button):
            box.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(2)
        return page

    def _button(self, icon: str, text: str) -> QPushButton:
        button = QPushButton(text)
        self._icons[button] = icon
        return button

    def _wire(self) -> None:
        self.model.listed.connect(self._show_listed)
        self.model.modelReset.connect(self._show_selection)
        self.search.textChanged.connect(self.model.search)
        self.search.returnPressed.connect(self._open_first)
        self.file.clicked.connect(self.ask_file)
        self.table.activated.connect(lambda index: self._open(index.row()))
        self.table.deleted.connect(self._delete)
        self.table.renamed.connect(self._rename)
        self.table.selectionModel().selectionChanged.connect(self._show_buttons)
        self.open.clicked.connect(lambda: self._open(self.table.currentIndex().row()))
        self.rename.clicked.connect(self._rename)
        self.report.clicked.connect(self._report)
        self.delete.clicked.connect(self._delete)
        QShortcut(QKeySequence("Ctrl+F"), self, self.search.setFocus)
        QShortcut(QKeySequence("Ctrl+O"), self, self.ask_file)

    # Doing

    def _open(self, row: int) -> None:
        if info := self.model.info(row):
            self.opened.emit(info.id)

    def _open_first(self) -> None:
        row = self.table.currentIndex().row()
        self._open(max(0, row))

    def _rename(self) -> None:
        if info := self._selected():
            name, good = QInputDialog.getText(
                self, self.tr("Rename"), self.tr("Name of the session:"), text=info.name
            )
            if good:
                self._wanted = info.id
                self.model.rename(info.id, name)

    def _delete(self) -> None:
        info = self._selected()
        if info and described.confirmed(self, described.doom_of_session(info)):
            self.model.delete(info.id)

    def _report(self) -> None:
        chosen = self._chosen()
        if not chosen:
            return
        name = chosen[0].name if len(chosen) == 1 else self.tr("{} sessions").format(len(chosen))
        target = ask_target(self, name, KINDS["report"].suffix)
        if target:
            self.reported.emit(tuple(info.id for info in chosen), target)

    def _ask_video(self, timeline: Path) -> Path | None:
        question = QMessageBox(self)
        question.setIcon(QMessageBox.Icon.Question)
        question.setText(self.tr("Show the film with “{}”?").format(timeline.name))
        question.setInformativeText(
            self.tr("Choose the film that was analysed. It stays where it is and is not copied.")
        )
        yes = question.addButton(self.tr("Choose film …"), QMessageBox.ButtonRole.AcceptRole)
        question.addButton(self.tr("Numbers only"), QMessageBox.ButtonRole.RejectRole)
        question.setDefaultButton(yes)
        question.exec()
        if question.clickedButton() is not yes:
            return None
        path, _ = QFileDialog.getOpenFileName(
            self, self.tr("Choose the film"), str(timeline.parent)
        )
        return Path(path) if path else None

    # Showing

    def _chosen(self) -> list[SessionInfo]:
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [info for info in map(self.model.info, rows) if info]

    def _selected(self) -> SessionInfo | None:
        chosen = self._chosen()
        return chosen[0] if len(chosen) == 1 else None

    def _selected_id(self) -> str:
        info = self._selected()
        return info.id if info else ""

    def _show_listed(self) -> None:
        self.stack.setCurrentIndex(0 if self.model.total else 1)
        for widget in (self.search, self.file):
            widget.setVisible(bool(self.model.total))
        self._show_selection()

    def _show_selection(self) -> None:
        if self.model.rowCount():
            row = max(0, self.model.row_of(self._wanted))
            self.table.selectRow(row)
        self._show_buttons()

    def _show_buttons(self, *_: object) -> None:
        info = self._selected()
        for button in (self.open, self.rename, self.delete):
            button.setEnabled(info is not None)
        self.report.setEnabled(bool(self._chosen()))
        if info:
            self._wanted = info.id
        self.note.setText(self._note())

    def _note(self) -> str:
        if self.model.total and not self.model.rowCount():
            return self.tr("Nothing found; type fewer letters.")
        if self.model.damaged:
            text = self.tr("{} damaged sessions cannot be shown: {}")
            return text.format(len(self.model.damaged), ", ".join(self.model.damaged[:3]))
        return ""
