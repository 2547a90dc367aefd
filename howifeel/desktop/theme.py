"""Colours and shapes: a dark and a light palette for Qt's Fusion style, which has none to choose.

`QStyleHints.setColorScheme` has no effect on some platforms, so both palettes are explicit; the
system's scheme only decides which one "system" means.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal, TypeAlias

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from howifeel import emotions

Choice: TypeAlias = Literal["system", "dark", "light"]
CHOICES: tuple[Choice, ...] = ("system", "dark", "light")


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of the window, each as "#rrggbb".

    Attributes:
        dark: whether text is light on dark.
        window: the ground of everything.
        surface: cards, panels and bars on it.
        raised: buttons, fields, and what the mouse is over.
        border: lines between them.
        text, dim: what is read first, and what is read next.
        accent, on_accent: the one colour for what is chosen, and text on it.
        danger: recording, deleting, errors.
        warning: unsure, dropped, waiting.
        good: running.
    """

    dark: bool
    window: str
    surface: str
    raised: str
    border: str
    text: str
    dim: str
    accent: str
    on_accent: str
    danger: str
    warning: str
    good: str


DARK = Theme(
    dark=True, window="#101317", surface="#191d23", raised="#242a32", border="#323a45",
    text="#e9edf2", dim="#9aa6b5", accent="#5aa9ff", on_accent="#0b1016",
    danger="#ff5f5a", warning="#f2b544", good="#4ccb85",
)  # fmt: skip
LIGHT = Theme(
    dark=False, window="#f1f3f6", surface="#ffffff", raised="#e8ecf1", border="#cdd5df",
    text="#171c22", dim="#566273", accent="#1667c7", on_accent="#ffffff",
    danger="#c62828", warning="#8a5a00", good="#1b7a45",
)  # fmt: skip


def apply(app: QApplication, choice: Choice) -> Theme:
    """Dress the whole application; returns what was chosen."""
    theme = chosen(app, choice)
    app.setStyle("Fusion")
    app.setPalette(_palette(theme))
    app.setStyleSheet(_stylesheet(theme))
    app.setProperty("howifeel_theme", theme.dark)
    return theme


def chosen(app: QApplication, choice: Choice) -> Theme:
    """The theme that a choice means; a system that does not say is dark."""
    if choice == "system":
        return LIGHT if app.styleHints().colorScheme() == Qt.ColorScheme.Light else DARK
    return DARK if choice == "dark" else LIGHT


def current() -> Theme:
    """The theme that the application wears."""
    app = QApplication.instance()
    return LIGHT if app is not None and app.property("howifeel_theme") is False else DARK


def colour_of(expression: str) -> QColor:
    """The colour of an expression on the current ground; "unsure" has one too."""
    blue, green, red = emotions.COLOURS_BGR.get(expression, emotions.UNSURE_BGR)
    colour = QColor(red, green, blue)
    if current().dark:
        return colour
    lightness = min(colour.lightness(), 120)
    return QColor.fromHsl(colour.hslHue(), colour.hslSaturation(), lightness)


def sized(font: QFont, factor: float, *, bold: bool = False) -> QFont:
    """The same font in another size."""
    made = QFont(font)
    made.setPointSizeF(max(6.0, font.pointSizeF() * factor))
    made.setBold(bold)
    return made


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    colours = {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.surface,
        role.AlternateBase: theme.raised,
        role.Text: theme.text,
        role.PlaceholderText: theme.dim,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.BrightText: theme.danger,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.Light: theme.raised,
        role.Mid: theme.border,
        role.Dark: theme.border,
        role.Shadow: theme.window,
    }
    for which, colour in colours.items():
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        faded = QColor(theme.dim)
        faded.setAlpha(150)
        palette.setColor(QPalette.ColorGroup.Disabled, which, faded)
    return palette


def _stylesheet(theme: Theme) -> str:
    here = Path(__file__).parent
    values = {field.name: str(getattr(theme, field.name)) for field in fields(theme)}
    values["folder"] = here.as_posix()
    values["check"] = (here / ("check-dark.svg" if theme.dark else "check-light.svg")).as_posix()
    return re.sub(r"@(\w+)", lambda found: values[found[1]], _SHEET)


