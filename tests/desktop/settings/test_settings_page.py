"""Settings and about pages as a person uses them."""

from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDesktopServices, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from howifeel import assets
from howifeel.classify import onnx
from howifeel.config import ABOUT, Settings
from howifeel.desktop import theme
from howifeel.desktop.live.emit_model import EmitModel
from howifeel.desktop.preferences import Preferences
from howifeel.desktop.settings import about_model
from howifeel.desktop.settings.about_view import AboutView
from howifeel.desktop.settings.places import sessions_folder
from howifeel.desktop.settings.settings_model import SettingsModel
from howifeel.desktop.settings.settings_view import SettingsView
from howifeel.desktop.start.consent_model import ConsentModel
from howifeel.errors import AssetError
from howifeel.session import default_folder

WAIT_MS = 20_000


@pytest.fixture
def page(qapp, qtbot, preferences, tmp_path):
    theme.apply(qapp, "dark")
    view = SettingsView(
        SettingsModel(Settings()), preferences, ConsentModel(preferences), tmp_path / "sessions",
        EmitModel(preferences),
    )  # fmt: skip
    qtbot.addWidget(view)
    view.show()
    qtbot.waitExposed(view)
    yield view
    view.close_all()


def test_every_setting_has_a_field_with_a_name(page):
    assert set(page.fields) == set(ABOUT)
    shown = {label.text() for label in page.findChildren(QLabel)}
    assert {about.label for about in ABOUT.values()} <= shown


def test_a_number_acts_at_once(page, qtbot):
    spin = page.fields["face_score"].spin
    with qtbot.waitSignal(page.model.changed) as told:
        spin.setFocus()
        spin.selectAll()
        qtbot.keyClicks(spin, spin.textFromValue(0.7))
        qtbot.keyClick(spin, Qt.Key.Key_Return)
    assert told.args[0].face_score == 0.7
    assert page.model.settings.face_score == 0.7


def test_the_threshold_of_the_model_is_shown_and_can_be_left_to_it(page, qtbot):
    field = page.fields["unsure_below"]
    qtbot.waitUntil(lambda: field.spin.text() != "", timeout=WAIT_MS)
    own = onnx.build(Settings(device="cpu")).spec.unsure_below
    assert field.spin.value() == pytest.approx(own, abs=0.005)
    assert field.unset.isChecked() and not field.spin.isEnabled()
    field.unset.click()
    assert page.model.settings.unsure_below == field.spin.value() and field.spin.isEnabled()
    field.unset.click()
    assert page.model.settings.unsure_below is None


def test_a_model_that_cannot_be_loaded_changes_nothing_and_is_told(page, qtbot, tmp_path):
    (tmp_path / "bad.onnx").write_bytes(b"not a model")
    page.fields["model"].edited.emit(str(tmp_path / "bad.onnx"))
    qtbot.waitUntil(lambda: "bad.onnx" in page.problem.text(), timeout=WAIT_MS)
    assert page.problem.isVisible()
    assert page.model.settings == Settings()
    assert page.fields["model"].combo.currentText() == "howifeel"


def test_a_good_model_file_is_taken(page, qtbot):
    path = str(assets.model_file())
    with qtbot.waitSignal(page.model.changed, timeout=WAIT_MS) as told:
        page.fields["model"].edited.emit(path)
    assert told.args[0].model == path
    assert page.fields["model"].combo.currentText() == "howifeel.onnx"
    assert not page.problem.isVisible()


class Loads:
    """Loads nothing, but takes as long as it is told to."""

    def __init__(self):
        self.go, self.asked = Event(), []

    def __call__(self, settings):
        self.asked.append(settings)
        assert self.go.wait(WAIT_MS / 1000)
        if settings.model == "bad.onnx":
            raise AssetError("bad.onnx is no model.")


@pytest.fixture
def slow(qapp):
    """A model of settings with a gate before what is loaded."""
    load = Loads()
    model = SettingsModel(Settings(), load=load)
    yield model, load
    load.go.set()
    model.close()


