"""Labels and help of the settings in the language of the window."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from howifeel.config import ABOUT


def label(name: str) -> str:
    """Two or three words."""
    return QCoreApplication.translate("Settings", ABOUT[name].label)


def help(name: str) -> str:
    """One line."""
    text = QCoreApplication.translate("Settings", ABOUT[name].help)
    return text[:1].upper() + text[1:]


def as_the_model() -> str:
    """Where the model's own value is used."""
    return QCoreApplication.translate("Settings", "as the model says")
