"""A widget for each kind of setting, made from `config.ABOUT`; each says what it was set to."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QSpinBox,
    QWidget,
)

from howifeel import assets, plugins
from howifeel.config import ABOUT, About
from howifeel.desktop import settings_words

_CHOOSE = "//choose"


class Field(QWidget):
    """One setting.

    Signals:
        edited: the new value.
    """

    edited = Signal(object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.box = QHBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(8)

    def show_value(self, value: Any) -> None:
        """Show a value without saying that it was edited."""
        raise NotImplementedError

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The wheel scrolls the page; it changes a value only where the keyboard is."""
        if event.type() == QEvent.Type.Wheel and not self._has_focus(watched):
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _has_focus(self, watched: QObject) -> bool:
        return isinstance(watched, QWidget) and watched.hasFocus()

    def _describe(self, widget: QWidget) -> None:
        widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        widget.installEventFilter(self)
        widget.setAccessibleName(settings_words.label(self.name))
        widget.setToolTip(settings_words.help(self.name))


class ChoiceField(Field):
    """One of several names, or a file of one's own."""

    def __init__(self, name: str, choices: Iterable[str], own: str = "") -> None:
        super().__init__(name)
        self._own, self._value = own, ""
        self.combo = QComboBox()
        self._describe(self.combo)
        for choice in choices:
            self.combo.addItem(choice, choice)
        if own:
            self.combo.addItem(self.tr("A file of my own …"), _CHOOSE)
        self.combo.activated.connect(self._activated)
        self.box.addWidget(self.combo, 1)

    def show_value(self, value: Any) -> None:
        """Choose it; a file is added to the list."""
        self._value = str(value)
        if self.combo.findData(self._value) < 0:
            self.combo.insertItem(0, Path(self._value).name, self._value)
        self.combo.setCurrentIndex(self.combo.findData(self._value))

    def _activated(self) -> None:
        value = self.combo.currentData()
        if value == _CHOOSE:
            title = settings_words.label(self.name)
            value, _ = QFileDialog.getOpenFileName(self, title, "", self._own)
            self.show_value(self._value)
        if value and value != self._value:
            self.edited.emit(value)


class NumberField(Field):
    """A number in its whole range; where it may be left out, a box says so."""

    def __init__(self, name: str, about: About) -> None:
        super().__init__(name)
        whole = about.kind is int
        self.spin: QSpinBox | QDoubleSpinBox = QSpinBox() if whole else QDoubleSpinBox()
        if isinstance(self.spin, QDoubleSpinBox):
            self.spin.setDecimals(2)
            self.spin.setSingleStep(0.01 if about.high <= 1 else 0.05 if about.high <= 10 else 0.5)
            self.spin.setRange(about.low, about.high)
        else:
            self.spin.setRange(int(about.low), int(about.high))
        self.spin.lineEdit().setTextMargins(7, 0, 0, 0)
        self.spin.setFixedWidth(96)
        self._describe(self.spin)
        self.unset = QCheckBox(settings_words.as_the_model()) if about.optional else None
        self.spin.editingFinished.connect(self._finished)
        self.box.addWidget(self.spin)
        self._value: Any = None
        self._default: float | None = None
        if self.unset:
            self.unset.toggled.connect(self._toggled)
            self.box.addWidget(self.unset)
        self.box.addStretch(1)

    def show_value(self, value: Any) -> None:
        """Show a number, or that there is none: then the default where it is known."""
        self._value = value
        if self.unset:
            self.unset.blockSignals(True)
            self.unset.setChecked(value is None)
            self.unset.blockSignals(False)
            self.spin.setEnabled(value is not None)
        self.spin.blockSignals(True)
        shown = self._default if value is None else value
        if shown is None:
            self.spin.clear()
        else:
            self.spin.setValue(shown)  # pyright: ignore[reportArgumentType]
        self.spin.blockSignals(False)

    def show_default(self, default: float | None) -> None:
        """Tell what is used where no number is given; None where that is unknown."""
        self._default = default
        self.show_value(self._value)

    def _finished(self) -> None:
        value = self.spin.value()
        if self._value is None or round(value, 2) != round(self._value, 2):
            self.edited.emit(value)

    def _toggled(self, unset: bool) -> None:
        self.edited.emit(None if unset else self.spin.value())


class FilesField(Field):
    """A pair of files in place of the shipped one."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.choose = QPushButton()
        self._describe(self.choose)
        self.shipped = QPushButton(self.tr("Use the shipped pair"))
        self.choose.clicked.connect(self._ask)
        self.shipped.clicked.connect(lambda: self.edited.emit(()))
        self.box.addWidget(self.choose)
        self.box.addWidget(self.shipped)
        self.box.addStretch(1)

    def show_value(self, value: Any) -> None:
        """Show the names of the pair."""
        names = ", ".join(Path(path).name for path in value)
        self.choose.setText(names or self.tr("Choose two files …"))
        self.choose.setToolTip("\n".join(value) or settings_words.help(self.name))
        self.shipped.setVisible(bool(value))

    def _ask(self) -> None:
        title = settings_words.label(self.name)
        prototxt, _ = QFileDialog.getOpenFileName(
            self, title, "", self.tr("Architecture (*.prototxt *.txt)")
        )
        weights = ""
        if prototxt:
            folder = str(Path(prototxt).parent)
            weights, _ = QFileDialog.getOpenFileName(
                self, title, folder, self.tr("Weights (*.caffemodel)")
            )
        if prototxt and weights:
            self.edited.emit((prototxt, weights))


def field_for(name: str) -> Field:
    """The widget for a setting."""
    about = ABOUT[name]
    if name == "model":
        return ChoiceField(name, assets.model_names(), own="ONNX (*.onnx)")
    if name == "detector":
        return ChoiceField(name, plugins.names("howifeel.detect"))
    if about.kind is tuple:
        return FilesField(name)
    if about.kind in (int, float):
        return NumberField(name, about)
    return ChoiceField(name, about.choices)
