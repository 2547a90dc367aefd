"""The live page as a person uses it: real clips through the real detector and model."""

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

import shared
from howifeel import assets
from howifeel.desktop import theme
from howifeel.desktop.live import record_view
from howifeel.desktop.live.recording_model import Wish
from howifeel.errors import SourceError
from howifeel.live import capture
from howifeel.video import open_source

WAIT_MS = 20_000


@pytest.fixture
def page(window):
    return window.live


@pytest.fixture
def film():
    return str(shared.existing("videos", "single_face.mp4"))


class Dying:
    """A film that breaks off after a while."""

    def __init__(self, film, frames, said="camera 0 stopped to deliver; check its cable."):
        self._source = open_source(film)
        self._frames, self._said = frames, said
        self.info = self._source.info
        self.damage = None

    def __iter__(self):
        for frame in self._source:
            time.sleep(0.03)
            yield frame
            if frame.index >= self._frames:
                raise SourceError(self._said)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._source.close()


def shown_face(page):
    shot = page.picture.shot
    return shot is not None and bool(shot.moment.readings) and bool(page.faces.cards)


def test_a_film_shows_its_face_with_a_card_and_a_curve(page, qtbot, film):
    page.open(film)
    qtbot.waitUntil(lambda: shown_face(page), timeout=WAIT_MS)
    card = page.faces.cards[0]
    assert card.accessibleName().startswith("Face 1: ")
    assert page.bar.start.text() == "Stop"
    qtbot.waitUntil(lambda: len(page.model.latencies_s) > 5, timeout=WAIT_MS)
    assert max(page.model.latencies_s) > 0
    assert page.faces.cards[0].property("chosen") is True


def test_the_film_ends_with_a_sentence_and_starts_again(page, qtbot, film):
    page.open(film)
    qtbot.waitUntil(lambda: page.picture._message == "The film is over.", timeout=WAIT_MS)
    assert page.bar.start.text() == "Play again"
    qtbot.mouseClick(page.bar.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown_face(page), timeout=WAIT_MS)
    qtbot.mouseClick(page.bar.start, Qt.MouseButton.LeftButton)
    assert page.model.live is None and page.bar.start.text() == "Start"


def test_space_pauses_and_goes_on(page, qtbot, film):
    page.open(film)
    qtbot.waitUntil(lambda: page.picture.shot is not None, timeout=WAIT_MS)
    qtbot.keyClick(page, Qt.Key.Key_Space)
    assert page.bar.pause.isChecked()
    live = page.model.live
    qtbot.waitUntil(lambda: live.status.condition.state == "paused", timeout=WAIT_MS)
    qtbot.keyClick(page, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: live.status.condition.state != "paused", timeout=WAIT_MS)


def test_another_source_is_opened_while_one_runs(page, qtbot, film):
    page.open("test:320x240@30")
    qtbot.waitUntil(lambda: page.picture.shot is not None, timeout=WAIT_MS)
    first = page.model.live
    page.open(film)
    qtbot.waitUntil(lambda: not first._thread.is_alive(), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: shown_face(page), timeout=WAIT_MS)
    assert page.bar.source.currentData() == film


def test_a_missing_film_is_told_in_place(page, qtbot, tmp_path):
    page.open(str(tmp_path / "none.mp4"))
    qtbot.waitUntil(lambda: "There is no file" in page.picture._message, timeout=WAIT_MS)
    assert page.isEnabled()


def test_a_camera_that_dies_and_returns_goes_on(page, qtbot, film, monkeypatch):
    monkeypatch.setattr(capture, "FIRST_WAIT_S", 0.4)
    sources = iter([Dying(film, 12), None, Dying(film, 1000)])

    def opener(spec):
        source = next(sources)
        if source is None:
            raise SourceError("There is no camera 0; no camera is connected.")
        return source

    page.model._opener = opener
    page.open("0")
    qtbot.waitUntil(lambda: page.picture.shot is not None, timeout=WAIT_MS)
    seen = []
    page.model.problem.connect(seen.append)
    qtbot.waitUntil(lambda: any("camera 0" in sentence for sentence in seen), timeout=WAIT_MS)
    lost_at = page.picture.shot.frame.index
    qtbot.waitUntil(lambda: page.picture.shot.frame.index > lost_at + 5, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: page.picture._message == "", timeout=WAIT_MS)


def test_settings_and_model_change_while_it_runs(page, qtbot, film):
    page.open(film)
    qtbot.waitUntil(lambda: shown_face(page), timeout=WAIT_MS)
    slider = page.adjust._sliders["unsure_below"]
    slider.setValue(slider.maximum())
    qtbot.waitUntil(lambda: page.picture.shot.moment.readings[0].unsure, timeout=WAIT_MS)
    page.model.apply(type(page.model.settings)(model="nowhere.onnx"))
    qtbot.waitUntil(lambda: "nowhere.onnx is missing" in page.picture._message, timeout=WAIT_MS)
    assert page.model.spec == film


