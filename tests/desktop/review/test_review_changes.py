"""Names, deletions and markers on the review page: what is stored, and what is not."""

from threading import Event

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QInputDialog, QLineEdit

from howifeel.desktop.review import described
from howifeel.session import Marker
from howifeel.session import store as sessions

WAIT_MS = 20_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def agrees(monkeypatch):
    """Says yes to every question, and keeps the questions."""
    asked = []
    monkeypatch.setattr(described, "confirmed", lambda parent, q: asked.append(q) or True)
    return asked


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
