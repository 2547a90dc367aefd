"""The about page: what this is, what runs in it, how well it does, and whose work it uses."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QLocale, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from howifeel.desktop import theme
from howifeel.desktop.background import Background
from howifeel.desktop.page import Page
from howifeel.desktop.settings import about_model
from howifeel.desktop.settings.about_model import Facts, ModelFacts
from howifeel.desktop.settings.sections import Column, Section


class AboutView(Page):
    """Reads the facts beside the window when it is first shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._background = Background(self)
        self._column = Column()
        self._column.add(self._program())
        self.models = Section(self.tr("Models"))
        self.packages = Section(self.tr("Made with"))
        self._waiting = _text(self.tr("Reading the files …"), dim=True)
        self.models.box.addWidget(self._waiting)
        self._column.add(self.models)
        self._column.add(self.packages)
        self._asked = False
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._column)

    def showEvent(self, event: QShowEvent) -> None:
        """Look at the files."""
        super().showEvent(event)
        if not self._asked:
            self._asked = True
            self._background.run(lambda task: about_model.gather(), self.show_facts, self._failed)

    def close_all(self) -> None:
        """Stop reading."""
        self._background.close()

    def show_facts(self, facts: Facts) -> None:
        """Show what was read."""
        self._waiting.hide()
        for model in facts.models:
            self.models.box.addLayout(self._model(model))
        detector = self.tr("Face detector, SHA-256 of both files")
        self.models.box.addWidget(_heading(detector))
        self.models.box.addWidget(_hash(facts.detector_sha256))
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(2, 1)
        for row, package in enumerate(facts.packages):
            for column, text in enumerate(package):
                grid.addWidget(_text(text, dim=column > 0), row, column)
        self.packages.box.addLayout(grid)

    def _program(self) -> Section:
        section = Section(f"HowIFeel {about_model.version()}")
        section.box.addWidget(
            _text(
                self.tr(
                    "Shows what a face looks like it expresses, never what a person feels. "
                    "Everything is computed on this computer; the program opens no connection "
                    "unless you open a stream by its address or let it send readings to other "
                    "programs. It is under the MIT licence."
                )
            )
        )
        line = QHBoxLayout()
        for path in about_model.documents():
            button = QPushButton(self._document(path))
            button.setToolTip(str(path))
            url = QUrl.fromLocalFile(str(path))
            button.clicked.connect(lambda checked=False, url=url: QDesktopServices.openUrl(url))
            line.addWidget(button)
        line.addStretch(1)
        section.box.addLayout(line)
        return section

    def _document(self, path: Path) -> str:
        titles = {
            "README.md": self.tr("Read me"),
            "models/README.md": self.tr("The model and its limits"),
            "faceDetection/README.md": self.tr("The face detector"),
            "docs/architecture.md": self.tr("How it is built"),
        }
        return titles[next(name for name in reversed(titles) if path.as_posix().endswith(name))]

    def _model(self, model: ModelFacts) -> QVBoxLayout:
        box = QVBoxLayout()
        box.setSpacing(6)
        box.addWidget(_heading(model.name))
        if model.problem:
            box.addWidget(_text(model.problem))
            return box
        if model.right_of_100 is not None:
            box.addWidget(_text(self._in_short(model.right_of_100)))
        box.addWidget(_hash(model.sha256))
        box.addWidget(_text(self.tr("Trained on: {}").format(model.trained_on), dim=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(0, 1)
        for row, (name, value) in enumerate(model.scores):
            grid.addWidget(_text(name, dim=True), row, 0)
            figure = _text(f"{value:.4g}")
            figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            grid.addWidget(figure, row, 1)
        box.addLayout(grid)
        return box

    def _in_short(self, right: int) -> str:
        """What the figures below it say, for those who do not read figures."""
        pictures = QLocale().toString(about_model.TEST_PICTURES)
        return self.tr(
            "On {} test pictures it named {} of 100 right. Its settings were chosen with the same "
            "pictures, so it may read others less well."
        ).format(pictures, right)

    def _failed(self, sentence: str) -> None:
        self._waiting.setText(sentence)


def _text(text: str, *, dim: bool = False) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if dim:
        label.setObjectName("dim")
    return label


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setFont(theme.sized(label.font(), 1.05, bold=True))
    return label


def _hash(sha256: str) -> QLabel:
    """In two halves, so that it fits into a narrow window."""
    label = _text(f"{sha256[:32]} {sha256[32:]}", dim=True)
    label.setAccessibleName("SHA-256")
    label.setStyleSheet("font-family: monospace;")
    return label
