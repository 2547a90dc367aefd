"""Lists of sessions, what is imported and what is exported."""

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog

from builders import moment, reading
from howifeel import timeline
from howifeel.desktop.review import described, export_view
from howifeel.desktop.review.export_view import file_name
from howifeel.desktop.review.library_model import FACES, LENGTH, NAME
from howifeel.session.export import Wish
from howifeel.timeline import Summary
from howifeel.types import Provenance
from media import probe

WAIT_MS = 20_000
LEFT = Qt.MouseButton.LeftButton
ORIGIN = Provenance("talk.mp4", "m.onnx", "ab" * 32, "caffe_ssd", None, "cpu", {}, "0.1.0")


@pytest.fixture
def analysed(tmp_path, moments):
    """A timeline as howifeel-video writes it."""
    path = tmp_path / "talk.csv"
    summary = Summary()
    with timeline.writer_for(path) as writer:
        for each in moments:
            writer.add(each)
            summary.add(each)
    timeline.write_sidecar(timeline.sidecar_of(path), ORIGIN, summary)
    return path


def listed(page, qtbot, count):
    with qtbot.waitSignal(page.library.model.listed, timeout=WAIT_MS):
        page.library.refresh()
    assert page.library.model.rowCount() == count


def names(page):
    model = page.library.model
    return [model.data(model.index(n, NAME)) for n in range(model.rowCount())]


class TestLibrary:
    @pytest.fixture
    def three(self, store, page, qtbot, tmp_path):
        """Sessions of one, two and three frames, each with its own name."""
        for count, name in ((1, "Zoo"), (2, "anna"), (3, "Bert")):
            path = tmp_path / f"{name}.jsonl"
            with timeline.writer_for(path) as writer:
                for n in range(count):
                    writer.add(moment(n, *([reading()] if n else [])))
            store.import_timeline(path)
        listed(page, qtbot, 3)
        return page

    def test_without_sessions_it_says_how_to_get_one(self, page):
        assert page.library.stack.currentIndex() == 1
        assert "Record" in page.library.how.text()
        assert not page.library.search.isVisible()

    def test_sessions_are_sorted_by_any_column(self, three):
        table = three.library.table
        table.sortByColumn(NAME, Qt.SortOrder.AscendingOrder)
        assert names(three) == ["anna", "Bert", "Zoo"]
        table.sortByColumn(LENGTH, Qt.SortOrder.AscendingOrder)
        assert names(three) == ["anna", "Bert", "Zoo"]  # a lone frame lasts a second
        table.sortByColumn(FACES, Qt.SortOrder.AscendingOrder)
        assert names(three)[0] == "Zoo"

    def test_every_word_is_searched_in_names_faces_and_markers(self, three, store, qtbot):
        id = next(info.id for info in store.list() if info.name == "Bert")
        store.name_face(id, 1, "Chris")
        listed(three, qtbot, 3)
        qtbot.keyClicks(three.library.search, "chris bert")
        assert names(three) == ["Bert"]
        three.library.search.setText("chris anna")
        assert names(three) == []
        assert "Nothing found" in three.library.note.text()
        assert not three.library.open.isEnabled()

    def test_rename_and_delete_with_the_keyboard(self, three, store, qtbot, monkeypatch):
        library = three.library
        library.table.sortByColumn(NAME, Qt.SortOrder.AscendingOrder)
        library.table.selectRow(0)
        monkeypatch.setattr(QInputDialog, "getText", lambda *a, **k: ("Ada", True))
        qtbot.keyClick(library.table, Qt.Key.Key_F2)
        qtbot.waitUntil(lambda: names(three) == ["Ada", "Bert", "Zoo"], timeout=WAIT_MS)
        asked = []
        monkeypatch.setattr(described, "confirmed", lambda parent, q: asked.append(q) or True)
        qtbot.keyClick(library.table, Qt.Key.Key_Delete)
        qtbot.waitUntil(lambda: names(three) == ["Bert", "Zoo"], timeout=WAIT_MS)
        assert "Ada" in asked[0][0]
        assert {info.name for info in store.list()} == {"Bert", "Zoo"}

    def test_several_sessions_make_one_report(self, three, qtbot, monkeypatch, tmp_path):
        chosen = (str(tmp_path / "all"), "")
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **k: chosen)
        three.library.table.selectAll()
        assert not three.library.open.isEnabled()
        with qtbot.waitSignal(three.export.written, timeout=WAIT_MS):
            qtbot.mouseClick(three.library.report, LEFT)
        page = (tmp_path / "all.html").read_text()
        assert all(name in page for name in ("Zoo", "anna", "Bert"))
        assert "3 recordings" in page

    def test_a_damaged_session_is_counted_and_the_others_are_shown(self, three, store, qtbot):
        broken = store.list()[0].id
        (store.folder / broken / "session.json").write_text("{")
        listed(three, qtbot, 2)
        assert broken in three.library.note.text()


class TestImport:
    def test_an_analysed_file_becomes_a_session_and_opens(self, page, qtbot, analysed, store):
        page.open_file(str(analysed))
        qtbot.waitUntil(lambda: page.model.current is not None, timeout=WAIT_MS)
        assert page.stack.currentWidget() is page.session
        assert [face.track for face in page.model.current.faces] == [1, 2]
        assert store.list()[0].provenance == ORIGIN

    def test_what_is_no_timeline_is_said_in_place(self, page, qtbot, tmp_path):
        path = tmp_path / "notes.csv"
        path.write_text("a,b\n1,2\n")
        page.open_file(str(path))
        qtbot.waitUntil(lambda: "notes.csv" in page.notice.text.text(), timeout=WAIT_MS)
        assert page.stack.currentWidget() is page.library


