"""A sender in a thread of its own: only the newest waits, trouble stays with it, and it ends."""

import json
import time

import pytest
from websockets.sync.client import connect

from builders import face, moment, reading
from fakes import FakeClassifier
from howifeel.config import Settings
from howifeel.emit import parse
from howifeel.engine import Engine
from howifeel.errors import OutputError
from howifeel.live import Emitter, Live, emitter
from streams import ABOUT, FRAME, until


class FakeSender:
    """Notes what it is given; does what it is told with each update."""

    address, notes = "fake://here", ("Somebody may listen.",)

    def __init__(self, then=lambda update: None):
        self.then, self.got, self.abouts, self.calls = then, [], [], []

    async def open(self):
        self.calls.append("open")

    def describe(self, about):
        self.abouts.append(about)

    def send(self, update):
        self.then(update)
        self.got.append(update.index)

    async def close(self):
        self.calls.append("close")


@pytest.fixture
def start():
    """Opens an emitter in front of a sender; closes it after the test."""
    made = []

    def begin(sender):
        made.append(Emitter(sender, ABOUT, 1))
        return made[-1]

    yield begin
    for each in made:
        assert each.close(5)


def put(to, index):
    to.put(FRAME, moment(index, reading()), time.monotonic())


def test_it_opens_sends_and_closes(start):
    sender = FakeSender()
    running = start(sender)
    assert running.wait_open() == "fake://here" and running.notes == sender.notes
    for index in range(5):
        put(running, index)
        until(lambda index=index: index in sender.got)
    state = running.state
    assert (state.state, state.sent, state.skipped, state.problem) == ("sending", 5, 0, "")
    assert running.close(5)
    put(running, 6)
    assert sender.calls == ["open", "close"] and sender.got == [0, 1, 2, 3, 4]
    assert running.state.state == "closed"


def test_of_what_a_slow_sender_cannot_take_only_the_newest_waits(start):
    sender = FakeSender(lambda update: time.sleep(0.1))
    running = start(sender)
    running.wait_open()
    for index in range(200):
        put(running, index)
    until(lambda: sender.got and sender.got[-1] == 199)
    assert len(sender.got) <= 4
    assert running.state.skipped == 200 - len(sender.got)


def test_trouble_of_the_network_is_told_until_it_is_over(start):
    def torn(update):
        if update.index < 3:
            raise OSError(101, "Network is unreachable")
        if update.index == 3:
            raise BlockingIOError

    sender = FakeSender(torn)
    running = start(sender)
    running.wait_open()
    put(running, 0)
    until(lambda: running.state.problem == "Nothing can be sent: Network is unreachable.")
    put(running, 5)
    until(lambda: sender.got == [5])
    assert running.state.problem == "" and running.state.state == "sending"
    put(running, 3)
    put(running, 6)
    until(lambda: 6 in sender.got)
    assert running.state.problem == ""


def test_a_fault_ends_it_and_is_told(start):
    def broken(update):
        raise ZeroDivisionError("bug")

    sender = FakeSender(broken)
    running = start(sender)
    running.wait_open()
    put(running, 0)
    until(lambda: running.state.state == "failed")
    assert "bug" in running.state.problem and sender.calls == ["open", "close"]
    put(running, 1)


def test_what_cannot_be_opened_is_raised_where_it_is_waited_for(start):
    class Closed(FakeSender):
        async def open(self):
            raise OutputError("The port is taken.")

    running = start(Closed())
    with pytest.raises(OutputError, match="The port is taken"):
        running.wait_open()
    assert running.state.problem == "The port is taken."


def test_what_reads_is_told_once_it_has_settled_and_without_folders(start, monkeypatch):
    sender = FakeSender()
    running = start(sender)
    running.wait_open()
    (first,) = sender.abouts
    assert first.source == "talk.mp4" and first.settings["model"] == "mine.onnx"
    for _ in range(3):
        running.describe(ABOUT)
    put(running, 0)
    until(lambda: sender.got == [0])
    assert len(sender.abouts) == 1
    monkeypatch.setattr(emitter, "SETTLED_S", 0)
    running.describe(ABOUT)
    put(running, 1)
    until(lambda: sender.got == [0, 1])
    assert len(sender.abouts) == 2


class OneFace:
    """Finds the same face in every frame."""

    name, sha256, ships = "one", None, True

    def detect(self, frame):
        return (face(8, 8, 32),)


@pytest.fixture
def live():
    settings = Settings(min_sharpness=0)
    made = Live("test:64x48@40", Engine(OneFace(), FakeClassifier(), settings))
    yield made
    assert made.stop(5)


def test_a_live_session_sends_what_it_reads_and_with_what(live, monkeypatch):
    monkeypatch.setattr(emitter, "SETTLED_S", 0)
    running = live.emit(parse("ws:0"))
    address = running.wait_open().replace("http", "ws").replace("/?", "/stream?")
    live.start()
    with connect(address) as client:
        assert json.loads(client.recv())["settings"]["min_sharpness"] == 0
        first, second = (json.loads(client.recv()) for _ in range(2))
        assert second["frame"] > first["frame"]
        assert second["faces"][0]["says"] == "looks happy"
        live.apply(Settings(min_sharpness=0, unsure_below=0.99))
        later = {}
        while later.get("type") != "about":
            later = json.loads(client.recv(timeout=8))
        assert later["settings"]["unsure_below"] == 0.99
        assert json.loads(client.recv())["faces"][0]["says"] == "unsure"


def test_a_sender_that_hangs_does_not_stop_the_analysis(live):
    hanging = FakeSender(lambda update: time.sleep(2))
    slow = Emitter(hanging, ABOUT, 1)
    live._emitters = (slow,)
    live.start()
    until(lambda: slow.state.skipped > 20)
    assert live.status.rates.dropped < slow.state.skipped
    live.cut(slow)
    assert slow.close(5)


def test_who_comes_after_the_end_is_closed_at_once(live):
    live.start()
    assert live.stop(5)
    late = live.emit(parse("ws:0"))
    until(lambda: late.state.state in ("closed", "failed"))