def test_what_is_changed_while_something_loads_is_kept(slow, qtbot):
    model, load = slow
    model.change(detector="mtcnn")
    model.change(hold=0.3)
    assert (model.settings.detector, model.settings.hold) == ("caffe_ssd", 0.3)
    assert (model.wanted.detector, model.wanted.hold) == ("mtcnn", 0.3)
    load.go.set()
    qtbot.waitUntil(lambda: model.settings.detector == "mtcnn", timeout=WAIT_MS)
    assert model.settings.hold == 0.3


def test_two_things_can_be_loaded_one_after_the_other(slow, qtbot):
    model, load = slow
    model.change(detector="mtcnn")
    model.change(device="cpu")
    qtbot.waitUntil(lambda: len(load.asked) == 2, timeout=WAIT_MS)
    assert Settings(detector="mtcnn", device="cpu") in load.asked
    load.go.set()
    qtbot.waitUntil(lambda: model.settings != Settings(), timeout=WAIT_MS)
    assert model.settings == Settings(detector="mtcnn", device="cpu")


def test_what_is_taken_back_while_it_loads_is_not_used(slow, qtbot):
    model, load = slow
    told = []
    model.changed.connect(told.append)
    model.trying.connect(told.append)
    model.change(detector="mtcnn")
    model.change(detector="caffe_ssd")
    load.go.set()
    qtbot.wait(100)
    assert told == [True, False] and model.settings == Settings()


def test_a_failure_keeps_what_was_changed_meanwhile(slow, qtbot):
    model, load = slow
    shown = []
    model.shown.connect(shown.append)
    model.change(model="bad.onnx")
    model.change(hold=0.3)
    load.go.set()
    with qtbot.waitSignal(model.problem, timeout=WAIT_MS) as told:
        pass
    assert "bad.onnx" in told.args[0]
    assert model.settings == model.wanted == shown[-1] == Settings(hold=0.3)


def test_detector_files_come_as_a_pair(page, qtbot):
    pair = tuple(str(path) for path in assets.detector_files())
    with qtbot.waitSignal(page.model.changed, timeout=WAIT_MS):
        page.fields["detector_files"].edited.emit(pair)
    assert page.model.settings.detector_files == pair
    field = page.fields["detector_files"]
    assert field.choose.text() == "architecture.txt, weights.caffemodel"
    with qtbot.waitSignal(page.model.changed, timeout=WAIT_MS):
        field.shipped.click()
    assert page.model.settings.detector_files == ()


def test_back_to_the_defaults(page):
    page.model.change(hold=0.3, threads=4)
    assert page.fields["threads"].spin.value() == 4
    page.reset.click()
    assert page.model.settings == Settings()
    assert page.fields["threads"].spin.value() == 1


def test_the_wheel_changes_nothing_that_has_no_focus(page, qapp):
    spin = page.fields["threads"].spin
    page.theme.setFocus()
    turn = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(0, 120), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(spin, turn)
    assert spin.value() == 1


def test_language_is_remembered_for_the_next_start(page, preferences):
    page.language.setCurrentIndex(page.language.findData("de"))
    page.language.activated.emit(page.language.currentIndex())
    assert preferences.language == "de"
    assert page.language.currentText() == "Deutsch"


def test_the_folder_of_sessions_is_remembered(preferences):
    assert preferences.sessions is None
    preferences.sessions = Path("/films/sessions")
    assert preferences.sessions == Path("/films/sessions")
    preferences.sessions = None
    assert preferences.sessions is None


def test_the_password_of_a_stream_is_not_written_down(preferences):
    preferences.source = "rtsp://host/stream"
    preferences.source = secret = "rtsp://user:secret@host/stream?token=secret"
    assert preferences.source == secret
    preferences._store.sync()
    assert "secret" not in preferences.file.read_text()
    assert Preferences(preferences._store).source == ""
    preferences.source = "rtsp://host/stream"
    assert Preferences(preferences._store).source == "rtsp://host/stream"


