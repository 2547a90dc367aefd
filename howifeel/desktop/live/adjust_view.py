"""Sliders and choosers for the settings, made from `config.ABOUT`; changes are told at once."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from howifeel import assets, plugins
from howifeel.config import ABOUT, About, Settings
from howifeel.desktop import settings_words
from howifeel.errors import SettingsError

STEPS = 200
_SPAN = {
    "face_score": (0.05, 1.0),
    "min_face_px": (1, 200),
    "min_sharpness": (0, 40),
    "smooth_s": (0, 3),
    "hold": (0, 0.5),
    "unsure_below": (0, 1),
    "threads": (1, 8),
}
"""The useful part of each range; the command line takes the whole."""


class AdjustView(QScrollArea):
    """One row for each setting that can be changed while it runs.

    Signals:
        changed: the `Settings` that are wanted; `show_settings` tells what became of them.
    """

    changed = Signal(object)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._default_unsure = 0.5
        self._sliders: dict[str, QSlider] = {}
        self._values: dict[str, QLabel] = {}
        self._choosers: dict[str, QComboBox] = {}
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        box = QVBoxLayout(inner)
        box.setContentsMargins(14, 12, 14, 12)
        box.setSpacing(12)
        for name, entries in self._entries().items():
            box.addLayout(self._chooser(name, entries))
        for name in _SPAN:
            box.addLayout(self._slider(name, ABOUT[name]))
        reset = QPushButton(self.tr("Back to the defaults"))
        reset.clicked.connect(lambda: self._change(Settings()))
        box.addWidget(reset)
        box.addStretch(1)
        self.setWidget(inner)
        self.show_settings(settings)

    def show_settings(self, settings: Settings) -> None:
        """Show these settings."""
        self._settings = settings
        for name, slider in self._sliders.items():
            value = getattr(settings, name)
            slider.blockSignals(True)
            slider.setValue(_to_step(name, self._default_unsure if value is None else value))
            slider.blockSignals(False)
            self._values[name].setText(_in_words(ABOUT[name], value))
        for name, chooser in self._choosers.items():
            chooser.blockSignals(True)
            value = str(getattr(settings, name))
            if chooser.findData(value) < 0:
                chooser.addItem(value, value)
            chooser.setCurrentIndex(chooser.findData(value))
            chooser.blockSignals(False)

    def set_model_default(self, unsure_below: float) -> None:
        """The threshold that the model itself brings."""
        self._default_unsure = unsure_below
        self.show_settings(self._settings)

    def _entries(self) -> dict[str, tuple[str, ...]]:
        return {
            "model": assets.model_names(),
            "detector": plugins.names("howifeel.detect"),
            "device": ABOUT["device"].choices,
        }

    def _chooser(self, name: str, entries: tuple[str, ...]) -> QGridLayout:
        label = QLabel(settings_words.label(name))
        chooser = self._choosers[name] = QComboBox()
        chooser.setAccessibleName(settings_words.label(name))
        chooser.setToolTip(settings_words.help(name))
        for entry in entries:
            chooser.addItem(entry, entry)
        chooser.currentIndexChanged.connect(
            lambda: self._change(replace(self._settings, **{name: chooser.currentData()}))
        )
        label.setBuddy(chooser)
        grid = QGridLayout()
        grid.addWidget(label, 0, 0)
        grid.addWidget(chooser, 1, 0)
        return grid

    def _slider(self, name: str, about: About) -> QGridLayout:
        label, value = QLabel(settings_words.label(name)), QLabel()
        value.setObjectName("dim")
        slider = self._sliders[name] = QSlider(Qt.Orientation.Horizontal)
        self._values[name] = value
        slider.setRange(0, _steps(name))
        slider.setAccessibleName(settings_words.label(name))
        slider.setToolTip(settings_words.help(name))
        slider.valueChanged.connect(lambda step: self._slid(name, step))
        label.setBuddy(slider)
        grid = QGridLayout()
        grid.setVerticalSpacing(4)
        grid.addWidget(label, 0, 0)
        grid.addWidget(value, 0, 1, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(slider, 1, 0, 1, 2)
        return grid

    def _slid(self, name: str, step: int) -> None:
        value = _from_step(name, step)
        self._change(replace(self._settings, **{name: value}))

    def _change(self, settings: Settings) -> None:
        try:
            self.show_settings(settings)
        except SettingsError:
            self.show_settings(self._settings)
            return
        self.changed.emit(settings)


def _steps(name: str) -> int:
    low, high = _SPAN[name]
    return int(high - low) if ABOUT[name].kind is int else STEPS


def _to_step(name: str, value: float) -> int:
    low, high = _SPAN[name]
    share = (min(max(value, low), high) - low) / (high - low)
    return round(share * _steps(name))


def _from_step(name: str, step: int) -> float | int:
    low, high = _SPAN[name]
    value = low + step / _steps(name) * (high - low)
    return round(value) if ABOUT[name].kind is int else round(value, 3)


def _in_words(about: About, value: float | int | None) -> str:
    if value is None:
        return settings_words.as_the_model()
    if about.kind is int:
        return str(value)
    return f"{value:.2f}" if math.isfinite(value) else ""