class TestExport:
    def wanted(self, page, qtbot, monkeypatch, kind, target):
        """Choose an entry of the menu and a file, and wait for it."""
        chosen = (str(target), "")
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **k: chosen)
        with qtbot.waitSignal(page.export.written, timeout=60_000) as told:
            page.session.bar.export.actions_by_kind[kind].trigger()
        assert page.notice.text.text() == f"{told.args[0].name} is written."
        return told.args[0]

    @pytest.mark.parametrize("kind", ["csv", "parquet", "jsonl"])
    def test_tables_hold_all_rows(self, opened, qtbot, monkeypatch, tmp_path, kind):
        path = self.wanted(opened, qtbot, monkeypatch, kind, tmp_path / "a")
        assert path.suffix == f".{kind}"
        again = timeline.read_table(path)
        assert len(again) == len(opened.model.current.session.table)

    def test_only_the_selection(self, opened, qtbot, monkeypatch, tmp_path):
        opened.model.select(1.0, 2.0)
        assert opened.session.bar.export.only.isChecked()
        path = self.wanted(opened, qtbot, monkeypatch, "csv", tmp_path / "a.csv")
        with path.open() as file:
            times = [float(row["time_s"]) for row in csv.DictReader(file)]
        assert min(times) >= 1.0 and max(times) < 2.0

    def test_a_chart_as_a_picture(self, opened, qtbot, monkeypatch, tmp_path):
        path = self.wanted(opened, qtbot, monkeypatch, "png", tmp_path / "a.png")
        image = cv2.imread(str(path))
        assert image.shape[1] == 2 * 920
        assert len(np.unique(image.reshape(-1, 3), axis=0)) > 50
        assert sorted(p.name for p in tmp_path.glob("*.svg")) == []

    def test_a_report_and_subtitles(self, opened, qtbot, monkeypatch, tmp_path):
        page = self.wanted(opened, qtbot, monkeypatch, "report", tmp_path / "a.html")
        assert "single_face.mp4" in page.read_text()
        labels = self.wanted(opened, qtbot, monkeypatch, "srt", tmp_path / "a.srt")
        assert "-->" in labels.read_text()

    def test_a_film_with_readings(self, opened, qtbot, monkeypatch, tmp_path):
        opened.model.select(0.0, 1.0)
        path = self.wanted(opened, qtbot, monkeypatch, "film", tmp_path / "a.mp4")
        assert probe(path).times[-1] < 1.0

    def test_cancelling_leaves_nothing(self, opened, qtbot, monkeypatch, tmp_path):
        chosen = (str(tmp_path / "a.mp4"), "")
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **k: chosen)
        with qtbot.waitSignal(opened.export.cancelled, timeout=WAIT_MS):
            opened.session.bar.export.actions_by_kind["film"].trigger()
            assert opened.notice.cancel.isVisible()
            qtbot.mouseClick(opened.notice.cancel, LEFT)
        assert list(tmp_path.glob("*.mp4")) == []
        assert "nothing was written" in opened.notice.text.text()

    @pytest.mark.parametrize("there", ["talk.csv", "talk.csv.json"])
    def test_nothing_is_replaced_without_a_question(
        self, opened, qtbot, monkeypatch, tmp_path, there
    ):
        """The question names what is there, whatever was typed, and keeps it by default."""
        (tmp_path / there).write_text("mine")
        chosen = (str(tmp_path / "talk"), "")
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **k: chosen)
        asked = []

        def press_escape():
            asked.append(QApplication.activeModalWidget().text())
            QApplication.activeModalWidget().reject()

        QTimer.singleShot(300, press_escape)
        opened.session.bar.export.actions_by_kind["csv"].trigger()
        assert asked == [f"Replace “{there}”?"]
        assert not opened.export.busy
        assert (tmp_path / there).read_text() == "mine"
        monkeypatch.setattr(export_view, "agrees_to_replace", lambda parent, names: True)
        self.wanted(opened, qtbot, monkeypatch, "csv", tmp_path / "talk")
        assert (tmp_path / there).read_text() != "mine"

    @pytest.mark.parametrize("kind", ["csv", "png"])
    def test_what_appears_after_the_question_is_kept(
        self, opened, qtbot, monkeypatch, tmp_path, kind
    ):
        path = tmp_path / f"a.{kind}"
        path.write_text("mine")
        session = opened.model.current.session
        with qtbot.waitSignal(opened.export.failed, timeout=WAIT_MS):
            opened.export.export(session, path, Wish())
        assert path.read_text() == "mine"

    def test_a_folder_that_cannot_be_written_is_said(self, opened, qtbot, monkeypatch):
        chosen = ("/proc/nowhere/a.csv", "")
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **k: chosen)
        with qtbot.waitSignal(opened.export.failed, timeout=WAIT_MS):
            opened.session.bar.export.actions_by_kind["csv"].trigger()
        assert "/proc/nowhere" in opened.notice.text.text()

    @pytest.mark.parametrize(
        ("name", "safe"), [("a/b:c", "a b c"), ("..", "session"), (" Zoë & me. ", "Zoë & me")]
    )
    def test_names_that_every_file_system_takes(self, name, safe):
        assert file_name(name) == safe
        assert Path(safe).name == safe
