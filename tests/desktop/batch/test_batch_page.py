"""The batch page as a person uses it: real films through the real detector and model."""

import json
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from clips import write_clip
from howifeel.config import Settings
from howifeel.desktop import theme
from howifeel.desktop.batch.batch_model import BatchModel
from howifeel.desktop.batch.batch_view import BatchView
from howifeel.desktop.batch.plan import Outputs

WAIT_MS = 30_000
LONG = 4000
"""Frames of a film that is never finished in a test."""


@pytest.fixture
def page(qapp, qtbot, preferences):
    theme.apply(qapp, "dark")
    view = BatchView(BatchModel(Settings), preferences)
    qtbot.addWidget(view)
    view.show()
    qtbot.waitExposed(view)
    yield view
    view.close_all()


@pytest.fixture
def films(tmp_path):
    """Two short films and a damaged file."""
    folder = tmp_path / "films"
    folder.mkdir()
    for name in ("a.mp4", "b.mp4"):
        write_clip(folder / name, frames=10, sound=("aac",))
    (folder / "broken.mp4").write_bytes(b"no film" * 99)
    return folder


@pytest.fixture
def long_film(tmp_path):
    return write_clip(tmp_path / "long.mp4", frames=LONG, picture=lambda index: FLAT)


FLAT = np.full((48, 64, 3), 90, np.uint8)


def states(page):
    return [entry.state for entry in page.model.entries]


def names(page):
    return [entry.name for entry in page.model.entries]


def drop(page, *paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    actions, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    modifiers = Qt.KeyboardModifier.NoModifier
    page.dropEvent(QDropEvent(QPointF(5, 5), actions, data, button, modifiers))


def choose(page, outputs):
    page.outputs.show_outputs(outputs)
    page.outputs.changed.emit(outputs)


def filled(page, qtbot, *paths):
    drop(page, *paths)
    qtbot.waitUntil(lambda: bool(page.model.entries) and not page.model.searching, timeout=WAIT_MS)


def click(page, qtbot, button):
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def finished(page, qtbot):
    qtbot.waitUntil(lambda: not page.model.running, timeout=WAIT_MS)


def test_a_dropped_folder_is_worked_through_and_a_damaged_film_fails_alone(page, qtbot, films):
    filled(page, qtbot, films)
    assert states(page) == ["waiting", "waiting", "failed"]
    assert page.model.entries[0].length_s == pytest.approx(0.4, abs=0.1)
    click(page, qtbot, page.start)
    finished(page, qtbot)
    assert states(page) == ["done", "done", "failed"]
    assert "not a video that can be read" in page.queue.message.text()
    assert json.loads((films / "a.csv.json").read_text())["summary"]["frames"] == 10
    assert (films / "b-annotated.mp4").stat().st_size > 0
    assert page._status.text() == "2 done   ·   1 failed"


def test_the_same_numbers_as_howifeel_video(page, qtbot, films):
    from howifeel.cli import video

    table = films / "by-command.csv"
    assert video.main([str(films / "a.mp4"), "--timeline", str(table)]) == 0
    choose(page, Outputs(annotated=False))
    filled(page, qtbot, films / "a.mp4")
    click(page, qtbot, page.start)
    finished(page, qtbot)
    assert (films / "a.csv").read_text() == table.read_text()


def test_cancel_ends_soon_and_keeps_nothing(page, qtbot, long_film):
    filled(page, qtbot, long_film)
    click(page, qtbot, page.start)
    qtbot.waitUntil(lambda: page.model.entries[0].frames > 5, timeout=WAIT_MS)
    click(page, qtbot, page.cancel)
    qtbot.waitUntil(lambda: not page.model.running, timeout=5000)
    assert page.model.entries[0].frames < LONG
    assert states(page) == ["cancelled"]
    assert [path.name for path in long_film.parent.glob("*long*")] == ["long.mp4"]
    assert not list(long_film.parent.glob(".howifeel-*"))


def test_one_key_does_not_end_hours_of_work(page, qtbot, long_film):
    filled(page, qtbot, long_film)
    click(page, qtbot, page.start)
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: page.model.entries[0].frames > 5, timeout=WAIT_MS)
    assert states(page) == ["running"] and not page.model.pause_after


