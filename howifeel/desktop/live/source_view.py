"""Where to choose a source: cameras by name, a file, a URL, a test pattern."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QInputDialog, QWidget

from howifeel.desktop.live import source_model

_FILE, _URL, _NONE = "//file", "//url", "//none"


class SourceView(QComboBox):
    """A list of sources.

    Signals:
        chosen: spelling of the source that a person chose.
    """

    chosen = Signal(str)

    def __init__(self, recent: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Source"))
        self.setToolTip(self.tr("What to watch (Ctrl+O opens a file)"))
        self.setMinimumWidth(190)
        self._recent = recent
        self._spec = ""
        self.refill()
        self.activated.connect(self._activated)

    def refill(self) -> None:
        """Look for cameras anew."""
        self.blockSignals(True)
        self.clear()
        found = source_model.choices(self._recent)
        if not any(choice.spec.isdigit() for choice in found):
            self.addItem(self.tr("No camera found"), _NONE)
            self.model().item(0).setEnabled(False)  # pyright: ignore[reportAttributeAccessIssue]
        for choice in found:
            self.addItem(choice.label, choice.spec)
        self.insertSeparator(self.count())
        self.addItem(self.tr("Open a file …"), _FILE)
        self.addItem(self.tr("Open a URL …"), _URL)
        self._select(self._spec)
        self.blockSignals(False)

    def showPopup(self) -> None:
        """Cameras may have come or gone since."""
        self.refill()
        super().showPopup()

    def show_spec(self, spec: str) -> None:
        """Show that this source is open; "" for none."""
        self._spec = spec
        if spec and self.findData(spec) < 0:
            self._recent = spec
            self.refill()
        self._select(spec)

    def ask_file(self) -> None:
        """Let a person choose a film or picture."""
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Open a film or picture"))
        if path:
            self.chosen.emit(str(Path(path)))
        else:
            self._select(self._spec)

    def ask_url(self) -> None:
        """Let a person type the address of a stream."""
        url, good = QInputDialog.getText(
            self, self.tr("Open a URL"), self.tr("Address of a stream, such as rtsp://host/path:")
        )
        if good and url.strip():
            self.chosen.emit(url.strip())
        else:
            self._select(self._spec)

    def _activated(self, index: int) -> None:
        spec = self.itemData(index)
        if spec == _FILE:
            self.ask_file()
        elif spec == _URL:
            self.ask_url()
        elif spec and spec != _NONE:
            self.chosen.emit(spec)

    def _select(self, spec: str) -> None:
        index = self.findData(spec) if spec else -1
        self.setCurrentIndex(index)
        if index < 0:
            self.setPlaceholderText(self.tr("Choose a source"))
