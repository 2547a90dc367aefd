"""Cameras that stall, show black, change the size of their picture, or fall silent."""

import time

import numpy as np
import pytest

import media
from fakes import FakeClassifier, FakeDetector
from howifeel import annotate, timeline
from howifeel.config import Settings
from howifeel.engine import Engine
from howifeel.errors import SourceError
from howifeel.live.capture import Capture
from howifeel.pipeline import Analyser
from howifeel.types import Frame
from howifeel.video.camera import CameraSource


class Device:
    """What OpenCV's capture is to a camera: gives prepared pictures, then nothing."""

    def __init__(self, *pictures, pause_s=0.0):
        self._pictures, self._pause_s = iter(pictures), pause_s
        self.released = False

    def read(self):
        time.sleep(self._pause_s)
        picture = next(self._pictures, None)
        return picture is not None, picture

    def get(self, what):
        return 30.0

    def release(self):
        self.released = True


def picture(width=64, height=48, value=0):
    return np.full((height, width, 3), value, np.uint8)


def test_a_camera_that_gives_nothing_is_released():
    device = Device()
    with pytest.raises(SourceError, match="gives no picture"):
        CameraSource(device, "camera 0")
    assert device.released


def test_a_camera_that_stops_says_so():
    with CameraSource(Device(picture(), picture(), picture()), "camera 0") as source:
        frames = iter(source)
        assert [next(frames).index, next(frames).index] == [0, 1]
        with pytest.raises(SourceError, match="stopped to deliver; check its cable"):
            next(frames)


def test_a_picture_of_another_size_is_never_passed_on():
    device = Device(picture(), picture(), picture(128, 96))
    with CameraSource(device, "camera 0") as source:
        frames = iter(source)
        assert next(frames).image.shape == (48, 64, 3)
        with pytest.raises(SourceError, match="changed the size of its picture"):
            next(frames)
    assert device.released


def test_black_pictures_are_gaps_with_their_reason():
    black = [Frame(picture(), n, n / 30) for n in range(3)]
    analyser = Analyser(FakeDetector((), (), ()), FakeClassifier(), Settings())
    assert [analyser.read(frame).gap for frame in black] == ["no face"] * 3


def test_a_camera_that_changes_its_size_is_opened_again():
    devices = iter(
        [Device(picture(), picture(), picture(128, 96)), Device(*[picture(128, 96)] * 5)]
    )
    sizes = []

    def opener(spec):
        device = next(devices, None)
        if device is None:
            raise SourceError("There is no camera 0; no camera is connected.")
        return CameraSource(device, "camera 0")

    capture = Capture("0", lambda frame: sizes.append(frame.image.shape[:2]), opener)
    capture.start()
    until = time.monotonic() + 20
    while (96, 128) not in sizes and time.monotonic() < until:
        time.sleep(0.01)
    assert capture.stop(5)
    assert sizes[0] == (48, 64)
    assert sizes[-1] == (96, 128)


def test_a_recording_of_a_camera_that_stops_is_kept(tmp_path, monkeypatch):
    camera = CameraSource(Device(*[picture(value=9)] * 13), "camera 0")
    monkeypatch.setattr(annotate, "open_source", lambda spec, threads: camera)
    reader = Engine(FakeDetector(*[()] * 12), FakeClassifier(), Settings())
    job = annotate.Job("0", tmp_path / "a.mp4", tmp_path / "a.csv", live=True)
    outcome = annotate.annotate(job, reader)
    assert outcome.frames == 12
    assert "camera 0 stopped to deliver" in outcome.notes[-1]
    assert outcome.notes[-1].endswith("What came before was kept.")
    assert len(media.probe(tmp_path / "a.mp4").times) == 12
    assert len(timeline.read(tmp_path / "a.csv").moments) == 12


def test_a_camera_that_stalls_does_not_hold_up_the_end():
    device = Device(*[picture()] * 1000, pause_s=0.05)
    capture = Capture("0", lambda frame: None, lambda spec: CameraSource(device, "camera 0"))
    capture.start()
    time.sleep(0.2)
    assert capture.stop(5)
    assert device.released
