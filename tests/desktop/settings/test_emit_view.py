"""Sending to other programs, as a person switches it on: the real window and a real receiver."""

import json
import socket
import sys
from contextlib import closing

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication
from websockets.sync.client import connect

from howifeel.desktop.live.emit_model import EmitModel, EmitWish
from howifeel.desktop.preferences import Preferences
from howifeel.desktop.settings.emit_view import EmitView
from howifeel.emit import lsl

WAIT_MS = 20_000


@pytest.fixture
def view(window):
    window.show_page(list(window.pages).index("settings"))
    return window.settings.streams


def free_port():
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        return taken.getsockname()[1]


def watch(window, qtbot):
    """Open a source behind the settings."""
    window.live.open("test:64x48@20")
    qtbot.waitUntil(lambda: window.live.model.live is not None, timeout=WAIT_MS)


def wait_sending(window, qtbot):
    qtbot.waitUntil(lambda: window.streams.sending == ("websocket",), timeout=WAIT_MS)


def stream(view):
    """The page's address as a program uses it."""
    return view.address.text().replace("http", "ws").replace("/?", "/stream?")


def test_everything_is_off_and_nothing_is_opened(window, view, qtbot):
    assert window.streams.wish == EmitWish()
    assert not any(switch.isChecked() for switch in view.switches.values())
    assert not view.address.isVisible()
    watch(window, qtbot)
    assert window.live.model.live._emitters == ()


def test_what_is_switched_on_is_sent_while_a_source_is_open(window, view, qtbot):
    window.streams.want(port=free_port())
    qtbot.mouseClick(view.switches["websocket"], Qt.MouseButton.LeftButton)
    assert view.said["websocket"].text() == "Begins with the next source."
    assert view.address.isVisible()
    planned = view.address.text()
    assert planned.startswith(f"http://127.0.0.1:{window.streams.wish.port}/?token=")
    watch(window, qtbot)
    wait_sending(window, qtbot)
    assert view.address.text() == planned and view.said["websocket"].text() == "Sending."
    qtbot.mouseClick(view.copy, Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == view.address.text()
    with connect(stream(view)) as client:
        assert json.loads(client.recv(timeout=8))["type"] == "about"
        assert json.loads(client.recv(timeout=8))["faces"][0]["says"] == "no face"
    qtbot.waitUntil(
        lambda: "sending: WebSocket" in window.live.status._right.text(), timeout=WAIT_MS
    )
    view.switches["websocket"].click()
    qtbot.waitUntil(lambda: window.streams.sending == (), timeout=WAIT_MS)
    assert view.said["websocket"].text() == "" and not view.address.isVisible()


def test_a_source_that_others_hear_stays_open_on_other_pages(window, qtbot):
    pages = list(window.pages)
    window.streams.want(port=free_port())
    switch = window.settings.streams.switches["websocket"]
    switch.click()
    window.show_page(pages.index("live"))
    watch(window, qtbot)
    wait_sending(window, qtbot)
    window.show_page(pages.index("settings"))
    assert window.live.model.spec and window.streams.sending
    switch.click()
    assert not window.live.model.spec


def test_a_changed_number_of_faces_is_sent_from_the_same_address(window, view, qtbot):
    window.streams.want(port=free_port(), websocket=True)
    watch(window, qtbot)
    wait_sending(window, qtbot)
    address = view.address.text()
    view.faces.setValue(3)
    assert window.streams.sending == ()
    wait_sending(window, qtbot)
    assert view.address.text() == address
    with connect(stream(view)) as client:
        client.recv(timeout=8)
        assert len(json.loads(client.recv(timeout=8))["faces"]) == 3


def test_a_port_that_is_taken_is_told_on_both_pages(window, view, qtbot):
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        window.streams.want(port=other.getsockname()[1], websocket=True)
        watch(window, qtbot)
        qtbot.waitUntil(lambda: "cannot be used" in view.said["websocket"].text(), timeout=WAIT_MS)
        assert view.said["websocket"].objectName() == "danger"
        assert "cannot be used" in window.live.status._left.text()
        view.port.setValue(free_port())
        view.port.editingFinished.emit()
    wait_sending(window, qtbot)
    assert view.said["websocket"].objectName() == "dim"


def test_who_can_read_along_is_said_before_anything_is_open(view, qtbot, monkeypatch):
    monkeypatch.setattr(lsl, "_used", {})  # another test may have opened it
    view.host.setText("192.168.0.7")
    view.host.editingFinished.emit()
    view.switches["osc"].click()
    assert "others in the network can read along" in view.said["osc"].text()
    view.switches["lsl"].click()
    assert "this computer only" in view.said["lsl"].text()
    view.reach.setCurrentIndex(1)
    view.reach.activated.emit(1)
    assert "every computer in the network" in view.said["lsl"].text()


def test_who_listens_to_lsl_cannot_be_changed_and_the_card_says_so(view, monkeypatch):
    monkeypatch.setattr(lsl, "_used", {"is_local": False})
    view.switches["lsl"].click()
    assert "restart HowIFeel" in view.said["lsl"].text()
    assert view.said["lsl"].objectName() == "danger"


def test_all_ends_with_the_source(window, view, qtbot):
    window.streams.want(port=free_port(), websocket=True)
    watch(window, qtbot)
    wait_sending(window, qtbot)
    port = window.streams.wish.port
    window.live.model.close()
    assert view.said["websocket"].text() == "Begins with the next source."
    qtbot.waitUntil(lambda: not window.live.model._closing, timeout=WAIT_MS)
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=2).close()


