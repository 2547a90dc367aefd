"""The review page: the list of sessions, or one of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from howifeel.desktop.page import Page
from howifeel.desktop.preferences import Preferences
from howifeel.desktop.review.export_model import ExportModel
from howifeel.desktop.review.export_view import Target
from howifeel.desktop.review.library_model import LibraryModel
from howifeel.desktop.review.library_view import LibraryView
from howifeel.desktop.review.notice_view import NoticeView
from howifeel.desktop.review.playback_model import PlaybackModel
from howifeel.desktop.review.session_model import SessionModel
from howifeel.session import Store
from howifeel.session.export import Wish

if TYPE_CHECKING:
    from howifeel.desktop.review.session_view import SessionView


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
        self._last = ""
        self.library = LibraryView(LibraryModel(store, self))
        self.playback = PlaybackModel(self)
        self.model = SessionModel(store, self)
        self._session: SessionView | None = None
        self.export = ExportModel(self)
        self.notice = NoticeView()
        self.stack = QStackedWidget()
        self.stack.addWidget(self.library)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.stack, 1)
        box.addWidget(self.notice)
        self._wire()

    @property
    def session(self) -> SessionView:
        """What shows an opened session, from the first one on: its charts are slow to load."""
        assert self._session is not None
        return self._session

    def open_session(self, id: str) -> None:
        """Show a session."""
        self._last = id
        if self._session is None:
            self._session = self._build_session()
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

    def retheme(self) -> None:
        """Take on the colours of the current theme."""
        self.library.retheme()
        if self._session is not None:
            self._session.retheme()
        self.notice.retheme()

    def close_all(self) -> None:
        """End playback and what runs, within two seconds."""
        if self._session is not None:
            self._preferences.keep_geometry("review", self._session.splitter.saveState())
        self.export.close()
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

    def _build_session(self) -> SessionView:
        from howifeel.desktop.review.session_view import SessionView

        session = SessionView(self.model, self.playback)
        self.stack.addWidget(session)
        if geometry := self._preferences.geometry("review"):
            session.splitter.restoreState(geometry)
        session.left.connect(self.show_list)
        session.bar.export.wanted.connect(self._export)
        return session

    def _wire(self) -> None:
        model, export, notice = self.model, self.export, self.notice
        self.library.opened.connect(self.open_session)
        self.library.model.imported.connect(self.open_session)
        self.library.reported.connect(
            lambda ids, target: export.report(
                self.library.model.store, ids, target.path, force=target.replace
            )
        )
        self.library.model.failed.connect(notice.complain)
        model.opened.connect(lambda _: self.stack.setCurrentWidget(self.session))
        model.closed.connect(self._back)
        model.working.connect(self._show_work)
        model.progressed.connect(notice.show_progress)
        model.told.connect(notice.tell)
        model.failed.connect(notice.complain)
        notice.cancelled.connect(export.cancel)
        export.started.connect(
            lambda name: notice.work(self.tr("Writing {} …").format(name), can_cancel=True)
        )
        export.progressed.connect(notice.show_progress)
        export.written.connect(
            lambda path: notice.tell(self.tr("{} is written.").format(path.name), path)
        )
        export.cancelled.connect(lambda: notice.tell(self.tr("Cancelled; nothing was written.")))
        export.failed.connect(notice.complain)

    def _export(self, target: Target, only_selection: bool) -> None:
        opened, stretch = self.model.current, self.model.stretch
        if opened is None:
            return
        start_s, end_s = stretch if stretch and only_selection else (None, None)
        wish = Wish(start_s=start_s, end_s=end_s, track=self.model.track)
        self.export.export(opened.session, target.path, wish, force=target.replace)

    def _show_work(self, sentence: str) -> None:
        if sentence:
            self.notice.work(sentence)
        elif not self.export.busy:
            self.notice.end_work()

    def _back(self) -> None:
        self.stack.setCurrentWidget(self.library)
        if self.isVisible():
            self.library.refresh(self._last)
            self.library.table.setFocus()
