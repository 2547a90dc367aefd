"""Grab and read in two threads: the newest result, live changes, errors, the end."""

import threading
import time

import numpy as np
import pytest

from builders import face
from fakes import FakeClassifier
from howifeel.config import Settings
from howifeel.engine import Engine
from howifeel.live import Live


class OneFace:
    """Finds the same face in every frame, after a while."""

    name, sha256, ships = "one", None, True

    def __init__(self, seconds=0.0):
        self.seconds = seconds
        self.seen = []

    def detect(self, frame):
        time.sleep(self.seconds)
        self.seen.append(frame)
        return (face(8, 8, 32),)


SETTINGS = Settings(min_sharpness=0)


@pytest.fixture
def start():
    """Starts a live session with a detector; ends it after the test."""
    started, before = [], set(threading.enumerate())

    def begin(detector, spec="test:64x48@40x3", settings=SETTINGS, **more):
        live = Live(spec, Engine(detector, FakeClassifier(), settings), **more)
        live.start()
        started.append(live)
        return live

    yield begin
    for live in started:
        assert live.stop(2)
    assert not set(threading.enumerate()) - before


def shots(live, count, within_s=8.0):
    found = []
    end = time.monotonic() + within_s
    while len(found) < count and time.monotonic() < end:
        if shot := live.latest():
            found.append(shot)
        time.sleep(0.002)
    assert len(found) >= count
    return found


def test_a_shot_is_a_picture_with_its_readings(start):
    live = start(OneFace())
    for shot in shots(live, 5):
        assert shot.frame.index == shot.moment.index
        assert shot.moment.readings[0].top == "happy"
        assert shot.moment.readings[0].face.track == 1
        assert shot.picture is shot.frame


def test_a_slow_analysis_drops_old_pictures_and_shows_new_ones(start):
    live = start(OneFace(0.25))
    found = shots(live, 20)
    indices = [shot.frame.index for shot in found]
    assert indices == sorted(indices)
    assert live.status.rates.dropped > 5
    lag = [shot.frame.index - shot.moment.index for shot in found]
    assert max(lag) > 0  # pictures go on while one is read ...
    assert np.mean(np.diff(indices)) < 5  # ... nearly every one


def test_thresholds_change_while_it_runs_and_the_track_stays(start):
    live = start(OneFace())
    assert not shots(live, 1)[0].moment.readings[0].unsure
    live.apply(Settings(min_sharpness=0, unsure_below=0.99))
    later = shots(live, 10)[-1].moment.readings[0]
    assert later.unsure and later.face.track == 1


def test_what_cannot_be_loaded_is_a_problem_and_changes_nothing(start):
    live = start(OneFace())
    live.apply(Settings(min_sharpness=0, model="nowhere.onnx"))
    later = shots(live, 8)[-1]
    assert live.status.problem == "The file nowhere.onnx is missing; check its name."
    assert later.moment.readings[0].top == "happy"
    live.apply(SETTINGS)
    shots(live, 3)
    assert live.status.problem == ""


def test_overlays_are_painted_while_they_are_wanted(start):
    live = start(OneFace(), overlays=("boxes",))
    shot = shots(live, 3)[-1]
    assert not np.array_equal(shot.picture.image, shot.frame.image)
    live.draw(())
    shot = shots(live, 8)[-1]
    assert shot.picture is shot.frame


def test_faces_are_hidden_even_if_another_wish_cannot_be_granted(start):
    live = start(OneFace())
    shots(live, 1)
    live.apply(Settings(min_sharpness=0, model="nowhere.onnx"))
    live.draw(("blur",))
    shot = shots(live, 8)[-1]
    assert live.status.problem
    assert not np.array_equal(shot.picture.image, shot.frame.image)


def test_a_picture_that_stands_still_follows_a_new_wish(start):
    live = start(OneFace())
    shots(live, 3)
    live.pause(True)
    time.sleep(0.4)
    live.latest()
    live.draw(("blur",))
    shot = shots(live, 1)[0]
    assert not np.array_equal(shot.picture.image, shot.frame.image)


def test_an_error_in_the_analysis_is_raised_where_the_result_is_fetched(start):
    class Broken(OneFace):
        def detect(self, frame):
            raise ZeroDivisionError("bug")

    live = start(Broken())
    with pytest.raises(ZeroDivisionError, match="bug"):
        shots(live, 1)


def test_every_analysed_picture_reaches_a_receiver_in_order(start):
    class Keeper:
        def __init__(self):
            self.got = []

        def add(self, frame, moment):
            time.sleep(0.01)
            self.got.append(moment.index)

    keeper = Keeper()
    live = start(OneFace(), "test:64x48@40x1")
    outlet = live.send_to(keeper, capacity=100)
    end = time.monotonic() + 8
    while live.status.condition.state != "ended" and time.monotonic() < end:
        time.sleep(0.02)
    time.sleep(0.1)
    live.cut(outlet)
    assert outlet.close(5)
    assert outlet.lost == 0
    assert keeper.got == sorted(set(keeper.got))
    assert len(keeper.got) + live.status.rates.dropped >= 38


def test_a_receiver_that_fails_or_dawdles_stops_nobody(start):
    class Full:
        def add(self, frame, moment):
            raise OSError("disk full")

    class Slow:
        def add(self, frame, moment):
            time.sleep(1)

    live = start(OneFace())
    failing, slow = live.send_to(Full()), live.send_to(Slow(), capacity=1)
    shots(live, 20)
    assert str(failing.error) == "disk full"
    assert slow.lost > 3
    assert slow.close(5) and failing.close(5)


def test_it_stops_in_time_even_while_a_device_blocks():
    gate = threading.Event()

    def opener(spec):
        gate.wait(10)
        raise OSError

    live = Live("0", Engine(OneFace(), FakeClassifier(), SETTINGS), opener=opener)
    live.start()
    began = time.monotonic()
    assert not live.stop(0.5)
    assert time.monotonic() - began < 1.5
    gate.set()
