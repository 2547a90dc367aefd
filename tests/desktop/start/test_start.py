"""The first screen: nothing runs before it is agreed to, and consent can be withdrawn."""

from datetime import date

import pytest
from PySide6.QtCore import Qt

import shared
from howifeel.config import Settings
from howifeel.desktop.start.consent_model import ConsentModel
from howifeel.desktop.window import Window


@pytest.fixture
def asked(preferences):
    preferences.consent = ""
    return preferences


@pytest.fixture
def new_window(qapp, qtbot, asked, store):
    made = Window(Settings(), asked, store)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()


def agree(window, qtbot):
    qtbot.keyClick(window.first.agree, Qt.Key.Key_Space)
    qtbot.mouseClick(window.first.start, Qt.MouseButton.LeftButton)


def test_consent_is_remembered_with_its_day(asked):
    consent = ConsentModel(asked)
    assert not consent.given and consent.day is None
    consent.give()
    assert ConsentModel(asked).given and ConsentModel(asked).day == date.today()
    consent.withdraw()
    assert not ConsentModel(asked).given and asked.consent == ""


def test_another_edition_is_asked_anew(asked):
    asked.consent = "0 2020-01-01"
    assert not ConsentModel(asked).given
    assert ConsentModel(asked).day == date(2020, 1, 1)


def test_start_needs_the_box(new_window, qtbot):
    assert new_window.first.isVisible() and not new_window.live.isVisible()
    assert not new_window.first.start.isEnabled()
    agree(new_window, qtbot)
    assert new_window.live.isVisible() and new_window.consent.given


def test_nothing_is_opened_before_consent_and_everything_after(new_window, qtbot):
    film = str(shared.existing("videos", "single_face.mp4"))
    new_window.open(film)
    assert new_window.live.model.spec == ""
    agree(new_window, qtbot)
    assert new_window.live.model.spec == film


def test_quit_closes_the_window_and_remembers_nothing(new_window, qtbot, asked):
    qtbot.mouseClick(new_window.first.quit, Qt.MouseButton.LeftButton)
    assert not new_window.isVisible() and asked.consent == ""


def test_pages_cannot_be_reached_by_keyboard_before_consent(new_window, qtbot):
    qtbot.keyClick(new_window, "2", Qt.KeyboardModifier.ControlModifier)
    assert new_window.first.isVisible()


def test_withdrawing_stops_what_runs_and_asks_again(window, qtbot):
    window.open("test:64x48@10")
    qtbot.waitUntil(lambda: window.live.model.live is not None, timeout=20_000)
    window.consent.withdraw()
    assert window.first.isVisible() and not window.first.agree.isChecked()
    assert window.live.model.spec == ""
    agree(window, qtbot)
    assert window.live.isVisible()


@pytest.mark.parametrize("size", [(1280, 800), (1024, 640)])
def test_everything_fits_without_scrolling(new_window, qapp, size):
    new_window.resize(*size)
    qapp.processEvents()
    assert new_window.first.verticalScrollBar().maximum() == 0
    assert new_window.first.horizontalScrollBar().maximum() == 0


def test_it_can_be_read_in_forty_seconds(new_window):
    """At 230 words a minute, a usual speed for reading prose."""
    from PySide6.QtGui import QTextDocumentFragment
    from PySide6.QtWidgets import QLabel

    texts = [label.text() for label in new_window.first.findChildren(QLabel) if label.text()]
    words = " ".join(QTextDocumentFragment.fromHtml(text).toPlainText() for text in texts).split()
    assert 60 < len(words) <= 40 / 60 * 230
