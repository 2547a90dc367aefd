"""The list of sessions: read beside the window, filtered by what is typed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from howifeel.desktop import words
from howifeel.desktop.background import Background
from howifeel.desktop.review import described
from howifeel.errors import HowIFeelError, OutputError
from howifeel.live import Task
from howifeel.session import SessionInfo, Store

READING_S = 0.2
"""The list is waited for so long when the window closes."""

NAME, WHEN, LENGTH, FACES, PICTURE = range(5)
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class _Listing:
    sessions: tuple[SessionInfo, ...]
    damaged: tuple[str, ...]


class LibraryModel(QAbstractTableModel):
    """One row for each session, newest first, or as it was sorted.

    Signals:
        listed: the list was read; whether there is any session is `total`.
        imported: id of a session that was made from an analysed file.
        failed: a sentence.
    """

    listed = Signal()
    imported = Signal(str)
    failed = Signal(str)

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.store = store
        self.damaged: tuple[str, ...] = ()
        self._all: tuple[SessionInfo, ...] = ()
        self._shown: list[SessionInfo] = []
        self._search = ""
        self._order = (WHEN, True)
        self._listing, self._importing = Background(self), Background(self)

    @property
    def total(self) -> int:
        """How many sessions there are, shown or not."""
        return len(self._all)

    @property
    def busy(self) -> bool:
        """Whether the list is being read."""
        return self._listing.busy

    def info(self, row: int) -> SessionInfo | None:
        """The session of a row."""
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def row_of(self, id: str) -> int:
        """The row of a session, -1 where it is not shown."""
        return next((n for n, info in enumerate(self._shown) if info.id == id), -1)

    def refresh(self) -> None:
        """Read the list anew; recordings that ended abruptly become sessions."""
        self._listing.run(self._read, self._take, self.failed.emit)

    def search(self, text: str) -> None:
        """Show only sessions in which every word of the text is found."""
        self._search = text
        self._arrange()

    def rename(self, id: str, name: str) -> None:
        """Call a session something else."""
        self._edit(lambda: self.store.rename(id, name))

    def delete(self, id: str) -> None:
        """Delete a session."""
        self._edit(lambda: self.store.delete(id))

    def import_file(self, path: Path, video: Path | None) -> None:
        """Make a session of an analysed file, in the background."""

        def work(task: Task[str]) -> str:
            return self.store.import_timeline(path, video)

        self._importing.run(work, self.imported.emit, self.failed.emit)

    def close(self) -> None:
        """End what runs."""
        self._listing.close(READING_S)
        self._importing.close()

    # What Qt asks for

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        """Number of sessions that are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        """Name, when, length, faces, picture."""
        return 0 if parent.isValid() else PICTURE + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows."""
        info = self.info(index.row())
        if info is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _cell(info, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return described.origin(info)
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in (LENGTH, FACES):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """What a column is."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft
            if section in (LENGTH, FACES):
                side = Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        names = (
            self.tr("Name"),
            self.tr("When"),
            self.tr("Length"),
            self.tr("Faces"),
            self.tr("Picture"),
        )
        return names[section]

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column."""
        self._order = (column, order == Qt.SortOrder.DescendingOrder)
        self._arrange()

    def _read(self, task: Task[_Listing]) -> _Listing:
        with suppress(OutputError):  # a folder that cannot be written can still be read
            self.store.recover()
        return _Listing(self.store.list(), self.store.damaged())

    def _take(self, listing: _Listing) -> None:
        self._all, self.damaged = listing.sessions, listing.damaged
        self._arrange()
        self.listed.emit()

    def _edit(self, edit: Callable[[], object]) -> None:
        try:
            edit()
        except HowIFeelError as error:
            self.failed.emit(str(error))
        self.refresh()

    def _arrange(self) -> None:
        column, falling = self._order
        words_typed = self._search.casefold().split()
        self.beginResetModel()
        self._shown = [info for info in self._all if all(w in _searched(info) for w in words_typed)]
        self._shown.sort(key=lambda info: _key(info, column), reverse=falling)
        self.endResetModel()


def _cell(info: SessionInfo, column: int) -> str:
    cells = (
        info.name,
        described.started(info),
        words.clock(info.duration_s),
        str(info.faces),
        described.picture(info.picture),
    )
    return cells[column]


def _key(info: SessionInfo, column: int) -> tuple[Any, ...]:
    keys = (info.name.casefold(), info.started, info.duration_s, info.faces, info.picture)
    return keys[column], info.started, info.id


def _searched(info: SessionInfo) -> str:
    markers = (marker.text for marker in info.markers)
    parts = (info.name, info.source, described.started(info), *info.names.values(), *markers)
    return "\n".join(parts).casefold()