def test_what_is_wished_is_remembered_and_the_secret_only_if_asked(qapp, tmp_path):
    kept = QSettings(str(tmp_path / "p.ini"), QSettings.Format.IniFormat)
    first = EmitModel(Preferences(kept))
    first.want(osc=True, osc_host="stage.local", faces=2)
    assert first._token not in str(Preferences(kept).record("emit"))
    second = EmitModel(Preferences(kept))
    assert second.wish == EmitWish(osc=True, osc_host="stage.local", faces=2)
    assert second._token != first._token
    second.want(keep_token=True)
    assert EmitModel(Preferences(kept))._token == second._token


@pytest.fixture
def remembered(qapp, qtbot, tmp_path):
    """The card as it is after a start with something kept."""

    def start(**kept):
        preferences = Preferences(QSettings(str(tmp_path / "p.ini"), QSettings.Format.IniFormat))
        preferences.keep_record("emit", kept)
        view = EmitView(EmitModel(preferences))
        qtbot.addWidget(view)
        return view

    return start


def test_what_was_switched_on_and_is_gone_is_told_after_the_start(remembered, monkeypatch):
    monkeypatch.setitem(sys.modules, "pylsl", None)
    view = remembered(lsl=True)
    assert "needs the package pylsl" in view.said["lsl"].text()
    assert view.said["lsl"].objectName() == "danger"
    view.switches["lsl"].click()
    assert view.said["lsl"].text() == "" and not view.model.wish.lsl


@pytest.mark.parametrize("kept", [{"port": 70000}, {"faces": 99}])
def test_what_was_kept_and_is_impossible_is_told_after_the_start(remembered, kept):
    view = remembered(websocket=True, **kept)
    assert view.said["websocket"].objectName() == "danger"
    view.model.want(port=8765, faces=1)
    assert view.said["websocket"].text() == "Begins with the next source."


def test_a_kept_secret_that_is_none_gives_way_to_a_new_one(remembered):
    view = remembered(websocket=True, keep_token=True, token="short")
    assert len(view.model._token) >= 16
    assert view.said["websocket"].text() == "Begins with the next source."


def test_what_was_kept_and_does_not_fit_is_left_out():
    kept = {"port": "x", "websocket": 1, "faces": 3, "unknown": 1}
    assert EmitWish.of(kept) == EmitWish(faces=3)
