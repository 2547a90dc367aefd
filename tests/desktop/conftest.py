"""Fixtures of the window: a real one, with preferences and sessions of its own."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QSettings

from howifeel.config import Settings
from howifeel.desktop import app as desktop_app
from howifeel.desktop import theme
from howifeel.desktop.preferences import Preferences
from howifeel.desktop.start.consent_model import ConsentModel
from howifeel.desktop.window import Window
from howifeel.session import Store


@pytest.fixture(scope="session")
def qapp():
    """The application as the program makes it."""
    return desktop_app.application()


@pytest.fixture
def preferences(tmp_path):
    kept = Preferences(QSettings(str(tmp_path / "preferences.ini"), QSettings.Format.IniFormat))
    ConsentModel(kept).give()
    return kept


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "sessions")


@pytest.fixture
def window(qapp, qtbot, preferences, store):
    """The whole window in the dark theme, shown."""
    theme.apply(qapp, "dark")
    made = Window(Settings(), preferences, store)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()