def test_a_folder_that_was_made_since_is_opened(page, monkeypatch, tmp_path):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    button = next(
        b for b in page.findChildren(QPushButton) if b.accessibleName() == "Open: Sessions"
    )
    button.click()
    (tmp_path / "sessions").mkdir()
    button.click()
    assert opened == [str(tmp_path), str(tmp_path / "sessions")]


def test_the_environment_goes_before_the_chosen_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("HOWIFEEL_SESSIONS", raising=False)
    assert sessions_folder(tmp_path) == tmp_path
    assert sessions_folder(None) == default_folder()
    monkeypatch.setenv("HOWIFEEL_SESSIONS", str(tmp_path / "other"))
    assert sessions_folder(tmp_path) == tmp_path / "other"


def test_settings_and_live_page_show_the_same(window, preferences):
    window.settings.model.change(hold=0.25)
    assert window.live.model.settings.hold == 0.25
    window.live.adjust.changed.emit(Settings(hold=0.35))
    assert window.settings.fields["hold"].spin.value() == 0.35
    assert preferences.remembered()["hold"] == 0.35


def test_a_model_chosen_on_the_live_page_is_tried_before_it_is_kept(
    window, preferences, qtbot, tmp_path
):
    (tmp_path / "bad.onnx").write_bytes(b"not a model")
    chooser = window.live.adjust._choosers["model"]
    chooser.addItem("bad.onnx", str(tmp_path / "bad.onnx"))
    with qtbot.waitSignal(
        window.settings.model.problem, timeout=WAIT_MS, check_params_cb=lambda text: bool(text)
    ):
        chooser.setCurrentIndex(chooser.count() - 1)
    assert preferences.remembered() == {}
    assert window.live.model.settings == Settings()
    assert chooser.currentData() == "howifeel"
    assert "bad.onnx" in window.live.status._left.text()


def test_the_theme_acts_at_once(window, preferences):
    window.settings.theme.setCurrentIndex(window.settings.theme.findData("light"))
    window.settings.theme.activated.emit(window.settings.theme.currentIndex())
    assert not theme.current().dark and preferences.theme == "light"


def test_consent_is_withdrawn_here(window):
    window.show_page(list(window.pages).index("settings"))
    window.settings.withdraw.click()
    assert window.first.isVisible() and not window.consent.given


def test_about_says_nothing_in_short_that_the_scores_do_not_say():
    whole, other = "PublicTest, single view, all pictures, epoch chosen on it", "Test, all pictures"
    told = about_model.ModelFacts("a.onnx", scores=((f"{whole}: accuracy", 0.6648),))
    assert told.right_of_100 == 66
    for name in (f"{other}: accuracy", f"{whole}: accuracy of named", "int8: megabytes"):
        assert about_model.ModelFacts("a.onnx", scores=((name, 0.9),)).right_of_100 is None


def test_about_shows_hashes_and_scores_of_the_files_that_ship(qtbot):
    view = AboutView()
    qtbot.addWidget(view)
    view.show()
    qtbot.waitUntil(lambda: not view._waiting.isVisible(), timeout=WAIT_MS)
    text = " ".join(label.text() for label in view.findChildren(QLabel)).replace(" ", "")
    assert assets.sha256(assets.model_file()) in text
    assert assets.sha256(*assets.detector_files()) in text
    facts = about_model.gather()
    name, value = facts.models[0].scores[0]
    assert name.replace(" ", "") in text and f"{value:.4g}" in text
    right = facts.models[0].right_of_100
    assert right == round(100 * value) and f"itnamed{right}of100right" in text
    assert {"numpy", "PySide6-Essentials", "av"} <= {package[0] for package in facts.packages}
    assert all(licence for _, _, licence in facts.packages)
    view.close_all()


def test_no_threshold_is_claimed_where_the_model_cannot_be_read(page, qtbot):
    field = page.fields["unsure_below"]
    qtbot.waitUntil(lambda: field.spin.text() != "", timeout=WAIT_MS)
    page.model.take(Settings(model="gone.onnx"))
    qtbot.waitUntil(lambda: not page._reader.busy, timeout=WAIT_MS)
    assert field.spin.text() == ""
