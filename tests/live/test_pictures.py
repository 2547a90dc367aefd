import math
import threading
import time

import numpy as np
import pytest

from clips import write_clip
from howifeel.errors import SourceError
from howifeel.live import Pictures
from howifeel.video.seek import Still

PATIENCE_S = 10


def fetched(pictures, time_s):
    """The picture at a time, as soon as it is there."""
    pictures.want(time_s)
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        still = pictures.latest()
        if still and still.time_s <= time_s < still.until_s:
            return still
        time.sleep(0.005)
    raise AssertionError(f"no picture at {time_s} s came in {PATIENCE_S} s")


@pytest.fixture
def pictures(tmp_path):
    made = Pictures(write_clip(tmp_path / "a.mp4", frames=50))
    yield made
    assert made.close(5)


def test_the_wanted_picture_comes(pictures):
    for time_s in (1.0, 0.2, 1.96, 0.0):
        assert fetched(pictures, time_s).time_s == pytest.approx(time_s)


def test_it_comes_once(pictures):
    fetched(pictures, 0.5)
    pictures.want(0.51)
    time.sleep(0.05)
    assert pictures.latest() is None


class Slow:
    """Decodes when told to and notes what was wanted."""

    def __init__(self):
        self.go, self.asked, self.closed = threading.Event(), [], False

    def at(self, time_s, stopped):
        self.asked.append(time_s)
        while not self.go.wait(0.01):
            if stopped():
                return None
        return Still(np.zeros((1, 1, 3), np.uint8), time_s, math.nextafter(time_s, math.inf))

    def close(self):
        self.closed = True


def test_wishes_that_were_overtaken_are_dropped(tmp_path):
    slow = Slow()
    pictures = Pictures(tmp_path, opener=lambda path: slow)
    pictures.want(0.0)
    while not slow.asked:
        time.sleep(0.001)
    for time_s in (1.0, 2.0, 3.0):
        pictures.want(time_s)
    slow.go.set()
    while len(slow.asked) < 2:
        time.sleep(0.001)
    assert slow.asked == [0.0, 3.0]
    assert pictures.close(5)
    assert slow.closed


def test_closing_does_not_wait_for_a_picture(tmp_path):
    slow = Slow()
    pictures = Pictures(tmp_path, opener=lambda path: slow)
    pictures.want(0.0)
    while not slow.asked:
        time.sleep(0.001)
    assert pictures.close(5)
    assert pictures.latest() is None


def test_a_video_that_cannot_be_read_is_said_once(tmp_path):
    pictures = Pictures(tmp_path / "missing.mp4")
    pictures.want(0)
    pictures._thread.join(PATIENCE_S)
    with pytest.raises(SourceError, match=r"missing\.mp4"):
        pictures.latest()
    assert pictures.latest() is None
    assert pictures.close()
