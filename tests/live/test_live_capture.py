"""A source that plays in time, that is lost and comes back, that ends, fails, pauses, stops."""

import threading
import time
from fractions import Fraction

import numpy as np
import pytest

from howifeel.errors import SourceError
from howifeel.live import capture
from howifeel.live.capture import Capture
from howifeel.types import Frame
from howifeel.video import open_source
from howifeel.video.source import ReadOnce, SourceInfo


class Script(ReadOnce):
    """Frames at the given times; then an error, if there is one."""

    def __init__(self, times, error=None, *, live=True):
        self.closed = False
        self._times, self._error = times, error
        super().__init__(
            SourceInfo("cam", "camera", 8, 8, Fraction(30), None, None, Fraction(1, 1000), live)
        )

    def _read(self):
        for index, time_s in enumerate(self._times):
            yield Frame(np.zeros((8, 8, 3), np.uint8), index, time_s)
        if self._error:
            raise self._error

    def _release(self):
        self.closed = True


@pytest.fixture
def run():
    """Starts a capture and collects its frames; ends it after the test."""
    started = []

    def start(spec, opener=open_source):
        frames = []
        made = Capture(spec, frames.append, opener)
        made.start()
        started.append(made)
        return made, frames

    yield start
    for each in started:
        assert each.stop(2)


def until(condition, within_s=5.0):
    end = time.monotonic() + within_s
    while not condition() and time.monotonic() < end:
        time.sleep(0.005)
    assert condition()


def test_a_film_plays_at_its_own_speed_and_ends(run):
    began = time.monotonic()
    made, frames = run("test:64x48@20x1")
    until(lambda: made.condition.state == "ended")
    assert time.monotonic() - began >= 0.9
    assert [frame.index for frame in frames] == list(range(20))
    assert made.condition.message == ""


def test_a_film_that_is_missing_fails_with_a_sentence(run, tmp_path):
    made, _ = run(str(tmp_path / "none.mp4"))
    until(lambda: made.condition.state == "failed")
    assert made.condition.message.startswith("There is no file")


def test_a_camera_that_is_lost_is_found_again_and_its_time_runs_on(run, monkeypatch):
    monkeypatch.setattr(capture, "FIRST_WAIT_S", 0.05)
    opened = [Script([0.0, 0.1], SourceError("pulled out")), Script([0.0, 0.1])]
    tried = iter([opened[0], None, opened[1]])

    def opener(spec):
        source = next(tried)
        if source is None:
            raise SourceError("There is no camera 0; no camera is connected.")
        return source

    _, frames = run("0", opener)
    until(lambda: len(frames) == 4)
    assert [frame.index for frame in frames] == [0, 1, 2, 3]
    times = [frame.time_s for frame in frames]
    assert times == sorted(set(times))
    assert opened[0].closed


def test_pauses_before_looking_for_a_camera_grow(run, monkeypatch):
    monkeypatch.setattr(capture, "FIRST_WAIT_S", 0.05)
    tries = []

    def opener(spec):
        tries.append(time.monotonic())
        raise SourceError("There is no camera 7; no camera is connected.")

    made, _ = run("7", opener)
    until(lambda: len(tries) == 4)
    assert made.condition.state == "waiting"
    assert made.condition.message.startswith("There is no camera 7")
    gaps = np.diff(tries)
    assert gaps[1] > 1.5 * gaps[0] and gaps[2] > 1.5 * gaps[1]


def test_an_unexpected_error_is_a_sentence_and_ends_nothing_else(run, monkeypatch):
    monkeypatch.setattr(capture, "FIRST_WAIT_S", 0.05)
    made, frames = run("0", lambda spec: Script([0.0], ValueError("driver bug")))
    until(lambda: len(frames) >= 2)
    until(lambda: made.condition.state == "waiting")
    assert made.condition.message == "0 failed: ValueError: driver bug."


def test_a_paused_film_stays_where_it_is(run):
    made, frames = run("test:64x48@50x2")
    until(lambda: len(frames) > 5)
    made.pause(True)
    until(lambda: made.condition.state == "paused")
    time.sleep(0.1)
    held = len(frames)
    time.sleep(0.3)
    assert len(frames) <= held + 1
    made.pause(False)
    until(lambda: made.condition.state == "ended")
    assert [frame.index for frame in frames] == list(range(100))


def test_a_silent_camera_is_called_silent(run, monkeypatch):
    monkeypatch.setattr(capture, "SILENT_AFTER_S", 0.05)
    gate = threading.Event()

    class Stalled(Script):
        def _read(self):
            yield Frame(np.zeros((8, 8, 3), np.uint8), 0, 0.0)
            gate.wait(5)

    made, frames = run("0", lambda spec: Stalled([]))
    until(lambda: frames)
    until(lambda: "gives no new picture" in made.condition.message)
    gate.set()
