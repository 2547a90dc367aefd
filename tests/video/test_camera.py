"""Cameras, as far as a machine without one can tell; a video file stands in for the device."""

import itertools
import sys
import time

import cv2
import numpy as np
import pytest

from clips import write_clip
from howifeel.errors import SourceError
from howifeel.video import camera_names, open_source
from howifeel.video.camera import CameraSource

linux = pytest.mark.skipif(sys.platform != "linux", reason="knows Linux devices")


@pytest.mark.parametrize("spec", ["77", "/dev/video77"])
def test_no_such_camera(spec, capfd):
    begin = time.monotonic()
    with pytest.raises(SourceError, match=r"77[;,]"):
        open_source(spec)
    assert time.monotonic() - begin < 2
    assert capfd.readouterr() == ("", "")


@linux
def test_names_of_cameras(tmp_path):
    devices = {"video0": ("0", "HD Webcam"), "video1": ("1", "HD Webcam"), "video10": ("0", "Cam")}
    for device, (index, name) in devices.items():
        (tmp_path / device).mkdir()
        (tmp_path / device / "index").write_text(f"{index}\n")
        (tmp_path / device / "name").write_text(f"{name}\n")
    assert list(camera_names(tmp_path).items()) == [("0", "HD Webcam"), ("10", "Cam")]


@linux
def test_no_cameras(tmp_path):
    assert camera_names(tmp_path / "none") == {}


@pytest.fixture
def capture(tmp_path):
    path = write_clip(tmp_path / "a.mp4", frames=5)
    return cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)


def test_frames_come_with_the_time_of_a_clock(capture):
    begin = time.monotonic()
    with CameraSource(capture, "camera 0") as source:
        frames = list(itertools.islice(source, 4))
        passed = time.monotonic() - begin
    times = [frame.time_s for frame in frames]
    assert all(a < b for a, b in itertools.pairwise(times))
    assert 0 < times[-1] <= passed
    assert source.info.live
    assert source.info.duration_s is None
    assert (source.info.width, source.info.height) == (64, 48)


def test_frames_have_pixels_of_their_own(capture):
    with CameraSource(capture, "camera 0") as source:
        first, *others = itertools.islice(source, 4)
    assert not any(np.shares_memory(first.image, other.image) for other in others)
    assert any((first.image != other.image).any() for other in others)


def test_a_camera_that_stops(capture):
    with (
        CameraSource(capture, "camera 0") as source,
        pytest.raises(SourceError, match="camera 0 stopped to deliver"),
    ):
        list(source)


def test_a_camera_without_a_picture(tmp_path):
    with pytest.raises(SourceError, match="gives no picture"):
        CameraSource(cv2.VideoCapture(), "camera 0")


def test_closing_releases_the_device(capture):
    with CameraSource(capture, "camera 0") as source:
        next(iter(source))
    assert not capture.isOpened()
    assert list(source) == []