def test_a_crash_in_a_thread_is_told_and_the_window_stays_usable(page, qtbot, film):
    class Broken:
        name, sha256, ships = "broken", None, True

        def detect(self, frame):
            raise ZeroDivisionError("bug")

    page.open(film)
    qtbot.waitUntil(lambda: page.picture.shot is not None, timeout=WAIT_MS)
    page.model.live.analyser._detector = Broken()
    qtbot.waitUntil(lambda: "ZeroDivisionError" in page.picture._message, timeout=WAIT_MS)
    assert page.model.live is None
    page.open(film)
    qtbot.waitUntil(lambda: shown_face(page), timeout=WAIT_MS)


def test_switches_are_remembered(page, preferences):
    page.bar.switches["mirror"].click()
    page.bar.switches["labels"].click()
    assert preferences.flag("mirror", False) is True
    assert preferences.flag("labels", True) is False
    assert page.picture.labels is False


@pytest.mark.parametrize("picture", ["none", "full"])
def test_a_recording_is_a_session_with_markers(page, qtbot, film, store, monkeypatch, picture):
    wish = Wish("first", picture, "all agreed")
    monkeypatch.setattr(record_view.RecordView, "ask", lambda self: wish)
    page.open(film)
    qtbot.waitUntil(
        lambda: shown_face(page) and page.bar.record.button.isEnabled(), timeout=WAIT_MS
    )
    qtbot.mouseClick(page.bar.record.button, Qt.MouseButton.LeftButton)
    assert page.recording.running
    qtbot.waitUntil(lambda: page.recording.time_s > 0.4, timeout=WAIT_MS)
    qtbot.mouseClick(page.bar.record.marker, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.recording.saved, timeout=WAIT_MS) as saved:
        qtbot.mouseClick(page.bar.record.button, Qt.MouseButton.LeftButton)
    info = saved.args[0]
    session = store.open(info.id)
    assert session.info.markers[0].text == "Marker 1"
    assert session.info.consent == "all agreed"
    kept = [path for path in session.folder.iterdir() if path.stem == "video"]
    assert bool(kept) == (picture == "full")
    assert any(moment.readings for moment in session.timeline.moments)


def test_leaving_the_page_turns_the_source_off(window, qtbot, film):
    window.live.open(film)
    qtbot.waitUntil(lambda: window.live.picture.shot is not None, timeout=WAIT_MS)
    window.show_page(1)
    assert window.live.model.live is None and window.live.model.frame is None


def test_a_recording_goes_on_while_another_page_is_shown_and_that_is_marked(window, qtbot, film):
    page = window.live
    page.open(film)
    qtbot.waitUntil(lambda: shown_face(page), timeout=WAIT_MS)
    page.recording.start(page.model.live, film, Wish("away", "none", "all agreed"))
    window.show_page(1)
    assert page.model.live is not None
    assert window._mark.isVisible() and window._mark.text() == "REC"
    qtbot.waitUntil(lambda: page.recording.time_s > 0.2, timeout=WAIT_MS)
    with qtbot.waitSignal(page.recording.saved, timeout=WAIT_MS):
        page.recording.stop()
    assert page.model.live is None
    assert not window._mark.isVisible()


def test_other_settings_end_a_recording_because_a_session_has_one_set(page, qtbot, film, store):
    page.open(film)
    qtbot.waitUntil(lambda: shown_face(page), timeout=WAIT_MS)
    page.recording.start(page.model.live, film, Wish("one", "none", "all agreed"))
    assert not page.adjust.isEnabled()
    qtbot.waitUntil(lambda: page.recording.time_s > 0.2, timeout=WAIT_MS)
    with qtbot.waitSignal(page.recording.saved, timeout=WAIT_MS) as saved:
        page.model.apply(replace(page.model.settings, hold=0.3))
    info, why = saved.args
    assert "a setting was changed" in why
    assert info.provenance.settings["hold"] == 0.08
    assert page.adjust.isEnabled()


def test_a_mirrored_picture_is_read_as_it_is(page, qtbot, film):
    page.open(film)
    qtbot.waitUntil(lambda: shown_face(page), timeout=WAIT_MS)
    page.bar.pause.click()
    box = page.picture.shot.moment.readings[0].face.box
    plain = page.picture._placed(box)
    page.bar.switches["mirror"].click()
    mirrored = page.picture._placed(box)
    target = page.picture.target()
    assert mirrored.left() - target.left() == pytest.approx(target.right() - plain.right())
    assert page.picture.shot.moment.readings[0].face.box == box


def test_blur_takes_an_unhidden_picture_away_at_once(page, qtbot, film):
    page.open(film)
    qtbot.waitUntil(lambda: shown_face(page), timeout=WAIT_MS)
    page.bar.switches["blur"].click()
    assert page.picture.shot is None
    qtbot.waitUntil(lambda: page.picture.shot is not None, timeout=WAIT_MS)
    assert page.picture.shot.overlays == ("blur",)
    assert page.picture.shot.picture is not page.picture.shot.frame


def test_space_works_the_button_that_has_the_focus(page, qtbot):
    page.open("test:320x240@30")
    qtbot.waitUntil(lambda: page.picture.shot is not None, timeout=WAIT_MS)
    page.bar.start.setFocus()
    qtbot.keyClick(page.bar.start, Qt.Key.Key_Space)
    assert page.model.spec == ""


