"""A line at the foot of the page: what is being done, what was done, what went wrong."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from howifeel.desktop import icons, theme

STEPS = 1000


class NoticeView(QFrame):
    """Hidden while there is nothing to say.

    Signals:
        cancelled: the person wants the work to end.
    """

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status")
        self._folder: Path | None = None
        self._working = False
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(180)
        self.progress.setAccessibleName(self.tr("Progress"))
        self.cancel = QPushButton(self.tr("Cancel"))
        self.folder = QPushButton(self.tr("Show folder"))
        self.close_button = QPushButton(self.tr("Close"))
        box = QHBoxLayout(self)
        box.setContentsMargins(16, 6, 10, 6)
        box.setSpacing(8)
        box.addWidget(self.text, 1)
        for widget in (self.progress, self.cancel, self.folder, self.close_button):
            box.addWidget(widget)
        self.cancel.clicked.connect(self.cancelled)
        self.folder.clicked.connect(self._open_folder)
        self.close_button.clicked.connect(self.clear)
        self.retheme()
        self.clear()

    def clear(self) -> None:
        """Say nothing."""
        self.hide()
        self.text.clear()

    def end_work(self) -> None:
        """Say no longer what is being done; what was said since then stays."""
        if self._working:
            self.clear()

    def work(self, sentence: str, *, can_cancel: bool = False) -> None:
        """Say what is being done."""
        self._show(sentence, "dim", working=True)
        self.cancel.setVisible(can_cancel)
        self.show_progress(-1.0)

    def show_progress(self, share: float) -> None:
        """Show the share that is done, 0 to 1; -1 where that is unknown."""
        self.progress.setRange(0, 0 if share < 0 else STEPS)
        self.progress.setValue(round(share * STEPS))

    def tell(self, sentence: str, path: Path | None = None) -> None:
        """Say what was done.

        Args:
            sentence: for the user.
            path: the file that was written, if one was.
        """
        self._show(sentence, "", working=False)
        self._folder = path.parent if path else None
        self.folder.setVisible(path is not None)

    def complain(self, sentence: str) -> None:
        """Say what went wrong."""
        self._show(sentence, "danger", working=False)

    def retheme(self) -> None:
        """Take on the colours of the current theme."""
        look = theme.current()
        self.folder.setIcon(icons.icon("folder", look.text))

    def _show(self, sentence: str, name: str, *, working: bool) -> None:
        self._working = working
        self.text.setText(sentence)
        self.text.setObjectName(name)
        self.text.style().unpolish(self.text)
        self.text.style().polish(self.text)
        self.progress.setVisible(working)
        self.cancel.setVisible(False)
        self.folder.setVisible(False)
        self.close_button.setVisible(not working)
        self.show()

    def _open_folder(self) -> None:
        if self._folder:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))
