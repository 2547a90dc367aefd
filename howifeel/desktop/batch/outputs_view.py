"""What is written for each file, and where."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFrame,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from howifeel import plugins
from howifeel.desktop import theme, words
from howifeel.desktop.batch.plan import Outputs, tables

_BESIDE = ""


class OutputsView(QFrame):
    """A panel of choices.

    Signals:
        changed: the new `Outputs`.
    """

    changed = Signal(object)

    def __init__(self, outputs: Outputs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._outputs = outputs
        self.annotated = QCheckBox(self.tr("Annotated copy, sound kept"))
        self.annotated.setToolTip(self.tr("A film or picture with the readings drawn into it"))
        self.overlays = {name: QCheckBox(words.overlay(name)) for name in _overlays()}
        self.table = QComboBox()
        self.table.setAccessibleName(self.tr("Table of the readings"))
        self.table.addItem(self.tr("No table"), "")
        for name in tables():
            self.table.addItem(words.table(name), name)
        self.report = QCheckBox(self.tr("Report with charts (HTML)"))
        self.report.setToolTip(self.tr("One page to read and print, without a network"))
        self.folder = QComboBox()
        self.folder.setAccessibleName(self.tr("Folder for the results"))
        self.note = QLabel()
        self.note.setObjectName("dim")
        self.note.setWordWrap(True)
        self._build()
        self.show_outputs(outputs)
        self.annotated.toggled.connect(lambda on: self._change(annotated=on))
        for box in self.overlays.values():
            box.toggled.connect(self._overlays_changed)
        self.report.toggled.connect(lambda on: self._change(report=on))
        self.table.activated.connect(lambda: self._change(table=self.table.currentData()))
        self.folder.activated.connect(self._folder_chosen)

    def show_outputs(self, outputs: Outputs) -> None:
        """Show these choices."""
        self._outputs = outputs
        checks = (self.annotated, self.report, *self.overlays.values())
        widgets = (*checks, self.table, self.folder)
        for widget in widgets:
            widget.blockSignals(True)
        self.annotated.setChecked(outputs.annotated)
        for name, box in self.overlays.items():
            box.setChecked(name in outputs.overlays)
            box.setEnabled(outputs.annotated)
        self.report.setChecked(outputs.report)
        self.table.setCurrentIndex(self.table.findData(outputs.table))
        self._fill_folder(outputs.folder)
        for widget in widgets:
            widget.blockSignals(False)
        self.note.setVisible(outputs.annotated and "blur" in outputs.overlays)

    def ask_folder(self) -> None:
        """Let a person choose where the results go."""
        title = self.tr("Folder for the results")
        path = QFileDialog.getExistingDirectory(self, title, str(self._outputs.folder or ""))
        if path:
            self._change(folder=Path(path))
        else:
            self._fill_folder(self._outputs.folder)

    def _build(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 14, 16, 14)
        box.setSpacing(9)
        box.addWidget(self._title(self.tr("What is written")))
        box.addWidget(self.annotated)
        for check in self.overlays.values():
            inner = QVBoxLayout()
            inner.setContentsMargins(26, 0, 0, 0)
            inner.addWidget(check)
            box.addLayout(inner)
        self.note.setText(
            self.tr("A face that is never found stays visible: look at a result before sharing it.")
        )
        box.addWidget(self.note)
        box.addSpacing(8)
        box.addWidget(self._title(self.tr("Numbers")))
        box.addWidget(self.table)
        box.addWidget(self.report)
        box.addSpacing(8)
        box.addWidget(self._title(self.tr("Where to")))
        box.addWidget(self.folder)
        choose = QPushButton(self.tr("Choose a folder …"))
        choose.clicked.connect(self.ask_folder)
        box.addWidget(choose)
        box.addStretch(1)

    def _title(self, text: str) -> QLabel:
        label = QLabel(text)
        label.setFont(theme.sized(self.font(), 1.05, bold=True))
        return label

    def _fill_folder(self, folder: Path | None) -> None:
        self.folder.clear()
        self.folder.addItem(self.tr("Beside each file"), _BESIDE)
        if folder:
            self.folder.addItem(folder.name or str(folder), str(folder))
        self.folder.setCurrentIndex(self.folder.count() - 1)
        self.folder.setToolTip(str(folder or ""))

    def _folder_chosen(self) -> None:
        path = self.folder.currentData()
        self._change(folder=Path(path) if path else None)

    def _overlays_changed(self) -> None:
        chosen = tuple(name for name, box in self.overlays.items() if box.isChecked())
        self._change(overlays=chosen)

    def _change(self, **values: object) -> None:
        self.show_outputs(replace(self._outputs, **values))  # pyright: ignore[reportArgumentType]
        self.changed.emit(self._outputs)


def _overlays() -> tuple[str, ...]:
    """In the order in which they are drawn: what hides or tints a face lies under the rest."""
    under = ("blur", "heat")
    names = plugins.names("howifeel.overlay")
    first = tuple(name for name in under if name in names)
    return (*first, *(name for name in reversed(names) if name not in under))
