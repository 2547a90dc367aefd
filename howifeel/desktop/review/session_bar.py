"""The bar above a session: its name, what is known about it, and what to do with it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QInputDialog, QLabel, QToolButton, QWidget

from howifeel.desktop import icons, theme
from howifeel.desktop.review import described
from howifeel.desktop.review.export_view import ExportView
from howifeel.desktop.review.opened import Opened


class SessionBar(QFrame):
    """Name, description, rename, export, delete.

    Signals:
        left: the person wants to see the list of sessions.
        renamed: the new name of the session.
        doomed: the session is to be deleted.
    """

    left = Signal()
    renamed = Signal(str)
    doomed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self.back = tool(self.tr("Back to the sessions (Alt+Left)"))
        self.name = QLabel()
        self.name.setFont(theme.sized(self.font(), 1.2, bold=True))
        self.about = QLabel()
        self.about.setObjectName("dim")
        self.about.setMinimumWidth(40)
        self.rename = tool(self.tr("Rename this session (F2)"))
        self.delete = tool(self.tr("Delete this session …"))
        self.export = ExportView()
        box = QHBoxLayout(self)
        box.setContentsMargins(10, 8, 10, 8)
        box.setSpacing(8)
        box.addWidget(self.back)
        box.addWidget(self.name)
        box.addWidget(self.rename)
        box.addSpacing(6)
        box.addWidget(self.about, 1)
        box.addWidget(self.export)
        box.addWidget(self.delete)
        self.back.clicked.connect(self.left)
        self.rename.clicked.connect(self.ask_name)
        self.delete.clicked.connect(self.doomed)
        self.retheme()

    def show_session(self, opened: Opened) -> None:
        """Show what is known about a session."""
        info = opened.info
        self.name.setText(self._shortened(info.name))
        self.name.setToolTip(info.name)
        self.about.setText(described.about(info))
        self.about.setToolTip(described.origin(info))
        self._full_name = info.name
        self.export.show_session(opened)

    def ask_name(self) -> None:
        """Let the person type another name."""
        name, good = QInputDialog.getText(
            self, self.tr("Rename"), self.tr("Name of the session:"), text=self._full_name
        )
        if good:
            self.renamed.emit(name)

    def retheme(self) -> None:
        """Take on the colours of the current theme."""
        look = theme.current()
        for button, icon in ((self.back, "back"), (self.rename, "pencil"), (self.delete, "trash")):
            button.setIcon(icons.icon(icon, look.text))
        self.export.retheme()

    _full_name = ""

    def _shortened(self, name: str) -> str:
        return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


LONGEST_NAME = 36


def tool(tip: str) -> QToolButton:
    """A flat button whose tip is its name too."""
    button = QToolButton()
    button.setObjectName("flat")
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    return button
