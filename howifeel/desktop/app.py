"""Starts Qt, dresses it, and shows the window."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import cv2  # noqa: F401 - first: it points Qt at plug-ins of its own, which is undone below
from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from howifeel.config import Settings
from howifeel.desktop import screen, strings, theme
from howifeel.desktop.preferences import Preferences
from howifeel.desktop.window import Window
from howifeel.stopping import on_stop

SIGNALS_EVERY_MS = 200
INTERRUPTED = 130
ICON = Path(__file__).with_name("howifeel.svg")


def run(settings: Settings, source: str | None, *, smoke: bool = False) -> int:
    """Show the window until it is closed; returns 0, or 130 where a signal closed it.

    Args:
        settings: to begin with.
        source: what to show at once, if anything.
        smoke: open the window, load detector and model, and close again: a test of a package.

    Raises:
        HowIFeelError: the detector or the model cannot be loaded (only with `smoke`).
    """
    app = application()
    preferences = Preferences()
    strings.install(app, preferences.language)
    theme.apply(app, preferences.theme)
    window = Window(settings, preferences)
    window.show()
    if smoke:
        from howifeel import engine

        engine.load(settings)
        QTimer.singleShot(200, window.close)
    elif source:
        window.open(source)
    else:
        window.live.model.warm()
    listening = QTimer()  # lets Python see Ctrl-C while Qt waits
    listening.timeout.connect(lambda: None)
    listening.start(SIGNALS_EVERY_MS)
    interrupted: list[int] = []

    def interrupt(number: int, _: object) -> None:
        interrupted.append(number)
        window.close()

    on_stop(interrupt)
    code = app.exec()
    return INTERRUPTED if interrupted else code


def remembered() -> dict[str, object]:
    """The settings that the window kept from its last start."""
    application()
    return Preferences().remembered()


def application() -> QApplication:
    """The one application object, with its names set."""
    for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
        os.environ.pop(name, None)
    if QApplication.instance() is None:
        screen.check()
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("HowIFeel")
    app.setOrganizationName("HowIFeel")
    app.setDesktopFileName("howifeel")
    app.setWindowIcon(QIcon(str(ICON)))
    return app
