"""The settings page: looks, reading faces, streams, consent, and where the files lie."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QDate, QLocale, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from howifeel.classify import onnx
from howifeel.config import ABOUT, Settings
from howifeel.desktop import settings_words, strings
from howifeel.desktop.background import Background
from howifeel.desktop.live.emit_model import EmitModel
from howifeel.desktop.page import Page
from howifeel.desktop.preferences import Preferences
from howifeel.desktop.settings.emit_view import EmitView
from howifeel.desktop.settings.fields import Field, NumberField, field_for
from howifeel.desktop.settings.places import places
from howifeel.desktop.settings.sections import Column, Section, add_row, dim_label, label_grid
from howifeel.desktop.settings.settings_model import SettingsModel
from howifeel.desktop.start.consent_model import ConsentModel


class SettingsView(Page):
    """Wires `SettingsModel`, the preferences and the consent to their widgets.

    Args:
        model: of the settings.
        preferences: where looks and folders are kept.
        consent: given on the first screen.
        sessions: folder of the sessions in use.
        streams: what is sent to other programs.

    Signals:
        theme_chosen: "system", "dark" or "light".
    """

    theme_chosen = Signal(str)

    def __init__(
        self,
        model: SettingsModel,
        preferences: Preferences,
        consent: ConsentModel,
        sessions: Path,
        streams: EmitModel,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.model, self.consent = model, consent
        self._preferences, self._sessions = preferences, sessions
        self.fields: dict[str, Field] = {}
        self.streams = EmitView(streams)
        self._read_of = ""
        self._reader = Background(self)
        column = Column()
        parts = (self._looks(), self._reading(), self.streams, self._agreed(), self._files())
        for section in parts:
            column.add(section)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(column)
        model.shown.connect(self.show_settings)
        model.problem.connect(self._show_problem)
        model.trying.connect(self._show_trying)
        consent.changed.connect(lambda given: self._show_consent())
        self.show_settings(model.settings)
        self._show_consent()

    def close_all(self) -> None:
        """End what is being tried."""
        self.model.close()
        self._reader.close()

    def showEvent(self, event: QShowEvent) -> None:
        """Look at the model, whose own values are shown."""
        super().showEvent(event)
        self._read_model(self.model.settings)

    def show_settings(self, settings: Settings) -> None:
        """Show these settings."""
        for name, field in self.fields.items():
            field.show_value(getattr(settings, name))
        if self.isVisible():
            self._read_model(settings)

    def _read_model(self, settings: Settings) -> None:
        """Show the threshold that the model brings, as soon as it is read."""
        field, model = self.fields["unsure_below"], settings.model
        if model == self._read_of or not isinstance(field, NumberField):
            return
        self._read_of = model
        field.show_default(None)
        self._reader.run(
            lambda task: onnx.build(Settings(model=model, device="cpu")).spec.unsure_below,
            field.show_default,
        )

    # Sections

    def _looks(self) -> Section:
        section = Section(self.tr("Appearance"))
        grid = label_grid()
        self.theme = QComboBox()
        for choice, text in (
            ("system", self.tr("As the system")),
            ("dark", self.tr("Dark")),
            ("light", self.tr("Light")),
        ):
            self.theme.addItem(text, choice)
        self.theme.setCurrentIndex(self.theme.findData(self._preferences.theme))
        self.theme.activated.connect(lambda: self.theme_chosen.emit(self.theme.currentData()))
        self.language = QComboBox()
        self.language.addItem(self.tr("As the system"), "")
        for code in strings.LANGUAGES:
            self.language.addItem(_own_name(code), code)
        self.language.setCurrentIndex(max(0, self.language.findData(self._preferences.language)))
        self.language.activated.connect(self._language_chosen)
        self._later = dim_label(self.tr("In the new language from the next start on."))
        self._later.hide()
        add_row(grid, self.tr("Colours"), self.theme)
        add_row(grid, self.tr("Language"), self.language)
        grid.addWidget(self._later, grid.rowCount(), 1)
        section.box.addLayout(grid)
        return section

    def _reading(self) -> Section:
        section = Section(self.tr("Reading faces"))
        grid = label_grid()
        for name in ABOUT:
            field = self.fields[name] = field_for(name)
            field.edited.connect(lambda value, name=name: self.model.change(**{name: value}))
            add_row(grid, settings_words.label(name), field, settings_words.help(name))
        self.problem = QLabel()
        self.problem.setObjectName("danger")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.reset = QPushButton(self.tr("Back to the defaults"))
        self.reset.clicked.connect(self.model.reset)
        line = QHBoxLayout()
        line.addWidget(self.reset)
        line.addWidget(self.problem, 1)
        line.addStretch()
        section.box.addLayout(grid)
        section.box.addLayout(line)
        return section

    def _agreed(self) -> Section:
        section = Section(self.tr("Consent"))
        self._agreed_text = dim_label("")
        self.withdraw = QPushButton(self.tr("Withdraw"))
        self.withdraw.setToolTip(self.tr("Everything stops, and the first screen appears again"))
        self.withdraw.clicked.connect(self.consent.withdraw)
        line = QHBoxLayout()
        line.addWidget(self._agreed_text, 1)
        line.addWidget(self.withdraw)
        section.box.addLayout(line)
        return section

    def _files(self) -> Section:
        section = Section(self.tr("Files"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setColumnStretch(1, 1)
        for row, place in enumerate(places(self._sessions, self._preferences.file)):
            path = QLabel(str(place.path))
            path.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            path.setObjectName("dim")
            path.setWordWrap(True)
            show = QPushButton(self.tr("Open"))
            show.setAccessibleName(self.tr("Open: {}").format(place.label))
            show.clicked.connect(
                lambda checked=False, place=place: QDesktopServices.openUrl(
                    QUrl.fromLocalFile(str(place.folder))
                )
            )
            grid.addWidget(QLabel(place.label), row, 0)
            grid.addWidget(path, row, 1)
            grid.addWidget(show, row, 2)
        self.elsewhere = QPushButton(self.tr("Another folder for sessions …"))
        self.elsewhere.clicked.connect(self._ask_sessions)
        self._moved = dim_label("")
        line = QHBoxLayout()
        line.addWidget(self.elsewhere)
        line.addWidget(self._moved, 1)
        section.box.addLayout(grid)
        section.box.addLayout(line)
        return section

    # Doing and showing

    def _language_chosen(self) -> None:
        self._preferences.language = self.language.currentData()
        self._later.show()

    def _ask_sessions(self) -> None:
        title = self.tr("Folder for sessions")
        path = QFileDialog.getExistingDirectory(self, title, str(self._sessions))
        if path:
            self._preferences.sessions = Path(path)
            self._moved.setText(
                self.tr("New sessions go to {} from the next start on; old ones stay.").format(path)
            )

    def _show_problem(self, sentence: str) -> None:
        self.problem.setObjectName("danger")
        self._say(sentence)

    def _show_trying(self, trying: bool) -> None:
        if trying:
            self.problem.setObjectName("dim")
            self._say(self.tr("Loading …"))
        elif self.problem.objectName() == "dim":
            self._say("")

    def _say(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
        self.problem.style().unpolish(self.problem)
        self.problem.style().polish(self.problem)

    def _show_consent(self) -> None:
        day = self.consent.day
        if day is None:
            self._agreed_text.setText(self.tr("You agreed to what the first screen says."))
            return
        shown = QLocale().toString(
            QDate(day.year, day.month, day.day), QLocale.FormatType.LongFormat
        )
        self._agreed_text.setText(
            self.tr("On {} you agreed to what the first screen says.").format(shown)
        )

    def retheme(self) -> None:
        """Show which theme is worn."""
        self.theme.setCurrentIndex(self.theme.findData(self._preferences.theme))


def _own_name(code: str) -> str:
    name = QLocale(code).nativeLanguageName()
    return name[:1].upper() + name[1:]
