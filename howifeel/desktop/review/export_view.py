"""The export menu: what to write, of everything or of the selected stretch."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox, QPushButton, QWidget

from howifeel.desktop import icons, theme, words
from howifeel.desktop.review.export_model import KINDS
from howifeel.desktop.review.opened import Opened
from howifeel.session.export import targets


class Target(NamedTuple):
    """Where to write, and whether the person agreed that what is there is replaced."""

    path: Path
    replace: bool


class ExportView(QPushButton):
    """A button with a menu.

    Signals:
        wanted: the `Target` to write, and whether only the selection is wanted.
    """

    wanted = Signal(object, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(self.tr("Export"))
        self.setShortcut(QKeySequence("Ctrl+E"))
        self.setToolTip(self.tr("Write tables, charts, a report or a film (Ctrl+E)"))
        self._opened: Opened | None = None
        self._menu = QMenu(self)
        self.setMenu(self._menu)
        self.actions_by_kind: dict[str, QAction] = {}
        texts = {
            "csv": self.tr("Table (CSV) …"),
            "parquet": self.tr("Table (Parquet) …"),
            "jsonl": self.tr("Table (JSON Lines) …"),
            "srt": self.tr("Subtitles (SRT) …"),
            "png": self.tr("Chart of this face (PNG) …"),
            "svg": self.tr("Chart of this face (SVG) …"),
            "report": self.tr("Report (HTML) …"),
            "film": self.tr("Film with readings (MP4) …"),
        }
        self.only = QAction(self.tr("Only the selection"), self)
        self.only.setCheckable(True)
        self._menu.addAction(self.only)
        self._menu.addSeparator()
        for kind, text in texts.items():
            action = self.actions_by_kind[kind] = self._menu.addAction(text)
            action.triggered.connect(lambda _=False, kind=kind: self.ask(kind))
            if kind in ("srt", "svg"):
                self._menu.addSeparator()
        self.show_stretch(None)
        self.retheme()

    def show_session(self, opened: Opened) -> None:
        """Offer what this session has."""
        self._opened = opened
        for kind, action in self.actions_by_kind.items():
            possible = opened.session.video is not None or not KINDS[kind].needs_video
            action.setEnabled(possible)

    def show_stretch(self, stretch: tuple[float, float] | None) -> None:
        """Offer the selection, if there is one."""
        self.only.setEnabled(stretch is not None)
        self.only.setChecked(stretch is not None)
        text = self.tr("Only the selection")
        if stretch:
            text += f" ({words.clock(stretch[0], 1)} – {words.clock(stretch[1], 1)})"
        self.only.setText(text)

    def ask(self, kind: str) -> None:
        """Ask where to write."""
        if self._opened is None:
            return
        target = ask_target(self, self._opened.info.name, KINDS[kind].suffix)
        if target:
            self.wanted.emit(target, self.only.isChecked())

    def retheme(self) -> None:
        """Take on the colours of the current theme."""
        self.setIcon(icons.icon("export", theme.current().text))


def ask_target(parent: QWidget, name: str, suffix: str) -> Target | None:
    """Ask where to write a file; None where the person changed their mind.

    Whether files may be replaced is asked here and not by the dialog for files, because that one
    knows neither the suffix that is added nor what is written beside a table.

    Args:
        parent: what asks.
        name: proposed for the file.
        suffix: what the file ends with, whatever is typed.
    """
    start = Path.home() / (file_name(name) + suffix)
    title = QCoreApplication.translate("Review", "Export")
    path, _ = QFileDialog.getSaveFileName(
        parent,
        title,
        str(start),
        filter=f"*{suffix}",
        options=QFileDialog.Option.DontConfirmOverwrite,
    )
    if not path:
        return None
    target = Path(path)
    if target.suffix.lower() != suffix:
        target = target.with_name(target.name + suffix)
    existing = [each.name for each in targets(target) if each.exists()]
    if existing and not agrees_to_replace(parent, existing):
        return None
    return Target(target, replace=bool(existing))


def agrees_to_replace(parent: QWidget, names: Sequence[str]) -> bool:
    """Ask whether files may be replaced; keeping them is the default."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setText(
        QCoreApplication.translate("Review", "Replace {}?").format(
            QCoreApplication.translate("Review", " and ").join(f"“{name}”" for name in names)
        )
    )
    box.setInformativeText(
        QCoreApplication.translate("Review", "What is there now is lost. This cannot be undone.")
    )
    replace = box.addButton(
        QCoreApplication.translate("Review", "Replace"), QMessageBox.ButtonRole.DestructiveRole
    )
    keep = box.addButton(
        QCoreApplication.translate("Review", "Keep"), QMessageBox.ButtonRole.RejectRole
    )
    box.setDefaultButton(keep)
    box.setEscapeButton(keep)
    box.exec()
    return box.clickedButton() is replace


def file_name(name: str) -> str:
    """A name that every file system takes.

    >>> file_name("A talk: part 1/2")
    'A talk part 1 2'
    """
    return " ".join(re.sub(r'[<>:"/\\\\|?*\x00-\x1f]+', " ", name).split()).strip(". ") or "session"
