"""The window: a rail of pages, and what they share."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from howifeel.config import Settings
from howifeel.desktop import icons, theme
from howifeel.desktop.batch.batch_model import BatchModel
from howifeel.desktop.batch.batch_view import BatchView
from howifeel.desktop.live.emit_model import EmitModel
from howifeel.desktop.live.live_mark import LiveMark
from howifeel.desktop.live.live_model import LiveModel
from howifeel.desktop.live.live_view import LiveView
from howifeel.desktop.live.recording_model import RecordingModel
from howifeel.desktop.page import Page
from howifeel.desktop.preferences import Preferences
from howifeel.desktop.review import ReviewView
from howifeel.desktop.settings.about_view import AboutView
from howifeel.desktop.settings.places import sessions_folder
from howifeel.desktop.settings.settings_model import SettingsModel
from howifeel.desktop.settings.settings_view import SettingsView
from howifeel.desktop.start.consent_model import ConsentModel
from howifeel.desktop.start.start_view import StartView
from howifeel.session import Store


class Window(QMainWindow):
    """All pages and the way between them.

    Args:
        settings: to begin with.
        preferences: what was remembered.
        store: where sessions are kept; the user's own folder where None.
    """

    def __init__(
        self, settings: Settings, preferences: Preferences, store: Store | None = None
    ) -> None:
        super().__init__()
        self.store = store or Store(sessions_folder(preferences.sessions))
        self._preferences = preferences
        self.setWindowTitle("HowIFeel")
        self.setAcceptDrops(True)
        self.setMinimumSize(QSize(900, 560))
        self.resize(1280, 800)
        self.live = LiveView(
            LiveModel(settings, self), RecordingModel(self.store, self), preferences
        )
        self.batch = BatchView(BatchModel(lambda: self.live.model.settings, self), preferences)
        self.review = ReviewView(self.store, preferences)
        self.consent = ConsentModel(preferences, self)
        self.streams = EmitModel(preferences, self)
        self.settings = SettingsView(
            SettingsModel(settings, self), preferences, self.consent, self.store.folder,
            self.streams,
        )  # fmt: skip
        self._stack = QStackedWidget()
        self._buttons = QButtonGroup(self)
        self._rail = QFrame()
        self._rail.setObjectName("rail")
        self._rail_box = QVBoxLayout(self._rail)
        self._rail_box.setContentsMargins(6, 10, 6, 10)
        self._rail_box.setSpacing(6)
        self._icons: dict[QToolButton, str] = {}
        self._pages: list[Page] = []
        self._add_page(self.live, "live", self.tr("Live"))
        self._mark = LiveMark(self.live)
        self._rail_box.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignHCenter)
        self._add_page(self.review, "review", self.tr("Review"))
        self._add_page(self.batch, "batch", self.tr("Batch"))
        self._rail_box.addStretch(1)
        self._add_page(self.settings, "settings", self.tr("Settings"))
        self._add_page(AboutView(), "about", self.tr("About"))
        whole = QWidget()
        box = QHBoxLayout(whole)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._rail)
        box.addWidget(self._stack, 1)
        self.first = StartView()
        self._wanted = ""
        self._front = QStackedWidget()
        self._front.addWidget(self.first)
        self._front.addWidget(whole)
        self._front.setCurrentIndex(int(self.consent.given))
        self.setCentralWidget(self._front)
        self._wire()
        if geometry := preferences.geometry("window"):
            self.restoreGeometry(geometry)
        if geometry := preferences.geometry("live"):
            self.live.splitter.restoreState(geometry)
        self._retheme()

    def _wire(self) -> None:
        self.first.agreed.connect(self.consent.give)
        self.first.declined.connect(self.close)
        self.consent.changed.connect(self._consented)
        self.settings.theme_chosen.connect(self.wear)
        self.live.adjust.changed.connect(self.settings.model.want)
        self.settings.model.shown.connect(self.live.adjust.show_settings)
        self.settings.model.problem.connect(self._tell_live)
        self.settings.model.changed.connect(self.live.model.apply)
        self.settings.model.changed.connect(self._preferences.keep_settings)
        self.live.model.settings_changed.connect(self.settings.model.take)
        self.live.model.began.connect(self.streams.use)
        self.live.model.opened.connect(lambda spec: self.streams.use(None))
        self.streams.changed.connect(self._show_streams)
        self._show_streams()
        self.streams.problem.connect(self._tell_live)
        self.batch.review.connect(self._review)
        self.live.review.connect(self._review_session)

    def open(self, spec: str) -> None:
        """Show a source on the live page, as soon as there is consent."""
        if not self.consent.given:
            self._wanted = spec
            return
        self.show_page(0)
        self.live.open(spec)

    def show_page(self, index: int) -> None:
        """Bring a page to the front."""
        self._stack.setCurrentIndex(index)
        self._buttons.button(index).setChecked(True)

    @property
    def pages(self) -> dict[str, Page]:
        """All pages by the names of their icons."""
        return dict(zip(self._icons.values(), self._pages, strict=True))

    def wear(self, choice: theme.Choice) -> None:
        """Change between dark and light."""
        self._preferences.theme = choice
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app, choice)
        self._retheme()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and addresses may be dropped."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Show what was dropped."""
        urls = event.mimeData().urls()
        if urls:
            url = urls[0]
            self.open(url.toLocalFile() if url.isLocalFile() else url.toString())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Go away at once; end everything that runs, and save what is being recorded."""
        self.hide()
        self._preferences.keep_geometry("window", self.saveGeometry())
        self._preferences.keep_geometry("live", self.live.splitter.saveState())
        for page in self._pages:
            page.close_all()
        super().closeEvent(event)

    def _consented(self, given: bool) -> None:
        """Without consent nothing runs, and only the first screen is there."""
        self._front.setCurrentIndex(int(given))
        if not given:
            for page in self._pages:
                page.close_all()
            self.first.ask()
        elif self._wanted:
            wanted, self._wanted = self._wanted, ""
            self.open(wanted)

    def _show_streams(self) -> None:
        self.live.show_streams(self.streams.wanted, self.streams.sending)

    def _tell_live(self, problem: str) -> None:
        """Settings can be changed on the live page as well."""
        if problem:
            self.live.status.tell(problem)

    def _review_session(self, id: str) -> None:
        self.show_page(self._pages.index(self.review))
        self.review.open_session(id)

    def _review(self, timeline: Path, film: Path) -> None:
        """Open on the review page what the batch page wrote."""
        self.show_page(self._pages.index(self.review))
        self.review.open_file(str(timeline), str(film))

    def _add_page(self, page: Page, icon: str, label: str) -> None:
        index = self._stack.addWidget(page)
        self._pages.append(page)
        button = QToolButton()
        button.setObjectName("page")
        button.setText(label)
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setIconSize(QSize(24, 24))
        button.setFixedWidth(76)
        button.setShortcut(QKeySequence(f"Ctrl+{index + 1}"))
        button.setToolTip(f"{label} (Ctrl+{index + 1})")
        button.clicked.connect(lambda: self.show_page(index))
        self._icons[button] = icon
        self._buttons.addButton(button, index)
        self._rail_box.addWidget(button)
        if index == 0:
            button.setChecked(True)

    def _retheme(self) -> None:
        look = theme.current()
        for button, name in self._icons.items():
            button.setIcon(icons.icon(name, look.dim, look.accent))
        self.first.retheme()
        for page in self._pages:
            page.retheme()
