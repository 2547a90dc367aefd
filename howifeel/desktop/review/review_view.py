"""The review page: the list of sessions, or one of them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QMessageBox, QStackedWidget, QVBoxLayout, QWidget

from howifeel.desktop.page import Page
from howifeel.desktop.preferences import Preferences
from howifeel.desktop.review.library_model import LibraryModel
from howifeel.desktop.review.library_view import LibraryView
from howifeel.desktop.review.playback_model import PlaybackModel
from howifeel.desktop.review.session_model import SessionModel
from howifeel.desktop.review.session_view import SessionView
from howifeel.session import Store


class ReviewView(Page):
    """Finds, shows, edits and exports sessions.

    Args:
        store: the sessions.
        preferences: where sizes are remembered.
    """

    def __init__(
        self, store: Store, preferences: Preferences, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self.library = LibraryView(LibraryModel(store, self))
        self.playback = PlaybackModel(self)
        self.model = SessionModel(store, self)
        self.session = SessionView(self.model, self.playback)
        self.waiting = QLabel()
        self.waiting.setObjectName("dim")
        self.stack = QStackedWidget()
        self.stack.addWidget(self.library)
        self.stack.addWidget(self.session)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.stack)
        if geometry := preferences.geometry("review"):
            self.session.splitter.restoreState(geometry)
        self.library.opened.connect(self.open_session)
        self.library.model.imported.connect(self.open_session)
        self.library.model.failed.connect(self._say)
        self.session.left.connect(self.show_list)
        self.model.opened.connect(lambda _: self.stack.setCurrentWidget(self.session))
        self.model.closed.connect(lambda _: self._back())
        self.model.failed.connect(self._say)

    def open_session(self, id: str) -> None:
        """Show a session."""
        self.model.open(id)

    def open_file(self, path: str, video: str = "") -> None:
        """Make a session of a timeline and show it.

        Args:
            path: of a .csv, .jsonl or .parquet timeline.
            video: of what was analysed; "" for none.
        """
        self.library.import_file(Path(path), Path(video) if video else None)

    def show_list(self) -> None:
        """Close the session and show the list."""
        self.model.close()
        self._back()

    def retheme(self) -> None:
        """Take on the colours of the current theme."""
        self.library.retheme()
        self.session.retheme()

    def close_all(self) -> None:
        """End playback and what runs, within two seconds."""
        self._preferences.keep_geometry("review", self.session.splitter.saveState())
        self.playback.close()
        self.model.close_all()
        self.library.model.close()

    def showEvent(self, event: QShowEvent) -> None:
        """There may be new sessions."""
        super().showEvent(event)
        if self.stack.currentWidget() is self.library:
            self.library.refresh()
            self.library.table.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        """A page that is not seen does not play."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.playback.pause()

    def _back(self) -> None:
        id = ""
        if self.model.info:
            id = self.model.info.id
        self.stack.setCurrentWidget(self.library)
        if self.isVisible():
            self.library.refresh(id)
            self.library.table.setFocus()

    def _say(self, sentence: str) -> None:
        QMessageBox.warning(self, self.tr("Review"), sentence)