def test_what_was_cancelled_can_be_tried_again(page, qtbot, films):
    filled(page, qtbot, films / "a.mp4")
    page.model.start()
    page.model.cancel()
    finished(page, qtbot)
    assert states(page) in (["cancelled"], ["done"])
    page.queue.select(0)
    click(page, qtbot, page.queue.retry)
    assert states(page) == ["waiting"]
    page.model.start()
    finished(page, qtbot)
    assert states(page) == ["done"]


def test_pause_after_the_current_file_leaves_the_others_waiting(page, qtbot, films):
    filled(page, qtbot, films / "a.mp4", films / "b.mp4")
    click(page, qtbot, page.start)
    click(page, qtbot, page.pause)
    finished(page, qtbot)
    assert states(page) == ["done", "waiting"]
    assert not page.pause.isChecked()
    page.model.start()
    finished(page, qtbot)
    assert states(page) == ["done", "done"]


@pytest.mark.parametrize(
    ("answer", "state", "content", "extra"),
    [("both", "done", "mine", True), ("replace", "done", "frame", False),
     ("skip", "skipped", "mine", False)],
)  # fmt: skip
def test_existing_results_are_asked_about_once(page, qtbot, films, answer, state, content, extra):
    (films / "a.csv").write_text("mine")
    choose(page, Outputs(annotated=False))
    filled(page, qtbot, films / "a.mp4")
    click(page, qtbot, page.start)
    assert page.question.isVisible() and states(page) == ["waiting"]
    click(page, qtbot, getattr(page.question, answer))
    finished(page, qtbot)
    assert states(page) == [state]
    assert (films / "a.csv").read_text().startswith(content)
    assert (films / "a-2.csv").exists() is extra


def test_the_question_can_be_left_open(page, qtbot, films):
    (films / "a.csv").write_text("mine")
    filled(page, qtbot, films / "a.mp4")
    click(page, qtbot, page.start)
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert not page.question.isVisible() and states(page) == ["waiting"]


def test_a_finished_film_can_be_reviewed(page, qtbot, films):
    filled(page, qtbot, films / "a.mp4")
    assert not page.queue.show_review.isEnabled()
    page.model.start()
    finished(page, qtbot)
    page.queue.select(0)
    with qtbot.waitSignal(page.review) as asked:
        click(page, qtbot, page.queue.show_review)
    assert asked.args == [films / "a.csv", films / "a.mp4"]


def test_a_report_is_written_and_the_result_opens_on_the_review_page(window, qtbot, films):
    page = window.batch
    window.show_page(list(window.pages.values()).index(page))
    choose(page, Outputs(annotated=False, report=True))
    filled(page, qtbot, films / "a.mp4")
    click(page, qtbot, page.start)
    finished(page, qtbot)
    assert "a.mp4" in (films / "a.html").read_text("utf-8")
    page.queue.select(0)
    click(page, qtbot, page.queue.show_review)
    assert window.review.isVisible()
    qtbot.waitUntil(lambda: len(window.store.list()) == 1, timeout=WAIT_MS)


def test_removing_by_keyboard(page, qtbot, films):
    filled(page, qtbot, films)
    page.queue.select(1)
    qtbot.keyClick(page.queue.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: names(page) == ["a.mp4", "broken.mp4"], timeout=WAIT_MS)
    page.queue.table.selectAll()
    qtbot.keyClick(page.queue.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: names(page) == [], timeout=WAIT_MS)
    assert not page.start.isEnabled()


def test_a_file_is_not_queued_twice(page, qtbot, films):
    filled(page, qtbot, films / "a.mp4")
    filled(page, qtbot, films / "a.mp4")
    assert len(page.model.entries) == 1