_SHEET = """
QToolTip { background: @raised; color: @text; border: 1px solid @border; padding: 4px; }
QFrame#card, QFrame#panel { background: @surface; border: 1px solid @border; border-radius: 8px; }
QFrame#card:focus { border: 1px dashed @text; }
QFrame#card[chosen="true"] { border: 2px solid @accent; }
QFrame#rail { background: @surface; border: none; border-right: 1px solid @border; }
QFrame#bar { background: @surface; border: none; border-bottom: 1px solid @border; }
QFrame#status { background: @surface; border: none; border-top: 1px solid @border; }
QLabel#dim { color: @dim; }
QLabel#warning { color: @warning; }
QLabel#danger { color: @danger; }
QLabel#live { background: @danger; color: white; border-radius: 4px; padding: 2px 7px; }
QPushButton, QToolButton {
  background: @raised; color: @text; border: 1px solid @border; border-radius: 6px;
  padding: 6px 12px; min-height: 18px;
}
QToolButton { padding: 6px 8px; }
QPushButton:hover, QToolButton:hover { border: 1px solid @dim; }
QPushButton:focus, QToolButton:focus { border: 1px solid @accent; }
QPushButton:pressed, QToolButton:pressed, QToolButton:checked, QPushButton:checked {
  background: @accent; color: @on_accent; border: 1px solid @accent;
}
QPushButton:disabled, QToolButton:disabled { color: @dim; background: @surface; }
QPushButton#primary { background: @accent; color: @on_accent; border: 1px solid @accent; }
QPushButton#primary:disabled {
  background: @surface; color: @dim; border: 1px solid @border;
}
QPushButton#primary:hover { border: 1px solid @text; }
QPushButton#primary:focus { border: 2px solid @text; }
QPushButton#record { color: @danger; }
QPushButton#record:checked { background: @danger; color: white; border: 1px solid @danger; }
QToolButton#page {
  background: transparent; border: none; border-radius: 8px; padding: 8px 2px; color: @dim;
}
QToolButton#page:hover { background: @raised; }
QToolButton#page:checked { background: @raised; color: @text; }
QToolButton#page:focus { border: 1px solid @accent; }
QToolButton#flat { background: transparent; border: 1px solid transparent; }
QToolButton#flat:hover { background: @raised; }
QToolButton#flat:checked { background: @accent; color: @on_accent; }
QToolButton#flat:focus { border: 1px solid @accent; }
QComboBox, QLineEdit, QSpinBox, QDoubleSpinBox, QPlainTextEdit {
  background: @raised; color: @text; border: 1px solid @border; border-radius: 6px;
  padding: 5px 8px; min-height: 18px; selection-background-color: @accent;
}
QComboBox:focus, QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QPlainTextEdit:focus {
  border: 1px solid @accent;
}
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url(@folder/chevron.svg); width: 12px; height: 12px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
  subcontrol-origin: border; width: 20px; border: none; background: transparent;
}
QAbstractSpinBox::up-button { subcontrol-position: top right; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; }
QAbstractSpinBox::up-arrow { image: url(@folder/chevron-up.svg); width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow { image: url(@folder/chevron.svg); width: 10px; height: 10px; }
QComboBox QAbstractItemView { background: @raised; border: 1px solid @border; outline: none; }
QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget { background: transparent; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar::handle:vertical { background: @border; border-radius: 5px; min-height: 30px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle:horizontal { background: @border; border-radius: 5px; min-width: 30px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSlider::groove:horizontal { height: 4px; background: @border; border-radius: 2px; }
QSlider::sub-page:horizontal { background: @accent; border-radius: 2px; }
QSlider::handle:horizontal {
  background: @text; width: 14px; height: 14px; margin: -5px 0; border-radius: 7px;
}
QSlider::handle:horizontal:focus { background: @accent; border: 2px solid @text; }
QProgressBar {
  background: @raised; border: none; border-radius: 4px; text-align: center; color: @text;
  min-height: 8px;
}
QProgressBar::chunk { background: @accent; border-radius: 4px; }
QTabBar::tab { background: transparent; color: @dim; padding: 8px 14px; border: none; }
QTabBar::tab:selected { color: @text; border-bottom: 2px solid @accent; }
QTabBar::tab:focus { color: @accent; }
QTabWidget::pane { border: none; }
QListView, QTableView, QTreeView {
  background: @surface; border: 1px solid @border; border-radius: 8px; outline: none;
}
QListView::item { padding: 6px; }
QTableView { selection-background-color: @raised; selection-color: @text; }
QTableView::item { padding: 0 9px; }
QTableView::item:selected { background: @raised; color: @text; }
QHeaderView::section {
  background: @surface; color: @dim; border: none; border-bottom: 1px solid @border;
  padding: 6px 12px;
}
QMenu { background: @raised; border: 1px solid @border; padding: 4px; }
QMenu::item { padding: 6px 22px; border-radius: 4px; }
QMenu::item:selected { background: @accent; color: @on_accent; }
QSplitter::handle { background: @window; }
QCheckBox, QRadioButton { spacing: 8px; }
QCheckBox::indicator, QRadioButton::indicator {
  width: 15px; height: 15px; border: 1px solid @dim; background: @raised;
}
QCheckBox::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:checked, QRadioButton::indicator:checked {
  background: @accent; border: 1px solid @accent;
}
QCheckBox::indicator:checked { image: url(@check); }
QRadioButton::indicator:checked {
  background: qradialgradient(cx: 0.5, cy: 0.5, radius: 0.5, fx: 0.5, fy: 0.5,
    stop: 0 @on_accent, stop: 0.42 @on_accent, stop: 0.5 @accent, stop: 1 @accent);
}
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border: 2px solid @accent; }
"""
