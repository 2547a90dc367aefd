"""The review page as a person uses it: sessions that real clips gave, clicks and keys."""

import re
import time
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit

from howifeel.session import folder
from howifeel.session.info import write_info

WAIT_MS = 20_000
LEFT = Qt.MouseButton.LeftButton


def at(chart, time_s):
    """The point of the chart's viewport at a time."""
    view = chart._box.mapViewToScene(chart._box.mapToView(chart._box.rect().center()))
    scene = chart._box.mapViewToScene(type(view)(time_s, 0.5))
    return chart._plot.mapFromScene(scene)


def drag(qtbot, chart, begin_s, end_s, button=LEFT):
    """Press, move in steps, and release."""
    viewport = chart._plot.viewport()
    points = [at(chart, begin_s + (end_s - begin_s) * k / 8) for k in range(9)]
    qtbot.mousePress(viewport, button, pos=points[0])
    for point in points[1:]:
        qtbot.mouseMove(viewport, point)
        QApplication.processEvents()
    qtbot.mouseRelease(viewport, button, pos=points[-1])


def picture_time(page):
    return page.session.picture.shot.moment.time_s


def test_a_session_is_found_and_opened_with_the_keyboard_alone(ids, page, qtbot):
    library = page.library
    assert library.model.rowCount() == 2
    qtbot.keyClick(library, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    library.search.setFocus()
    qtbot.keyClicks(library.search, "single")
    assert library.model.rowCount() == 1
    qtbot.keyClick(library.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.session, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: page.session.picture.shot is not None, timeout=WAIT_MS)
    assert page.session.bar.name.text() == "single_face.mp4"
    assert page.session.picture.shot.moment.readings


def test_space_plays_and_the_picture_follows(opened, qtbot):
    session, playback = opened.session, opened.playback
    qtbot.keyClick(session, Qt.Key.Key_Space)
    assert playback.is_playing
    qtbot.waitUntil(lambda: picture_time(opened) > 0.5, timeout=WAIT_MS)
    qtbot.keyClick(session, Qt.Key.Key_Space)
    assert not playback.is_playing
    stopped = playback.position_s
    qtbot.waitUntil(lambda: abs(picture_time(opened) - stopped) < 0.1, timeout=WAIT_MS)
    assert session.transport.scrub._position_s == stopped
    assert session.chart._cursor.value() == stopped


def test_arrows_step_by_one_frame(opened, qtbot):
    session, frames = opened.session, opened.model.current.frames_s
    for _ in range(3):
        qtbot.keyClick(session, Qt.Key.Key_Right)
    assert opened.playback.position_s == frames[3]
    qtbot.keyClick(session, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: picture_time(opened) == pytest.approx(frames[2]), timeout=WAIT_MS)
    qtbot.keyClick(session.faces, Qt.Key.Key_Left)
    assert opened.playback.position_s == frames[1]
    qtbot.keyClick(session, Qt.Key.Key_End)
    assert opened.playback.position_s == frames[-1]


def test_speed_by_key_and_by_list(opened, qtbot):
    qtbot.keyClick(opened.session, Qt.Key.Key_BracketRight)
    assert opened.playback.speed == 1.5
    opened.session.transport.speed.setCurrentIndex(0)
    assert opened.playback.speed == 0.25


def test_a_click_on_the_chart_seeks(opened, qtbot):
    chart = opened.session.chart
    qtbot.mouseClick(chart._plot.viewport(), LEFT, pos=at(chart, 1.5))
    assert opened.playback.position_s == pytest.approx(1.5, abs=0.02)
    qtbot.waitUntil(lambda: abs(picture_time(opened) - 1.5) < 0.05, timeout=WAIT_MS)


def test_a_press_on_the_bar_seeks(opened, qtbot):
    scrub, current = opened.session.transport.scrub, opened.model.current
    middle = QPoint(scrub.width() // 2, scrub.height() // 2)
    qtbot.mouseClick(scrub, LEFT, pos=middle)
    assert opened.playback.position_s == pytest.approx(current.end_s / 2, abs=0.02)


def test_a_drag_over_the_chart_selects_and_counts(opened, qtbot):
    session, model = opened.session, opened.model
    drag(qtbot, session.chart, 0.5, 2.0)
    assert model.stretch == pytest.approx((0.5, 2.0), abs=0.02)
    assert session.side.currentWidget() is session.statistics
    qtbot.waitUntil(
        lambda: bool(session._counts) and session._counts.end_s == model.stretch[1],
        timeout=WAIT_MS,
    )
    face = session._counts.faces[0]
    assert face.read_s == pytest.approx(1.5, abs=0.1)
    assert session.statistics.shares.accessibleDescription()
    assert re.fullmatch(
        r"0:00\.[45] to 0:0[12]\.[09] \(1\.[45]\xa0s\)", session.statistics.stretch.text()
    )
    qtbot.mouseClick(session.statistics.all, LEFT)
    assert model.stretch is None


def test_a_stretch_by_keyboard(opened, qtbot):
    session, model = opened.session, opened.model
    opened.playback.seek(1.0)
    qtbot.keyClick(session, Qt.Key.Key_I)
    opened.playback.seek(2.0)
    qtbot.keyClick(session, Qt.Key.Key_O)
    assert model.stretch == pytest.approx((1.0, 2.0))
    qtbot.keyClick(session, Qt.Key.Key_Escape)
    assert model.stretch is None


def test_the_chart_zooms_and_pans(opened, qtbot):
    session, chart = opened.session, opened.session.chart
    whole = chart.visible_s
    opened.playback.seek(1.5)
    qtbot.keyClick(session, Qt.Key.Key_Plus)
    begin, end = chart.visible_s
    assert end - begin == pytest.approx((whole[1] - whole[0]) / 1.6, rel=0.01)
    assert begin < 1.5 < end
    drag(qtbot, chart, 1.5, 1.2, Qt.MouseButton.MiddleButton)
    assert chart.visible_s[0] > begin
    assert opened.model.stretch is None
    qtbot.keyClick(session, Qt.Key.Key_0)
    assert chart.visible_s == pytest.approx(whole)


def test_a_curve_can_be_left_out(opened, qtbot):
    entry = opened.session.panel.legend.entries["happy"]
    qtbot.mouseClick(entry, LEFT)
    assert not opened.session.chart._curves["happy"].isVisible()
    qtbot.keyClick(entry, Qt.Key.Key_Space)
    assert opened.session.chart._curves["happy"].isVisible()


def test_alt_left_goes_back_to_the_list(opened, qtbot):
    qtbot.keyClick(opened.session, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert opened.stack.currentWidget() is opened.library
    assert opened.model.current is None
    assert opened.playback.opened is None


def test_numbers_only_with_the_source_gone_are_shown_on_a_stage(ids, page, qtbot, store, open_id):
    info = store.info(ids["none"])
    lost = replace(info, source_file=Path("/nowhere/film.mp4"))
    write_info(store.folder / info.id / folder.INFO, lost)
    open_id(ids["none"])
    assert page.model.current.session.video is None
    assert page.session.picture._message.startswith("film.mp4 is no longer where it was")
    height, width = page.session.picture.shot.picture.image.shape[:2]
    assert (width, height) == page.model.current.size
    assert not page.session.bar.export.actions_by_kind["film"].isEnabled()
    page.playback.play()
    qtbot.waitUntil(lambda: picture_time(page) > 0.3, timeout=WAIT_MS)


def test_a_lost_film_is_said_and_the_source_is_not_shown_instead(ids, page, store, open_id):
    assert store.info(ids["full"]).source_file.is_file()
    (store.folder / ids["full"] / folder.VIDEO).unlink()
    open_id(ids["full"])
    assert page.session.picture._message.startswith("The film of this session is lost")
    assert page.model.current.session.video is None


def test_another_session_takes_the_place_of_the_one_before(opened, qtbot, ids, open_id):
    open_id(ids["none"])
    qtbot.waitUntil(lambda: opened.model.info.id == ids["none"], timeout=WAIT_MS)
    assert opened.session.bar.name.text() == "face_noface.mov"
    assert opened.session.chart._markers == []


class TestInTheWindow:
    """What the page owes to the window around it."""

    @pytest.fixture
    def playing(self, window, ids, qtbot):
        window.show_page(1)
        window.review.open_session(ids["full"])
        qtbot.waitUntil(lambda: bool(window.review.session.picture.shot), timeout=WAIT_MS)
        window.review.playback.play()
        return window.review

    def test_another_page_pauses_and_coming_back_keeps_the_session(self, window, playing):
        window.show_page(0)
        assert not playing.playback.is_playing
        window.show_page(1)
        assert playing.stack.currentWidget() is playing.session

    def test_both_palettes(self, window, playing):
        dark = playing.session.grab().toImage().pixelColor(3, 3).lightness()
        window.wear("light")
        light = playing.session.grab().toImage().pixelColor(3, 3).lightness()
        assert dark < 60 and light > 200

    def test_closing_while_it_plays_ends_within_two_seconds(self, window, playing):
        begun = time.monotonic()
        playing.close_all()
        assert time.monotonic() - begun < 2
        assert playing.playback.opened is None

    @pytest.mark.parametrize("size", [(1024, 640), (1280, 800)])
    def test_nothing_is_cut_off(self, window, playing, size):
        window.resize(*size)
        QApplication.processEvents()
        assert (window.width(), window.height()) == size
        for button in playing.session.findChildren(QAbstractButton):
            if button.isVisible() and button.text():
                assert button.width() >= button.minimumSizeHint().width(), button.text()
                assert button.height() >= button.minimumSizeHint().height(), button.text()


def test_everything_that_takes_the_focus_has_a_name(opened):
    for kind in (QAbstractButton, QComboBox, QLineEdit):
        for widget in opened.session.findChildren(kind):
            if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                text = getattr(widget, "text", str)()
                inside = widget.parent() and widget.parent().accessibleName()
                assert widget.accessibleName() or text or inside, widget
