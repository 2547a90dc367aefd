"""The review page as a person uses it: sessions that real clips gave, clicks and keys."""

import re
import time
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QInputDialog, QLineEdit

from howifeel.desktop.review import described
from howifeel.session import Marker, folder
from howifeel.session import store as sessions
from howifeel.session.info import write_info

WAIT_MS = 20_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def agrees(monkeypatch):
    """Says yes to every question, and keeps the questions."""
    asked = []
    monkeypatch.setattr(described, "confirmed", lambda parent, q: asked.append(q) or True)
    return asked


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


def test_a_face_gets_a_name_everywhere(opened, qtbot, store, ids):
    session = opened.session
    card = next(iter(session.faces.cards.values()))
    qtbot.mouseClick(card.name, LEFT)
    qtbot.keyClicks(card.name, "Ana")
    qtbot.keyClick(card.name, Qt.Key.Key_Return)
    assert store.info(ids["full"]).names == {card.track: "Ana"}
    assert session.panel.face.currentText() == "Ana"
    assert session.picture.names == {card.track: "Ana"}
    assert session.statistics.title.text() == "Ana"
    card.name.clear()
    card.name.editingFinished.emit()
    assert store.info(ids["full"]).names == {}
    assert session.panel.face.currentText() == f"Face {card.track}"


def test_a_face_is_deleted_after_a_question(opened, qtbot, store, ids, agrees):
    card = next(iter(opened.session.faces.cards.values()))
    qtbot.mouseClick(card.delete, LEFT)
    question, detail = agrees[0]
    assert f"Face {card.track}" in question and "look through the film" in detail
    qtbot.waitUntil(lambda: opened.model.current.faces == (), timeout=WAIT_MS)
    assert store.open(ids["full"]).table.tracks == ()
    assert opened.session.faces._note.text() == "No face was read in this session."
    qtbot.waitUntil(lambda: opened.session.picture.shot is not None, timeout=WAIT_MS)
    assert opened.session.picture.shot.moment.gap == "deleted"


def test_leaving_while_a_face_is_deleted_keeps_it(opened, qtbot, store, ids, agrees):
    card = next(iter(opened.session.faces.cards.values()))
    qtbot.mouseClick(card.delete, LEFT)
    opened.show_list()
    qtbot.waitUntil(lambda: "was not deleted" in opened.notice.text.text(), timeout=WAIT_MS)
    assert store.open(ids["full"]).table.tracks == (card.track,)
    assert sorted(p.suffix for p in (store.folder / ids["full"]).iterdir()) == [
        ".json", ".mkv", ".parquet",
    ]  # fmt: skip


@pytest.fixture
def held(monkeypatch):
    """Holds a call until it is let go: held(owner, name) gives what tells and what lets go."""

    def hold(owner, name):
        begun, go, call = Event(), Event(), getattr(owner, name)

        def held_call(*arguments):
            begun.set()
            assert go.wait(WAIT_MS / 1000)
            return call(*arguments)

        monkeypatch.setattr(owner, name, held_call)
        return begun, go

    return hold


def test_leaving_before_numbers_are_deleted_keeps_them(ids, page, qtbot, store, open_id, held):
    open_id(ids["none"])
    track = page.model.track
    begun, go = held(store, "open")
    page.model.delete_face(track)
    assert begun.wait(WAIT_MS / 1000)
    page.show_list()
    assert page.notice.text.text() == ""
    go.set()
    qtbot.waitUntil(lambda: "was not deleted" in page.notice.text.text(), timeout=WAIT_MS)
    assert track in store.open(ids["none"]).table.tracks


def test_leaving_too_late_tells_that_the_face_is_gone(ids, page, qtbot, store, open_id, held):
    open_id(ids["none"])
    track = page.model.track
    begun, go = held(sessions, "write_table")
    page.model.delete_face(track)
    assert begun.wait(WAIT_MS / 1000)
    page.show_list()
    page.open_session(ids["none"])
    qtbot.wait(100)
    assert page.model.current is None
    go.set()
    qtbot.waitUntil(lambda: page.model.current is not None, timeout=WAIT_MS)
    assert page.model.current.face(track) is None
    assert "was deleted before you left" in page.notice.text.text()


def test_keeping_is_the_default_answer(opened, qtbot, store, ids):
    def press_escape():
        QApplication.activeModalWidget().reject()

    QTimer.singleShot(300, press_escape)
    qtbot.mouseClick(opened.session.bar.delete, LEFT)
    assert store.info(ids["full"])
    assert opened.model.current is not None


def test_markers_are_added_edited_moved_and_deleted(opened, qtbot, store, ids):
    session, table = opened.session, opened.session.markers.table
    opened.playback.seek(1.0)
    qtbot.keyClick(session, Qt.Key.Key_K)
    texts = [m.text for m in store.info(ids["full"]).markers]
    assert texts == ["Film shown", "Marker 2"]
    assert session.side.currentWidget() is session.markers
    editor = table.findChild(QLineEdit)
    qtbot.keyClicks(editor, "Laughs")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(
        lambda: store.info(ids["full"]).markers[1] == Marker(1.0, "Laughs"), timeout=WAIT_MS
    )
    table.item(1, 0).setText("0:02.5")
    assert store.info(ids["full"]).markers[1] == Marker(2.5, "Laughs")
    table.item(1, 0).setText("nonsense")
    assert table.item(1, 0).text() == "0:02.5"
    table.selectRow(0)
    assert opened.playback.position_s == pytest.approx(0.5)
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert [m.text for m in store.info(ids["full"]).markers] == ["Laughs"]
    assert len(session.chart._markers) == 1


def test_texts_of_markers_that_would_overlap_are_left_out_until_there_is_room(opened):
    chart = opened.session.chart
    chart.show_markers([Marker(t, "A film was shown") for t in (0.5, 0.6, 2.5)])
    assert [line.label.isVisible() for line in chart._markers] == [True, False, True]
    chart._box.setXRange(0.4, 0.9, padding=0)
    assert all(line.label.isVisible() for line in chart._markers)
    chart.zoom_out()
    assert [line.label.isVisible() for line in chart._markers] == [True, False, True]


def test_a_session_is_renamed(opened, qtbot, store, ids, monkeypatch):
    monkeypatch.setattr(QInputDialog, "getText", lambda *a, **k: ("Pilot 3", True))
    qtbot.keyClick(opened.session, Qt.Key.Key_F2)
    assert store.info(ids["full"]).name == "Pilot 3"
    assert opened.session.bar.name.text() == "Pilot 3"


def test_a_name_that_is_empty_is_refused_in_place(opened, qtbot, monkeypatch):
    monkeypatch.setattr(QInputDialog, "getText", lambda *a, **k: ("  ", True))
    qtbot.keyClick(opened.session, Qt.Key.Key_F2)
    assert "needs a name" in opened.notice.text.text()
    assert opened.notice.isVisible()


def test_a_session_is_deleted_after_a_question(opened, qtbot, store, ids, agrees):
    qtbot.mouseClick(opened.session.bar.delete, LEFT)
    question, detail = agrees[0]
    assert "single_face.mp4" in question and "film" in detail
    assert [info.id for info in store.list()] == [ids["none"]]
    assert opened.stack.currentWidget() is opened.library
    qtbot.waitUntil(lambda: opened.library.model.rowCount() == 1, timeout=WAIT_MS)


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