def test_closing_while_busy_ends_within_two_seconds(window, qtbot, film):
    window.live.open(film)
    qtbot.waitUntil(lambda: window.live.picture.shot is not None, timeout=WAIT_MS)
    live = window.live.model.live
    began = time.monotonic()
    window.close()
    assert time.monotonic() - began < 2
    assert not live._thread.is_alive()


def test_a_dropped_film_opens(window, qtbot, film):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(film)])
    event = QDropEvent(
        QPointF(50, 50), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    window.dropEvent(event)
    assert window.live.model.spec == film


def test_everything_has_a_name_for_screen_readers(page):
    buttons = [page.bar.pause, *page.bar.switches.values()]
    assert all(button.accessibleName() for button in buttons)
    assert page.picture.accessibleName() and page.bar.source.accessibleName()
    assert all(slider.accessibleName() for slider in page.adjust._sliders.values())


@pytest.mark.parametrize("choice", ["dark", "light"])
def test_both_palettes_paint_text_that_can_be_read(window, choice):
    window.wear(choice)
    look = theme.current()
    image = window.grab().toImage()
    ground = image.pixelColor(image.width() - 5, image.height() // 2).lightness()
    assert (ground < 90) is look.dark


def test_a_neutral_face_is_taken_from_its_card(page, qtbot):
    film = str(shared.existing("videos", "source_s18.mp4"))
    page.open(film)
    qtbot.waitUntil(lambda: shown_face(page), timeout=WAIT_MS)
    qtbot.wait(300)
    track = page.model.history.faces()[0].track
    page.faces._cards[track].neutral.button.click()
    qtbot.waitUntil(lambda: page.model.neutral.progress(track) is not None, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: page.model.neutral.progress(track) is None, timeout=WAIT_MS)
    assert page.model.neutral.failure(track) == ""
    assert track in page.model.live.analyser.baselines


def test_an_unsure_face_tells_why_and_an_unread_one_is_framed(page, qtbot, film):
    page.open(film)
    qtbot.waitUntil(lambda: shown_face(page), timeout=WAIT_MS)
    settings = page.model.settings
    page.model.apply(replace(settings, unsure_below=1.0))
    qtbot.waitUntil(lambda: "express" in page.faces.cards[0]._why.text(), timeout=WAIT_MS)
    page.model.apply(replace(settings, min_face_px=4000))
    qtbot.waitUntil(lambda: page.picture.shot.moment.gap == "too small", timeout=WAIT_MS)
    assert page.picture.shot.moment.unread
    assert not page.picture.grab().isNull()


def test_what_failed_can_be_tried_again_and_cannot_be_recorded(page, qtbot, tmp_path):
    page.open(str(tmp_path / "none.mp4"))
    qtbot.waitUntil(lambda: page.bar.start.text() == "Try again", timeout=WAIT_MS)
    assert not page.bar.pause.isEnabled()
    assert not page.bar.record.button.isEnabled()


def test_a_model_of_the_users_own_is_marked(page, qtbot, film, tmp_path):
    page.open(film)
    qtbot.waitUntil(lambda: "CPU" in page.status._right.text(), timeout=WAIT_MS)
    assert "own" not in page.status._right.text()
    mine = tmp_path / "mine.onnx"
    mine.write_bytes(assets.model_file().read_bytes() + b"\x3a\x00")
    page.model.apply(replace(page.model.settings, model=str(mine)))
    qtbot.waitUntil(lambda: "own model" in page.status._right.text(), timeout=WAIT_MS)
    assert "model cards" in page.status._right.toolTip()


def test_a_recording_is_saved_when_its_film_breaks_off(page, qtbot, film):
    page.model._opener = lambda spec: Dying(spec, 30, "The stick was pulled out.")
    page.open(film)
    qtbot.waitUntil(lambda: shown_face(page), timeout=WAIT_MS)
    with qtbot.waitSignal(page.recording.saved, timeout=WAIT_MS):
        page.recording.start(page.model.live, film, Wish("seen", "none", "all agreed"))
    assert not page.recording.running
    assert page.bar.start.text() == "Try again"


def test_the_next_source_begins_with_an_empty_chart(page, qtbot, film):
    page.open(film)
    qtbot.waitUntil(lambda: shown_face(page), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: len(page.chart.curve("neutral")[0]) > 0, timeout=WAIT_MS)
    page.open("test:320x240@30")
    assert len(page.chart.curve("neutral")[0]) == 0


def test_a_saved_session_can_be_reviewed_from_the_line_that_tells_it(window, qtbot, film):
    page = window.live
    page.open(film)
    qtbot.waitUntil(lambda: shown_face(page), timeout=WAIT_MS)
    page.recording.start(page.model.live, film, Wish("seen", "none", "all agreed"))
    qtbot.waitUntil(lambda: page.recording.time_s > 0.2, timeout=WAIT_MS)
    with qtbot.waitSignal(page.recording.saved, timeout=WAIT_MS):
        page.recording.stop()
    qtbot.mouseClick(page.status._open, Qt.MouseButton.LeftButton)
    assert window.review.isVisible()