def test_a_folder_that_was_done_and_is_added_again_brings_nothing_new_and_says_so(
    page, qtbot, films
):
    (films / "broken.mp4").unlink()
    filled(page, qtbot, films)
    page.model.start()
    finished(page, qtbot)
    page.queue.select(0)
    filled(page, qtbot, films)
    assert names(page) == ["a.mp4", "b.mp4"]
    assert page.queue.message.text() == "Left out: 2 in the list already, 2 annotated copies."
    page.queue.select(1)
    assert page.queue.message.text().startswith("No readable face appears in b")


def test_an_annotated_copy_that_is_chosen_itself_is_taken(page, qtbot, films):
    copy = write_clip(films / "old-annotated.mp4", frames=3)
    filled(page, qtbot, films)
    assert "old-annotated.mp4" not in names(page)
    filled(page, qtbot, copy)
    assert "old-annotated.mp4" in names(page)


def test_why_nothing_starts_is_said_although_a_done_row_is_chosen(page, qtbot, films):
    filled(page, qtbot, films / "a.mp4")
    page.model.start()
    finished(page, qtbot)
    page.queue.select(0)
    filled(page, qtbot, films / "b.mp4", write_clip(films / "b-annotated.mp4", frames=3))
    click(page, qtbot, page.start)
    assert page.queue.message.text().startswith("b-annotated.mp4 would be read and written")
    assert page.queue.message.objectName() == "danger"


def test_an_empty_folder_gives_a_sentence(page, qtbot, tmp_path):
    (tmp_path / "empty").mkdir()
    drop(page, tmp_path / "empty")
    qtbot.waitUntil(lambda: "holds no video" in page.queue.message.text(), timeout=WAIT_MS)
    assert page.queue.message.isVisible()


def test_nothing_to_write_gives_a_sentence(page, qtbot, films):
    choose(page, Outputs(annotated=False, table=""))
    filled(page, qtbot, films / "a.mp4")
    click(page, qtbot, page.start)
    assert page.queue.message.text().startswith("Nothing to write")
    assert not page.model.running


def test_a_folder_that_went_away_fails_with_a_sentence(page, qtbot, films, tmp_path):
    choose(page, Outputs(folder=tmp_path / "gone"))
    filled(page, qtbot, films / "a.mp4")
    click(page, qtbot, page.start)
    finished(page, qtbot)
    assert states(page) == ["failed"]
    assert "does not exist" in page.model.entries[0].message


def test_choices_are_remembered(page, preferences):
    page.outputs.annotated.click()
    assert preferences.record("batch")["annotated"] is False
    assert Outputs.from_dict(json.loads(json.dumps(preferences.record("batch")))).annotated is False


def test_progress_and_time_left_are_shown(page, qtbot, long_film):
    filled(page, qtbot, long_film)
    click(page, qtbot, page.start)
    qtbot.waitUntil(lambda: page.model.left_s is not None, timeout=WAIT_MS)
    table = page.queue.table.model()
    texts = [table.data(table.index(0, column)) for column in range(5)]
    assert texts[0] == "long.mp4" and texts[1] == "2:40"
    assert texts[2].endswith(" %") and ":" in texts[3] and texts[4].endswith(" fps")
    qtbot.waitUntil(lambda: "about" in page._status.text(), timeout=WAIT_MS)


def test_closing_while_busy_keeps_nothing_half_written(window, qtbot, long_film):
    page = window.batch
    window.show_page(list(window.pages.values()).index(page))
    filled(page, qtbot, long_film)
    click(page, qtbot, page.start)
    qtbot.waitUntil(lambda: page.model.entries[0].frames > 5, timeout=WAIT_MS)
    window.close()
    assert states(page) == ["cancelled"] and not page.model.running
    assert [path.name for path in Path(long_film.parent).glob("*long*")] == ["long.mp4"]
